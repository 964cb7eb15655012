"""Findings of many articles as a table with one line a rule, a pack or a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter.reports.cells import ELLIPSIS, cells, cut, tail, visible
from linter.reports.entries import SIGNS
from linter.reports.lines import Lines
from linter.reports.tallies import Tally
from linter.rule import Rule

_NUMBERS = 2 + 24  # cells of the sign and of the numbers
_NAME = 32  # cells at most of a name that has more to be said of it
_READABLE = 20  # cells; a summary in less is left out


def table(lines: Lines, what: str, tallies: Sequence[Tally], rules: Mapping[str, Rule] | None = None) -> None:
    """Write name, findings and articles of each, and the summaries of `rules`; `what` heads the column of names."""
    most = lines.width - _NUMBERS if rules is None else _NAME
    width = min(most, max(cells(visible(tally.name)) for tally in tallies))
    room = lines.width - _NUMBERS - width
    lines.put((f"  {what:<{width}}  findings  articles", "faint"))
    for tally in tallies:
        name = visible(tally.name)
        name = name if cells(name) <= width else ELLIPSIS + tail(name, width - 1)
        summary = rules[tally.name].summary if rules and tally.name in rules and room >= _READABLE else ""
        lines.put(
            (f"{SIGNS[tally.severity]} ", tally.severity),
            (f"{name}{' ' * (width - cells(name))}  {tally.findings:>8,}  {tally.articles:>8,}", ""),
            (f"  {cut(summary, room - 2)}", "faint"),
        )
