"""Rules as a table: one line a rule."""

from __future__ import annotations

from collections.abc import Sequence

from linter.manual import texts
from linter.manual.catalogue import Entry
from linter.reports.cells import cells, cut
from linter.reports.lines import Lines

_HEAD = ("rule", "severity", "here", "language", "fixes", "summary")
_READABLE = 24  # cells; a summary that has fewer goes on a line of its own


def table(lines: Lines, entries: Sequence[Entry]) -> None:
    """Write name, severity, on or off, languages, whether it can fix, summary; cut or put below where it is narrow."""
    rows = [_HEAD, *map(_row, entries)]
    widths = [max(cells(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    room = lines.width - sum(widths) - 2 * len(widths)
    for row in rows:
        left = "  ".join(text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=False))
        style = "faint" if row is _HEAD or row[2] == "off" else ""
        if room >= _READABLE:
            lines.put((f"{left}  {cut(row[-1], room)}", style))
        else:
            lines.put((left, style))
            if row is not _HEAD:
                lines.wrapped(("    ", ""), ("    ", ""), (row[-1], "faint"))


def _row(entry: Entry) -> tuple[str, ...]:
    rule = entry.own
    spoken = ", ".join(sorted(rule.languages)) or "any"
    fixes = "yes" if texts.fixable(rule) else "no"
    return rule.name, entry.severity, "on" if entry.here else "off", spoken, fixes, rule.summary
