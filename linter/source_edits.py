"""Convert edits of visible text to edits of the source, and delete blocks and lines, without damage to markup."""

from __future__ import annotations

from linter import patterns
from linter.document import OBJECT, Block, Document, Span
from linter.finding import Edit
from linter.source import LINE_END

_EMPHASIS = "*_~"
_MARKS = patterns.lazy(r"[ \t]*(?:#{1,6}[ \t]+|[*+-][ \t]+|\d+[.)][ \t]+)?(?:[*_]{1,3})?")
_BLANK = patterns.lazy(r"(?:[ \t]*+(?:\r\n?|\n))*+")


def source_edit(edit: Edit, block: Block, document: Document) -> Edit | None:
    """Convert `edit`, an edit of a block's text, to the smallest edit of the source.

    Return None if the edit could damage markup, that is, in any of these cases:
    - The replaced text contains markup, code, an image, or only a part of an entity.
    - The replaced text contains an entity or a soft line break whose text also occurs in the new text.
    - In Markdown, a mark of emphasis next to the edit would be next to white space, another mark of emphasis, or the
      edge of the source.
    """
    old, new = block.text[edit.start : edit.end], edit.text
    shared = _shared(old, new)
    tail = _shared(old[shared:][::-1], new[shared:][::-1])
    start, end, text = edit.start + shared, edit.end - tail, new[shared : len(new) - tail]
    if not block.is_contiguous(start, end) or not _replaceable(block, start, end, text):
        return None
    in_source = Edit(*block.span(start, end), text)
    return None if document.kind == "markdown" and _exposes_emphasis(document.source.text, in_source) else in_source


def _shared(one: str, other: str) -> int:
    """Return the length of the longest common prefix of two strings, in code points."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _replaceable(block: Block, start: int, end: int, new: str) -> bool:
    """Whether `new` can replace all indivisible pieces that overlap `block.text[start:end]`."""
    for low, high in block.atoms(start, end):
        shown = block.text[low:high]
        if low < start or high > end or OBJECT in shown or shown in new:
            return False
    return True


def _exposes_emphasis(source: str, edit: Edit) -> bool:
    """Whether the edit may break emphasis directly before or after the edited text."""
    before, after = source[max(0, edit.start - 1) : edit.start], source[edit.end : edit.end + 1]
    inside = (before, edit.text[:1] or after), (after, edit.text[-1:] or before)
    return any(
        mark and mark in _EMPHASIS and (not neighbor.strip() or neighbor in _EMPHASIS) for mark, neighbor in inside
    )


def deletion(block: Block, document: Document) -> tuple[Edit, ...]:
    """Return the edit that deletes a block and the blank lines after it, as a tuple.

    The tuple is empty in HTML, or if the lines of the block contain anything besides the block and white space.
    """
    text, (start, end) = document.source.text, block.source_span
    line_start, _ = document.source.line_span(start)
    _, line_end = document.source.line_span(end)
    if document.markup == "html" or text[line_start:start].strip() or text[end:line_end].strip():
        return ()
    rest = _BLANK.match(text, line_end)
    return (Edit(line_start, rest.end() if rest else line_end, ""),)


def line_deletion(span: Span, document: Document) -> tuple[Edit, ...]:
    """Return the edit that deletes the source lines of `span`, as a tuple.

    The tuple is empty in HTML, or if the lines contain anything outside of `span` other than white space and the marks
    of headings, list items, emphasis and hard line breaks. If the line before the span is blank or missing, the blank
    lines after the span are deleted too.
    """
    text = document.source.text
    line_start, _ = document.source.line_span(span.start)
    _, line_end = document.source.line_span(max(span.start, span.end - 1))
    before, after = text[line_start : span.start], text[span.end : line_end]
    if document.markup == "html" or not _MARKS.fullmatch(before) or after.strip(" \t*_\r\n\\"):
        return ()
    above, _ = document.source.line_span(max(0, line_start - 1))
    rest = (LINE_END if text[above:line_start].strip() else _BLANK).match(text, line_end)
    return (Edit(line_start, rest.end() if rest else line_end, ""),)
