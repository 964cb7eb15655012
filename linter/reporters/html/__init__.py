"""The HTML report: one page that needs nothing else, for people who look at findings in a browser."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined

from linter import __version__, reporters
from linter.digest import blake2b
from linter.finding import SEVERITIES, Finding, Result
from linter.output import as_json, one_line, without_marks
from linter.reference import rule_texts
from linter.reporters import CountedGroup, View, json, terminal
from linter.reporters.html.passages import Passage, known_passages, passage_rows, shown_fix, shown_text, whole_article
from linter.rule import Rule

# The page itself: figures and articles put into the template, with the policy that keeps it to itself.

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
    worst = articles_worst_first(result)
    rules = rule_rows(result.findings, view)
    folder_of = {
        path: one_line(folder) for path, folder in folder_of_paths([article.path for article in worst]).items()
    }
    by_folder = reporters.count_by(result.findings, lambda finding: folder_of[finding.path])
    numbers = _numbered(rule.group for rule in rules), _numbered(by_folder)
    total, outcome = terminal.verdict(result)
    return {
        "total": total.rstrip(":"),
        "outcome": outcome,
        "files": result.files,
        "left_out": reporters.left_out_phrase(result),
        "counts": reporters.severity_counts(result.findings),
        "fixable": sum(bool(finding.fix and finding.fix.safe) for finding in result.findings),
        "problems": [(one_line(problem.path), one_line(problem.message)) for problem in result.problems],
        "charts": [("pack", reporters.count_by_pack(result.findings)), ("folder", by_folder)],
        "most": _BARS,
        "worst": worst[:_WORST],
        "articles": len(worst),
        "rules": rules,
        "data": {
            "rules": [*numbers[0]],
            "folders": [*numbers[1]],
            "articles": article_data(
                worst, view, numbers[0], {path: numbers[1][folder] for path, folder in folder_of.items()}
            ),
        },
    }


def _numbered(groups: Iterable[CountedGroup]) -> dict[str, int]:
    return {group.name: number for number, group in enumerate(groups)}


def _environment() -> Environment:
    """Jinja that escapes whatever is put in, and knows of nothing that is not there."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.policies |= {"json.dumps_function": as_json, "json.dumps_kwargs": {"separators": (",", ":")}}
    environment.filters |= {"inert": one_line, "share": _share, "ending": _ending}
    environment.globals["severities"] = [*zip(SEVERITIES, _NOUNS, range(len(SEVERITIES)), strict=True)]
    return environment


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: run its own script, use its own style, and nothing else, whatever slips into it."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_csp_hash(script)}'",
            f"style-src '{_csp_hash(style)}'",
            "img-src data:",  # the empty icon, so that no browser looks for one
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _csp_hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _ending(name: str) -> str:
    """A name as a chart has room for: folders end in what tells them apart."""
    return name if len(name) <= _ROOM else f"…{name[1 - _ROOM :]}"


def _share(count: int, bars: Sequence[CountedGroup]) -> float:
    """How much of a chart a bar takes, in thousandths of its width, so that what there is can be seen."""
    return round(max(4.0, 1000 * count / max(bar.findings for bar in bars)), 1) if count else 0


# Findings by article, as plain data for the script of the page.

MOST = 24_000_000  # code points of articles that are shown whole, the worst first; of the others there are passages
_KNOWN = 12  # hexadecimal digits that articles and findings are known by in addresses
_QUOTED = 160  # code points of what was found that can be searched for
_GONE = "Only the passages are here: the article could not be read again."
_CHANGED = "Only the passages are here: the article has changed since it was checked."
_TOO_MANY = "Only the passages are here: the articles are too many to show them all whole."


class Article(NamedTuple):
    """An article with findings: `key` is what it is known by in addresses, `keys` what they are."""

    path: str
    record: str | None
    key: str
    findings: Sequence[Finding]
    keys: Sequence[str]

    @property
    def by_severity(self) -> tuple[int, ...]:
        """How many of its findings have each severity, the gravest first."""
        return reporters.severity_counts(self.findings)


