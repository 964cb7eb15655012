"""The plan that asks a rule for blocks only about those which hold a literal of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from linter.document import DERIVED, Block, Document, expand
from linter.plan import PlainPlan, speaks
from linter.planning.folding import folded
from linter.planning.scanning import Scanner, scanner
from linter.rule import Rule, looks_at

_OWN = ""  # the field of the document's own blocks
_OF_OWN = frozenset({"lead", "opening", "closing"})  # derived scopes that are made of them
_BETWEEN = " \x00 "  # two blocks


@dataclass(frozen=True)
class FastPlan:
    """Equal to PlainPlan of the same rules, but for what is sure to find nothing.

    A rule whose check names its `literals` is asked about the blocks that hold one of them; all others are asked
    always.
    """

    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        yield from self._always.candidates(document)
        for name, searched in self._fields:
            blocks = document.blocks if name == _OWN else tuple(document.blocks_in(frozenset({name})))
            yield from searched.candidates(document, blocks)

    @cached_property
    def _always(self) -> PlainPlan:
        """The rules that are asked whatever the text holds."""
        return PlainPlan(tuple(rule for rule in self.rules if literals(rule) is None))

    @cached_property
    def _fields(self) -> Sequence[tuple[str, _Field]]:
        """Where to look for what: in the document's own blocks, and in those of each derived scope."""
        rules = defaultdict(list)
        for rule in self.rules:
            for name in _fields_of(rule) if literals(rule) is not None else ():
                rules[name].append(rule)
        return [(name, _Field(name, tuple(rules[name]))) for name in sorted(rules)]


def literals(rule: Rule) -> frozenset[str] | None:
    """What must stand in a block for a rule to find anything there, in folded form; None where nothing must."""
    found: frozenset[str] | None = getattr(rule.check, "literals", None) if looks_at(rule.check) == "block" else None
    return found


def _fields_of(rule: Rule) -> Iterator[str]:
    derived = rule.scope & DERIVED - _OF_OWN
    if rule.scope - derived:
        yield _OWN
    yield from derived


@dataclass(frozen=True, eq=False)
class _Field:
    """The rules that look at one sort of blocks, with one search for all of their literals."""

    name: str
    rules: tuple[Rule, ...]
    _speaking: dict[tuple[str, str], frozenset[Rule]] = field(default_factory=dict)

    def candidates(self, document: Document, blocks: Sequence[Block]) -> Iterator[tuple[Rule, Block]]:
        """The rules and blocks that hold a literal of them; of one rule in the order of the blocks."""
        key = document.kind, document.language
        speaking = self._speaking.get(key)
        if speaking is None:
            speaking = self._speaking[key] = frozenset(rule for rule in self.rules if speaks(rule, document))
        numbers: dict[Rule, set[int]] = defaultdict(set)
        for which, number in self._hits(blocks):
            for rule in self._owners[which]:
                if rule in speaking:
                    numbers[rule].add(number)
        for rule, some in numbers.items():
            for block in self._seen(rule, document, blocks, some):
                yield rule, block

    def _seen(self, rule: Rule, document: Document, blocks: Sequence[Block], numbers: set[int]) -> Iterable[Block]:
        """Those of the blocks with these numbers that the rule looks at."""
        if self.name == _OWN and not rule.scope.isdisjoint(_OF_OWN):
            some = {id(blocks[number]) for number in numbers}
            own = frozenset(rule.scope - (DERIVED - _OF_OWN))
            return (block for block in document.blocks_in(own, rule.not_scope) if id(block) in some)
        wanted, unwanted = expand(rule.scope), expand(rule.not_scope)
        chosen = (blocks[number] for number in sorted(numbers))
        if self.name != _OWN:
            return (block for block in chosen if unwanted.isdisjoint(block.scopes))
        return (b for b in chosen if not wanted.isdisjoint(b.scopes) and unwanted.isdisjoint(b.scopes))

    def _hits(self, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
        """(literal, block) by their numbers, of all that hold one, perhaps repeatedly."""
        text = _form(blocks)
        number = done = 0
        for which, start in sorted(self._scanner.hits(text), key=_place):
            number += text.count(b"\x00", done, start)
            done = start
            yield which, number

    @cached_property
    def _literals(self) -> dict[str, list[Rule]]:
        owners = defaultdict(list)
        for rule in self.rules:
            for literal in literals(rule) or ():
                owners[literal].append(rule)
        return owners

    @cached_property
    def _owners(self) -> list[list[Rule]]:
        return list(self._literals.values())

    @cached_property
    def _scanner(self) -> Scanner:
        return scanner([literal.encode("utf-8", "surrogatepass") for literal in self._literals])


def _place(hit: tuple[int, int]) -> int:
    return hit[1]


def _form(blocks: Sequence[Block]) -> bytes:
    """The texts of the blocks in folded form, one after the other."""
    joined = _BETWEEN.join([block.text for block in blocks])
    if joined.count("\x00") != max(0, len(blocks) - 1):
        joined = _BETWEEN.join([block.text.replace("\x00", "\x1a") for block in blocks])
    return folded(joined).encode("utf-8", "surrogatepass")
