"""Accented letters stored in two pieces, beside others stored in one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from linter import patterns
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match

_ACCENTS = patterns.lazy("[\u0300-\u036f]+")
_LETTER = patterns.lazy_regex(r"[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]", regex.VERSION1)
_WORD = patterns.lazy_regex(r"[\w\p{M}]++", regex.VERSION1)
_ACCENTED = patterns.lazy("[À-ÖØ-öø-ÿĀ-žΆ-ώЁЙёйЎўЇї]")
_LONGEST = 40  # code points of a word on each side


@dataclass(frozen=True)
class Decomposed:
    """Told once an article, at the first word; the fix joins the pieces everywhere. The message may use {more}."""

    values: ClassVar[frozenset[str]] = frozenset({"more"})
    chars: ClassVar[str] = _ACCENTS.pattern

    def find(self, document: Document) -> Iterator[Match]:
        text = document.source.text
        if text.isascii() or not (found := list(_edits(document))) or not _ACCENTED.search(text):
            return
        more = len(found) - 1
        values = {"more": f", and in {more} more place{'s' if more > 1 else ''}" if more else ""}
        yield Match(*_word(text, found[0]), values, tuple(found))


def _word(text: str, edit: Edit) -> tuple[int, int]:
    """The word in which an edit lies."""
    start = edit.start
    while start > max(0, edit.start - _LONGEST) and _WORD.match(text, start - 1, start):
        start -= 1
    word = _WORD.match(text, edit.end, edit.end + _LONGEST)
    return start, word.end() if word else edit.end


def _edits(document: Document) -> Iterator[Edit]:
    """The joined letters, each in place of its pieces."""
    without_code = next(document.blocks_in(frozenset({"source"}))).text
    for accents in _ACCENTS.finditer(without_code):
        start, end = accents.start() - 1, accents.end()
        if start >= 0 and _LETTER.match(without_code, start):
            composed = unicodedata.normalize("NFC", without_code[start:end])
            if len(composed) < end - start:
                yield Edit(start, end, composed)
