"""Text that a reader sees, and where each of its code points stands in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

OBJECT = "\ufffc"  # stands in a block's text for what is not words: inline code, an image


class Span(NamedTuple):
    """A half-open range of 0-based code points in the source."""

    start: int
    end: int


# Blocks are made by the ten thousand. Nobody changes them, but they are not `frozen`: making them would take three
# times as long.


@dataclass(slots=True, eq=False)
class Block:
    """One piece of reader-visible text, and the piecewise map from it to the source.

    `text` is what the reader sees. Three numbers of `places` stand for each piece: where it begins in `text`, and the
    span where it lies in the source; where both have one length they agree code point by code point, else the
    piece is one whole (an entity, a soft break with its indent, inline code). What lies between two pieces is markup.
    """

    text: str
    scopes: frozenset[str]
    places: tuple[int, ...]
    _starts: tuple[int, ...] | None = field(default=None, init=False, repr=False)

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each piece begins in `text`."""
        if self._starts is None:
            self._starts = self.places[::3]
        return self._starts

    @property
    def pieces(self) -> tuple[Span, ...]:
        """Where each piece lies in the source."""
        return tuple(map(Span, self.places[1::3], self.places[2::3]))

    def span(self, start: int, end: int) -> Span:
        """The source span of `text[start:end]`; of an empty span the place right behind the character before."""
        places = self.places
        if len(places) == 3 and places[2] - places[1] == len(self.text):  # most blocks stand in the source as they are
            return Span(places[1] + start, places[1] + end)
        if start == end:
            place = self._end(start) if start else self._start(0)
            return Span(place, place)
        return Span(self._start(start), self._end(end))

    def part(self, start: int, end: int, scopes: frozenset[str] | None = None) -> Block:
        """The block that `text[start:end]` is, with its own map."""
        scopes = self.scopes if scopes is None else scopes
        if start >= end:
            return Block("", scopes, (0, *self.span(start, start)))
        first, last = self._at(start), self._at(end - 1)
        places: list[int] = []
        for i in range(first, last + 3, 3):
            low, high = max(start, self.places[i]), min(end, self._piece_end(i))
            places += (low - start, self._start(low), self._end(high))
        return Block(self.text[start:end], scopes, tuple(places))

    def unbroken(self, start: int, end: int) -> bool:
        """Whether no markup lies between the source characters of `text[start:end]`."""
        first, last = self._at(start), self._at(max(start, end - 1))
        return all(self.places[i + 2] == self.places[i + 4] for i in range(first, last, 3))

    def atoms(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The pieces that touch `text[start:end]` and stand for something else in the source, as ranges of the text."""
        for i in range(max(0, self._at(start)), len(self.places), 3):
            low, high = self.places[i], self._piece_end(i)
            if low >= end:
                return
            if high > start and not self._verbatim(i):
                yield low, high

    @property
    def outer(self) -> Span:
        """From the first to the last source character of the block."""
        return Span(self.places[1], self.places[-1])

    def _at(self, at: int) -> int:
        """The index in `places` of the piece that holds `text[at]`."""
        return 3 * bisect_right(self.starts, at) - 3

    def _start(self, at: int) -> int:
        i = self._at(at)
        start = self.places[i + 1]
        return start + at - self.places[i] if self._verbatim(i) else start

    def _end(self, at: int) -> int:
        i = self._at(at - 1)
        return self.places[i + 1] + at - self.places[i] if self._verbatim(i) else self.places[i + 2]

    def _piece_end(self, i: int) -> int:
        """Where the piece at `places[i]` ends in `text`."""
        return self.places[i + 3] if i + 3 < len(self.places) else len(self.text)

    def _verbatim(self, i: int) -> bool:
        return self._piece_end(i) - self.places[i] == self.places[i + 2] - self.places[i + 1]


def whole(text: str, span: Span, scopes: frozenset[str]) -> Block:
    """A block of one piece: `text` stands at `span`."""
    return Block(text, scopes, (0, span.start, span.end))
