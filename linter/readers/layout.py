"""Tables that are there for the layout of a page alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from linter.document import Tag
from linter.readers.nesting import HEADINGS


@dataclass(eq=False)
class _Table:
    """A table that is open: where it ends, its cells, and whether it is there for the layout alone."""

    end: int
    layout: bool
    cells: list[int] = field(default_factory=list)


def cells(tags: Sequence[Tag], ends: Sequence[int]) -> set[int]:
    """The cells of tables that are there for the layout: they say so, or hold headings or other tables."""
    found: set[int] = set()
    opened: list[_Table] = []
    for i, tag in enumerate(tags):
        while opened and opened[-1].end <= i:
            _close(opened, found)
        if tag.kind == "open" and tag.name == "table":
            if opened:
                opened[-1].layout = True
            role = tag.attribute("role")
            opened.append(_Table(ends[i], role is not None and role.value in ("presentation", "none")))
        elif opened and tag.kind == "open" and tag.name in ("td", "th"):
            opened[-1].cells.append(i)
        elif opened and tag.name in HEADINGS:
            opened[-1].layout = True
    while opened:
        _close(opened, found)
    return found


def _close(opened: list[_Table], found: set[int]) -> None:
    table = opened.pop()
    if table.layout:
        found.update(table.cells)
