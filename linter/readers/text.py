"""Plain text as a document: a line is a paragraph unless lines are wrapped; leaked HTML is seen as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from linter.document import Document, Fence, Span, Tag
from linter.readers import marks, wrapping
from linter.readers.builder import Builder
from linter.readers.marks import Mark
from linter.readers.markup import CODE, Markup
from linter.readers.mentions import are_mentions
from linter.readers.tags import partners, scan
from linter.source import LINE_END, Source

_INLINE_CODE = CODE - {"pre", "xmp", "listing", "plaintext"}
_BLANK_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*+[\r\n]")
_INDENT = re.compile(r"[^\S\r\n]*+(?:>[^\S\r\n]*+)*+")
# A bullet or a number before words; a letter counts with a bracket alone, for “A. Smith” is a name.
_BULLET = re.compile(r"[*+•◦▪▫‣⁃∙●○■□-][^\S\r\n]++(?=[^\r\n]*?\w)")
_NUMBER = re.compile(r"\(?(?:\d{1,3}[.)]|[A-Za-z]\))[^\S\r\n]++(?=[^\r\n]*?\w)")
_ENDED = re.compile(r"[.:;!?…。][\"'”’»)\]]*+\Z")
_CJK = re.compile("[\u2e80-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]{2}")


class _Line(NamedTuple):
    """The words, tags and fence marks of a line, in order; none if it is blank.

    `start` lies behind indent and quote marks, `end` before white space; `words` is where the first words
    begin. A tag may run over several lines of the source: `last` is where the last of them begins.
    """

    parts: tuple[Span | Tag | Mark, ...]
    start: int
    words: int
    last: int
    end: int


def read(source: Source) -> Document:
    """Read plain text. Tags, links and entities in it are markup, and every tag is showing."""
    tags = _tags(source.text)
    items: list[Tag | Mark] = [*tags, *marks.find(source.text)]
    items.sort(key=lambda item: item.span)
    builder = Builder(source, "text")
    markup = Markup(builder, _closed(source.text, tags))
    writer = _Writer(source.text, builder, markup, wrapping.width(_pairs(source.text)))
    for line in _lines(source.text, items):
        writer.add(line)
    writer.end()
    return builder.document()


@dataclass(eq=False)
class _Writer:
    """Feeds a builder line by line; `wrapped` is the width at which the lines are, or 0."""

    text: str
    builder: Builder
    markup: Markup
    wrapped: int
    above: _Line | None = None  # the line before, if its block can go on

    def add(self, line: _Line) -> None:
        """Add a line, to the block of the one before or as one of its own."""
        goes_on = self.above is not None and self._goes_on(self.above, line)
        if not self.markup.hides:
            if self.above and goes_on:
                self._soft_break(self.above.end, line.start)
            else:
                self.end()
                if line.parts and self._is_item(line):
                    self.builder.scopes.append("list")
        self._parts(line, line.start if goes_on else 0)
        self.above = line if line.parts else None

    def end(self) -> None:
        """End the block."""
        self.markup.end_line()
        self.builder.scopes.clear()

    def _parts(self, line: _Line, start: int) -> None:
        """Add what stands in a line from `start` on."""
        fences = [part for part in line.parts if isinstance(part, Mark)]
        one_line = len(fences) == 2
        for part in line.parts:
            if isinstance(part, Tag):
                self.markup.tag(part)
            elif isinstance(part, Span):
                self.markup.text(max(part.start, start), part.end)
            elif not self.markup.hides:
                self.markup.flush()
                if not one_line:
                    self.builder.fences.append(Fence(part.span, None, part.info, "stray"))
                elif part is fences[0]:
                    self.builder.fences.append(Fence(part.span, fences[1].span, part.info, "one-line"))

    def _goes_on(self, above: _Line, line: _Line) -> bool:
        """Whether a line is wrapped text of the block that the line above belongs to."""
        if not self.wrapped or not line.parts or self._depth(above) != self._depth(line):
            return False
        before, after = self.text[above.last : above.end], self.text[line.words : line.end]
        if _BULLET.match(after):
            return False
        if _NUMBER.match(after) and (_ENDED.search(before) or not wrapping.is_full(before, after, self.wrapped)):
            return False
        return wrapping.goes_on(before, after, self.wrapped)

    def _depth(self, line: _Line) -> int:
        """How many “>” quote the line."""
        return self.text.count(">", _start(line.parts[0]), line.start)

    def _is_item(self, line: _Line) -> bool:
        return bool(_BULLET.match(self.text, line.words) or _NUMBER.match(self.text, line.words))

    def _soft_break(self, end: int, start: int) -> None:
        letters = self.text[end - 1] + self.text[start]
        self.builder.piece("" if _CJK.fullmatch(letters) else "\n", end, start)


def _tags(text: str) -> list[Tag]:
    """The tags in plain text, without those that it only speaks of."""
    found = list(scan(text))
    spoken = are_mentions(text, found, partners(found))
    return [replace(tag, showing=True) for tag, mention in zip(found, spoken, strict=True) if not mention]


def _closed(text: str, tags: Sequence[Tag]) -> frozenset[int]:
    """Where the start tags begin that have an end tag; inline code ends with its paragraph."""
    closed = set()
    for i, other in partners(tags).items():
        if i < other:
            tag, end = tags[i], tags[other].span.start
            if tag.name not in _INLINE_CODE or not _BLANK_LINE.search(text, tag.span.end, end):
                closed.add(tag.span.start)
    return frozenset(closed)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Lines with the one that follows, inside of paragraphs; list items begin a paragraph."""
    for above, line in pairwise(LINE_END.split(text)):
        words = line[_indent(line, 0, len(line)) :]
        if words and above and not above.isspace() and not (_BULLET.match(words) or _NUMBER.match(words)):
            yield above.rstrip(), words


