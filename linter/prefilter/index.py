"""Index rules by the literals, characters and beginnings of lines they need; run them only where these appear."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from linter import patterns
from linter.analysis import syntax_tree
from linter.analysis.pattern_base import Pick
from linter.analysis.syntax_tree import folded, folded_addresses, folded_source, folded_text
from linter.checks.boilerplate._line_beginnings import Beginnings
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.document import ADDRESSES, DERIVED, SCOPES, Block, Document, expand_scopes, join_anchor_texts, join_blocks
from linter.prefilter import NoPrefilter, is_active
from linter.prefilter.scan import LiteralQuery, ScopeIndex
from linter.rule import Rule

if TYPE_CHECKING:
    from linter.analysis.literals import Literals
    from linter.analysis.syntax_tree import CharPattern

_BETWEEN = patterns.lazy("\x00")  # two blocks
_GROUPS = 256  # of rules that need odd characters, for which their plan is kept
_OWN_BLOCKS = ""  # the name of the index of the document's own blocks
_FROM_OWN_BLOCKS = frozenset({"lead", "opening", "closing"})  # derived scopes that are made of them

Candidate = tuple[Rule, Block | Document]


@dataclass(frozen=True)
class IndexedPrefilter:
    """Equal to NoPrefilter of the same rules, but for candidates that are certain to find nothing.

    Rules whose check declares its needs run where these are met; all others always run.
    """

    rules: tuple[Rule, ...]

    def prepare(self) -> None:
        """Compute ahead what is otherwise computed for the first document."""
        for rule in self.rules:
            if prepare := getattr(rule.check, "prepare", None):
                prepare()
        len(self._beginning)
        for _, index in self._indexes:
            index.prepare()

    def candidates(self, document: Document) -> Iterator[Candidate]:
        own = document.joined_text
        for parts, plan in self._always.items():
            if not parts or not parts.isdisjoint(document.parts):
                yield from plan.candidates(document)
        for rule, pick in self._picking:
            if is_active(rule, document):
                yield from ((rule, block) for block in pick(document.blocks_in(rule.scope, rule.not_scope)))
        yield from self._by_chars(document, own)
        yield from self._by_glance(document, own)
        del own
        yield from self._by_lines(document)
        for name, index in self._indexes:
            blocks = partial(_blocks, name, document)
            for rule, numbers in index.candidates(document, blocks, _folded(name, document)):
                if rule.looks_at == "document":
                    yield rule, document
                elif name == _OWN_BLOCKS and not rule.scope.isdisjoint(_FROM_OWN_BLOCKS):
                    yield from ((rule, block) for block in _own_blocks(rule, document, document.blocks, numbers))
                else:
                    every = blocks()
                    yield from ((rule, every[number]) for number in sorted(numbers))

    def _by_chars(self, document: Document, own: str) -> Iterator[Candidate]:
        """Yield the rules that need odd characters of the document, with the blocks that contain them."""
        if self._by_char_pattern["document"]:
            some = _fitting(self._by_char_pattern["document"], syntax_tree.odd_characters(document.source.text))
            yield from self._plain(tuple(some)).candidates(document)
        if self._by_char_pattern["block"]:
            odd = syntax_tree.odd_characters(own).replace("\x00", "").replace("\x1a", "\x1a\x00")  # as `joined` made it
            some = _fitting(self._by_char_pattern["block"], odd)
            beyond = min(odd, default="") > "\x7f"  # so that nothing of ASCII alone has any
            for rule, block in self._plain(tuple(some)).candidates(document):
                assert isinstance(block, Block)
                if not (beyond and block.text.isascii()) and some[rule].search(block.text):
                    yield rule, block

    def _by_glance(self, document: Document, own: str) -> Iterator[Candidate]:
        """Yield the rules whose glance at all blocks finds something, with the blocks concerned."""
        ends: list[int] = []
        for rule, glance in self._glancing:
            if is_active(rule, document) and (places := sorted(glance(own))):
                ends = ends or [end.start() for end in _BETWEEN.finditer(own)]
                numbers = [bisect_left(ends, place) for place in places]
                yield from ((rule, block) for block in _own_blocks(rule, document, document.blocks, numbers))

    def _by_lines(self, document: Document) -> Iterator[Candidate]:
        """Yield the rules that need a line with one of the beginnings in the document."""
        owners, every = self._beginning
        if matched := standalone_lines(document).beginning_index.matched(every) if owners else ():
            some = {rule for beginning in matched for rule in owners[beginning]}
            yield from ((rule, document) for rule in some if is_active(rule, document))

    @cached_property
    def _plain(self) -> Callable[[tuple[Rule, ...]], NoPrefilter]:
        """Return the prefilter of some of the rules, cached for rules that run together."""
        return lru_cache(_GROUPS)(NoPrefilter)

    @cached_property
    def _needs(self) -> Sequence[tuple[Rule, Needs]]:
        return [(rule, needs_of(rule)) for rule in self.rules]

    @cached_property
    def _needless(self) -> list[tuple[Rule, Needs]]:
        """The rules that need neither literals nor characters."""
        return [(rule, need) for rule, need in self._needs if need.literals is None and not _chars(rule, need)]

    @cached_property
    def _always(self) -> dict[frozenset[str], NoPrefilter]:
        """The rules that run whatever the text contains, by the parts that a document must have."""
        others = {rule for rule, _ in (*self._glancing, *self._picking)}
        rest: dict[frozenset[str], list[Rule]] = defaultdict(list)
        for rule, need in self._needless:
            if rule not in others and need.begins is None:
                rest[need.parts].append(rule)
        return {parts: NoPrefilter(tuple(rules)) for parts, rules in rest.items()}

    @cached_property
    def _glancing(self) -> list[tuple[Rule, Glance]]:
        """The rules that need only a glance at the document's own blocks."""
        return [(rule, need.glance) for rule, need in self._needless if need.glance and _looks_at_own(rule)]

    @cached_property
    def _picking(self) -> list[tuple[Rule, Pick]]:
        """The rules that pick blocks themselves."""
        glancing = {rule for rule, _ in self._glancing}
        return [(rule, need.pick) for rule, need in self._needless if need.pick and rule not in glancing]

    @cached_property
    def _beginning(self) -> tuple[Mapping[str, Sequence[Rule]], Beginnings]:
        """The beginnings of lines, each with the rules that need it; and all of them as one."""
        owners = defaultdict(list)
        for rule, need in self._needs:
            for beginning in need.begins or ():
                owners[beginning].append(rule)
        return dict(owners), Beginnings(owners)

    @cached_property
    def _by_char_pattern(self) -> dict[str, list[tuple[Rule, syntax_tree.CharPattern]]]:
        """The rules that need characters and no literals, by what they look at."""
        found: dict[str, list[tuple[Rule, syntax_tree.CharPattern]]] = {"block": [], "document": []}
        for rule, need in self._needs:
            if need.literals is None and (fits := _chars(rule, need)):
                found[rule.looks_at].append((rule, fits))
        return found

    @cached_property
    def _indexes(self) -> Sequence[tuple[str, ScopeIndex]]:
        """The indexes of literals: for the document's own blocks, and for those of each derived scope."""
        queries = defaultdict(list)
        for rule, need in self._needs:
            if need.literals is not None:
                for name in _index_names(need):
                    queries[name].append(LiteralQuery(rule, need.literals, *_scopes(rule, own=name == _OWN_BLOCKS)))
        return [(name, ScopeIndex(tuple(queries[name]), _scopes_of(name))) for name in sorted(queries)]


