"""The code in Markdown as it was parsed: where fences begin and end, and how deep they lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from linter import late
from linter.block import Span
from linter.readers.marks import LANGUAGES
from linter.readers.prose import is_prose

_OPENER = late.pattern(r"(`{3,}|~{3,})(?:[ \t]*+([^\s`]++))?")
_CLOSER = late.pattern(r"[ \t>]*+(`{3,}|~{3,})[ \t]*+\Z")
_NEWLINE = late.pattern(r"[\r\n]")
_WIDEST_PREFIX = 200  # code points looked at for the indent of a mark


class Fenced(NamedTuple):
    """A fenced code block as it was parsed.

    `opener` is the first mark with its info word, `rest` what follows on its line, `inner` the content, in
    lines, `depth` the number of lists and quotes around it and `indent` the columns before it.
    """

    opener: Span
    char: str
    length: int
    info: str
    rest: Span
    inner: Span
    closer: Span | None
    depth: int
    indent: int


@dataclass
class Code:
    """The code in an article: fenced blocks, all blocks, and what is in a line; blocks of raw HTML too."""

    fenced: list[Fenced] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    inline: list[Span] = field(default_factory=list)
    html: list[Span] = field(default_factory=list)


def fenced(text: str, start: int, end: int, depth: int) -> Fenced:
    """The fenced block that was found at `text[start:end]` in as many lists and quotes as `depth` says."""
    opener = _OPENER.match(text, start, end)
    assert opener
    newline = _NEWLINE.search(text, start, end)
    line_end = newline.start() if newline else end
    word = (opener[2] or "").strip("{}.").lower()
    mark_end = opener.end()
    if word not in LANGUAGES and is_prose(text[opener.end(1) : line_end].rstrip("`~ \t"), opening=False):
        word, mark_end = "", opener.end(1)
    inner = Span(behind_line(text, line_end, end), end)
    closer = None
    stop = end
    while stop > inner.start and text[stop - 1] in "\r\n":
        stop -= 1
    last = max(text.rfind("\n", inner.start, stop), text.rfind("\r", inner.start, stop), inner.start - 1) + 1
    if (mark := _CLOSER.match(text, last, stop)) and mark[1][0] == opener[1][0] and len(mark[1]) >= len(opener[1]):
        closer, inner = Span(*mark.span(1)), Span(inner.start, last)
    rest_end = line_end
    while rest_end > mark_end and text[rest_end - 1] in " \t":
        rest_end -= 1
    return Fenced(
        Span(start, mark_end),
        opener[1][0],
        len(opener[1]),
        word,
        Span(mark_end, rest_end),
        inner,
        closer,
        depth,
        indent(text, start),
    )


def behind_line(text: str, line_end: int, end: int) -> int:
    """Where the line behind the one that ends at `line_end` begins, at most `end`."""
    return min(line_end + (2 if text.startswith("\r\n", line_end) else 1), end)


def indent(text: str, start: int) -> int:
    """How many code points stand on the line before `start`."""
    before = max(0, start - _WIDEST_PREFIX)
    newline = max(text.rfind("\n", before, start), text.rfind("\r", before, start), before - 1)
    return start - newline - 1
