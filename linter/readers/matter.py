"""What front matter holds, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """Front matter as plain data, its strings in order, and the place of each value by its key.

    A place is a half-open range of code points in the source: that of the key where the value is empty, or no scalar.
    Keys are in small letters, dotted where nested; of several values under one key the first counts.
    """

    values: Any
    strings: list[String]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: tuple[str, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
        """Note where the value of a key stands, or the key if that is an empty range."""
        if path:
            self.places.setdefault(".".join(path).lower(), value if value[0] < value[1] else key)


class Malformed(Exception):
    """Front matter cannot be read; `[start, end)` is where, an empty span if only its begin is known.

    `unclosed` says that a quotation mark is opened there and never closed; `what` is the problem, if known.
    """

    def __init__(self, start: int, end: int, unclosed: bool = False, what: str = "") -> None:
        super().__init__(what)
        self.start, self.end, self.unclosed, self.what = start, end, unclosed, what
