"""Index rules by the literals and odd characters they need, and run them only where these occur."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache, partial

import regex

from linter import patterns
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import odd_characters
from linter.document import DERIVED, Block, Document, expand_scopes
from linter.folding import folded_view
from linter.prefilter import Candidate, NoPrefilter, is_for
from linter.record import record
from linter.rule import Rule

_OWN = ""  # the name of the index of the document's own blocks
_SCOPES = {"blocks": (_OWN,), "links": ("link.url", "link.text"), "images": ("image.url",)}  # of parts of a document
_EDGES = frozenset({"lead", "opening", "closing"})  # derived scopes that consist of own blocks
_GROUPS = 256  # of rules that need odd characters, for which their prefilter is kept
_SORTS = 1024  # sets of scopes for which the rules are cached: metadata has one for each of its keys

Sets = tuple[frozenset[int], ...]  # of literals, by number


@record
class IndexedPrefilter:
    """Equal to NoPrefilter of the same rules, without candidates that are certain to find nothing.

    A rule is selected by the literals its check needs; without literals, by its odd characters; without these, by the
    parts that a document must have. A rule that needs nothing always runs (see `rule.Needs`).
    """

    rules: tuple[Rule, ...]

    def prepare(self) -> None:
        """Compute ahead what is otherwise computed for the first document."""
        for index in self._by_literals:
            index.prepare()

    def candidates(self, document: Document) -> Iterator[Candidate]:
        for parts, plain in self._by_parts.items():
            if not parts or not parts.isdisjoint(document.parts):
                yield from plain.candidates(document)
        yield from self._with_odd_characters(document)
        done = set()  # rules that run on the document
        for index in self._by_literals:
            for rule, where in index.candidates(document):
                if isinstance(where, Document):
                    if rule in done:
                        continue
                    done.add(rule)
                yield rule, where

    def _with_odd_characters(self, document: Document) -> Iterator[Candidate]:
        """Yield the rules that need odd characters of the document, with the blocks that contain them."""
        odd = odd_characters("".join([block.text for block in document.blocks]))
        odd_in = {"document": odd_characters(document.source.text), "block": odd}
        some = tuple(rule for rule, chars in self._by_chars.items() if chars.search(odd_in[rule.looks_at]))
        beyond = min(odd, default="") > "\x7f"  # then no block of ASCII alone contains any
        for rule, where in self._plain(some).candidates(document):
            contains = self._by_chars[rule].search
            if isinstance(where, Document) or (not (beyond and where.text.isascii()) and contains(where.text)):
                yield rule, where

    @cached_property
    def _plain(self) -> Callable[[tuple[Rule, ...]], NoPrefilter]:
        """Return the prefilter of some of the rules, cached for rules that run together."""
        return lru_cache(_GROUPS)(NoPrefilter)

    @cached_property
    def _by_parts(self) -> dict[frozenset[str], NoPrefilter]:
        """The rules that need neither literals nor odd characters, by the parts that a document must have."""
        by_parts: dict[frozenset[str], list[Rule]] = defaultdict(list)
        for rule in self.rules:
            if rule.needs.literals is None and rule not in self._by_chars:
                by_parts[rule.needs.parts].append(rule)
        return {parts: NoPrefilter(tuple(rules)) for parts, rules in by_parts.items()}

    @cached_property
    def _by_chars(self) -> dict[Rule, regex.Pattern[str]]:
        """The rules that need odd characters and no literals, if they look at the text where these are collected."""
        return {
            rule: patterns.lazy_regex(rule.needs.chars, regex.VERSION1)
            for rule in self.rules
            if rule.needs.chars
            and rule.needs.literals is None
            and (rule.looks_at == "document" or rule.scope.isdisjoint(DERIVED - _EDGES))
        }

    @cached_property
    def _by_literals(self) -> Sequence[_LiteralIndex]:
        """The indexes of literals: for the document's own blocks, and for those of each derived scope."""
        by_scope = defaultdict(list)
        for rule in self.rules:
            if rule.needs.literals is not None:
                for scope in _scopes(rule):
                    by_scope[scope].append(rule)
        return [_LiteralIndex(scope, tuple(by_scope[scope])) for scope in sorted(by_scope)]


def _scopes(rule: Rule) -> Collection[str]:
    """Return the names of the indexes in which the literals of a rule are searched."""
    if rule.looks_at == "document":
        parts = rule.needs.parts
        return [scope for part in parts for scope in _SCOPES[part]] if parts and parts <= _SCOPES.keys() else (_OWN,)
    derived = rule.scope & DERIVED - _EDGES
    return (*derived, _OWN) if rule.scope - derived else derived


