"""Findings rendered for somebody: one module a report, each with `render(result, view) -> str`."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from linter.finding import SEVERITIES, Finding, Result

if TYPE_CHECKING:
    from linter.rule import Rule
    from linter.source import Source


def _no_source(path: str, record: str | None) -> Source:
    raise OSError(f"nobody said how to read {path} again")


def _unchanged(rule: Rule) -> Rule:
    return rule


class View(NamedTuple):
    """How a report is to be shown. `width` counts terminal cells; `rules` maps names to rules, for their words.

    `everything` shows infos too, in page order; `statistics` counts findings by rule, pack and folder; `quiet` leaves
    out what is no finding; `fail_on` is the least severity that fails the run. `source` reads the article of a path
    and record again, for reports that show it: it may have changed since it was checked, and raises OSError where it
    is not to be had. Rules may lack their examples, and with them whether they can be fixed: `explained` gives one of
    them with these.
    """

    width: int = 80
    color: bool = False
    everything: bool = False
    statistics: bool = False
    quiet: bool = False
    fail_on: str = "error"
    rules: Mapping[str, Rule] = MappingProxyType({})
    paths: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    source: Callable[[str, str | None], Source] = _no_source
    explained: Callable[[Rule], Rule] = _unchanged


_REPORTERS = {  # names of reports → the module and function that make them
    "github": ("github", "render"),
    "gitlab": ("gitlab", "render"),
    "html": ("html", "render"),
    "json": ("json", "render"),
    "jsonl": ("json", "render_jsonl"),
    "junit": ("junit", "render"),
    "markdown": ("markdown_summary", "render"),
    "plain": ("plain", "render"),
    "sarif": ("sarif", "render"),
    "terminal": ("terminal", "render"),
}
NAMES = tuple(_REPORTERS)


def render(name: str, result: Result, view: View) -> str:
    """The report `name` of a result, as text that ends in a line end (or is empty)."""
    module, function = _REPORTERS[name]
    return str(getattr(import_module(f"linter.reporters.{module}"), function)(result, view))


# Findings counted: by rule, by pack, by folder.


class CountedGroup(NamedTuple):
    """How many findings there are of something, the gravest of which `severity`, and in how many articles.

    `by_severity` are those of each severity, the gravest first.
    """

    name: str
    severity: str
    findings: int
    articles: int
    by_severity: tuple[int, ...]


def count_by_rule(findings: Iterable[Finding]) -> list[CountedGroup]:
    """The gravest rules first, of those the ones that find most."""
    return sorted(_counted_groups(findings, lambda finding: finding.rule), key=_by_severity)


def count_by_pack(findings: Iterable[Finding]) -> list[CountedGroup]:
    """The packs that find most first."""
    return count_by(findings, lambda finding: finding.rule.partition("/")[0])


def count_by_folder(findings: Iterable[Finding]) -> list[CountedGroup]:
    """The folders in which most was found first; `.` is the one that copydesk ran in."""
    return count_by(findings, lambda finding: posixpath.dirname(finding.path) or ".")


def count_by(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[CountedGroup]:
    """What `name` makes of findings, that of which there are most first."""
    return sorted(_counted_groups(findings, name), key=_by_number)


def _counted_groups(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[CountedGroup]:
    groups = defaultdict(list)
    for finding in findings:
        groups[name(finding)].append(finding)
    return [_counted_group(name, found) for name, found in groups.items()]


def _counted_group(name: str, found: list[Finding]) -> CountedGroup:
    by_severity = severity_counts(found)
    severity = next(severity for severity, count in zip(SEVERITIES, by_severity, strict=True) if count)
    return CountedGroup(
        name, severity, len(found), len({(finding.path, finding.record) for finding in found}), by_severity
    )


def severity_counts(findings: Iterable[Finding]) -> tuple[int, ...]:
    """How many findings there are of each severity, the gravest first."""
    numbers = Counter(finding.severity for finding in findings)
    return tuple(numbers[severity] for severity in SEVERITIES)


def _by_severity(group: CountedGroup) -> tuple[int, int, str]:
    return SEVERITIES.index(group.severity), -group.findings, group.name


def _by_number(group: CountedGroup) -> tuple[int, str]:
    return -group.findings, group.name


# What findings come to, in words.

NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def articles_phrase(result: Result) -> str:
    """In how many articles something was found, and of how many: “3 of 12 articles”, or “1 article” of 1."""
    some = len({(finding.path, finding.record) for finding in result.findings})
    return number_phrase(some, "article") if some >= result.files else f"{some:,} of {result.files:,} articles"


def left_out_phrase(result: Result) -> list[str]:
    """How many findings do not count, and why: “5 known before”, “1 silenced”."""
    by_severity = ((result.known, "known before"), (result.suppressed, "silenced"))
    return [f"{count:,} {why}" for count, why in by_severity if count]


def severity_phrase(findings: Iterable[Finding]) -> str:
    """“17 errors, 49 warnings and 1 note”."""
    numbers = Counter(finding.severity for finding in findings)
    parts = [number_phrase(numbers[severity], noun) for severity, noun in NOUNS.items() if numbers[severity]]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def number_phrase(count: int, noun: str) -> str:
    """“1 article”, “1,200 articles”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
