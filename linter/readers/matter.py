"""What front matter holds, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class String(NamedTuple):
    """A string at `[start, end)` of the source, in code points; `path` are the keys that lead to it.

    `style` says how it is written (`scalars.pieces`), `value` what it means.
    """

    path: tuple[str, ...]
    start: int
    end: int
    style: str
    value: str


@dataclass
class Matter:
    """Front matter as plain data, and its strings in order."""

    values: Any
    strings: list[String]


class Malformed(Exception):
    """Front matter cannot be read; `[start, end)` is where, an empty span if only its begin is known.

    `unclosed` says that a quotation mark is opened there and never closed; `what` is the problem, if known.
    """

    def __init__(self, start: int, end: int, unclosed: bool = False, what: str = "") -> None:
        super().__init__(what)
        self.start, self.end, self.unclosed, self.what = start, end, unclosed, what
