"""The HTML report: one self-contained page for a browser.

The page has charts and a table of rules. Its script displays the articles and their findings, which are stored in the
page as JSON. A content security policy prevents the page from loading or sending anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import blake2b, sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined

from linter import __version__, reporters
from linter.finding import SEVERITIES, Finding, Result
from linter.output import as_json, one_line, without_marks
from linter.reference import rule_texts
from linter.reporters import CountedGroup, View, fingerprints, terminal
from linter.reporters.html.passages import Passage, known_passages, passage_rows, shown_fix, shown_text, whole_article
from linter.rule import Rule

_MAX_WORST_SHOWN = 8  # maximum articles listed in the overview
_MAX_BARS = 12  # rows of a chart
_MAX_BAR_NAME = 26  # maximum code points of a name next to a bar
_NOUNS = ("errors", "warnings", "notes")

MAX_WHOLE_TEXT = 24_000_000  # code points of all articles shown in full, the worst first; others show passages only
_KEY_LENGTH = 12  # hexadecimal digits of a key
_MAX_SEARCHED = 160  # code points of a match that can be searched for
_UNREADABLE = "Only excerpts are shown because the article could not be read again."
_CHANGED = "Only excerpts are shown because the article has changed since it was checked."
_TOO_MANY = "Only excerpts are shown because there are too many articles to show in full."

_MAX_FOLDERS = 12  # folders in a chart; if there are more, findings are counted by the folders above them
_WORKING_FOLDER = "./"


def render(result: Result, view: View) -> str:
    """Render the page. The same input always gives the same page."""
    folder = files(__package__)
    style, script = shared_style() + _text(folder / "report.css"), shared_script() + _text(folder / "report.js")
    template = environment().from_string(_text(folder / "report.html.jinja"))
    policy = content_policy(style, script)
    return (
        template.render(version=__version__, style=style, script=script, policy=policy, **_contents(result, view))
        + "\n"
    )


def shared_style() -> str:
    """Return the style that pages share. Their own style follows."""
    return _text(files(__package__) / "shared.css")


def shared_script() -> str:
    """Return the script that pages share. It defines the constant `passages`; their own script follows."""
    return _text(files(__package__) / "shared.js")


def _text(file: Traversable) -> str:
    return file.read_text("utf-8")


def _contents(result: Result, view: View) -> dict[str, Any]:
    worst = _articles_worst_first(result)
    rules = [_rule_row(group, view) for group in reporters.count_by_rule(result.findings)]
    folders = {path: one_line(folder) for path, folder in folder_of_paths([one.path for one in worst]).items()}
    by_folder = reporters.count_by(result.findings, lambda finding: folders[finding.path])
    rule_names, folder_names = [rule.group.name for rule in rules], [folder.name for folder in by_folder]
    numbers = {path: folder_names.index(folder) for path, folder in folders.items()}
    total, outcome = terminal.verdict(result)
    return {
        "total": total.rstrip(":"),
        "outcome": outcome,
        "files": result.files,
        "left_out": reporters.left_out_phrase(result),
        "counts": reporters.severity_counts(result.findings),
        "fixable": len(view.fixable(result.findings)),
        "problems": [(one_line(problem.name), one_line(problem.message)) for problem in result.problems],
        "charts": [("pack", reporters.count_by_pack(result.findings)), ("folder", by_folder)],
        "most": _MAX_BARS,
        "worst": worst[:_MAX_WORST_SHOWN],
        "articles": reporters.article_count(result.findings),
        "rules": rules,
        "data": {
            "rules": rule_names,
            "folders": folder_names,
            "articles": _article_data(worst, view, rule_names, numbers),
        },
    }


def environment() -> Environment:
    """Return a Jinja environment that escapes all values and rejects undefined variables."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.policies |= {"json.dumps_function": as_json, "json.dumps_kwargs": {"separators": (",", ":")}}
    environment.filters |= {"inert": one_line, "share": _share, "ending": _ending}
    environment.globals["severities"] = [*zip(SEVERITIES, _NOUNS, range(len(SEVERITIES)), strict=True)]
    return environment


