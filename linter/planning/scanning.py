"""Many literals looked for in one text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Protocol

_PORTION = 1 << 18  # bytes that are looked through at once: what is found in them is a list


class Scanner(Protocol):
    """Finds literals: `hits` yields (which, where it begins, where it ends), in bytes, in the order of their ends.

    `held` says which of them a text holds.
    """

    def hits(self, text: bytes) -> Iterable[tuple[int, int, int]]: ...

    def held(self, text: bytes) -> set[int]: ...


def scanner(literals: Sequence[bytes]) -> Scanner:
    """One for `literals`: as fast as what is installed."""
    try:
        return _Automaton(literals)
    except ImportError:
        return _Plain(literals)


class _Automaton:
    """All of them in one pass (Aho and Corasick 1975)."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        self._automaton = BytesAhoCorasick(literals, implementation=Implementation.ContiguousNFA)
        self._longest = max(map(len, literals), default=0)

    def hits(self, text: bytes) -> Iterator[tuple[int, int, int]]:
        for low in range(0, len(text), _PORTION):
            start = max(0, low - self._longest)
            found = self._automaton.find_matches_as_indexes(text[start : low + _PORTION], overlapping=True)
            if not start:
                yield from found
            else:
                yield from ((which, a + start, b + start) for which, a, b in found if b + start > low)

    def held(self, text: bytes) -> set[int]:
        if len(text) > _PORTION:
            return {which for which, _, _ in self.hits(text)}
        return {which for which, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}


class _Plain:
    """One after the other."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = literals

    def hits(self, text: bytes) -> Iterable[tuple[int, int, int]]:
        return sorted(self._found(text), key=itemgetter(2))

    def held(self, text: bytes) -> set[int]:
        return {which for which, literal in enumerate(self._literals) if literal in text}

    def _found(self, text: bytes) -> Iterator[tuple[int, int, int]]:
        for which, literal in enumerate(self._literals):
            at = text.find(literal)
            while at >= 0:
                yield which, at, at + len(literal)
                at = text.find(literal, at + 1)
