"""What is to be said of words, where that goes by the word alone and there is nothing to be said of nearly all."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Generic, TypeVar

_KEPT = 1 << 17  # words that are remembered
T = TypeVar("T")


class Judged(Generic[T]):
    """Asks `judge` about each word once a process; None, or what is empty, says that it is an ordinary one."""

    def __init__(self, judge: Callable[[str], T | None]) -> None:
        self._judge = judge
        self._ordinary: set[str] = set()

    def among(self, words: Set[str]) -> dict[str, T]:
        """Those of `words` of which there is something to be said, with that."""
        new = words - self._ordinary
        found = {word: said for word in new if (said := self._judge(word))}
        if len(self._ordinary) > _KEPT:
            self._ordinary.clear()
        self._ordinary.update(new - found.keys())
        return found
