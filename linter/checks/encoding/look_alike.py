"""Words that mix letters of two alphabets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal

import regex

from linter import patterns
from linter.document import Block
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import word_list

# Sections of data/word_lists.txt with pairs of letters that look alike (from Unicode's confusables.txt, without pairs
# that readers can tell apart).
_ALIKE = {
    frozenset({"latin", "cyrillic"}): "look-alikes of latin and cyrillic",
    frozenset({"latin", "greek"}): "look-alikes of latin and greek",
}
_LETTERS = {
    name: patterns.lazy_regex(rf"\p{{Script={name}}}", regex.VERSION1) for name in ("latin", "cyrillic", "greek")
}
_OTHER_SCRIPT = patterns.lazy_regex(r"[\p{Script=Cyrillic}\p{Script=Greek}]", regex.VERSION1)
_SCRIPT_CHANGE = patterns.lazy_regex(
    r"\p{Script=Latin}(?=[\p{Script=Cyrillic}\p{Script=Greek}])|[\p{Script=Cyrillic}\p{Script=Greek}](?=\p{Script=Latin})",
    regex.VERSION1,
)
_WORD = patterns.lazy_regex(r"[\p{L}\p{M}]++", regex.VERSION1)
_MIN_LETTERS = 3  # letters; shorter words are units or symbols in formulas
_MAX_LETTERS = 40  # maximum letters of a word


@dataclass(frozen=True)
class LookAlike:
    """Words of 3 to 40 letters that mix Latin letters with Cyrillic or Greek letters.

    `letters` is `disguised` or `foreign`. With `letters: disguised`, a word matches if all its letters of one alphabet
    look like letters of the other alphabet; the fix writes the whole word in the other alphabet. With
    `letters: foreign`, a word of Latin and Cyrillic letters matches if it cannot be written in one alphabet in this
    way; there is no fix.

    Words right after a backslash, as in formulas, are ignored. So are words that begin or end with several capitals of
    one alphabet but are not in all capitals, such as Latin acronyms with a Russian ending.

    The message may use {right}, the corrected word (empty with `letters: foreign`); {alphabet}, the alphabet of the
    wrong letters; and {other}, the alphabet of the other letters.
    """

    letters: Literal["disguised", "foreign"]

    values: ClassVar[frozenset[str]] = frozenset({"right", "alphabet", "other"})
    chars: ClassVar[str] = _OTHER_SCRIPT.pattern

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        if text.isascii() or not _SCRIPT_CHANGE.search(text):
            return
        for word in _WORD.finditer(text):
            start, end = word.span()
            if (
                not _MIN_LETTERS <= end - start <= _MAX_LETTERS
                or not _SCRIPT_CHANGE.search(word[0])
                or text[start - 1 : start] == "\\"
            ):
                continue
            if block.is_contiguous(start, end) and (match := self._match(word[0], start, end)):
                yield match

    def _match(self, word: str, start: int, end: int) -> Match | None:
        counts = {name: len(letters.findall(word)) for name, letters in _LETTERS.items()}
        main, other_script, *others = sorted(counts, key=counts.__getitem__, reverse=True)
        if counts[others[0]] or _is_declined(word):
            return None
        for one, other in ((other_script, main), (main, other_script)):
            right = word.translate(_table(one, other))
            if not _SCRIPT_CHANGE.search(right):
                values = {"right": right, "alphabet": one.title(), "other": other.title()}
                return Match(start, end, values, (Edit(start, end, right),)) if self.letters == "disguised" else None
        if self.letters == "foreign" and "greek" not in (main, other_script):
            return Match(start, end, {"right": "", "alphabet": other_script.title(), "other": main.title()})
        return None


def _is_declined(word: str) -> bool:
    """Whether a word may be an acronym with an ending in another alphabet, as in Russian."""
    change = _SCRIPT_CHANGE.search(word)
    parts = (word[: change.end()], word[change.end() :]) if change else ()
    return any(len(part) > 1 and part.isupper() for part in parts) and not word.isupper()


@cache
def _table(old: str, new: str) -> dict[int, str]:
    """Return a translation table from letters of the alphabet `old` to similar letters of the alphabet `new`.

    The table is empty if no look-alikes of the two alphabets are listed in _ALIKE.
    """
    heading = _ALIKE.get(frozenset({old, new}))
    pairs = word_list(heading) if heading else ()
    return {ord(pair[new == "latin"]): pair[new != "latin"] for pair in pairs}
