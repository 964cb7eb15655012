"""Findings by article, as plain data for the script of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from linter.digest import blake2b
from linter.escaping import one_line
from linter.finding import SEVERITIES, Finding, Result
from linter.reports import View, fingerprints, tallies
from linter.reports.html.inert import shown
from linter.reports.html.mending import change
from linter.reports.html.passages import Passage, around, rows, whole

MOST = 24_000_000  # code points of articles that are shown whole, the worst first; of the others there are passages
_KNOWN = 12  # hexadecimal digits that articles and findings are known by in addresses
_QUOTED = 160  # code points of what was found that can be searched for
_GONE = "Only the passages are here: the article could not be read again."
_CHANGED = "Only the passages are here: the article has changed since it was checked."
_TOO_MUCH = "Only the passages are here: the articles are too many to show them all whole."


class Article(NamedTuple):
    """An article with findings: `key` is what it is known by in addresses, `keys` what they are."""

    path: str
    record: str | None
    key: str
    findings: Sequence[Finding]
    keys: Sequence[str]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many of its findings have each severity, the gravest first."""
        return tallies.counted(self.findings)


def worst_first(result: Result) -> list[Article]:
    """The articles that have findings: those with the most errors first, then warnings, then notes."""
    pairs = zip(result.findings, map(_key, fingerprints.of(result.findings)), strict=True)
    found = []
    for (path, record), members in groupby(pairs, lambda pair: (pair[0].path, pair[0].record)):
        findings, keys = zip(*members, strict=True)
        found.append(Article(path, record, _digest(f"{path}\0{record or ''}"), findings, keys))
    return sorted(found, key=lambda article: ([-count for count in article.counts], article.path, article.record or ""))


def data(articles: Sequence[Article], view: View, rules: Mapping[str, int], folders: Mapping[str, int]) -> list[Any]:
    """The articles with their lines and findings; `rules` and `folders` are the numbers these go by."""
    left = MOST
    made = []
    for article in articles:
        here, note = _passages(article, view, left)
        left -= sum(len(passage.text) for passage in here) if not note else 0
        made.append(
            {
                "path": one_line(article.path),
                "record": one_line(article.record or ""),
                "key": article.key,
                "folder": folders[article.path],
                "note": note,
                "rows": rows(here, article.findings),
                "findings": [_finding(*pair, rules) for pair in zip(article.findings, article.keys, strict=True)],
            }
        )
    return made


def _passages(article: Article, view: View, left: int) -> tuple[list[Passage], str]:
    """What is shown of an article, and why if that is not all of it."""
    if left <= 0:
        return around(article.findings), _TOO_MUCH
    try:
        source = view.source(article.path, article.record)
    except OSError:
        return around(article.findings), _GONE
    if len(source.text) > left:
        return around(article.findings), _TOO_MUCH
    all_of_it = whole(source, article.findings)
    return (all_of_it, "") if all_of_it else (around(article.findings), _CHANGED)


def _finding(finding: Finding, key: str, rules: Mapping[str, int]) -> dict[str, Any]:
    mended = change(finding)
    return {
        "key": key,
        "rule": rules[finding.rule],
        "severity": SEVERITIES.index(finding.severity),
        "line": finding.line,
        "column": finding.column,
        "paragraph": finding.paragraph,
        "message": one_line(finding.message),
        "text": shown(finding.text[:_QUOTED]),
        "fix": [*mended] if mended else None,
    }


def _key(fingerprint: str) -> str:
    """A fingerprint as the part of an address: fewer digits of its hash, and its number if there are several."""
    digest, _, number = fingerprint.partition(":")
    return digest[:_KNOWN] if number == "1" else f"{digest[:_KNOWN]}-{number}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_KNOWN // 2).hexdigest()
