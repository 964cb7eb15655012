"""Search text for many literals at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

_FEW = 8  # maximum number of literals for which separate searches are faster
_PORTION = 1 << 18  # code points searched at once; the automaton uses four bytes for each


class Scanner(Protocol):
    """Finds literals in text. The literals are numbered from 0.

    For each occurrence, in any order, `hits` yields the number of the literal and the start offset.
    """

    def hits(self, text: str) -> Iterable[tuple[int, int]]: ...


def scanner(literals: Sequence[str]) -> Scanner:
    """Return the fastest available scanner for `literals`, which must be distinct and not empty."""
    try:
        return _Automaton(literals) if len(literals) > _FEW else _Plain(literals)
    except ImportError:
        return _Plain(literals)


class _Automaton:
    """Searches for all literals in one pass (Aho and Corasick 1975)."""

    def __init__(self, literals: Sequence[str]) -> None:
        from ahocorasick import Automaton  # type: ignore[import-not-found]  # it has no stubs

        self._automaton = Automaton()
        for which, literal in enumerate(literals):
            self._automaton.add_word(literal, (which, len(literal)))
        self._automaton.make_automaton()
        self._longest = max(map(len, literals))

    def hits(self, text: str) -> Iterator[tuple[int, int]]:
        for low in range(0, len(text), _PORTION):
            start = max(0, low - self._longest)
            for last, (which, length) in self._automaton.iter(text[start : low + _PORTION]):
                if start + last >= low:
                    yield which, start + last + 1 - length


class _Plain:
    """Searches for one literal after another."""

    def __init__(self, literals: Sequence[str]) -> None:
        self._literals = literals

    def hits(self, text: str) -> Iterator[tuple[int, int]]:
        for which, literal in enumerate(self._literals):
            at = text.find(literal)
            while at >= 0:
                yield which, at
                at = text.find(literal, at + 1)