def articles_worst_first(result: Result) -> list[Article]:
    """The articles that have findings: those with the most errors first, then warnings, then notes."""
    pairs = zip(result.findings, map(_key, json.fingerprints(result.findings)), strict=True)
    found = []
    for (path, record), members in groupby(pairs, lambda pair: (pair[0].path, pair[0].record)):
        findings, keys = zip(*members, strict=True)
        found.append(Article(path, record, _digest(f"{path}\0{record or ''}"), findings, keys))
    return sorted(
        found, key=lambda article: ([-count for count in article.by_severity], article.path, article.record or "")
    )


def article_data(
    articles: Sequence[Article], view: View, rules: Mapping[str, int], folders: Mapping[str, int]
) -> list[Any]:
    """The articles with their lines and findings; `rules` and `folders` are the numbers these go by."""
    remaining = MOST
    environment = []
    for article in articles:
        here, note = _passages(article, view, remaining)
        remaining -= sum(len(passage.text) for passage in here) if not note else 0
        environment.append(
            {
                "path": one_line(article.path),
                "record": one_line(article.record or ""),
                "key": article.key,
                "folder": folders[article.path],
                "note": note,
                "rows": passage_rows(here, article.findings),
                "findings": [_finding(*pair, rules) for pair in zip(article.findings, article.keys, strict=True)],
            }
        )
    return environment


def _passages(article: Article, view: View, remaining: int) -> tuple[list[Passage], str]:
    """What is shown of an article, and why if that is not all of it."""
    if remaining <= 0:
        return known_passages(article.findings), _TOO_MANY
    try:
        source = view.source(article.path, article.record)
    except OSError:
        return known_passages(article.findings), _GONE
    if len(source.text) > remaining:
        return known_passages(article.findings), _TOO_MANY
    whole = whole_article(source, article.findings)
    return (whole, "") if whole else (known_passages(article.findings), _CHANGED)


def _finding(finding: Finding, key: str, rules: Mapping[str, int]) -> dict[str, Any]:
    fix = shown_fix(finding)
    return {
        "key": key,
        "rule": rules[finding.rule],
        "severity": SEVERITIES.index(finding.severity),
        "line": finding.line,
        "column": finding.column,
        "paragraph": finding.paragraph,
        "message": one_line(finding.message),
        "text": shown_text(finding.text[:_QUOTED]),
        "fix": [*fix] if fix else None,
    }


def _key(fingerprint: str) -> str:
    """A fingerprint as the part of an address: fewer digits of its hash, and its number if there are several."""
    digest, _, number = fingerprint.partition(":")
    return digest[:_KNOWN] if number == "1" else f"{digest[:_KNOWN]}-{number}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_KNOWN // 2).hexdigest()


# What the charts and tables of the page show.

_FOLDERS = 12  # that a chart can hold; where there are more, those above them are counted
_HERE = "./"


class RuleRow(NamedTuple):
    """A rule that found something, with what is to be known of it; "" where it is not known."""

    group: CountedGroup
    summary: str = ""
    why: str = ""
    fix: str = ""


def rule_rows(findings: Iterable[Finding], view: View) -> list[RuleRow]:
    """The rules that found something: gravest first, of those the ones that find most."""
    found = ((group, view.rules.get(group.name)) for group in reporters.count_by_rule(findings))
    return [_row(group, view.explained(rule) if rule else None) for group, rule in found]


def _row(group: CountedGroup, rule: Rule | None) -> RuleRow:
    return (
        RuleRow(group, *map(_rule_text, (rule.summary, rule.why, rule_texts.fix_text(rule))))
        if rule
        else RuleRow(group)
    )


def _rule_text(text: str) -> str:
    """A text of a rule, which may be a stranger's, on one line."""
    return without_marks(shown_text(" ".join(text.split("\n"))), "⟨U+0023⟩")


def folder_of_paths(paths: Sequence[str]) -> dict[str, str]:
    """The folder that each path is counted in: its own, or where that makes too many, one further up."""
    parents = {path: tuple(path.split("/")[:-1]) for path in paths}
    depth = max(map(len, parents.values()), default=0)
    while _different(parents, depth) > _FOLDERS and _different(parents, depth - 1) > 1:
        depth -= 1
    return {path: "".join(f"{part}/" for part in parts[:depth]) or _HERE for path, parts in parents.items()}


def _different(parents: Mapping[str, tuple[str, ...]], depth: int) -> int:
    return len({parts[:depth] for parts in parents.values()})
