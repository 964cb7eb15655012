"""Misspelled words with their corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import ClassVar, Literal

from linter.checks.spelling import _codespell
from linter.checks.spelling._typos import typos
from linter.checks.spelling._unknown_words import edits, like, unknown_words
from linter.document import Document
from linter.record import record
from linter.rule import Match
from linter.text.words import vocabulary

_OFTEN = 2  # times that an article has a misspelling; a more frequent word is a term
_CHOICES = 3  # words that a message offers


@record
class Misspelling:
    """Words in English sentences that the word table does not have, and of which the correction is known.

    `correction` says how. A frequent word is the right one if it is swapped (two letters changed places), missing (a
    letter is), doubled (a single letter is), extra (a letter is one too many), vowel (it is another one) or joined (the
    space between two words is lost). All others are listed: in codespell's list, where it is installed. `words` are
    right all the same. A word that an article has three times counts only if the article has the right word too. The
    message may use {right}: “one”, or “one” or “other”.
    """

    correction: Literal["swapped", "missing", "doubled", "extra", "vowel", "joined", "listed"] = "listed"
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @property
    def lacks(self) -> str:
        """What must be installed for it to find anything."""
        return _codespell.EXTRA if self.correction == "listed" and not _codespell.place() else ""

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.words)

    def find(self, document: Document) -> Iterator[Match]:
        if not (corrections := self._corrections(document)):
            return
        found = list(unknown_words(document, corrections))
        counts = Counter(word.text.lower() for _, word in found)
        for passage, word in found:
            rights = corrections[word.text.lower()]
            span = passage.block.span(word.start, word.end)
            choices = [like(word.text, right) for right in rights[:_CHOICES]]
            fix = edits(document, span, word.text, choices[0])
            if fix and (counts[word.text.lower()] <= _OFTEN or not vocabulary(document).isdisjoint(rights)):
                yield Match(*span, {"right": _either(choices)}, fix if len(rights) == 1 else ())

    def _corrections(self, document: Document) -> dict[str, tuple[str, ...]]:
        """Return the misspelled words of an article, in lower case, with their corrections."""
        if self.correction == "listed":
            found = _codespell.misspellings(document)
        else:
            found = {word: (typo.right,) for word, typo in typos(document).items() if typo.kind == self.correction}
        return {word: rights for word, rights in found.items() if word not in self._words}


def _either(words: Sequence[str]) -> str:
    """“one”, “other” or “third”, in quotation marks."""
    *most, last = (f"“{word}”" for word in words)
    return f"{', '.join(most)} or {last}" if most else last
