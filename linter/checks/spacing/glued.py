"""Words run together where a line break was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import known, space
from linter.document import Block, Document
from linter.record import record
from linter.rule import Match
from linter.text.view import text_view
from linter.text.words import camel_case_words, word_places

_SEAM = patterns.lazy(r"[a-z](?=[A-Z])")
_RIGHT = patterns.lazy(r"[A-Z](?:[a-z]*+(?=,? [a-z])|[A-Z]{2,3}(?=\.? ?\d{1,2}\b))")
_LEFT = patterns.lazy(r"(?:(?<=[a-z,] )[a-z]|(?<=\s)[A-Z])[a-z]+\Z")
_ANY = patterns.lazy(r"(?<![A-Za-z])[A-Za-z]++")
_REACH = 40  # code points of the longest word
_NEXT_WORD = patterns.lazy(r" (\w+)")
_WORD = 100  # documents of the word table that must hold the first word
_NAME = 200  # documents that must hold a name,
_SHARE = 0.8  # and how much of its use must be capitalized
_LEAST = 4  # letters of a word before a name


@record
class Glued:
    """A small word that runs into a word which begins a sentence, or into a name; a date that runs into a word.

    `starters` begin sentences, and `joints` do before one of `determiners`. Before one of `months` in capitals, with a
    day behind it, any word counts. Articles with code are passed over, and so are words that an article has more than
    once. The message may use {left} and {right}.
    """

    starters: tuple[str, ...]
    joints: tuple[str, ...]
    months: tuple[str, ...]
    determiners: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})
    vocabulary: ClassVar[bool] = True

    def find(self, document: Document) -> Iterator[Match]:
        if document.has_code:
            return
        found = list(self._glued(document))
        if found:
            counts = Counter(_ANY.findall(text_view(document).text))
            for block, start, at, end in found:
                left, right = block.text[start:at], block.text[at:end]
                if counts[left + right] == 1:
                    span = block.span(start, end)
                    yield Match(*span, {"left": left, "right": right}, space(block, document, at))

    def _glued(self, document: Document) -> Iterator[tuple[Block, int, int, int]]:
        """Where two words that are no name of a thing run into each other: block, start, seam and end."""
        for passage, word in word_places(document, camel_case_words(document)):
            block = passage.block
            for seam in _SEAM.finditer(word.text):
                at = word.start + seam.end()
                left, right = _LEFT.search(block.text[max(0, at - _REACH) : at]), _RIGHT.match(block.text, at)
                end = right.end() if right else at
                if (
                    left
                    and right
                    and block.is_contiguous(at - 1, at + 1)
                    and self._are_words(left[0], block.text, at, end)
                ):
                    yield block, at - len(left[0]), at, end

    def _are_words(self, left: str, text: str, at: int, end: int) -> bool:
        right = text[at:end]
        if right in map(str.upper, self.months):
            return known(left).docs > _WORD
        if not left.islower() or known(left).docs < _WORD or known(left + right).docs:
            return False
        if right.lower() in self.starters:
            return True
        if right.lower() in self.joints:
            following = _NEXT_WORD.match(text, end)
            return following is not None and following[1] in self.determiners
        row = known(right)
        return len(left) >= _LEAST and row.docs > _NAME and row.name_share > _SHARE
