"""Doubled spaces between the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter.checks.spacing._junctions import junction, place
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import find, text_view

_HARD = (lazy(r"\u00a0(?<![ \u00a0].)[ \u00a0]+"), lazy(r" \u00a0[ \u00a0]*"))
_PLAIN = lazy(r"  (?<!   ) *(?=\S)")
# Between words, behind a mark within a sentence or an initial, or before a dash.
_HIDDEN = lazy(rf"  (?:(?<=[\w%,;)\"”’]..)|(?<=[ .][A-Z]\...))(?<!   ) ?(?=[\w$(“‘{OBJECT}]|[-–—] [a-z])")
_GAP = lazy(r"(?<=[\w,])[ \u00a0]{2,}(?=\S)")
_PADDING = lazy(r"(?<![ \u00a0])[ \u00a0]{4,}+\S")
_AROUND = 200  # code points on each side that are looked at
_FEWEST = 5  # words of a line that is no row of a table
_MOST = 3  # spaces; more of them are a gap in a table


@record
class DoubledSpace:
    """Plain text shows every space, Markdown and HTML only those that do not break; others are left from editing.

    Up to three spaces count between words of a sentence: behind a full stop they are a habit of typists. A line of
    plain text with several gaps is a table. More spaces, some of which do not break, are padding, wherever they are,
    unless several of them are in a line, as in a form. The message may use {left} and {right}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})

    def find(self, document: Document) -> Iterator[Match]:
        if "\u00a0" in text_view(document).text:
            for block, start, end in find(document, *_HARD):
                if "table" not in block.scopes and _is_visible(block.text, start, end):
                    yield _match(document, block, start, end)
        for block, start, end in find(document, _PLAIN) if document.kind == "text" else ():
            if end - start <= _MOST and _is_between_words(block.text, start, end) and _is_lone(block.text, start, end):
                yield _match(document, block, start, end)
        for block, start, end in find(document, _HIDDEN) if document.kind != "text" else ():
            if block.is_contiguous(start - 1, end):  # not a place of markup
                yield _match(document, block, start, end)


def _is_visible(text: str, start: int, end: int) -> bool:
    """Whether a gap with spaces that do not break is between words of a sentence, or the only one that pads a line."""
    head, tail = _around(text, start, end)
    if not _has_sentence(head, tail):
        return False
    if end - start > _MOST:
        return head.strip() != "" and tail.strip() != "" and not _PADDING.search(head) and not _PADDING.search(tail)
    return _is_between_words(text, start, end)


def _is_between_words(text: str, start: int, end: int) -> bool:
    return text[end].isalpha() and (text[start - 1 : start].isalpha() or text[start - 1 : start] == ",")


def _is_lone(text: str, start: int, end: int) -> bool:
    """Whether a gap is in a sentence, and the only one in its line."""
    head, tail = _around(text, start, end)
    return _has_sentence(head, tail) and not _GAP.search(head) and not _GAP.search(tail)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what is before and after a gap in its line."""
    head = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    return head, text[end : end + _AROUND].partition("\n")[0]


def _has_sentence(head: str, tail: str) -> bool:
    return len((head + " " + tail).split()) > _FEWEST


def _match(document: Document, block: Block, start: int, end: int) -> Match:
    found = junction(block.text, start, end)
    edit = source_edit(Edit(start, end, " "), block, document)
    span = place(block, (found.start, found.end), (start, end))
    left = found.left or block.text[:start].split()[-1]
    right = found.right or block.text[end:].split(maxsplit=1)[0]
    return Match(*span, {"left": left, "right": right}, (edit,) if edit else ())
