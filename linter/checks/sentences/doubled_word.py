"""Words doubled by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from operator import eq
from typing import ClassVar

from linter import patterns
from linter.document import Block
from linter.finding import Edit
from linter.record import field, record
from linter.rule import Match
from linter.text.lexicon import lexicon, word_list

_AROUND = 50  # code points on each side that are looked at
_CLAUSE = 8  # words before a pair that may tell that it is meant
_TWICE = patterns.lazy(
    r"(?<![^\s(“\"‘—–])(?P<word>[a-z]{1,30})(?P<gap>\s++)(?P<again>(?P=word))(?=\s++[^\W_])", re.IGNORECASE
)
_STOP = patterns.lazy(r"[.!?;]\s")
_ENOUGH_WORDS = 10  # of a block of English, of which one is among the most frequent
_COMMON = 50  # documents of the word table that hold a word; rarer ones are names, commands and foreign words


@record
class DoubledWord:
    """A common word of English twice in a row in a sentence; a line break may lie between.

    `meant` are words that may stand so (“had had”), `after` those that may if one of some words precedes in the clause:
    “what it is is”. Three in a row are meant, and so are two such pairs side by side, and a second one with a capital:
    it begins a name. The fix takes the second one out. The message may use {word}.
    """

    meant: tuple[str, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict)

    values: ClassVar[frozenset[str]] = frozenset({"word"})

    @cached_property
    def _meant(self) -> frozenset[str]:
        return frozenset(self.meant)

    @cached_property
    def _after(self) -> dict[str, frozenset[str]]:
        return {word: frozenset(words.split()) for word, words in self.after.items()}

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        words = text.lower().split()
        if not any(map(eq, words, islice(words, 1, None))) or not _is_english(text):
            return
        for match in _TWICE.finditer(text):
            if self._is_mistake(match, text):
                yield Match(*match.span(), {"word": match["again"]}, (Edit(match.start("gap"), match.end(), ""),))

    def _is_mistake(self, match: re.Match[str], text: str) -> bool:
        word = match["again"]
        if not word.islower() or match["word"][1:].isupper() or word in self._meant or _goes_on(match, text):
            return False
        found = lexicon().find(word)
        if word != "a" and (not found.dictionary or found.docs < _COMMON):
            return False
        before = _STOP.split(text[max(0, match.start() - _AROUND) : match.start()].lower())[-1]
        return self._after.get(word, frozenset()).isdisjoint(before.split()[-_CLAUSE:])


def _goes_on(match: re.Match[str], text: str) -> bool:
    """Whether the same word precedes or follows too, or they are letters in a row."""
    neighbors = text[max(0, match.start() - _AROUND) : match.start()].split()[-1:]
    neighbors += text[match.end() : match.end() + _AROUND].split()[:1]
    row = len(match["again"]) == 1 and all(len(word) == 1 for word in neighbors)
    return row or match["again"] in (word.lower() for word in neighbors)


def _is_english(text: str) -> bool:
    words = text.lower().split()
    return len(words) < _ENOUGH_WORDS or not word_list("english only").isdisjoint(words)
