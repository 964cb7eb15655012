"""What is to be said of words, where that goes by the word alone and there is nothing to be said of nearly all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Generic, TypeVar

_KEPT = 1 << 17  # words that are remembered
T = TypeVar("T")


class Judged(Generic[T]):
    """Asks `judge` about each word once a process; None, or what is empty, says that it is an ordinary one.

    Of those that are `ordinary` for sure it asks nothing.
    """

    def __init__(self, judge: Callable[[str], T | None], ordinary: Iterable[str] = ()) -> None:
        self._judge = judge
        self._ordinary = set(ordinary)
        self._others: dict[str, T] = {}

    def among(self, words: Set[str]) -> dict[str, T]:
        """Those of `words` of which there is something to be said, with that."""
        rest = words - self._ordinary
        found = {word: self._others[word] for word in rest if word in self._others}
        if len(found) < len(rest):
            self._ask(rest - found.keys(), found)
        return found

    def forget(self, words: Set[str]) -> None:
        """Ask about `words` anew, of which there was nothing to be said."""
        self._ordinary -= words

    def _ask(self, words: Set[str], found: dict[str, T]) -> None:
        """Judge words that were never met, and add to `found` what is to be said of them."""
        for kept in (self._ordinary, self._others):
            if len(kept) > _KEPT:
                kept.clear()
        for word in words:
            if said := self._judge(word):
                self._others[word] = found[word] = said
            else:
                self._ordinary.add(word)
