"""Plain text as a document: a line is a paragraph unless lines are wrapped; leaked HTML is seen as what it is."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linter import late
from linter.block import Span
from linter.document import Document, Fence, Tag, partners
from linter.readers import breaks, marks, wrapping
from linter.readers.builder import Builder
from linter.readers.lines import Line, ends, indent, lines
from linter.readers.marks import Mark
from linter.readers.markup import CODE, Markup
from linter.readers.mentions import are_mentions
from linter.readers.tags import scan
from linter.source import Source

_INLINE_CODE = CODE - {"pre", "xmp", "listing", "plaintext"}
# A bullet or a number before words; a letter counts with a bracket alone, for “A. Smith” is a name.
_BULLET = late.pattern(r"[*+•◦▪▫‣⁃∙●○■□-][^\S\r\n]++(?=[^\r\n]*?\w)")
_NUMBER = late.pattern(r"\(?(?:\d{1,3}[.)]|[A-Za-z]\))[^\S\r\n]++(?=[^\r\n]*?\w)")
_ENDED = late.pattern(r"[.:;!?…。][\"'”’»)\]]*+\Z")


def read(source: Source) -> Document:
    """Read plain text. Tags, links and entities in it are markup, and every tag is showing."""
    tags = _tags(source.text)
    items: list[Tag | Mark] = [*tags, *marks.find(source.text)]
    items.sort(key=lambda item: item.span)
    builder = Builder(source, "text")
    markup = Markup(builder, _closed(source.text, tags))
    writer = _Writer(source.text, builder, markup, wrapping.width(_pairs(source.text)))
    for line in lines(source.text, items):
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
    above: Line | None = None  # the line before, if its block can go on

    def add(self, line: Line) -> None:
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
        if line.blank and not self.markup.hides:
            self.end()
        self.above = line if line.parts and not line.blank else None

    def end(self) -> None:
        """End the block."""
        self.markup.end_line()
        self.builder.scopes.clear()

    def _parts(self, line: Line, start: int) -> None:
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

    def _goes_on(self, above: Line, line: Line) -> bool:
        """Whether a line is wrapped text of the block that the line above belongs to."""
        if not self.wrapped or not line.parts or above.depth != line.depth:
            return False
        before, after = self.text[above.last : above.end], self.text[line.words : line.end]
        if _BULLET.match(after):
            return False
        if _NUMBER.match(after) and (_ENDED.search(before) or not wrapping.is_full(before, after, self.wrapped)):
            return False
        return wrapping.goes_on(before, after, self.wrapped)

    def _is_item(self, line: Line) -> bool:
        return bool(_BULLET.match(self.text, line.words) or _NUMBER.match(self.text, line.words))

    def _soft_break(self, end: int, start: int) -> None:
        shown = "" if breaks.is_none(self.text[end - 1], self.text[start]) else "\n"
        self.builder.piece(shown, end, start)


def _tags(text: str) -> list[Tag]:
    """The tags in plain text, without those that it only speaks of."""
    found = list(scan(text))
    spoken = are_mentions(text, found, partners(found))
    return [replace(tag, showing=True) for tag, mention in zip(found, spoken, strict=True) if not mention]


def _closed(text: str, tags: Sequence[Tag]) -> frozenset[int]:
    """Where the start tags begin that have an end tag; inline code ends with its paragraph."""
    pairs = [(tags[i], tags[other]) for i, other in partners(tags).items() if i < other]
    blanks: list[int] = []
    if any(tag.name in _INLINE_CODE for tag, _ in pairs):
        blanks = [end for end, _, blank in ends(text) if blank]
    return frozenset(
        tag.span.start
        for tag, end in pairs
        if tag.name not in _INLINE_CODE or bisect(blanks, tag.span.start) == bisect(blanks, end.span.start)
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Lines with the one that follows, inside of paragraphs; list items begin a paragraph."""
    at, above = 0, ""
    for end, after, blank in ends(text):
        if above or not blank:
            line = text[indent(text, at, end) : end]
            if above and line and not (_BULLET.match(line) or _NUMBER.match(line)):
                yield above, line
            above = "" if blank else text[at:end].rstrip()
        at = after
