"""Findings counted: by rule, by pack, by folder."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from linter.finding import SEVERITIES, Finding


class Tally(NamedTuple):
    """How many findings there are of something, the gravest of which `severity`, and in how many articles.

    `counts` are those of each severity, the gravest first.
    """

    name: str
    severity: str
    findings: int
    articles: int
    counts: tuple[int, ...]


def by_rule(findings: Iterable[Finding]) -> list[Tally]:
    """The gravest rules first, of those the ones that find most."""
    return sorted(_tallies(findings, lambda finding: finding.rule), key=_graveness)


def by_pack(findings: Iterable[Finding]) -> list[Tally]:
    """The packs that find most first."""
    return by(findings, lambda finding: finding.rule.partition("/")[0])


def by_folder(findings: Iterable[Finding]) -> list[Tally]:
    """The folders in which most was found first; `.` is the one that copydesk ran in."""
    return by(findings, lambda finding: posixpath.dirname(finding.path) or ".")


def by(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[Tally]:
    """What `name` makes of findings, that of which there are most first."""
    return sorted(_tallies(findings, name), key=_number)


def _tallies(findings: Iterable[Finding], name: Callable[[Finding], str]) -> list[Tally]:
    groups = defaultdict(list)
    for finding in findings:
        groups[name(finding)].append(finding)
    return [_tally(name, found) for name, found in groups.items()]


def _tally(name: str, found: list[Finding]) -> Tally:
    counts = counted(found)
    severity = next(severity for severity, count in zip(SEVERITIES, counts, strict=True) if count)
    return Tally(name, severity, len(found), len({(finding.path, finding.record) for finding in found}), counts)


def counted(findings: Iterable[Finding]) -> tuple[int, ...]:
    """How many findings there are of each severity, the gravest first."""
    numbers = Counter(finding.severity for finding in findings)
    return tuple(numbers[severity] for severity in SEVERITIES)


def _graveness(tally: Tally) -> tuple[int, int, str]:
    return SEVERITIES.index(tally.severity), -tally.findings, tally.name


def _number(tally: Tally) -> tuple[int, str]:
    return -tally.findings, tally.name
