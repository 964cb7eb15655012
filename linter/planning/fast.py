"""The plan that asks a rule only about what holds a literal or a sign that it needs."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from linter import late
from linter.block import Block
from linter.document import ADDRESSES, DERIVED, Document, expand, joined, joined_anchors
from linter.plan import PlainPlan, speaks
from linter.planning import needs, signs
from linter.planning.beginnings import Beginnings
from linter.planning.field import Field, Sought
from linter.planning.folding import folded, form_of, form_of_addresses, form_of_source
from linter.planning.shapes import Pick
from linter.prose.ownlines import own_lines
from linter.rule import Rule

_BETWEEN = late.pattern("\x00")  # two blocks
_GROUPS = 256  # of rules that need odd characters, for which their plan is kept
_OWN = ""  # the field of the document's own blocks
_OF_OWN = frozenset({"lead", "opening", "closing"})  # derived scopes that are made of them

Candidate = tuple[Rule, Block | Document]


@dataclass(frozen=True)
class FastPlan:
    """Equal to PlainPlan of the same rules, but for what is sure to find nothing.

    Rules whose check says what it needs (planning.needs) are asked where that stands; all others are asked always.
    """

    rules: tuple[Rule, ...]

    def prepare(self) -> None:
        """Make all that every document needs, which is else made for the first one."""
        for rule in self.rules:
            if prepare := getattr(rule.check, "prepare", None):
                prepare()
        len(self._beginning)
        for _, searched in self._fields:
            searched.prepare()

    def candidates(self, document: Document) -> Iterator[Candidate]:
        own = document.joined
        for among, plan in self._always.items():
            if not among or not among.isdisjoint(document.things):
                yield from plan.candidates(document)
        for rule, pick in self._picking:
            if speaks(rule, document):
                yield from ((rule, block) for block in pick(document.blocks_in(rule.scope, rule.not_scope)))
        yield from self._by_signs(document, own)
        yield from self._by_glance(document, own)
        del own
        yield from self._by_lines(document)
        for name, searched in self._fields:
            blocks = partial(_blocks, name, document)
            for rule, numbers in searched.candidates(document, blocks, _form(name, document)):
                if rule.looks_at == "document":
                    yield rule, document
                elif name == _OWN and not rule.scope.isdisjoint(_OF_OWN):
                    yield from ((rule, block) for block in _seen(rule, document, document.blocks, numbers))
                else:
                    every = blocks()
                    yield from ((rule, every[number]) for number in sorted(numbers))

    def _by_signs(self, document: Document, own: str) -> Iterator[Candidate]:
        """The rules that need odd characters which the document has, and the blocks that have one of them."""
        if self._signed["document"]:
            some = _fitting(self._signed["document"], signs.odd(document.source.text))
            yield from self._plain(tuple(some)).candidates(document)
        if self._signed["block"]:
            odd = signs.odd(own).replace("\x00", "").replace("\x1a", "\x1a\x00")  # as `joined` made it
            some = _fitting(self._signed["block"], odd)
            beyond = min(odd, default="") > "\x7f"  # so that nothing of ASCII alone has any
            for rule, block in self._plain(tuple(some)).candidates(document):
                assert isinstance(block, Block)
                if not (beyond and block.text.isascii()) and some[rule].search(block.text):
                    yield rule, block

    def _by_glance(self, document: Document, own: str) -> Iterator[Candidate]:
        """The rules that see something at a glance at all blocks, with the blocks in which it stands."""
        ends: list[int] = []
        for rule, glance in self._glancing:
            if speaks(rule, document) and (places := sorted(glance(own))):
                ends = ends or [end.start() for end in _BETWEEN.finditer(own)]
                numbers = [bisect_left(ends, place) for place in places]
                yield from ((rule, block) for block in _seen(rule, document, document.blocks, numbers))

    def _by_lines(self, document: Document) -> Iterator[Candidate]:
        """The rules that need a line of the story which begins as one does."""
        owners, every = self._beginning
        if met := own_lines(document).begun.met(every) if owners else ():
            some = {rule for beginning in met for rule in owners[beginning]}
            yield from ((rule, document) for rule in some if speaks(rule, document))

    @cached_property
    def _plain(self) -> Callable[[tuple[Rule, ...]], PlainPlan]:
        """The plan of some of the rules, kept for those that are asked together."""
        return lru_cache(_GROUPS)(PlainPlan)

    @cached_property
    def _needs(self) -> Sequence[tuple[Rule, needs.Needs]]:
        return [(rule, needs.of(rule)) for rule in self.rules]

    @cached_property
    def _needless(self) -> list[tuple[Rule, needs.Needs]]:
        """The rules that need neither literals nor signs."""
        return [(rule, need) for rule, need in self._needs if need.literals is None and not _signs(rule, need)]

    @cached_property
    def _always(self) -> dict[frozenset[str], PlainPlan]:
        """The rules that are asked whatever the text holds, by what a document must have for them."""
        others = {rule for rule, _ in (*self._glancing, *self._picking)}
        rest: dict[frozenset[str], list[Rule]] = defaultdict(list)
        for rule, need in self._needless:
            if rule not in others and need.begins is None:
                rest[need.among].append(rule)
        return {among: PlainPlan(tuple(rules)) for among, rules in rest.items()}

    @cached_property
    def _glancing(self) -> list[tuple[Rule, needs.Glance]]:
        """Those that need nothing but a glance at the document's own blocks."""
        return [(rule, need.glance) for rule, need in self._needless if need.glance and _looks_at_own(rule)]

    @cached_property
    def _picking(self) -> list[tuple[Rule, Pick]]:
        """Those that pick blocks themselves."""
        glancing = {rule for rule, _ in self._glancing}
        return [(rule, need.pick) for rule, need in self._needless if need.pick and rule not in glancing]

    @cached_property
    def _beginning(self) -> tuple[Mapping[str, Sequence[Rule]], Beginnings]:
        """Ways in which lines begin, each with the rules that need one of them, and all of them."""
        owners = defaultdict(list)
        for rule, need in self._needs:
            for beginning in need.begins or ():
                owners[beginning].append(rule)
        return dict(owners), Beginnings(owners)

    @cached_property
    def _signed(self) -> dict[str, list[tuple[Rule, signs.Signs]]]:
        """The rules that need signs and no literals, by what they look at."""
        found: dict[str, list[tuple[Rule, signs.Signs]]] = {"block": [], "document": []}
        for rule, need in self._needs:
            if need.literals is None and (fits := _signs(rule, need)):
                found[rule.looks_at].append((rule, fits))
        return found

    @cached_property
    def _fields(self) -> Sequence[tuple[str, Field]]:
        """Where to look for what: in the document's own blocks, and in those of each derived scope."""
        sought = defaultdict(list)
        for rule, need in self._needs:
            if need.literals is not None:
                for name in _fields_of(need):
                    sought[name].append(Sought(rule, need.literals, *_scopes(rule, own=name == _OWN)))
        return [(name, Field(tuple(sought[name]), _scopes_of(name))) for name in sorted(sought)]


