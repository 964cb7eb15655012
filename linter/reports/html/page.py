"""The page itself: figures and articles put into the template, with the policy that keeps it to itself."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from linter import __version__
from linter.escaping import one_line
from linter.finding import SEVERITIES, Result
from linter.reports import View, closing
from linter.reports.html import articles, figures

_WORST = 8  # articles that are named at the top
_BARS = 12  # rows of a chart


def render(result: Result, view: View) -> str:
    """The whole page; the same for the same findings and articles, whatever the day."""
    worst = articles.worst_first(result)
    rules = figures.by_rule(result.findings, view.rules)
    folders = figures.folders([article.path for article in worst])
    by_folder = figures.by_folder(result.findings, folders)
    numbers = {bar.name: number for number, bar in enumerate(by_folder)}
    style, script = _read("report.css"), _read("report.js")
    return (
        _environment()
        .from_string(_read("report.html.jinja"))
        .render(
            version=__version__,
            style=style,
            script=script,
            policy=_policy(style, script),
            total=closing.total(result),
            files=result.files,
            counts=_counts(result),
            mended=sum(bool(finding.fix and finding.fix.safe) for finding in result.findings),
            problems=[(one_line(problem.path), one_line(problem.message)) for problem in result.problems],
            charts=[("pack", figures.by_pack(result.findings)), ("folder", by_folder)],
            most=_BARS,
            worst=worst[:_WORST],
            articles=len(worst),
            rules=rules,
            data={
                "rules": [rule.name for rule in rules],
                "folders": [bar.name for bar in by_folder],
                "articles": articles.data(
                    worst,
                    view,
                    {rule.name: number for number, rule in enumerate(rules)},
                    {path: numbers[folder] for path, folder in folders.items()},
                ),
            },
        )
    )


def _environment() -> Environment:
    """Jinja that escapes whatever is put in, and knows of nothing that is not there."""
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters |= {"inert": one_line, "share": _share}
    made.globals["severities"] = list(zip(SEVERITIES, ("errors", "warnings", "notes"), range(3), strict=True))
    return made


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: run its own script, use its own style, and nothing else, whatever slips into it."""
    own = {name: f"'sha256-{_digest(text)}'" for name, text in (("script", script), ("style", style))}
    return "; ".join(
        (
            "default-src 'none'",
            *(f"{name}-src {source}" for name, source in own.items()),
            "img-src data:",  # the empty icon, so that no browser looks for one
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _counts(result: Result) -> list[int]:
    numbers = Counter(finding.severity for finding in result.findings)
    return [numbers[severity] for severity in SEVERITIES]


def _share(count: int, bars: Sequence[figures.Bar]) -> float:
    """How much of a chart a bar takes, in thousandths of its width, so that what there is can be seen."""
    return round(max(4.0, 1000 * count / max(bar.total for bar in bars)), 1) if count else 0
