"""Many literals looked for in one text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol


class Scanner(Protocol):
    """Finds literals. `hits` yields (which, the byte at which it begins) for each place, or at least one a literal."""

    def hits(self, text: bytes) -> Iterable[tuple[int, int]]: ...


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

    def hits(self, text: bytes) -> Iterable[tuple[int, int]]:
        return [(which, start) for which, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)]


class _Plain:
    """One after the other."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = literals

    def hits(self, text: bytes) -> Iterator[tuple[int, int]]:
        for which, literal in enumerate(self._literals):
            at = text.find(literal)
            while at >= 0:
                yield which, at
                at = text.find(literal, at + 1)
