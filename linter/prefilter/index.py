"""Index rules by the literals and odd characters that they need, and run the rules only where these occur."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import regex

from linter import patterns
from linter.analysis.literals import contains
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import odd_characters
from linter.document import DERIVED, MARKUPS, Block, Document, expand_scopes
from linter.folding import folded_view
from linter.prefilter import Candidate, Candidates, NoPrefilter, is_active, is_for
from linter.rule import CheckIndex, Needs, Rule
from linter.source import joined
from linter.views import NUL, per_document

# Blocks of derived scopes (`document.DERIVED`), such as URLs, are made from other parts of a document. All other blocks
# are the document's own, and have one index with this name, which is also the name of their view (see `folded_view`).
_OWN = ""
# The names of indexes by the part that a rule needs
_SCOPES = {"blocks": {_OWN}, "links": {"link.url", "link.text"}, "images": {"image.url"}}
_SOURCE = "source"
_EDGES = frozenset({"lead", "opening", "closing"})  # derived scopes that consist of the document's own blocks
_MAX_FURTHER = 32  # literals in a further set that is searched for; with more, running the rule is faster
_MAX_IN_SOURCE = 4  # the same for the source of an article
_GROUPS = 256  # number of sets of odd characters, and of sets of parts, for which the rules are cached
_SORTS = 65_536  # combinations of a rule and the scopes of a block that are cached
_INDEXES = 32  # number of literal indexes that are cached
_LANGUAGES = 64  # number of combinations of markup and language for which indexes of checks are cached


@dataclass(frozen=True)
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
        for index in self._by_literals(MARKUPS[0]):
            index.prepare()

    def candidates(self, documents: Sequence[Document]) -> Candidates:
        found: dict[Rule, list[Candidate]] = defaultdict(list)
        # Each step is taken for all documents before the next one, because its code and data are then still in the
        # processor's cache.
        for document in documents:
            self._by_parts(document.parts).add(document, found)
        for document in documents:
            self._add_with_odd_characters(document, found)
        for rule, may_match in self._by_test.items():
            for document in documents:
                if is_active(rule, document):
                    blocks = document.blocks_in(rule.scope, rule.not_scope)
                    found[rule].append((document, [block for block in blocks if may_match(block.text)]))
        for group in _by_kind(documents):
            self._add_with_literals(group, found)
            for document in group:
                if document.is_large:
                    document.forget("linter")  # since the other indexes, too, take much memory
            for of_kind, rules in self._by_index(group[0].markup, group[0].language):
                for document in group:
                    for number in of_kind.hits(document):
                        found[rules[number]].append((document, [document]))
        return found

    def _add_with_odd_characters(self, document: Document, found: dict[Rule, list[Candidate]]) -> None:
        """Add rules that need odd characters, each with the document or the blocks that contain one of them."""
        in_blocks = odd_characters(joined([block.text for block in document.blocks]))
        rules = self._by_odd_characters(in_blocks, odd_characters([document.source.text]))
        beyond = in_blocks[:1] > "\x7f"  # then ASCII blocks contain no odd characters
        for rule, places in rules.candidates([document]).items():
            contains = self._by_chars[rule].search
            for _, blocks in places:
                some = [
                    where
                    for where in blocks
                    if isinstance(where, Document) or (not (beyond and where.text.isascii()) and contains(where.text))
                ]
                found[rule].append((document, some))

    def _add_with_literals(self, documents: Sequence[Document], found: dict[Rule, list[Candidate]]) -> None:
        """Add rules that need literals. The documents have the same markup and language."""
        for document in documents:
            for index in self._by_literals(document.markup):
                for rule, places in index.candidates(document):
                    candidate = (document, places)
                    # another index may have found the document
                    if rule.looks_at == "block" or candidate not in found[rule][-1:]:
                        found[rule].append(candidate)

    @cached_property
    def _by_odd_characters(self) -> Callable[[str, str], NoPrefilter]:
        """A function that takes the odd characters in blocks and in the source, and returns rules that need some."""

        @lru_cache(_GROUPS)
        def by_odd_characters(in_blocks: str, in_source: str) -> NoPrefilter:
            odd = {"document": in_source, "block": in_blocks}
            return NoPrefilter(
                tuple(rule for rule, chars in self._by_chars.items() if chars.search(odd[rule.looks_at]))
            )

        return by_odd_characters

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
    def _by_parts(self) -> Callable[[frozenset[str]], NoPrefilter]:
        """A function that takes the parts of a document, and returns the rules that need some of them or always run."""
        plain = [
            rule
            for rule in self._others
            if rule.needs.literals is None and rule not in self._by_chars and rule not in self._by_test
        ]

        @lru_cache(_GROUPS)
        def by_parts(parts: frozenset[str]) -> NoPrefilter:
            return NoPrefilter(
                tuple(rule for rule in plain if not (rule.needs.parts and rule.needs.parts.isdisjoint(parts)))
            )

        return by_parts

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
    def _by_literals(self) -> Callable[[str], Sequence[_LiteralIndex]]:
        """A function that takes a markup, and returns the literal indexes for it."""

        @lru_cache(len(MARKUPS))
        def by_literals(markup: str) -> Sequence[_LiteralIndex]:
            by_scope = defaultdict(list)
            for rule in self._others:
                if rule.needs.literals is not None and (not rule.formats or markup in rule.formats):
                    for scope in _scopes(rule):
                        by_scope[scope].append(rule)
            return [literal_index(scope, tuple(by_scope[scope])) for scope in sorted(by_scope)]

        return by_literals


def _scopes(rule: Rule) -> Collection[str]:
    """Return the names of the indexes in which the literals of a rule are searched for."""
    if rule.looks_at == "document":
        parts = rule.needs.parts
        return set().union(*(_SCOPES[part] for part in parts)) if parts and parts <= _SCOPES.keys() else {_OWN}
    derived = rule.scope & DERIVED - _EDGES
    return derived if derived == rule.scope else derived | {_OWN}


def _by_kind(documents: Sequence[Document]) -> Collection[Sequence[Document]]:
    """Return the documents in groups with the same markup and language."""
    groups: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        groups[document.markup, document.language].append(document)
    return groups.values()


@dataclass(eq=False)
class _LiteralIndex:
    """An index of rules by their literals, for some of a document's own blocks (see _OWN) or for a derived scope.

    The first sets of literals of all rules are searched for together. The other sets of a rule are searched for only in
    texts that contain a literal of the first set.
    """

    scope: str
    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Sequence[Block | Document]]]:
        """Yield rules with the blocks in which they could match, in order, or with the document."""
        blocks = document.blocks if self.scope == _OWN else None
        view = folded_view(document, self.scope)
        kind = document.markup, document.language
        found: dict[Rule, set[int]] = defaultdict(set)
        number, low, high = 0, 0, -1
        tried: set[int] = set()  # literals in the text `number`, which is `part`
        part = ""
        for which, start in self._scanner.hits(view.text) if view.text.strip(NUL) else ():
            if not low <= start < high:
                number = view.number(start)
                low, high = view.starts[number], view.starts[number + 1]
                tried, part = set(), view.part(number)
            if which not in tried:
                tried.add(which)
                scopes = blocks[number].scopes if blocks is not None else None
                for rule in self._owners[which]:
                    further = self._further.get(rule)
                    if (
                        number not in found[rule]
                        and _applies(rule, *kind, scopes)
                        and (further is None or contains(part, further))
                    ):
                        found[rule].add(number)
        for rule, numbers in found.items():
            if numbers and (places := self._places(rule, sorted(numbers), document, blocks)):
                yield rule, places

    def _places(
        self, rule: Rule, numbers: Iterable[int], document: Document, blocks: Sequence[Block] | None
    ) -> Sequence[Block | Document]:
        """Return where to run a rule, given the numbers of the texts that contain its literals."""
        if rule.looks_at == "document":
            return [document]
        if blocks is None:
            blocks = _derived_blocks(document, self.scope)
        if self.scope == _OWN and not rule.scope.isdisjoint(_EDGES):
            ids = _ids(document, rule.scope, rule.not_scope)
            numbers = (number for number in numbers if id(blocks[number]) in ids)
        return [blocks[number] for number in numbers]

    @cached_property
    def _by_literal(self) -> Mapping[str, Sequence[Rule]]:
        """The rules by each literal in their first sets."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            for text in rule.needs.literals[0] if rule.needs.literals else ():
                found[text].append(rule)
        return found

    @cached_property
    def _owners(self) -> Sequence[Sequence[Rule]]:
        """The rules by the number of a literal in their first sets."""
        return [*self._by_literal.values()]

    @cached_property
    def _scanner(self) -> Scanner:
        return scanner([*self._by_literal])

    @cached_property
    def _further(self) -> Mapping[Rule, Sequence[frozenset[str]]]:
        """The other sets of literals of rules that have some. In long ones, searching takes longer than the rule."""
        most = _MAX_IN_SOURCE if self.scope == _SOURCE else _MAX_FURTHER
        further = {rule: [some for some in (rule.needs.literals or ())[1:] if len(some) <= most] for rule in self.rules}
        return {rule: sets for rule, sets in further.items() if sets}

    def prepare(self) -> None:
        """Create the scanner in advance."""
        _ = self._scanner


