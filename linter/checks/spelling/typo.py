"""Typing errors in frequent words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.checks.spelling._typos import typos
from linter.checks.spelling._unknown_words import edits, like, unknown_words
from linter.document import Document
from linter.rule import Match

_OFTEN = 2  # times that a typo appears in an article; a more frequent one is a term


@dataclass(frozen=True)
class Typo:
    """`slip` is swapped (two neighbours changed places), missing (a letter is), doubled (a single letter is), extra
    (a letter is one too many), vowel (it is another one) or joined (the space is lost between two words).

    `words` are right, though the word table does not have them. A word that an article has three times counts only if
    the right word is near it. The message may use {right}.
    """

    slip: Literal["swapped", "missing", "doubled", "extra", "vowel", "joined"]
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    def find(self, document: Document) -> Iterator[Match]:
        if not (made := typos(document)):  # as nearly always
            return
        own = {word for word, correction in made.items() if correction.kind == self.slip and word not in self.words}
        found = list(unknown_words(document, own)) if own else []
        counts = Counter(word.text.lower() for _, word in found)
        for passage, word in found:
            right = made[word.text.lower()].right
            span = passage.block.span(word.start, word.end)
            fix = edits(document, span, word.text, like(word.text, right))
            if fix and (counts[word.text.lower()] <= _OFTEN or right in passage.vocabulary):
                yield Match(*span, {"right": like(word.text, right)}, fix)
