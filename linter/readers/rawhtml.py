"""The raw HTML of Markdown, and what lies between its tags."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from linter import late
from linter.block import Span
from linter.document import Tag
from linter.elements import ELEMENTS, RAW_TEXT
from linter.readers import rawtags, tags
from linter.readers.builder import Builder
from linter.readers.inline import BLANKS, Inline
from linter.readers.markup import CODE, Markup
from linter.readers.templates import TEMPLATE

_HIDDEN = CODE | RAW_TEXT
_TAG = late.pattern(r"<(?:!--|/?([A-Za-z][A-Za-z0-9:-]*+))")
_LINE = late.pattern(r"(?:(?<=[\r\n])[ \t>]*+)?([^\r\n]*+(?:\r\n?|\n|\Z))")
_WHITE = BLANKS + "\r\n"
_ENDS_LINE = late.pattern(r"[ \t]*+(?:[\r\n]|\Z)")


class RawHtml:
    """Adds tags, and the text between them, to a builder; all offsets are code points.

    `shadow` is a copy of the source in which what is no markup may be painted over. A `limit` is where the
    block around ends: what hides its content and is not closed before it hides nothing.
    """

    def __init__(self, builder: Builder, markup: Markup, inline: Inline, shadow: str) -> None:
        self._builder, self._markup, self._inline = builder, markup, inline
        self._text, self._shadow = builder.source.text, shadow
        self._values = self._text if TEMPLATE in shadow or "\r" in self._text else shadow  # what attributes truly hold
        self._next: dict[str, int] = {}

    def tag(self, start: int, end: int, contiguous: bool, limit: int) -> None:
        """Add a tag in a line, at `[start, end)`; if it is not contiguous the marks of a quote lie in it."""
        if start < self._inline.hidden_until:
            return
        self._inline.begin(start)
        self._inline.passed(end)
        lines = [(start, end)]
        if not contiguous:
            lines = [line.span(1) for line in _LINE.finditer(self._shadow, start, end)]
        for tag in rawtags.scan(self._shadow, lines, self._values):
            self._add(tag, limit)

    def block(self, lines: list[tuple[int, int]], limit: int) -> None:
        """Add a block of HTML, given as the spans of its lines."""
        done = lines[0][0]
        for tag in rawtags.scan(self._shadow, lines, self._values):
            if tag.span.start >= self._inline.hidden_until:
                self._words(done, tag.span.start, lines)
                done = tag.span.end
                self._inline.passed(done)
                self._add(tag, limit)
        self._words(done, lines[-1][1], lines)

    def shown(self, start: int, limit: int) -> None:
        """Remember a tag at `start` that CommonMark takes for text: the reader sees it."""
        opening = _TAG.match(self._shadow, start)
        if not opening:
            return
        tag: Tag | None = None
        if opening[1] is None:
            tag = Tag("", "broken", Span(*opening.span()))
        elif opening[1].lower() in ELEMENTS:
            another = self._shadow.find("<", start + 1, limit)
            end = limit if another < 0 else another
            tag = next(tags.scan(self._shadow, start, end, known_only=False, values=self._values), None)
        if tag:
            self._builder.tags.append(replace(tag, showing=True))

    def _words(self, start: int, end: int, lines: list[tuple[int, int]]) -> None:
        """Add the text between two tags, in which a line end with its indent is one of a paragraph."""
        inline, text = self._inline, self._text
        start = max(start, inline.hidden_until)
        if start >= end or (not self._builder.begun and not text[start:end].strip(_WHITE)):
            return
        i = bisect_left(lines, start, key=_end_of)
        while start < end and i < len(lines):
            low, high = max(start, lines[i][0]), min(end, lines[i][1])
            i, start, stop = i + 1, high, high
            while stop > low and text[stop - 1] in "\r\n":
                stop -= 1
            if inline.break_at >= 0 or not self._builder.begun:
                while low < stop and text[low] in BLANKS:
                    low += 1
            if low < stop and not inline.is_cut(low, stop):
                inline.begin(low, text[low])
                inline.passed(stop, text[stop - 1])
                inline.uncut(low, stop, self._markup.text)
            if stop < high and inline.break_at < 0 and self._builder.begun:
                inline.line_end(stop)

    def _add(self, tag: Tag, limit: int) -> None:
        if tag.kind in ("open", "close") and not self._markup.hides:
            self._inline.begin(tag.span.start)
        if tag.kind == "broken" and not tag.name:
            self._broken_comment(tag)
        elif tag.kind == "open" and tag.name in _HIDDEN and self._find(f"</{tag.name}[\\s>]", tag.span.end) >= limit:
            self._builder.tags.append(tag)
        else:
            self._markup.tag(tag)

    def _broken_comment(self, tag: Tag) -> None:
        """A comment may run over blank lines, and over the blocks that they make."""
        end, another = self._find("-->", tag.span.end), self._find("<!--", tag.span.end)
        if end < another and _ENDS_LINE.match(self._text, end + 3):
            tag = replace(tag, kind="comment", span=Span(tag.span.start, end + 3))
            self._inline.hidden_until = end + 3
        self._builder.tags.append(tag)

    def _find(self, pattern: str, at: int) -> int:
        """Where `pattern` is found first at or behind `at`, which only grows; the end of the text if nowhere."""
        known = self._next.get(pattern, -1)
        if known < at:
            found = re.compile(pattern, re.IGNORECASE).search(self._text, at)
            known = self._next[pattern] = found.start() if found else len(self._text)
        return known


def _end_of(line: tuple[int, int]) -> int:
    return line[1]
