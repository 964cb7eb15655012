"""The rows in which the page shows HTML.

Readers of HTML see blocks and no tags. So the rows are the blocks, and all other parts of the source are code.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from linter.document import OBJECT, PROSE, Block, Document, Span, Tag
from linter.finding import Finding
from linter.readers.html_meaning import RAW_TEXT
from linter.reporters.html.passages import MAX_OVERLAPS, Mark, Piece, shown_piece, stretches
from linter.source import LINE_END, Source

CODE, MARKED_CODE = 1, 2  # the third item of a piece of code
_SHOWN = PROSE | {"boilerplate", "code"}  # the scopes of blocks that readers see
_STYLED = ("boilerplate", "code", "heading", "quote", "list", "caption", "table")  # the first that a block has counts


def html_rows(document: Document, findings: Sequence[Finding]) -> list[list[Any]]:
    """Return the rows of an HTML document: lists of a 1-based line, pieces, indexes of findings, and a scope.

    The findings are those that begin in the row. The scope is that of its block, or "" for a plain paragraph. Pieces
    are as in `passages.Row`, but a piece of code has three items. The third is MARKED_CODE if one of its findings
    contains nothing but code, and otherwise CODE.
    """
    blocks = _shown_blocks(document)
    layout = _Layout(_parts(document, blocks), _breaks(document, blocks))
    scopes = _row_scopes(blocks, layout.breaks)
    rows = _rows(document.source, findings, layout)
    return [[*row, scope] for row, scope in zip(rows, scopes, strict=True)]


class _Part(NamedTuple):
    """A part of a source, from the offset `start` to the start of the next part.

    `text` is what readers see in its place, such as the character of an entity; None if they see the source itself.
    """

    start: int
    is_code: bool = False
    text: str | None = None


@dataclass(frozen=True, eq=False)
class _Layout:
    """How readers see a source that consists of text and code, such as tags.

    `parts` covers the source, beginning at 0. `breaks` are the offsets in the source at which rows begin, in order and
    without 0; line ends elsewhere are shown as spaces.
    """

    parts: Sequence[_Part]
    breaks: Sequence[int]

    @cached_property
    def _starts(self) -> list[int]:
        return [part.start for part in self.parts]

    def parts_in(self, start: int, end: int) -> Iterator[tuple[_Part, int, int]]:
        """Yield the parts in the non-empty span `[start, end)`, each with its start and end in this span."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1)
        ends = [*self._starts[first + 1 : last], end]
        for part, behind in zip(self.parts[first:last], ends, strict=True):
            yield part, max(part.start, start), behind

    def code_only(self, source: str, findings: Sequence[Finding]) -> frozenset[int]:
        """Return the indexes of the findings that contain code and no other text than white space."""
        only = set()
        for number, finding in enumerate(findings):
            parts = [*self.parts_in(finding.start, finding.end)] if finding.start < finding.end else []
            if any(part.is_code for part, _, _ in parts) and all(
                part.is_code or source[start:end].isspace() for part, start, end in parts
            ):
                only.add(number)
        return frozenset(only)


def _rows(source: Source, findings: Sequence[Finding], layout: _Layout) -> Iterator[tuple[int, list[Piece], list[int]]]:
    """Yield the line, the pieces, and the indexes of the findings of each row."""
    code_only = layout.code_only(source.text, findings)
    marks = [(finding.start, finding.end, number) for number, finding in enumerate(findings)]
    active: list[Mark] = []
    at, size = 0, len(source.text)
    for start, end in pairwise([0, *layout.breaks, size]):
        active = [mark for mark in active if mark[1] > start][:MAX_OVERLAPS]
        new_marks = []
        while at < len(marks) and (marks[at][0] < end or end == size):
            new_marks.append(marks[at])
            at += 1
        text = source.text[start:end].rstrip("\r\n")
        pieces: list[Piece] = []
        for first, last, numbers in stretches(text, start, active + new_marks):
            pieces += _laid_out(source.text, first, last, numbers, layout, code_only)
        yield source.position(start)[0], _joined(pieces), [mark[2] for mark in new_marks]
        active += new_marks


