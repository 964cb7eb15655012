"""Search the blocks of an article once for the literals of all rules."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from operator import itemgetter
from typing import NamedTuple, Protocol

from linter import patterns
from linter.analysis.literals import Literals, Texts
from linter.document import Block, Document
from linter.prefilter import is_for
from linter.rule import Rule

_BETWEEN = patterns.lazy(b"\x00")  # two blocks
_CODEC = ("utf-8", "surrogatepass")
_SORTS = 1024  # sets of scopes for which the rules are cached: metadata has one for each of its keys
_GROUPS = 64  # of rules that look at the same blocks

Sets = tuple[frozenset[int], ...]
Owner = tuple[Rule, Sets]


class LiteralQuery(NamedTuple):
    """A rule, its literals, and the scopes of the blocks it looks at.

    Blocks have one of the scopes `wanted`, or any if that is None, and none of `unwanted`.
    """

    rule: Rule
    literals: Literals
    wanted: frozenset[str] | None
    unwanted: frozenset[str]

    def looks(self, scopes: frozenset[str]) -> bool:
        return (self.wanted is None or not self.wanted.isdisjoint(scopes)) and self.unwanted.isdisjoint(scopes)


@dataclass(frozen=True, eq=False)
class ScopeIndex:
    """The rules that look at one sort of blocks.

    Their first sets of literals, the rarest, are searched at once; further sets are searched in a block that contains
    one of the first. `scopes` are those of all blocks, if these are the same.
    """

    rules: tuple[LiteralQuery, ...]
    scopes: frozenset[str] | None = None

    def candidates(
        self, document: Document, blocks: Callable[[], Sequence[Block]], folded: str
    ) -> Iterable[tuple[Rule, set[int]]]:
        """Return the rules for a document, with the indices of the blocks that contain a literal of each of their sets.

        `folded` is the text of the blocks, joined. `blocks` is called if it contains anything and their scopes differ.
        """
        if not folded:
            return ()
        data = folded.encode(*_CODEC)
        texts = _FoldedBlocks(data, lambda text: self._further.contained(text))
        numbers: dict[Rule, set[int]] = defaultdict(set)
        owners_by_scopes: dict[frozenset[str], _Owners] = {}
        every: Sequence[Block] = ()
        for which, _, end in self._first.hits(data):
            number = texts.number(end)
            scopes = self.scopes
            if scopes is None:
                every = every or blocks()
                scopes = every[number].scopes
            if scopes not in owners_by_scopes:
                owners_by_scopes[scopes] = self._owners(self._rules_for(document.kind, document.language, scopes))
            for rule, others in owners_by_scopes[scopes][which]:
                if number not in numbers[rule] and (not others or texts.contains_all(number, others)):
                    numbers[rule].add(number)
        return ((rule, some) for rule, some in numbers.items() if some)

    def prepare(self) -> None:
        """Compile the searches."""
        self._first.hits(b"")
        self._further.hits(b"")

    @cached_property
    def _rules_for(self) -> Callable[[str, str, frozenset[str]], frozenset[Rule]]:
        """Return the rules for a kind of source, a language and the scopes of a block."""

        @lru_cache(_SORTS)
        def rules_for(kind: str, language: str, scopes: frozenset[str]) -> frozenset[Rule]:
            rules = (query.rule for query in self.rules if query.looks(scopes))
            return frozenset(rule for rule in rules if is_for(rule, kind, language))

        return rules_for

    @cached_property
    def _owners(self) -> Callable[[frozenset[Rule]], _Owners]:
        """Return which of some rules need each literal of the first sets, with the numbers of further literals."""
        every: list[list[Owner]] = [[] for _ in self._first_texts]
        first, further = self._first_texts, self._further_texts
        for query in self.rules:
            owner = query.rule, tuple(frozenset(map(further.__getitem__, some)) for some in query.literals[1:])
            for text in query.literals[0]:
                every[first[text]].append(owner)
        return lru_cache(_GROUPS)(partial(_Owners, every))

    @cached_property
    def _first_texts(self) -> dict[str, int]:
        """The literals of first sets, with their numbers."""
        return _numbered(query.literals[0] for query in self.rules)

    @cached_property
    def _further_texts(self) -> dict[str, int]:
        """The literals of further sets, with their numbers."""
        return _numbered(others for query in self.rules for others in query.literals[1:])

    @cached_property
    def _first(self) -> Scanner:
        return scanner([text.encode(*_CODEC) for text in self._first_texts])

    @cached_property
    def _further(self) -> Scanner:
        return scanner([text.encode(*_CODEC) for text in self._further_texts])


class _Owners(dict[int, list[Owner]]):
    """The owners of each literal that are among some rules, computed when the literal is first found."""

    def __init__(self, every: Sequence[Sequence[Owner]], rules: frozenset[Rule]) -> None:
        super().__init__()
        self._every, self._rules = every, rules

    def __missing__(self, which: int) -> list[Owner]:
        owners = self[which] = [owner for owner in self._every[which] if owner[0] in self._rules]
        return owners


class _FoldedBlocks:
    """The folded texts of blocks, joined and in bytes; `further` searches one of them, at most once."""

    def __init__(self, data: bytes, further: Callable[[bytes], set[int]]) -> None:
        self._data, self._further = data, further
        self._contained: dict[int, set[int]] = {}

    def number(self, place: int) -> int:
        """Return the index of the block that contains a literal ending at `place`."""
        return bisect_left(self._ends, place)

    def contains_all(self, number: int, sets: Sets) -> bool:
        """Whether a block contains one literal of each of `sets`."""
        contained = self._contained.get(number)
        if contained is None:
            text = self._data[self._ends[number - 1] if number else 0 : self._ends[number]]
            contained = self._contained[number] = self._further(text)
        return not any(map(contained.isdisjoint, sets))

    @cached_property
    def _ends(self) -> list[int]:
        return [*(end.start() for end in _BETWEEN.finditer(self._data)), len(self._data)]


def _numbered(sets: Iterable[Texts]) -> dict[str, int]:
    """Number the literals."""
    return {text: number for number, text in enumerate(sorted(frozenset[str]().union(*sets)))}


# Search for many literals at once.

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
