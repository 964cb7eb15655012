"""Count the lowercase and capitalized uses of words in an article, and the phrases of capitalized neighbors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import NamedTuple

from linter.document import Document
from linter.text.words import Passage, Word, word_places

Key = tuple[str, ...]  # one word or several adjacent words, as written


class Neighbors(NamedTuple):
    """The capitalized words before and after a word, with only a space or line break between.

    A missing word is None.
    """

    left: Word | None
    right: Word | None


def neighbors(passage: Passage, word: Word) -> Neighbors:
    """Return the capitalized words directly before and after `word` in the passage."""
    text, left, right = passage.text, passage.before(word), passage.behind(word)
    if left and not (left.is_capitalized and text[left.end : word.start] in (" ", "\n")):
        left = None
    if right and not (right.is_capitalized and text[word.end : right.start] in (" ", "\n")):
        right = None
    return Neighbors(left, right)


class Capitals(NamedTuple):
    """Counts of the lowercase and capitalized uses of some words in an article.

    `small` counts the lowercase uses of each word. `alone` counts the capitalized uses outside headlines, except where
    a sentence may start. `together` counts phrases: a capitalized word with one or both of its capitalized neighbors.
    Phrases of three words are counted only outside headlines. `places` maps each word of `alone`, as a tuple, and each
    phrase of `together` to the source offset of its first counted use.
    """

    small: Counter[str]
    alone: Counter[str]
    together: Counter[Key]
    places: dict[Key, int]

    def add(self, passage: Passage, word: Word, forms: Set[str]) -> None:
        """Count one capitalized use, `word`. `forms` are the lowercase and capitalized forms of all counted words."""
        left, right = neighbors(passage, word)
        if not passage.is_title_case and not passage.starts_sentence(word):
            self.alone[word.text] += 1
            self._place(passage, word)
        if left and left.text not in forms:  # otherwise, the pair is counted when `left` is added
            self.together[self._place(passage, left, word)] += 1
        if right:
            self.together[self._place(passage, word, right)] += 1
        if left and right and not passage.is_title_case:
            self.together[self._place(passage, left, word, right)] += 1

    def _place(self, passage: Passage, *words: Word) -> Key:
        key = tuple(word.text for word in words)
        if key not in self.places:
            self.places[key] = passage.block.span(words[0].start, words[-1].end).start
        return key


def count_capitals(document: Document, words: Set[str]) -> Capitals:
    """Return the counts for `words`, given in lowercase. Capitalized uses count only in English sentences."""
    found = Capitals(Counter(), Counter(), Counter(), {})
    forms = words | {word.capitalize() for word in words}
    for passage, word in word_places(document, forms):
        if word.text in words:
            found.small[word.text] += 1
        elif passage.is_prose(word):
            found.add(passage, word, forms)
    return found
