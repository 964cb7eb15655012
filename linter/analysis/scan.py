"""Search text for many literals at once."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import Any, Protocol

_FEW = 8  # maximum number of literals for which separate searches are faster
_BEGINNING = 5  # code points of the beginnings and ends by which literals are looked up
_TABLES = 2  # tables of which a screen keeps the possible literals
_PORTION = 1 << 18  # code points searched at once; the automaton uses four bytes for each
Literals = tuple[frozenset[str], ...]


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


class LiteralTable:
    """The first sets of literals (see `rule.Needs`) of many numbered rules.

    `by_beginning` maps the beginnings of these literals to pairs, as bytes from `marshal`: the number of a rule, and
    its literals with this beginning, separated by U+0000.
    """

    def __init__(self, by_beginning: Mapping[str, bytes]) -> None:
        self._by_beginning = by_beginning

    def near(self, parts: Set[str]) -> Mapping[int, list[str]]:
        """Return, by the number of the rule, texts of literals whose beginnings are in `parts`, separated by U+0000."""
        found: dict[int, list[str]] = defaultdict(list)
        for key in self._by_beginning.keys() & parts:
            for number, texts in marshal.loads(self._by_beginning[key]):
                found[number].append(texts)
        return found


def pack_literals(sets: Mapping[int, Sequence[frozenset[str]]]) -> dict[str, bytes]:
    """Return the argument of LiteralTable for the sets of literals of rules, by the numbers of the rules."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, own in sets.items():
        for one in sorted(own[0]):
            found[one[:_BEGINNING] if len(one) >= _BEGINNING else ""][number].append(one)
    rows = {key: tuple((number, "\0".join(some)) for number, some in own.items()) for key, own in found.items()}
    return {key: marshal.dumps(own, 4) for key, own in rows.items()}


class PackedLiterals(Sequence[frozenset[str]]):
    """The sets of literals (see `rule.Needs`) of the rule with a number in a table.

    `load` returns all sets, and is called when one of them is first used.
    """

    def __init__(self, table: LiteralTable, number: int, size: int, load: Callable[[], Literals]) -> None:
        self.table, self.number, self._size, self._load = table, number, size, load

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: Any) -> Any:
        return self._sets[index]

    @cached_property
    def _sets(self) -> Literals:
        return self._load()


class Screen:
    """Tells which literals may occur in a text. This takes less time than searching for them."""

    def __init__(self, text: str) -> None:
        self._parts = {"", *(text[at : at + _BEGINNING] for at in range(len(text) - _BEGINNING + 1))}
        self._near = lru_cache(_TABLES)(lambda table: table.near(self._parts))

    def possible(self, sets: Sequence[Iterable[str]]) -> Iterable[str]:
        """Return the literals in the first of `sets` that may occur in the text."""
        parts = self._parts
        some: Iterable[str]
        if isinstance(sets, PackedLiterals):
            near: Mapping[int, list[str]] = self._near(sets.table)
            some = "\0".join(near[sets.number]).split("\0") if sets.number in near else ()
        else:
            some = sets[0]
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