def _lines(text: str, items: Sequence[Tag | Mark]) -> Iterator[_Line]:
    """The lines of a text; a line end within a tag is none."""
    parts: list[Span | Tag | Mark] = []
    at = last = i = 0
    for end, after in (*(found.span() for found in LINE_END.finditer(text)), (len(text), len(text))):
        while i < len(items) and items[i].span.start < end:
            item = items[i]
            i += 1
            if item.span.start >= at:
                parts += [Span(at, item.span.start), item]
                at = item.span.end
        if at <= end:
            parts.append(Span(at, end))
            yield _line(text, parts, last, end)
            parts = []
            at = after
        last = after


def _line(text: str, parts: list[Span | Tag | Mark], last: int, end: int) -> _Line:
    """The line that `parts` make, with the white space at its end cut off."""
    start, tail = _start(parts[0]), parts[-1]
    if isinstance(parts[0], Span):
        start = _indent(text, *parts[0])
    if isinstance(tail, Span):
        end = tail.start + len(text[tail.start : tail.end].rstrip())
        parts[-1:] = [Span(tail.start, end)] if tail.start < end else []
    if start >= end:
        parts = []
    return _Line(tuple(parts), start, _words(text, parts, start), last, end)


def _words(text: str, parts: Sequence[Span | Tag | Mark], start: int) -> int:
    """Where the first words of a line stand that begins at `start`, or `start`."""
    for part in parts:
        if isinstance(part, Span):
            low = max(start, _indent(text, *part) if part.start < start else part.start)
            while low < part.end and text[low].isspace():
                low += 1
            if low < part.end:
                return low
    return start


def _start(part: Span | Tag | Mark) -> int:
    return part.start if isinstance(part, Span) else part.span.start


def _indent(text: str, start: int, end: int) -> int:
    """The end of white space and quote marks at `start`."""
    found = _INDENT.match(text, start, end)
    return found.end() if found else start