def _chars(rule: Rule, need: Needs) -> syntax_tree.CharPattern | None:
    """Return the characters that the rule needs, if it looks at the blocks in which they are collected."""
    return need.chars if rule.looks_at == "document" or _looks_at_own(rule) else None


def _fitting(rules: Iterable[tuple[Rule, syntax_tree.CharPattern]], odd: str) -> dict[Rule, syntax_tree.CharPattern]:
    """Return the rules that need one of the odd characters."""
    return {rule: fits for rule, fits in rules if fits.search(odd)} if odd else {}


def _looks_at_own(rule: Rule) -> bool:
    """Whether the blocks that a rule looks at are the document's own."""
    return DERIVED.isdisjoint(rule.scope - _FROM_OWN_BLOCKS)


def _own_blocks(rule: Rule, document: Document, blocks: Sequence[Block], numbers: Iterable[int]) -> Iterable[Block]:
    """Return the document's own blocks with these numbers that the rule looks at."""
    if not rule.scope.isdisjoint(_FROM_OWN_BLOCKS):
        some = {id(blocks[number]) for number in numbers}
        looked = document.blocks_in(rule.scope - (DERIVED - _FROM_OWN_BLOCKS), rule.not_scope)
        return (block for block in looked if id(block) in some)
    wanted, unwanted = expand_scopes(rule.scope), expand_scopes(rule.not_scope)
    chosen = (blocks[number] for number in sorted(set(numbers)))
    return (b for b in chosen if not wanted.isdisjoint(b.scopes) and unwanted.isdisjoint(b.scopes))


