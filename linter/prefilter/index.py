"""Index rules by the literals and odd characters that they need, and run the rules only where these occur."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

import regex

from linter import patterns
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import odd_characters
from linter.document import DERIVED, MARKUPS, PROSE, Block, Document, expand_scopes
from linter.folding import folded_view
from linter.prefilter import Candidate, NoPrefilter, is_active, is_for
from linter.record import record
from linter.rule import CheckIndex, Needs, Rule
from linter.views import NUL, TextView, per_document

# Blocks of derived scopes (`document.DERIVED`), such as URLs, are made from other parts of a document. All other blocks
# are the document's own. There are three indexes for the document's own blocks, with these names: one for blocks with a
# prose scope, one for blocks with only code, and one for all others.
_STORY, _CODE, _REST = _OWN = ("story", "only code", "rest")
_SCOPES = {"blocks": _OWN, "links": ("link.url", "link.text"), "images": ("image.url",)}  # index names by needed part
_EDGES = frozenset({"lead", "opening", "closing"})  # derived scopes that consist of the document's own blocks
# The indexes for scopes whose blocks are not (only) in `_STORY`.
_ELSEWHERE = {"code": (_CODE, _STORY), "alt": (_REST,), "metadata": (_REST,), "title": (_REST, _STORY)}
_ELSEWHERE |= {"boilerplate": (_REST, _STORY)}
_SHORT = 16  # maximum literals in a set for which separate searches are faster
_GROUPS = 256  # number of groups of rules with odd characters for which a prefilter is cached
_SORTS = 1024  # number of sets of scopes for which rules are cached; each metadata key has its own set
_LANGUAGES = 64  # number of combinations of markup and language for which indexes of checks are cached


class _Set(NamedTuple):
    """A set of literals of a rule, other than the rule's first set.

    A small set has its literals in `texts`, and a large one the numbers of its literals in `numbers`.
    """

    texts: Sequence[str]
    numbers: frozenset[int]


Sets = tuple[_Set, ...]


@record
class IndexedPrefilter:
    """Selects what NoPrefilter selects, except rules with blocks or documents in which they are certain not to match.

    Each rule is selected in one way, by the first of these that its check declares:
    1. an index of its kind of check (see `rule.CheckIndex`)
    2. literals (see `rule.Needs`)
    3. odd characters, unless the rule has a derived scope such as `link.url` (see `_by_chars`)
    4. parts that the document must have
    5. a test of the text of a block, `may_match` (see `rule.BlockCheck`)

    All other rules always run.
    """

    rules: tuple[Rule, ...]

    def prepare(self) -> None:
        """Build the searches for Markdown in advance, so that forked worker processes share them."""
        for index in self._by_literals[MARKUPS[0]]:
            index.prepare()

    def candidates(self, document: Document) -> Iterator[Candidate]:
        for parts, plain in self._by_parts.items():
            if not parts or not parts.isdisjoint(document.parts):
                yield from plain.candidates(document)
        for of_kind, rules in self._by_index(document.markup, document.language):
            for number in sorted(of_kind.hits(document)):
                yield rules[number], document
        for rule, may_match in self._by_test.items():
            if is_active(rule, document):
                for block in document.blocks_in(rule.scope, rule.not_scope):
                    if may_match(block.text):
                        yield rule, block
        yield from self._with_odd_characters(document)
        done = set()  # rules that run on the document
        for index in self._by_literals[document.markup]:
            for rule, where in index.candidates(document):
                if isinstance(where, Document):
                    if rule in done:
                        continue
                    done.add(rule)
                yield rule, where

    def _with_odd_characters(self, document: Document) -> Iterator[Candidate]:
        """Yield rules that need odd characters, each with the document or a block that contains one of them."""
        odd = odd_characters("".join([block.text for block in document.blocks]))
        odd_in = {"document": odd_characters(document.source.text), "block": odd}
        some = tuple(rule for rule, chars in self._by_chars.items() if chars.search(odd_in[rule.looks_at]))
        beyond = min(odd, default="") > "\x7f"  # then ASCII blocks contain no odd characters
        for rule, where in self._plain(some).candidates(document):
            contains = self._by_chars[rule].search
            if isinstance(where, Document) or (not (beyond and where.text.isascii()) and contains(where.text)):
                yield rule, where

    @cached_property
    def _plain(self) -> Callable[[tuple[Rule, ...]], NoPrefilter]:
        """A function that returns a NoPrefilter for a group of rules, and caches the results."""
        return lru_cache(_GROUPS)(NoPrefilter)

    @cached_property
    def _by_index(self) -> Callable[[str, str], Sequence[tuple[CheckIndex, Sequence[Rule]]]]:
        """A function that takes a markup and a language, and returns check indexes, each with its rules."""

        @lru_cache(_LANGUAGES)
        def by_index(markup: str, language: str) -> Sequence[tuple[CheckIndex, Sequence[Rule]]]:
            found: dict[Callable[[Sequence[Any]], CheckIndex], list[Rule]] = defaultdict(list)
            for rule in self.rules:
                if rule.indexed and is_for(rule, markup, language):
                    found[rule.index].append(rule)  # type: ignore[index]
            return [(index([rule.check for rule in rules]), rules) for index, rules in found.items()]

        return by_index

    @cached_property
    def _others(self) -> Sequence[Rule]:
        """The rules whose kind of check has no index."""
        return [rule for rule in self.rules if not rule.indexed]

    @cached_property
    def _by_parts(self) -> dict[frozenset[str], NoPrefilter]:
        """The rules that are selected by parts of a document or always run, as a NoPrefilter for each set of parts."""
        by_parts: dict[frozenset[str], list[Rule]] = defaultdict(list)
        for rule in self._others:
            if rule.needs.literals is None and rule not in self._by_chars and rule not in self._by_test:
                by_parts[rule.needs.parts].append(rule)
        return {parts: NoPrefilter(tuple(rules)) for parts, rules in by_parts.items()}

    @cached_property
    def _by_test(self) -> dict[Rule, Callable[[str], bool]]:
        """The quick tests of a text (`may_match`), by rule. Rules that declare needs have no entry."""
        some = (rule for rule in self.rules if rule.looks_at == "block" and rule.needs == Needs())
        return {rule: test for rule in some if (test := getattr(rule.check, "may_match", None))}

    @cached_property
    def _by_chars(self) -> dict[Rule, regex.Pattern[str]]:
        """The rules that are selected by odd characters, each with a pattern for these characters."""
        return {
            rule: patterns.lazy_regex(rule.needs.chars, regex.VERSION1)
            for rule in self._others
            if rule.needs.chars
            and rule.needs.literals is None
            # Odd characters are not collected from other derived scopes
            and (rule.looks_at == "document" or rule.scope.isdisjoint(DERIVED - _EDGES))
        }

    @cached_property
    def _by_literals(self) -> Mapping[str, Sequence[_LiteralIndex]]:
        """The literal indexes, by markup."""
        return {markup: [*self._indexes(markup)] for markup in MARKUPS}

    def _indexes(self, markup: str) -> Iterator[_LiteralIndex]:
        by_scope = defaultdict(list)
        for rule in self._others:
            if rule.needs.literals is not None and (not rule.formats or markup in rule.formats):
                for scope in _scopes(rule):
                    by_scope[scope].append(rule)
        return (_LiteralIndex(scope, tuple(by_scope[scope])) for scope in sorted(by_scope))


def _scopes(rule: Rule) -> Collection[str]:
    """Return the names of the indexes in which the literals of a rule are searched for."""
    if rule.looks_at == "document":
        parts = rule.needs.parts
        return {scope for part in parts for scope in _SCOPES[part]} if parts and parts <= _SCOPES.keys() else _OWN
    derived = rule.scope & DERIVED - _EDGES
    own = (_ELSEWHERE.get(scope.split(".")[0], (_STORY,)) for scope in rule.scope - derived)
    return derived.union(*own)


@lru_cache(_SORTS)
def _name_of(scopes: frozenset[str]) -> str:
    """Return the name of the index for blocks with these scopes."""
    return _CODE if "code" in scopes and scopes.isdisjoint(PROSE) else _REST if scopes.isdisjoint(PROSE) else _STORY


@per_document
def _own_blocks(document: Document) -> Mapping[str, tuple[Sequence[Block], TextView]]:
    """Return the document's own blocks and a view of their folded texts, by the names of their indexes."""
    found: dict[str, tuple[list[Block], list[str]]] = {name: ([], []) for name in _OWN}
    names = {scopes: _name_of(scopes) for scopes in document.blocks_by_scopes}
    for block, text in zip(document.blocks, folded_view(document).text.split(NUL), strict=False):
        blocks, texts = found[names[block.scopes]]
        blocks.append(block)
        texts.append(text)
    return {name: (blocks, TextView(texts, NUL)) for name, (blocks, texts) in found.items()}