@record(eq=False)
class _LiteralIndex:
    """The rules that look at the document's own blocks (_OWN) or at those of a derived scope, by their literals.

    Their first sets of literals, the rarest, are searched at once; further sets are searched in a block that contains
    one of the first.
    """

    scope: str
    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[Candidate]:
        view = folded_view(document, self.scope)
        if not view.text:
            return
        found: dict[Rule, set[int]] = defaultdict(set)
        contained = cache(lambda number: self._further.contained(view.part(number)))
        for which, start in self._first.hits(view.text):
            number = view.number(start)
            scopes = document.blocks[number].scopes if self.scope == _OWN else frozenset({self.scope})
            for rule, others in self._owners(document.kind, document.language, scopes)[which]:
                if number not in found[rule] and not (others and any(map(contained(number).isdisjoint, others))):
                    found[rule].add(number)
        for rule, numbers in found.items():
            if numbers:
                yield from ((rule, where) for where in self._where(rule, numbers, document))

    def _where(self, rule: Rule, numbers: Iterable[int], document: Document) -> Iterable[Block | Document]:
        """Return what a rule is run on if the blocks with these numbers contain its literals."""
        if rule.looks_at == "document":
            return (document,)
        blocks = document.blocks if self.scope == _OWN else tuple(document.blocks_in(frozenset({self.scope})))
        if self.scope != _OWN or rule.scope.isdisjoint(_EDGES):
            return (blocks[number] for number in sorted(numbers))
        some = {id(blocks[number]) for number in numbers}  # which blocks are at the edge is not known by their scopes
        looked_at = document.blocks_in(rule.scope - (DERIVED - _EDGES), rule.not_scope)
        return (block for block in looked_at if id(block) in some)

    def prepare(self) -> None:
        """Compile the searches."""
        self._first.hits("")
        self._further.hits("")

    @cached_property
    def _owners(self) -> Callable[[str, str, frozenset[str]], _Owners]:
        """Return which rules need each literal of the first sets, for a kind of source, a language and scopes."""
        owners: list[list[tuple[Rule, Sets]]] = [[] for _ in self._first_numbers]
        for rule in self.rules:
            first, *further = rule.needs.literals or ()
            others = tuple(frozenset(map(self._further_numbers.__getitem__, texts)) for texts in further)
            for text in first:
                owners[self._first_numbers[text]].append((rule, others))
        return lru_cache(_SORTS)(partial(_Owners, owners))

    @cached_property
    def _first_numbers(self) -> Mapping[str, int]:
        return _numbered(texts for rule in self.rules for texts in (rule.needs.literals or ())[:1])

    @cached_property
    def _further_numbers(self) -> Mapping[str, int]:
        return _numbered(texts for rule in self.rules for texts in (rule.needs.literals or ())[1:])

    @cached_property
    def _first(self) -> Scanner:
        return scanner([*self._first_numbers])

    @cached_property
    def _further(self) -> Scanner:
        return scanner([*self._further_numbers])


class _Owners(dict[int, list[tuple[Rule, Sets]]]):
    """The rules for blocks with these scopes, by the numbers of their first literals, with their further literals.

    They are computed when a literal is first found.
    """

    def __init__(
        self, owners: Sequence[Sequence[tuple[Rule, Sets]]], kind: str, language: str, scopes: frozenset[str]
    ) -> None:
        super().__init__()
        self._owners, self._kind, self._language, self._scopes = owners, kind, language, scopes

    def __missing__(self, which: int) -> list[tuple[Rule, Sets]]:
        some = self[which] = [owner for owner in self._owners[which] if self._are_for(owner[0])]
        return some

    def _are_for(self, rule: Rule) -> bool:
        if not is_for(rule, self._kind, self._language):
            return False
        if rule.looks_at == "document" or not rule.scope.isdisjoint(_EDGES):
            return True
        wanted, unwanted = expand_scopes(rule.scope), expand_scopes(rule.not_scope)
        return not wanted.isdisjoint(self._scopes) and unwanted.isdisjoint(self._scopes)


def _numbered(sets: Iterable[frozenset[str]]) -> Mapping[str, int]:
    """Number the literals."""
    return {text: number for number, text in enumerate(sorted(frozenset[str]().union(*sets)))}
