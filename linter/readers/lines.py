"""The lines of a plain text, with the tags and fence marks that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter import late
from linter.block import Span
from linter.document import Tag
from linter.readers.marks import Mark

# A line end, with all the blank lines behind it. Most texts have no \r, and that is found six times as fast.
_BLANK = r"(?P<blank>(?:[^\S\r\n]*+(?:\r\n?|\n))++)?"
_END = late.pattern(r"(?:\r\n?|\n)" + _BLANK)
_NEWLINE_END = late.pattern(r"\n" + _BLANK)
_INDENT = late.pattern(r"[^\S\r\n]*+(?:>[^\S\r\n]*+)*+")

Part = Span | Tag | Mark


class Line(NamedTuple):
    """A line: its words, tags and fence marks in order; none where there is at most white space and “>”.

    All places are offsets in the text. `start` lies behind indent and quote marks, of which there are `depth`,
    `end` before white space; `words` is where the first words begin. A tag may run over several lines: `last`
    is where the last of them begins. `blank` says that a blank line follows.
    """

    parts: tuple[Part, ...]
    start: int
    words: int
    last: int
    end: int
    depth: int
    blank: bool


def lines(text: str, items: Sequence[Tag | Mark]) -> Iterator[Line]:
    """The lines of a text that are not blank; `items` are in order, and a line end within a tag is none."""
    parts: list[Part] = []
    at = last = i = 0
    for end, after, blank in ends(text):
        while i < len(items) and items[i].span.start < end:
            item = items[i]
            i += 1
            if item.span.start >= at:
                parts += [Span(at, item.span.start), item]
                at = item.span.end
        if at <= end:
            parts.append(Span(at, end))
            yield _line(text, parts, last, blank)
            parts = []
            at = after
        last = after


def ends(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each line ends, where the next that is not blank begins, and whether blank ones stand between."""
    for found in (_END if "\r" in text else _NEWLINE_END).finditer(text):
        yield found.start(), found.end(), found["blank"] is not None
    yield len(text), len(text), False


def indent(text: str, start: int, end: int) -> int:
    """Where in `text[start:end]` white space and quote marks end."""
    if start < end and (text[start] == ">" or text[start].isspace()):
        found = _INDENT.match(text, start, end)
        return found.end() if found else start
    return start


def _line(text: str, parts: list[Part], last: int, blank: bool) -> Line:
    """The line that `parts` make, of which the first and the last are words or nothing."""
    head, tail = parts[0], parts[-1]
    assert isinstance(head, Span)
    assert isinstance(tail, Span)
    start = indent(text, *head)
    end = tail.start + len(text[tail.start : tail.end].rstrip())
    if start >= end and len(parts) == 1:
        return Line((), start, start, last, start, 0, blank)
    parts[-1] = Span(tail.start, end)
    depth = text.count(">", head.start, start) if start > head.start else 0
    return Line(tuple(parts), start, _words(text, parts, start), last, end, depth, blank)


def _words(text: str, parts: Sequence[Part], start: int) -> int:
    """Where the first words of a line stand that begins at `start`, or `start`."""
    for part in parts:
        if isinstance(part, Span):
            low = max(start, part.start)
            words = text[low : part.end]
            if words and not words.isspace():
                return low + len(words) - len(words.lstrip())
    return start
