"""Search text for many literals at once."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

_FEW = 8  # maximum number of literals for which separate searches are faster
_BEGINNING = 4  # code points of the beginnings and ends by which literals are looked up
_PORTION = 1 << 18  # code points searched at once; the automaton uses four bytes for each


class Scanner(Protocol):
    """Finds literals in text. The literals are numbered from 0.

    For each occurrence, in any order, `hits` yields the number of the literal and the start offset. `contained` returns
    the numbers of the literals that occur.
    """

    def hits(self, text: str) -> Iterable[tuple[int, int]]: ...

    def contained(self, text: str) -> set[int]: ...


def scanner(literals: Sequence[str], *, once: bool = False) -> Scanner:
    """Return the fastest available scanner for `literals`, which must be distinct and not empty.

    If `once` is true, the scanner will be used only once, for a short text.
    """
    if once:
        return _Plain(literals)
    try:
        return _Automaton(literals) if len(literals) > _FEW else _Plain(literals)
    except ImportError:
        return _Plain(literals)


class PackedLiterals(Sequence[frozenset[str]]):
    """Sets of literals (see `rule.Needs`) from the package, which are decoded on first use.

    The literals of the first set are given by their beginnings, separated by U+0000, and the other sets by `marshal`.
    """

    def __init__(self, by_beginning: Mapping[str, str], size: int, further: bytes) -> None:
        self.by_beginning, self._size, self._further = by_beginning, size, further

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: Any) -> Any:
        return self._sets[index]

    @cached_property
    def _sets(self) -> tuple[frozenset[str], ...]:
        first = frozenset("\0".join(self.by_beginning.values()).split("\0"))
        return (first, *marshal.loads(self._further))


def pack_literals(sets: Sequence[frozenset[str]]) -> tuple[Mapping[str, str], int, bytes]:
    """Return the arguments of PackedLiterals for `sets`, which must not be empty."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in sorted(sets[0]):
        found[one[:_BEGINNING] if len(one) >= _BEGINNING else ""].append(one)
    return {key: "\0".join(some) for key, some in found.items()}, len(sets), marshal.dumps(tuple(sets[1:]), 4)


class Screen:
    """Tells which literals may occur in a text. This takes less time than searching for them."""

    def __init__(self, text: str) -> None:
        self._parts = {"", *(text[at : at + _BEGINNING] for at in range(len(text) - _BEGINNING + 1))}

    def possible(self, sets: Sequence[Iterable[str]]) -> Iterable[str]:
        """Return the literals in the first of `sets` that may occur in the text."""
        parts = self._parts
        if isinstance(sets, PackedLiterals):
            near = sets.by_beginning
            some = [one for key in near.keys() & parts for one in near[key].split("\0")]
        else:
            some = [*sets[0]]
        return [
            one for one in some if (one[:_BEGINNING] in parts and one[-_BEGINNING:] in parts) or len(one) < _BEGINNING
        ]


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

    def contained(self, text: str) -> set[int]:
        return {which for which, _ in self.hits(text)}


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

    def contained(self, text: str) -> set[int]:
        return {which for which, literal in enumerate(self._literals) if literal in text}
