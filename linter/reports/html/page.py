"""The page itself: figures and articles put into the template, with the policy that keeps it to itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from linter import __version__
from linter.escaping import as_json, one_line
from linter.finding import SEVERITIES, Result
from linter.reports import View, closing, sums, tallies
from linter.reports.html.articles import data, worst_first
from linter.reports.html.figures import by_rule, folders
from linter.reports.tallies import Tally

_WORST = 8  # articles that are named at the top
_BARS = 12  # rows of a chart
_ROOM = 26  # code points of their names
_NOUNS = ("errors", "warnings", "notes")


def render(result: Result, view: View) -> str:
    """The whole page; the same for the same findings and articles, whatever the day."""
    style, script = _read("report.css"), _read("report.js")
    template = _environment().from_string(_read("report.html.jinja"))
    policy = _policy(style, script)
    return template.render(version=__version__, style=style, script=script, policy=policy, **_contents(result, view))


def _contents(result: Result, view: View) -> dict[str, Any]:
    """What the template speaks of."""
    worst = worst_first(result)
    rules = by_rule(result.findings, view)
    folder_of = {path: one_line(folder) for path, folder in folders([article.path for article in worst]).items()}
    by_folder = tallies.by(result.findings, lambda finding: folder_of[finding.path])
    numbers = _numbers(rule.tally for rule in rules), _numbers(by_folder)
    total, judgement = closing.verdict(result)
    return {
        "total": total.rstrip(":"),
        "judgement": judgement,
        "files": result.files,
        "left_out": sums.left_out(result),
        "counts": tallies.counted(result.findings),
        "mended": sum(bool(finding.fix and finding.fix.safe) for finding in result.findings),
        "problems": [(one_line(problem.path), one_line(problem.message)) for problem in result.problems],
        "charts": [("pack", tallies.by_pack(result.findings)), ("folder", by_folder)],
        "most": _BARS,
        "worst": worst[:_WORST],
        "articles": len(worst),
        "rules": rules,
        "data": {
            "rules": [*numbers[0]],
            "folders": [*numbers[1]],
            "articles": data(worst, view, numbers[0], {path: numbers[1][folder] for path, folder in folder_of.items()}),
        },
    }


def _numbers(tallies: Iterable[Tally]) -> dict[str, int]:
    return {tally.name: number for number, tally in enumerate(tallies)}


def _environment() -> Environment:
    """Jinja that escapes whatever is put in, and knows of nothing that is not there."""
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.policies |= {"json.dumps_function": as_json, "json.dumps_kwargs": {"separators": (",", ":")}}
    made.filters |= {"inert": one_line, "share": _share, "ending": _ending}
    made.globals["severities"] = [*zip(SEVERITIES, _NOUNS, range(len(SEVERITIES)), strict=True)]
    return made


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: run its own script, use its own style, and nothing else, whatever slips into it."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data:",  # the empty icon, so that no browser looks for one
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _ending(name: str) -> str:
    """A name as a chart has room for: folders end in what tells them apart."""
    return name if len(name) <= _ROOM else f"…{name[1 - _ROOM :]}"


def _share(count: int, bars: Sequence[Tally]) -> float:
    """How much of a chart a bar takes, in thousandths of its width, so that what there is can be seen."""
    return round(max(4.0, 1000 * count / max(bar.findings for bar in bars)), 1) if count else 0
