"""Doubled spaces between the words of a sentence, where the reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter.checks.spacing._junctions import junction, place
from linter.document import Block, Document
from linter.finding import Edit
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import find, text_view

_HARD = (lazy(r"\u00a0(?<![ \u00a0].)[ \u00a0]+"), lazy(r" \u00a0[ \u00a0]*(?<! .)"))
_PLAIN = lazy(r"  (?<!   ) *(?=\S)")
_HIDDEN = lazy(r"  (?<=[^\W\d_]..|,..)(?<!   ) ?(?=[^\W\d_])")
_GAP = lazy(r"(?<=[\w,])[ \u00a0]{2,}(?=\S)")
_AROUND = 200  # code points on each side that are looked at
_FEWEST = 5  # words of a line that is no row of a table
_HABIT = 5  # doubled spaces that are not shown, from which on they are reported
_MOST = 3  # spaces; more of them are a gap in a table


@record
class DoubledSpace:
    """Plain text shows every space; Markdown and HTML show only those that do not break, so one of them must be there,
    unless the article has five that are not shown: it was pasted from elsewhere.

    Behind a full stop two spaces are a habit of typists, and a line with several gaps is a table. The message may use
    {left} and {right}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})

    def find(self, document: Document) -> Iterator[Match]:
        hard = _HARD if "\u00a0" in text_view(document).text else ()
        shown = [*hard, _PLAIN] if document.kind == "text" else hard
        for block, start, end in find(document, *shown):
            if end - start <= _MOST and _is_lone(block, start, end):
                yield _match(document, block, start, end)
        if document.kind != "text":
            hidden = [place for place in find(document, _HIDDEN) if _is_in_source(*place)]
            yield from (_match(document, *place) for place in hidden if len(hidden) >= _HABIT)


def _is_in_source(block: Block, start: int, end: int) -> bool:
    """Whether a gap between words is no place of markup."""
    return _is_between_words(block, start, end) and block.is_contiguous(start - 1, end + 1)


def _is_between_words(block: Block, start: int, end: int) -> bool:
    text = block.text
    return text[end].isalpha() and (text[start - 1 : start].isalpha() or text[start - 1 : start] == ",")


def _is_lone(block: Block, start: int, end: int) -> bool:
    """Whether a gap is between words of a sentence, and the only one in its line."""
    text = block.text
    if not _is_between_words(block, start, end):
        return False
    head = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    tail = text[end : end + _AROUND].partition("\n")[0]
    return len((head + " " + tail).split()) > _FEWEST and not _GAP.search(head) and not _GAP.search(tail)


def _match(document: Document, block: Block, start: int, end: int) -> Match:
    found = junction(block.text, start, end)
    edit = source_edit(Edit(start, end, " "), block, document)
    span = place(block, (found.start, found.end), (start, end))
    return Match(*span, {"left": found.left, "right": found.right}, (edit,) if edit else ())
