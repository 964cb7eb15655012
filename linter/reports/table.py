"""Findings of many articles as a table with one line a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from linter.finding import SEVERITIES, Finding
from linter.reports.cells import cells, cut
from linter.reports.entries import SIGNS
from linter.reports.lines import Lines
from linter.rule import Rule

_NAME = 32  # cells at most of a rule's name
_READABLE = 20  # cells; a summary in less is left out


def by_rule(lines: Lines, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> None:
    """Write rule, findings, articles and the rule's summary, the gravest and most frequent rules first."""
    numbers = Counter(finding.rule for finding in findings)
    articles = Counter(rule for rule, _, _ in {(finding.rule, finding.path, finding.record) for finding in findings})
    severity = {finding.rule: finding.severity for finding in findings}
    width = min(_NAME, max(cells(rule) for rule in numbers))
    room = lines.width - 2 - width - 24
    lines.put((f"  {'rule':<{width}}  findings  articles", "faint"))
    for rule in sorted(numbers, key=lambda rule: (SEVERITIES.index(severity[rule]), -numbers[rule], rule)):
        name = cut(rule, width)
        summary = rules[rule].summary if rule in rules and room >= _READABLE else ""
        lines.put(
            (f"{SIGNS[severity[rule]]} ", severity[rule]),
            (f"{name}{' ' * (width - cells(name))}  {numbers[rule]:>8,}  {articles[rule]:>8,}", ""),
            (f"  {cut(summary, room - 2)}", "faint"),
        )