@record(eq=False)
class _LiteralIndex:
    """An index of rules by their literals, for some of the document's own blocks (see _OWN) or for a derived scope.

    The first sets of literals of all rules are searched for together. The other sets of a rule are searched for only in
    blocks that contain a literal of the first set.
    """

    scope: str
    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[Candidate]:
        blocks, view = self._searched(document)
        if not view.text:
            return
        for rule, numbers in self._found(document, blocks, view):
            if rule.looks_at == "document":
                yield rule, document
            else:
                for where in self._where(rule, numbers, document, blocks):
                    yield rule, where

    def _searched(self, document: Document) -> tuple[Sequence[Block] | None, TextView]:
        """Return the blocks (None for a derived scope) and the text in which literals are searched for."""
        return _own_blocks(document)[self.scope] if self.scope in _OWN else (None, folded_view(document, self.scope))

    def _found(
        self, document: Document, blocks: Sequence[Block] | None, view: TextView
    ) -> Iterator[tuple[Rule, Sequence[int]]]:
        """Yield each rule with the numbers, in order, of the blocks that contain its literals."""
        found: dict[Rule, set[int]] = defaultdict(set)
        number, low, high = 0, 0, -1
        scopes = frozenset({self.scope})
        for which, start in self._first.hits(view.text):
            if not low <= start < high:  # the literal is in another block than the previous one
                number = view.number(start)
                low, high = view.starts[number], view.starts[number + 1]
                owners = self._owners(document.markup, document.language, blocks[number].scopes if blocks else scopes)
                done: set[int] = set()
                contains = self._contains(view, number)
            if which not in done:
                done.add(which)
                for rule, others in owners[which]:
                    if number not in found[rule] and all(map(contains, others)):
                        found[rule].add(number)
        return ((rule, sorted(numbers)) for rule, numbers in found.items() if numbers)

    def _contains(self, view: TextView, number: int) -> Callable[[_Set], bool]:
        """Return a function that takes a set of literals and tests whether the block `number` contains one of them."""
        part: str | None = None
        contained: set[int] | None = None

        def contains(some: _Set) -> bool:
            nonlocal part, contained
            if part is None:
                part = view.part(number)
            if some.texts:
                return any(map(part.__contains__, some.texts))
            # The text is scanned only once for all large sets.
            if contained is None:
                contained = self._further.contained(part)
            return not some.numbers.isdisjoint(contained)

        return contains

    def _where(
        self, rule: Rule, numbers: Iterable[int], document: Document, blocks: Sequence[Block] | None
    ) -> Iterable[Block]:
        """Return the blocks on which to run a rule, given the numbers of the blocks that contain its literals."""
        if blocks is None:
            blocks = tuple(document.blocks_in(frozenset({self.scope})))
        if self.scope != _STORY or rule.scope.isdisjoint(_EDGES):
            return (blocks[number] for number in numbers)
        some = {id(blocks[number]) for number in numbers}  # scopes do not show which blocks are at the edge
        looked_at = document.blocks_in(rule.scope - (DERIVED - _EDGES), rule.not_scope)
        return (block for block in looked_at if id(block) in some)

    def prepare(self) -> None:
        """Create the scanners in advance."""
        self._first.prepare()
        self._further.prepare()

    @cached_property
    def _owners(self) -> Callable[[str, str, frozenset[str]], _Owners]:
        """A function that returns the rules for a markup, a language and a set of scopes (see `_Owners`)."""
        return lru_cache(_SORTS)(partial(_Owners, [*self._by_literal.values()], lru_cache(None)(self._sets)))

    def _sets(self, rule: Rule) -> Sets:
        """Return the sets of literals of a rule except the first."""
        numbers = self._further_numbers.__getitem__
        return tuple(
            _Set(sorted(texts), frozenset()) if len(texts) <= _SHORT else _Set((), frozenset(map(numbers, texts)))
            for texts in (rule.needs.literals or ())[1:]
        )

    @cached_property
    def _by_literal(self) -> Mapping[str, list[Rule]]:
        """The rules by each literal in their first sets."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            for text in (rule.needs.literals or ((),))[0]:
                found[text].append(rule)
        return found

    @cached_property
    def _further_numbers(self) -> Mapping[str, int]:
        """The number of each literal in the other sets of all rules."""
        sets = (texts for rule in self.rules for texts in (rule.needs.literals or ())[1:])
        return {text: number for number, text in enumerate(frozenset[str]().union(*sets))}

    @cached_property
    def _first(self) -> Scanner:
        return scanner([*self._by_literal])

    @cached_property
    def _further(self) -> Scanner:
        return scanner([*self._further_numbers])


class _Owners(dict[int, list[tuple[Rule, Sets]]]):
    """The rules to consider for certain blocks, by the number of a literal in the first set of the rule.

    Each rule comes with its other sets of literals.
    """

    def __init__(
        self,
        owners: Sequence[Sequence[Rule]],
        sets: Callable[[Rule], Sets],
        markup: str,
        language: str,
        scopes: frozenset[str],
    ) -> None:
        super().__init__()
        self._owners, self._sets = owners, sets
        self._markup, self._language, self._scopes = markup, language, scopes

    def __missing__(self, which: int) -> list[tuple[Rule, Sets]]:
        some = self[which] = [(rule, self._sets(rule)) for rule in self._owners[which] if self._are_for(rule)]
        return some

    def _are_for(self, rule: Rule) -> bool:
        if not is_for(rule, self._markup, self._language):
            return False
        if rule.looks_at == "document" or not rule.scope.isdisjoint(_EDGES):
            return True
        wanted, unwanted = expand_scopes(rule.scope), expand_scopes(rule.not_scope)
        return not wanted.isdisjoint(self._scopes) and unwanted.isdisjoint(self._scopes)
