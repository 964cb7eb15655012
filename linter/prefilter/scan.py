"""Search texts for many literals at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Protocol

CODEC = ("utf-8", "surrogatepass")
_PORTION = 1 << 18  # bytes that are searched at once; the automaton makes four of each
_BYTES = "latin-1"  # bytes as the automaton takes them: a code point for each


class Scanner(Protocol):
    """Finds literals: `hits` yields (which, start, end), in bytes, in the order of their ends.

    `contained` returns which of them a text contains.
    """

    def hits(self, text: bytes) -> Iterable[tuple[int, int, int]]: ...

    def contained(self, text: bytes) -> set[int]: ...


def scanner(literals: Sequence[bytes]) -> Scanner:
    """Return the fastest scanner that is installed, for `literals`, which are distinct and not empty."""
    try:
        return _Automaton(literals) if literals else _Plain(literals)
    except ImportError:
        return _Plain(literals)


class _Automaton:
    """All of them in one pass (Aho and Corasick 1975)."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        from ahocorasick import Automaton  # type: ignore[import-not-found]  # it has no stubs

        self._automaton = Automaton()
        for which, literal in enumerate(literals):
            self._automaton.add_word(literal.decode(_BYTES), (which, len(literal)))
        self._automaton.make_automaton()
        self._longest = max(map(len, literals))

    def hits(self, text: bytes) -> Iterator[tuple[int, int, int]]:
        for low in range(0, len(text), _PORTION):
            start = max(0, low - self._longest)
            for last, (which, length) in self._automaton.iter(text[start : low + _PORTION].decode(_BYTES)):
                end = start + last + 1
                if end > low:
                    yield which, end - length, end

    def contained(self, text: bytes) -> set[int]:
        return {which for which, _, _ in self.hits(text)}


class _Plain:
    """One after the other."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = literals

    def hits(self, text: bytes) -> Iterable[tuple[int, int, int]]:
        return sorted(self._found(text), key=itemgetter(2))

    def contained(self, text: bytes) -> set[int]:
        return {which for which, literal in enumerate(self._literals) if literal in text}

    def _found(self, text: bytes) -> Iterator[tuple[int, int, int]]:
        for which, literal in enumerate(self._literals):
            at = text.find(literal)
            while at >= 0:
                yield which, at, at + len(literal)
                at = text.find(literal, at + 1)
