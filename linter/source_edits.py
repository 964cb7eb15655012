"""Edits of what the reader sees → edits of the source that leave its markup whole."""

from __future__ import annotations

from linter import patterns
from linter.document import OBJECT, Block, Document, Span
from linter.finding import Edit

_EMPHASIS = "*_~"
_MARKS = patterns.lazy(r"[ \t]*(?:#{1,6}[ \t]+|[*+-][ \t]+|\d+[.)][ \t]+)?(?:[*_]{1,3})?")
_LINE_END = patterns.lazy(r"\r\n?|\n")
_BLANK = patterns.lazy(r"(?:[ \t]*+(?:\r\n?|\n))*+")


def source_edit(edit: Edit, block: Block, document: Document) -> Edit | None:
    """An edit of a block's text as one of the source, as small as it can be; None where markup would break.

    That is where markup or something unseen (code, an image) lies within; where half of an entity would go, or
    one would be written as the character it stands for; where emphasis would be left around nothing.
    """
    old, new = block.text[edit.start : edit.end], edit.text
    shared = _shared(old, new)
    tail = _shared(old[shared:][::-1], new[shared:][::-1])
    start, end, text = edit.start + shared, edit.end - tail, new[shared : len(new) - tail]
    if not block.is_contiguous(start, end) or not _replaceable(block, start, end, text):
        return None
    in_source = Edit(*block.span(start, end), text)
    return None if document.kind == "markdown" and _bares_emphasis(document.source.text, in_source) else in_source


def _shared(one: str, other: str) -> int:
    """How many code points both texts begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _replaceable(block: Block, start: int, end: int, new: str) -> bool:
    """Whether what stands for something else in the source goes as a whole, and does not come back in `new`."""
    for low, high in block.atoms(start, end):
        shown = block.text[low:high]
        if low < start or high > end or OBJECT in shown or shown in new:
            return False
    return True


def _bares_emphasis(source: str, edit: Edit) -> bool:
    """Whether a mark of emphasis at the edge of the edit would stand beside white space or another one."""
    before, after = source[max(0, edit.start - 1) : edit.start], source[edit.end : edit.end + 1]
    inside = (before, edit.text[:1] or after), (after, edit.text[-1:] or before)
    return any(mark and mark in _EMPHASIS and (not beside.strip() or beside in _EMPHASIS) for mark, beside in inside)


def deletion(block: Block, document: Document) -> tuple[Edit, ...]:
    """The edit of the source that takes a block away with the blank lines behind it; none where other things go too."""
    text, (start, end) = document.source.text, block.source_span
    line_start, _ = document.source.line_span(start)
    _, line_end = document.source.line_span(end)
    if document.kind == "html" or text[line_start:start].strip() or text[end:line_end].strip():
        return ()
    behind = _BLANK.match(text, line_end)
    return (Edit(line_start, behind.end() if behind else line_end, ""),)


def line_deletion(span: Span, document: Document) -> tuple[Edit, ...]:
    """The edit that takes away the lines of the source from the start to the end of `span`; none where other words are.

    A mark of a heading or a list item before them goes too, and the blank lines behind if one stands before.
    """
    text = document.source.text
    line_start, _ = document.source.line_span(span.start)
    _, line_end = document.source.line_span(max(span.start, span.end - 1))
    before, after = text[line_start : span.start], text[span.end : line_end]
    if document.kind == "html" or not _MARKS.fullmatch(before) or after.strip(" \t*_\r\n\\"):
        return ()
    above, _ = document.source.line_span(max(0, line_start - 1))
    behind = (_LINE_END if text[above:line_start].strip() else _BLANK).match(text, line_end)
    return (Edit(line_start, behind.end() if behind else line_end, ""),)