def content_policy(style: str, script: str, *others: str) -> str:
    """Return a content security policy that allows only the script and style of the page, and embedded images.

    `others` are further directives.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_csp_hash(script)}'",
            f"style-src '{_csp_hash(style)}'",
            "img-src data:",  # the empty icon, so that no browser requests one
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            *others,
        )
    )


def _csp_hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _ending(name: str) -> str:
    """Return `name` for a chart, with an ellipsis in place of its start if the name is too long."""
    # folders differ most at the end of their paths
    return name if len(name) <= _MAX_BAR_NAME else f"…{name[1 - _MAX_BAR_NAME :]}"


def _share(count: int, bars: Sequence[CountedGroup]) -> float:
    """Return the width of a bar in thousandths of the longest bar: 0 if `count` is 0, otherwise at least 4."""
    return round(max(4.0, 1000 * count / max(bar.findings for bar in bars)), 1) if count else 0


class Article(NamedTuple):
    """An article with findings.

    In links within the page, `key` identifies the article, and `keys` identify its findings.
    """

    path: str
    record: str | None
    key: str
    findings: Sequence[Finding]
    keys: Sequence[str]

    @property
    def by_severity(self) -> tuple[int, ...]:
        """The number of findings of each severity, errors first."""
        return reporters.severity_counts(self.findings)


def _articles_worst_first(result: Result) -> list[Article]:
    pairs = zip(result.findings, map(_key, fingerprints(result.findings)), strict=True)
    found = []
    for (path, record), members in groupby(pairs, lambda pair: pair[0].article):
        findings, keys = zip(*members, strict=True)
        found.append(Article(path, record, _digest(f"{path}\0{record or ''}"), findings, keys))
    return sorted(
        found, key=lambda article: ([-count for count in article.by_severity], article.path, article.record or "")
    )


def _article_data(articles: Sequence[Article], view: View, rules: list[str], folders: Mapping[str, int]) -> list[Any]:
    """Return the articles, with their lines and findings, as plain data for the script of the page.

    `rules` are the names of the rules. `folders` maps the path of each article to the index of its folder.
    """
    remaining = MAX_WHOLE_TEXT
    numbers = {name: number for number, name in enumerate(rules)}
    data = []
    for article in articles:
        here, note = _passages(article, view, remaining)
        remaining -= sum(len(passage.text) for passage in here) if not note else 0
        data.append(
            {
                "path": one_line(article.path),
                "record": one_line(article.record or ""),
                "key": article.key,
                "folder": folders[article.path],
                "note": note,
                "rows": passage_rows(here, article.findings),
                "findings": [
                    {"key": key} | finding_data(finding, numbers)
                    for finding, key in zip(article.findings, article.keys, strict=True)
                ],
            }
        )
    return data


def _passages(article: Article, view: View, remaining: int) -> tuple[list[Passage], str]:
    """Return the passages of an article to show, and a note if they are not the whole article (otherwise "").

    `remaining` is the number of code points that may still be used to show articles in full.
    """
    if remaining <= 0:
        return known_passages(article.findings), _TOO_MANY
    try:
        source = view.source(article.path, article.record)
    except OSError:
        return known_passages(article.findings), _UNREADABLE
    if len(source.text) > remaining:
        return known_passages(article.findings), _TOO_MANY
    whole = whole_article(source, article.findings)
    return (whole, "") if whole else (known_passages(article.findings), _CHANGED)


def finding_data(finding: Finding, rules: Mapping[str, int]) -> dict[str, Any]:
    """Return a finding as plain data for a script. `rules` maps the name of each rule to its index."""
    fix = shown_fix(finding)
    return {
        "rule": rules[finding.rule],
        "severity": SEVERITIES.index(finding.severity),
        "line": finding.line,
        "column": finding.column,
        "paragraph": finding.paragraph,
        "message": one_line(finding.message),
        "text": shown_text(finding.text[:_MAX_SEARCHED]),
        "fix": [*fix] if fix else None,
    }


def _key(fingerprint: str) -> str:
    """Return a short key for a finding with this fingerprint, for links within the page."""
    digest, _, number = fingerprint.partition(":")
    return digest[:_KEY_LENGTH] if number == "1" else f"{digest[:_KEY_LENGTH]}-{number}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_KEY_LENGTH // 2).hexdigest()


class RuleRow(NamedTuple):
    """The counts for a rule with findings, and the rule's summary, reason and fix ("" if the rule is not loaded)."""

    group: CountedGroup
    summary: str
    why: str
    fix: str


def _rule_row(group: CountedGroup, view: View) -> RuleRow:
    rule = view.rules.get(group.name)
    return RuleRow(group, *(explanation(view.explained(rule)) if rule else ("", "", "")))


def explanation(rule: Rule) -> tuple[str, str, str]:
    """Return the summary, the reason and a description of the fix of a rule, which must have its examples."""
    return _rule_text(rule.summary), _rule_text(rule.why), _rule_text(rule_texts.fix_text(rule))


def _rule_text(text: str) -> str:
    """Return text from a rule file, which may be untrusted, on one line and with control characters replaced."""
    return without_marks(shown_text(" ".join(text.split("\n"))), "⟨U+0023⟩")


def folder_of_paths(paths: Sequence[str]) -> dict[str, str]:
    """Map each file path to the folder under which a chart counts its findings. The paths of folders end with a slash.

    If there are more than 12 folders, findings in deep folders are counted under a folder higher up.
    """
    parents = {path: tuple(folder.split("/")) if (folder := reporters.folder_of(path)) else () for path in paths}

    def different(depth: int) -> int:
        return len({parts[:depth] for parts in parents.values()})

    depth = max(map(len, parents.values()), default=0)
    while different(depth) > _MAX_FOLDERS and different(depth - 1) > 1:
        depth -= 1
    return {path: "".join(f"{part}/" for part in parts[:depth]) or _WORKING_FOLDER for path, parts in parents.items()}
