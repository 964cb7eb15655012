"""What an article itself shows of its names: which words it capitalises, beside which others, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from linter.prose.tokens import Passage, Word

Key = tuple[str, ...]  # one word or several neighbours, as they are written


class Neighbours(NamedTuple):
    """The words before and behind a word with nothing but white space between, if they are Capitalised."""

    left: Word | None
    right: Word | None


def neighbours(passage: Passage, at: int) -> Neighbours:
    """Those of `passage.words[at]`; on the left also a title with its stop (Mr. …)."""
    words, text = passage.words, passage.text
    word = words[at]
    left = words[at - 1] if at else None
    if left and not (left.titled and text[left.end : word.start] in (" ", "\n")):
        left = None
    right = words[at + 1] if at + 1 < len(words) else None
    if right and not (right.titled and text[word.end : right.start] in (" ", "\n")):
        right = None
    return Neighbours(left, right)


class Seen:
    """How an article writes the words it was asked for.

    `small` and `alone` count a word in small letters, and capitalised where neither a sentence nor a line starts
    with it, outside of headlines; `together` counts it with one and with both of its capitalised neighbours, with
    both outside of headlines only. `places` has the offset in the source of the first of each.
    """

    def __init__(self, passages: Iterable[Passage], words: frozenset[str]) -> None:
        """Look for `words`, given in small letters."""
        self.small: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.together: Counter[Key] = Counter()
        self.places: dict[Key, int] = {}
        forms = words | {word.capitalize() for word in words}
        for passage in passages:
            if passage.holds(forms):
                for at, word in enumerate(passage.words):
                    if word.text in words:
                        self.small[word.text] += 1
                    elif word.text in forms and passage.is_copy(word):
                        self._look(passage, at, forms)

    def _look(self, passage: Passage, at: int, forms: frozenset[str]) -> None:
        word = passage.words[at]
        left, right = neighbours(passage, at)
        if not passage.headline and not passage.starts_sentence(word):
            self.alone[word.text] += 1
            self._place(passage, word)
        if left and left.text not in forms:  # else it was counted there
            self.together[self._place(passage, left, word)] += 1
        if right:
            self.together[self._place(passage, word, right)] += 1
        if left and right and not passage.headline:
            self.together[self._place(passage, left, word, right)] += 1

    def _place(self, passage: Passage, *words: Word) -> Key:
        key = tuple(word.text for word in words)
        if key not in self.places:
            self.places[key] = passage.block.span(words[0].start, words[-1].end).start
        return key
