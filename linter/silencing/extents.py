"""How far a comment for copydesk holds: over the same line, or over the next block."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from linter.document import Document, Span, Tag, partners

# What may stand before a comment that is alone on its line: marks of a quote and of a list item.
_MARKS = re.compile(r"[\s>]*+(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]++|\Z))?[\s>]*+\Z")
# Elements inside of a line; all others end one that a reader sees.
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr
    """.split()
)


@dataclass(frozen=True, eq=False)
class Extents:
    """What the comments at `comments`, in order, are about in their document."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        """The source span that a comment holds for: its line, or if it is alone there the block below it.

        A block of Markdown goes on to the next blank line, or to the end of the code fence that begins in it; in
        HTML it is the element, or the text, that follows.
        """
        return self._in_html(comment) if self.document.kind == "html" else self._in_markdown(comment)

    def _in_markdown(self, comment: Span) -> Span:
        source = self.document.source
        start, end = source.line_span(comment.start)[0], source.line_span(comment.end)[1]
        if not _MARKS.match(self._bare(start, comment.start)) or self._bare(comment.end, end).strip():
            return Span(start, end)
        lines = source.line_starts
        first = bisect_right(lines, end)
        while first < len(lines) and not self._line(first).strip(" \t\r\n>"):
            first += 1
        last = first
        while last < len(lines) and self._line(last).strip(" \t\r\n>"):
            last += 1
        start = lines[first] if first < len(lines) else len(source.text)
        return Span(comment.end, self._past_fences(start, lines[last] if last < len(lines) else len(source.text)))

    def _line(self, number: int) -> str:
        """A line, 0-based, without comments for copydesk."""
        lines = self.document.source.line_starts
        return self._bare(lines[number], lines[number + 1] if number + 1 < len(lines) else len(self._text))

    def _bare(self, start: int, end: int) -> str:
        """`text[start:end]` without comments for copydesk."""
        parts = []
        for at in range(max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)):
            comment = self.comments[at]
            if comment.end > start:
                parts.append(self._text[start : max(start, comment.start)])
                start = min(end, comment.end)
        return "".join([*parts, self._text[start:end]])

    def _past_fences(self, start: int, end: int) -> int:
        """`end`, or the end of a code fence that begins between `start` and there."""
        for fence in self.document.fences:
            if start <= fence.opener.start < end and fence.closer:
                end = max(end, fence.closer.end)
        return end

    def _in_html(self, comment: Span) -> Span:
        text, tags = self._text, self._blocks
        at = bisect_left(self._block_starts, comment.start)
        before = max(self._text.rfind("\n", 0, comment.start) + 1, tags[at - 1].span.end if at else 0)
        if self._words(before, comment.start):
            line_end = self.document.source.line_span(comment.end)[1]
            return Span(before, min(line_end, tags[at].span.start if at < len(tags) else line_end))
        start = comment.end
        while start < len(text) and (text[start].isspace() or start in self._ends):
            start = self._ends.get(start, start + 1)
        return Span(comment.end, max(self._element_end(start), self._block_end(start)))

    def _words(self, start: int, end: int) -> str:
        """What a reader sees of `text[start:end]`, about."""
        return re.sub(r"<[^<>]*+>", "", self._bare(start, end)).strip()

    def _element_end(self, start: int) -> int:
        """Where the element ends that begins at `start`; 0 where none does."""
        at = bisect_left(self._tag_starts, start)
        if at == len(self._tag_starts) or self._tag_starts[at] != start:
            return 0
        other = self._partners.get(at)
        return self.document.tags[other if other is not None and other > at else at].span.end

    def _block_end(self, start: int) -> int:
        """Where the block of text ends that `start` lies in, or that comes next if nothing but tags is between."""
        flow = self.document.flow
        at = bisect_right(self._flow_starts, start) - 1
        if at < 0 or flow[at].outer.end <= start:
            at += 1
        if at == len(flow) or self._words(start, flow[at].outer.start):
            return start
        return flow[at].outer.end

    @property
    def _text(self) -> str:
        return self.document.source.text

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.comments]

    @cached_property
    def _ends(self) -> dict[int, int]:
        return dict(self.comments)

    @cached_property
    def _tag_starts(self) -> list[int]:
        return [tag.span.start for tag in self.document.tags]

    @cached_property
    def _partners(self) -> dict[int, int]:
        return partners(self.document.tags)

    @cached_property
    def _blocks(self) -> list[Tag]:
        """The tags of elements that are none inside of a line."""
        return [tag for tag in self.document.tags if tag.kind in ("open", "close") and tag.name not in _INLINE]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [tag.span.start for tag in self._blocks]

    @cached_property
    def _flow_starts(self) -> list[int]:
        return [block.outer.start for block in self.document.flow]