def _signs(rule: Rule, need: needs.Needs) -> signs.Signs | None:
    """The signs that the rule needs, if it looks for them where they are listed."""
    return need.signs if rule.looks_at == "document" or _looks_at_own(rule) else None


def _fitting(rules: Iterable[tuple[Rule, signs.Signs]], odd: str) -> dict[Rule, signs.Signs]:
    """Those of the rules whose signs fit one of the odd characters."""
    return {rule: fits for rule, fits in rules if fits.search(odd)} if odd else {}


def _looks_at_own(rule: Rule) -> bool:
    """Whether the blocks that a rule looks at are the document's own."""
    return DERIVED.isdisjoint(rule.scope - _OF_OWN)


def _seen(rule: Rule, document: Document, blocks: Sequence[Block], numbers: Iterable[int]) -> Iterable[Block]:
    """Those of the document's own blocks with these numbers that the rule looks at."""
    if not rule.scope.isdisjoint(_OF_OWN):
        some = {id(blocks[number]) for number in numbers}
        looked = document.blocks_in(rule.scope - (DERIVED - _OF_OWN), rule.not_scope)
        return (block for block in looked if id(block) in some)
    wanted, unwanted = expand(rule.scope), expand(rule.not_scope)
    chosen = (blocks[number] for number in sorted(set(numbers)))
    return (b for b in chosen if not wanted.isdisjoint(b.scopes) and unwanted.isdisjoint(b.scopes))


def _scopes(rule: Rule, *, own: bool) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The scopes of which a block has one for the rule to look at it, None for any, and those of which it has none.

    `own` says that it is one of the document's own blocks.
    """
    if rule.looks_at == "document" or (own and not rule.scope.isdisjoint(_OF_OWN)):
        return None, frozenset()
    return expand(rule.scope) if own else None, expand(rule.not_scope)


def _fields_of(need: needs.Needs) -> Iterator[str]:
    derived = need.within & DERIVED - _OF_OWN
    if need.within - derived:
        yield _OWN
    yield from derived


def _scopes_of(name: str) -> frozenset[str] | None:
    """The scopes that all blocks of a field have, None where they differ."""
    return None if name == _OWN else frozenset({name})


def _form(name: str, document: Document) -> str:
    """The form of the blocks of a field, joined; those of links need not be made for it."""
    if name == _OWN:
        return form_of(document)
    if name == "source":
        return form_of_source(document)
    if name in ADDRESSES:
        return form_of_addresses(document, name)
    if name == "link.text":
        return folded(joined_anchors(document.anchors))
    return folded(joined(_blocks(name, document)))


def _blocks(name: str, document: Document) -> Sequence[Block]:
    """The blocks of a field."""
    return document.blocks if name == _OWN else tuple(document.blocks_in(frozenset({name})))
