"""Accented letters that are stored in two pieces, beside others that are stored in one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from linter.document import Document
from linter.finding import Edit
from linter.rule import Match

# A letter of an alphabet that has accented letters of its own, and what is put upon it.
_PIECES = regex.compile(r"[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{Mn}++", regex.VERSION1)
_WORD = regex.compile(r"[\w\p{M}]*+", regex.VERSION1)
_ACCENTED = regex.compile(r"[À-ÖØ-öø-ÿĀ-žΆ-ώЁЙёйЎўЇї]", regex.VERSION1)


@dataclass(frozen=True)
class Decomposed:
    """Told once an article, at the first word; the fix joins the pieces everywhere. The message may use {more}."""

    values: ClassVar[frozenset[str]] = frozenset({"more"})

    def find(self, document: Document) -> Iterator[Match]:
        text = document.source.text
        if text.isascii() or not (found := list(_edits(document))) or not _ACCENTED.search(text):
            return
        first = found[0]
        start = first.start
        while start and _WORD.fullmatch(text, start - 1, start):
            start -= 1
        word = _WORD.match(text, first.start)
        more = len(found) - 1
        values = {"more": f", and in {more} more place{'s' if more > 1 else ''}" if more else ""}
        yield Match(start, max(word.end() if word else 0, first.end), values, tuple(found))


def _edits(document: Document) -> Iterator[Edit]:
    copy = next(document.blocks_in(frozenset({"source"}))).text
    for pieces in _PIECES.finditer(copy):
        joined = unicodedata.normalize("NFC", pieces[0])
        if len(joined) < len(pieces[0]):
            yield Edit(*pieces.span(), joined)