@lru_cache(_INDEXES)
def literal_index(scope: str, rules: tuple[Rule, ...]) -> _LiteralIndex:
    """Return an index for the rules of a scope. The rules of most configs are the same objects."""
    return _LiteralIndex(scope, rules)


@lru_cache(_SORTS)
def _applies(rule: Rule, markup: str, language: str, scopes: frozenset[str] | None) -> bool:
    """Whether a rule may match in text with these `scopes`. None stands for a derived scope, which the rule has."""
    if not is_for(rule, markup, language):
        return False
    if scopes is None or rule.looks_at == "document" or not rule.scope.isdisjoint(_EDGES):
        return True
    wanted, unwanted = expand_scopes(rule.scope), expand_scopes(rule.not_scope)
    return not wanted.isdisjoint(scopes) and unwanted.isdisjoint(scopes)


@per_document
def _derived_blocks(document: Document, scope: str) -> Sequence[Block]:
    """Return the blocks of a derived scope."""
    return tuple(document.blocks_in(frozenset({scope})))


@per_document
def _ids(document: Document, scope: frozenset[str], not_scope: frozenset[str]) -> Set[int]:
    """Return the `id` of each block in `scope`, including the edges of the article (see _EDGES)."""
    return {id(block) for block in document.blocks_in(scope - (DERIVED - _EDGES), not_scope)}
