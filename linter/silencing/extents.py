"""How far a comment for copydesk holds: over the same line, or over the next block."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from linter import late
from linter.block import Span
from linter.document import Document, Tag, partners

_NEAR = 2_000  # code points beside a comment in which other comments may stand, for it to be alone on its line
# What may stand before one that is: marks of a quote and of a list item.
_MARKS = late.pattern(r"[\s>]*+(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]++|\Z))?[\s>]*+\Z")
_TO_LINE_END = late.pattern(r"[ \t]*+(?:[\r\n]|\Z)")
_SHOWN = late.pattern(r"[^\r\n]")
# Elements inside of a line; all others end one that a reader sees.
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr
    """.split()
)


def of(document: Document, comments: Sequence[Span]) -> list[Span]:
    """The source span that each of `comments`, in order, holds for: its line, or if it is alone there the next block.

    A block of Markdown goes on to the next blank line, or to the end of the code fence that begins in it; in HTML it is
    the element, or the text, that follows.
    """
    made = _InPage(document, comments) if document.kind == "html" else _InLines(document, comments)
    return [made.of(comment) for comment in comments]


@dataclass(frozen=True, eq=False)
class _InLines:
    """Comments in Markdown."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        source = self.document.source
        if not self._is_alone(comment):
            return Span(source.line_span(comment.start)[0], source.line_span(comment.end)[1])
        line = source.position(comment.end)[0]  # 1-based, so that of the next one, 0-based
        first = bisect_left(self._full, line)
        if first == len(self._full):
            return Span(comment.end, comment.end)
        last = bisect_right(self._blank, self._full[first])
        start = source.line_starts[self._full[first]]
        end = source.line_starts[self._blank[last]] if last < len(self._blank) else len(source.text)
        return Span(start, self._past_fences(start, end))

    def _is_alone(self, comment: Span) -> bool:
        """Whether nothing but marks, and other comments, stands on its line."""
        start, end = comment
        line = self.document.source.line_span(start)[0]
        if start - line > _NEAR or not _MARKS.match(self._bare, line, start):
            return False
        return _TO_LINE_END.match(self._bare, end, end + _NEAR) is not None

    def _past_fences(self, start: int, end: int) -> int:
        """`end`, or the end of the last code fence that begins between `start` and there."""
        low, high = bisect_left(self._fences, (start, 0)), bisect_left(self._fences, (end, 0))
        return max([end, *(closed for _, closed in self._fences[low:high][-1:])])

    @cached_property
    def _bare(self) -> str:
        return _blanked(self.document.source.text, self.comments)

    @cached_property
    def _fences(self) -> list[tuple[int, int]]:
        return sorted((fence.opener.start, fence.closer.end) for fence in self.document.fences if fence.closer)

    @cached_property
    def _full(self) -> list[int]:
        """The 0-based lines with text on them."""
        starts = [*self.document.source.line_starts, len(self._bare)]
        return [i for i in range(len(starts) - 1) if self._bare[starts[i] : starts[i + 1]].strip(" \t\r\n>")]

    @cached_property
    def _blank(self) -> list[int]:
        full = set(self._full)
        return [i for i in range(len(self.document.source.line_starts)) if i not in full]


@dataclass(frozen=True, eq=False)
class _InPage:
    """Comments in HTML."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        start, end = comment
        at, line = bisect_left(self._block_starts, start), self.document.source.line_span(start)[0]
        before = max(line, self._blocks[at - 1].span.end if at else 0)
        if self._next_word(before) < start:
            line_end = self.document.source.line_span(end)[1]
            return Span(before, min(line_end, self._block_starts[at] if at < len(self._blocks) else line_end))
        tag, word = bisect_left(self._open_starts, end), self._next_word(end)
        if tag < len(self._open) and self._open_starts[tag] < word:
            start = self._open_starts[tag]
            return Span(start, max(self._element_end(self._open[tag]), self._block_end(start)))
        return Span(word, max(word, self._block_end(word)))

    def _next_word(self, at: int) -> int:
        """Where the first word begins that ends behind `at`; behind the text where none does."""
        i = bisect_right(self._words, at, key=_end)
        return max(at, self._words[i].start) if i < len(self._words) else len(self.document.source.text)

    def _element_end(self, number: int) -> int:
        """Where an element ends, by the number of its start tag; that of the tag itself where nobody can tell."""
        tags = self.document.tags
        return tags[max(number, self._partners.get(number, 0))].span.end

    def _block_end(self, start: int) -> int:
        """Where the block of text ends that `start` lies in, or that has the next word; 0 where none does."""
        word = self._next_word(start)
        at = bisect_right(self._flow_starts, word) - 1
        return self.document.flow[at].outer.end if at >= 0 and self.document.flow[at].outer.end > word else 0

    @cached_property
    def _words(self) -> list[Span]:
        """What of the page is neither tag nor comment."""
        bare = _blanked(self.document.source.text, (tag.span for tag in self.document.tags))
        bare = _blanked(bare, self.comments)
        return [Span(*word.span()) for word in re.finditer(r"\S++", bare)]

    @cached_property
    def _partners(self) -> dict[int, int]:
        return partners(self.document.tags)

    @cached_property
    def _open(self) -> list[int]:
        """The numbers of start tags."""
        return [i for i, tag in enumerate(self.document.tags) if tag.kind == "open"]

    @cached_property
    def _open_starts(self) -> list[int]:
        return [self.document.tags[i].span.start for i in self._open]

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


def _end(span: Span) -> int:
    return span.end


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces, and line ends as they are, for what lies in `spans`, which are in order."""
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts += [text[done:start], _SHOWN.sub(" ", text[start:end])]
            done = end
    return "".join([*parts, text[done:]])