def _laid_out(
    text: str, start: int, end: int, numbers: list[int], layout: _Layout, code_only: frozenset[int]
) -> Iterator[Piece]:
    """Yield the pieces of `text[start:end]`, which the findings in `numbers` contain."""
    if start == end:
        yield ["", numbers]
        return
    for part, first, last in layout.parts_in(start, end):
        shown = text[first:last]
        if part.text is not None:
            shown = part.text if first == part.start else ""
        shown = LINE_END.sub(" ", shown)
        if part.is_code:
            code = shown_piece(shown, numbers)
            state = CODE if code_only.isdisjoint(numbers) else MARKED_CODE
            yield [code, [], state] if isinstance(code, str) else [*code, state]
        else:
            yield shown_piece(shown, numbers)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return `pieces` with neighboring pieces joined if the same findings contain them. Empty marks stay apart."""
    found: list[Piece] = []
    for marked, group in groupby(pieces, _marked):
        texts = [piece if isinstance(piece, str) else piece[0] for piece in group]
        if marked is None:
            found.append("".join(texts))
        elif all(texts):
            found.append(["".join(texts), *marked])
        else:
            found += [[text, *marked] for text in texts]
    return found


def _marked(piece: Piece) -> list[Any] | None:
    """Return everything about a piece but its text; None for unmarked text."""
    return None if isinstance(piece, str) else piece[1:]


class _Shown(NamedTuple):
    """A block that readers see, with its span in the source."""

    span: Span
    block: Block


def _shown_blocks(document: Document) -> list[_Shown]:
    """Return the blocks that readers see, in the order of the source, without those inside another such block.

    Inline code is both part of a paragraph and a block of its own.
    """
    every = (_Shown(Span(block.places[1], block.places[-1]), block) for block in document.blocks if block.places)
    found: list[_Shown] = []
    scripts = _script_starts(document)
    for shown in sorted(every, key=lambda shown: (shown.span.start, -shown.span.end)):
        if _SHOWN.isdisjoint(shown.block.scopes) or shown.span.start in scripts:
            continue
        if not found or shown.span.start >= found[-1].span.end:
            found.append(shown)
    return found


def _script_starts(document: Document) -> frozenset[int]:
    """Return the offsets at which the content of a script, a style sheet or the like begins."""
    return frozenset(tag.span.end for tag in document.tags if tag.kind == "open" and tag.name in RAW_TEXT)


def _parts(document: Document, blocks: Sequence[_Shown]) -> list[_Part]:
    """Return the parts of an HTML source: text of blocks, and the code between its pieces."""
    parts, at = [], 0
    tags = [tag.span for tag in document.tags]
    for shown in blocks:
        for start, end, part in _text_parts(document.source.text, shown.block, tags):
            if start > at:
                parts.append(_Part(at, is_code=True))
            parts.append(part)
            at = end
    return [*parts, _Part(at, is_code=True)] if at < len(document.source.text) or not parts else parts


def _text_parts(source: str, block: Block, tags: Sequence[Span]) -> Iterator[tuple[int, int, _Part]]:
    """Yield the start, the end and the part for each piece of text of a block. `tags` are all tags of the document."""
    ends = [*block.starts[1:], len(block.text)]
    for at, behind, (start, end) in zip(block.starts, ends, block.pieces, strict=True):
        text = block.text[at:behind]
        if text == OBJECT:
            yield from _text_between(start, end, tags)
        elif not _is_line_break(source, text, start):
            yield start, end, _Part(start, text=None if text == source[start:end] else text)


def _is_line_break(source: str, text: str, start: int) -> bool:
    """Whether the piece of a block at the offset `start`, with this text, is a `<br>`."""
    return text == "\n" and source[start] == "<"


def _text_between(start: int, end: int, tags: Sequence[Span]) -> Iterator[tuple[int, int, _Part]]:
    """Yield the parts of text in `source[start:end]`, as `_text_parts` does: everything but the tags."""
    for at in range(bisect_right(tags, (start, -1)), bisect_left(tags, (end, -1))):
        tag = tags[at]
        if tag.start > start:
            yield start, tag.start, _Part(start)
        start = tag.end
    if start < end:
        yield start, end, _Part(start)


def _breaks(document: Document, blocks: Sequence[_Shown]) -> list[int]:
    """Return the offsets at which rows of an HTML source begin: at blocks, after `<br>`, and on lines between blocks.

    A row begins with the tags that open its block.
    """
    source, breaks, at = document.source.text, set[int](), 0
    tags = [tag for tag in document.tags if tag.kind == "open"]
    starts = [tag.span.start for tag in tags]
    for span, block in blocks:
        begin = _row_start(source, tags, bisect_left(starts, span.start), at, span.start)
        breaks |= {begin, *_line_starts(source, at, begin)}
        if "code" in block.scopes:
            breaks |= {*_line_starts(source, span.start, span.end)}
        ends = zip(block.starts, block.pieces, strict=True)
        breaks |= {end for at, (start, end) in ends if _is_line_break(source, block.text[at : at + 1], start)}
        at = span.end
    breaks |= {*_line_starts(source, at, len(source))}
    return sorted(breaks - {0, len(source)})


def _row_start(source: str, tags: Sequence[Tag], before: int, lowest: int, start: int) -> int:
    """Return the offset of the first of the tags that directly precede the offset `start`, or `start` if none does.

    `tags` are the opening tags, and `before` is the number of them before `start`. Tags before `lowest` do not count.
    """
    while before and (span := tags[before - 1].span).start >= lowest and not source[span.end : start].strip():
        start = span.start
        before -= 1
    return start


def _line_starts(source: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets after the line ends in `source[start:end]`."""
    return (found.end() for found in LINE_END.finditer(source, start, end))


def _row_scopes(blocks: Sequence[_Shown], breaks: Sequence[int]) -> list[str]:
    """Return for each row the scope that its block has in the page, or "" if it has none.

    Only the row in which a list item begins has the scope `list`.
    """
    starts = [shown.span.start for shown in blocks]
    scopes = []
    for begin, end in pairwise([0, *breaks, sys.maxsize]):
        at = bisect_left(starts, end) - 1
        scope = ""
        if at >= 0 and blocks[at].span.end > begin:
            scope = next((scope for scope in _STYLED if scope in blocks[at].block.scopes), "")
        scopes.append("" if scope == "list" and starts[at] < begin else scope)
    return scopes
