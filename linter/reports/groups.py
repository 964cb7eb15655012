"""Findings of one kind as one group, and those inside a leak folded into it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linter.finding import Finding
from linter.reports.cells import cells
from linter.rule import Rule

_SHORT = 40  # cells of a match that a message can hold and still be read at a glance
_LARGE = 10  # findings; groups of warnings from this size on get an excerpt
_LARGEST = 2  # and so do as many of the largest ones


@dataclass(frozen=True, eq=False)
class Group:
    """Findings of one severity whose rules share a headline, or of one rule without one, in page order.

    `shown` are those that stand on their own, at least one; `covers` are the errors around the others.
    """

    headline: str
    findings: tuple[Finding, ...]
    shown: tuple[Finding, ...]
    covers: tuple[Finding, ...]

    @property
    def example(self) -> Finding:
        return self.shown[0]

    @property
    def rules(self) -> str:
        """The rule of the example, and how many others are in the group: `spacing/after-comma +1`."""
        others = len({finding.rule for finding in self.findings}) - 1
        return f"{self.example.rule} +{others}" if others else self.example.rule

    @property
    def speaks_for_itself(self) -> bool:
        """Whether it is one finding whose message quotes the words it is about."""
        return len(self.shown) == 1 and quotes_match(self.example)

    def lines(self) -> Counter[int]:
        """How many of the findings shown, without the example, stand on which line."""
        return Counter(finding.line for finding in self.shown[1:])


def quotes_match(finding: Finding) -> bool:
    """Whether the message holds the words found, in quotation marks or before a colon, and they are short."""
    match = " ".join(finding.text.split())
    if not match or cells(match) > _SHORT:
        return False
    if finding.message.startswith(f"{match}: ") or f"“{match}”" in finding.message:
        return True
    quoted = (part.partition("”")[0] for part in finding.message.split("“")[1:])
    return any(match in part for part in quoted)


class Section(NamedTuple):
    """Findings of one article and one severity: groups with an excerpt, groups of one line, both in order.

    `covers` are the errors around the findings of groups of which nothing stands on its own.
    """

    full: list[Group]
    short: list[Group]
    covers: list[Finding]


def section(findings: Sequence[Finding], covers: Mapping[Finding, Finding], rules: Mapping[str, Rule]) -> Section:
    """Sort findings of one severity into groups.

    A single finding whose message quotes its words needs no excerpt. Every other group of errors has one; of
    other warnings the two largest groups have one, and any of ten or more. Among errors those lead that others
    folded into, then those that mark more of the text, since so much of it would a reader see; warnings go by
    their number; equal ones by their place.
    """
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[_headline(finding, rules) or finding.rule].append(finding)
    groups: list[Group] = []
    gone: list[Finding] = []
    for members in kinds.values():
        shown = tuple(finding for finding in members if finding not in covers)
        around = tuple(covers[finding] for finding in members if finding in covers)
        if shown:
            groups.append(Group(_headline(members[0], rules), tuple(members), shown, around))
        else:
            gone += around
    holding = frozenset(covers.values())
    groups.sort(key=lambda group: _gravity(group, holding))
    full = _needing_excerpt(groups)
    return Section([group for group in groups if group in full], [group for group in groups if group not in full], gone)


def _headline(finding: Finding, rules: Mapping[str, Rule]) -> str:
    return rules[finding.rule].headline if finding.rule in rules else ""


def _gravity(group: Group, holding: frozenset[Finding]) -> tuple[bool, bool, int]:
    if group.example.severity != "error":
        return False, False, -len(group.findings)
    marked = sum(finding.end - finding.start for finding in group.shown)
    return holding.isdisjoint(group.shown), bool(group.covers), -marked


def _needing_excerpt(groups: Sequence[Group]) -> set[Group]:
    """Those of `groups`, the largest of which come first, that one line does not do for."""
    candidates = [group for group in groups if not group.speaks_for_itself]
    return {
        group
        for rank, group in enumerate(candidates)
        if group.example.severity == "error" or rank < _LARGEST or len(group.findings) >= _LARGE
    }


def folds(findings: Iterable[Finding]) -> dict[Finding, Finding]:
    """Findings of one article that lie inside a longer error of another rule → that error.

    An error folds only into one of its own pack: spilled page code is one thing, the bad link in it another.
    """
    inside: dict[Finding, Finding] = {}
    widest: list[Finding] = []  # of the errors begun so far that which ends last, and that of another rule
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        for cover in widest:
            if cover.rule != finding.rule and _covers(cover, finding):
                inside[finding] = cover
                break
        if finding.severity == "error":
            widest = _two_widest(widest, finding)
    return inside


def _covers(cover: Finding, finding: Finding) -> bool:
    longer = cover.end - cover.start > finding.end - finding.start
    return longer and finding.end <= cover.end and (finding.severity != "error" or pack(cover) == pack(finding))


def _two_widest(widest: list[Finding], finding: Finding) -> list[Finding]:
    ranked = sorted([*widest, finding], key=lambda finding: -finding.end)
    return [ranked[0], *[other for other in ranked[1:] if other.rule != ranked[0].rule][:1]]


def pack(finding: Finding) -> str:
    return finding.rule.partition("/")[0]