def _scopes(rule: Rule, *, own: bool) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The scopes of which a block has one for the rule to look at it, None for any, and those of which it has none.

    `own` says that it is one of the document's own blocks.
    """
    if rule.looks_at == "document" or (own and not rule.scope.isdisjoint(_FROM_OWN_BLOCKS)):
        return None, frozenset()
    return expand_scopes(rule.scope) if own else None, expand_scopes(rule.not_scope)


def _index_names(need: Needs) -> Iterator[str]:
    derived = need.within & DERIVED - _FROM_OWN_BLOCKS
    if need.within - derived:
        yield _OWN_BLOCKS
    yield from derived


def _scopes_of(name: str) -> frozenset[str] | None:
    """Return the scopes that all blocks of an index have, None if they differ."""
    return None if name == _OWN_BLOCKS else frozenset({name})


def _folded(name: str, document: Document) -> str:
    """Return the folded text of the blocks of an index, joined; blocks of links need not be built for it."""
    if name == _OWN_BLOCKS:
        return folded_text(document)
    if name == "source":
        return folded_source(document)
    if name in ADDRESSES:
        return folded_addresses(document, name)
    if name == "link.text":
        return folded(join_anchor_texts(document.anchor_texts))
    return folded(join_blocks(_blocks(name, document)))


def _blocks(name: str, document: Document) -> Sequence[Block]:
    """Return the blocks of an index."""
    return document.blocks if name == _OWN_BLOCKS else tuple(document.blocks_in(frozenset({name})))


# The needs of a check, and the same as plain data for the cache.

Glance = Callable[[str], Iterable[int]]
_CLASS = patterns.lazy(r"\[(?:[^\[\]\\]|\\.)+\]\+?", re.DOTALL)  # one character, or several: it cannot backtrack
_FLAGS, _FLAGS_REGEX = 32, 16_672  # `re.U`, and those that `regex` gives a pattern of VERSION1
OWN_SCOPES = SCOPES - DERIVED  # the scopes of a document's own blocks


class Needs(NamedTuple):
    """What a document must have for a rule to find anything; None or empty if unknown.

    `literals`: sets of folded texts, of each of which one is in a block that the rule looks at or, if it looks at
    documents, in one of the scopes `within`. `chars` matches single odd characters, of which one is in that block, or
    in the source. `glance` takes the texts of blocks, with what no text holds between
    them, and gives places: one, at least, in each block that is worth a look; `pick` takes the blocks
    themselves and gives those. `parts`: names of what a document has (Document.parts), of which there is one.
    `begins`: beginnings of lines (see `_line_beginnings`), of which there is one, unless what
    `literals` says stands in the document.
    """

    literals: Literals | None
    chars: CharPattern | None
    within: frozenset[str]
    glance: Glance | None = None
    pick: Pick | None = None
    parts: frozenset[str] = frozenset()
    begins: frozenset[str] | None = None


class Stored(NamedTuple):
    """Needs as plain data, as the cache has them. Of what is a function it says that there is one.

    `chars` is a class of characters, or "" for none; `of_regex` says that it is one of `regex`.
    """

    literals: tuple[frozenset[str], ...] | None
    within: frozenset[str]
    parts: frozenset[str]
    begins: frozenset[str] | None
    chars: str
    of_regex: bool
    glances: bool
    picks: bool


def needs_of(rule: Rule) -> Needs:
    """Return what the check of a rule declares under these names."""
    if stored := getattr(rule, "stored", None):
        return _from_data(stored, rule)
    if rule.looks_at == "folder":
        return Needs(None, None, frozenset())
    within = rule.scope if rule.looks_at == "block" else getattr(rule.check, "within", OWN_SCOPES)
    literals, chars, glance = (getattr(rule.check, name, None) for name in ("literals", "chars", "glance"))
    if within <= ADDRESSES:
        literals = getattr(rule.check, "literals_in_addresses", literals)
    may_pick = literals is None and chars is None and rule.looks_at == "block"
    pick: Pick | None = getattr(rule.check, "pick", None) if may_pick else None
    parts: frozenset[str] = getattr(rule.check, "parts", frozenset())
    begins: frozenset[str] | None = getattr(rule.check, "begins", None)
    return Needs(literals, chars, within, glance, pick, parts, begins)


def needs_data(need: Needs) -> Stored | None:
    """Return what a rule needs as plain data, for `needs_of` to find as its `stored`; None if that is not possible."""
    pattern: Any = need.chars
    chars = pattern.pattern if pattern else ""
    of_regex = bool(pattern) and type(pattern.search.__self__).__module__ != "re"
    if chars and (not _CLASS.fullmatch(chars) or int(pattern.flags) != (_FLAGS_REGEX if of_regex else _FLAGS)):
        return None
    picks = need.glance is not None, need.pick is not None
    return Stored(need.literals, need.within, need.parts, need.begins, chars, of_regex, *picks)


def are_sound(stored: Stored) -> bool:
    """Whether `needs_data` can have made it."""
    return not stored.chars or bool(_CLASS.fullmatch(stored.chars))


def _from_data(stored: Stored, rule: Rule) -> Needs:
    """Restore needs from plain data; the check of the rule is created when one of its functions is first called."""
    chars = None
    if stored.chars:
        chars = (
            patterns.lazy_regex(stored.chars, _FLAGS_REGEX) if stored.of_regex else patterns.lazy(stored.chars, _FLAGS)
        )

    def glance(text: str) -> Iterable[int]:
        return rule.check.glance(text)  # type: ignore[union-attr,no-any-return]

    def pick(blocks: Iterable[Block]) -> Iterable[Block]:
        return rule.check.pick(blocks)  # type: ignore[union-attr,no-any-return]

    return Needs(
        stored.literals,
        chars,
        stored.within,
        glance if stored.glances else None,
        pick if stored.picks else None,
        stored.parts,
        stored.begins,
    )
