"""Select the rules that can match in documents, so that the other rules are not run.

This module contains the interface, and a prefilter that leaves out nothing. The prefilter in `index` skips rules whose
required literals, odd characters (non-ASCII and control characters) or parts are missing from the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from linter.document import Block, Document
from linter.rule import Rule

_SORTS = 64  # number of combinations of markup and language for which the rules are cached

Candidate = tuple[
    Document, Sequence[Block | Document]
]  # a document, and blocks of this document or the document itself
Candidates = Mapping[Rule, Sequence[Candidate]]
Scopes = tuple[frozenset[str], frozenset[str]]  # a block must have a scope of the first set, and none of the second


class Prefilter(Protocol):
    """Returns each rule with the blocks or documents in which the rule could match, in the order of the documents.

    A prefilter may leave out a block or document only if the check of the rule is certain to find nothing in it.
    """

    def candidates(self, documents: Sequence[Document]) -> Candidates: ...


@dataclass(frozen=True)
class NoPrefilter:
    """Selects every rule that applies to a document, with each block in the rule's scope or with the whole document.

    Rules that compare articles are left out. Any other prefilter must lead to the same findings.
    """

    rules: tuple[Rule, ...]

    def candidates(self, documents: Sequence[Document]) -> dict[Rule, list[Candidate]]:
        found: dict[Rule, list[Candidate]] = defaultdict(list)
        for document in documents:
            self.add(document, found)
        return found

    def add(self, document: Document, found: dict[Rule, list[Candidate]]) -> None:
        """Add the candidates of a document to `found`."""
        of_documents, of_blocks = self._rules_for(document.markup, document.language)
        for rule in of_documents:
            found[rule].append((document, [document]))
        for (scope, not_scope), rules in of_blocks.items():
            blocks = [*document.blocks_in(scope, not_scope)]
            for rule in rules if blocks else ():
                found[rule].append((document, blocks))

    @cached_property
    def _rules_for(self) -> Callable[[str, str], tuple[list[Rule], Mapping[Scopes, list[Rule]]]]:
        """A function that takes a markup and a language, and returns the rules for documents and for blocks."""

        @lru_cache(_SORTS)
        def rules_for(markup: str, language: str) -> tuple[list[Rule], Mapping[Scopes, list[Rule]]]:
            rules = [rule for rule in self.rules if is_for(rule, markup, language)]
            of_blocks = defaultdict(list)
            for rule in rules:
                if rule.looks_at == "block":
                    of_blocks[rule.scope, rule.not_scope].append(rule)
            return [rule for rule in rules if rule.looks_at == "document"], of_blocks

        return rules_for


def is_active(rule: Rule, document: Document) -> bool:
    """Whether the rule applies to the language and format of the document."""
    return is_for(rule, document.markup, document.language)


def is_for(rule: Rule, markup: str, language: str) -> bool:
    """Whether the rule applies to documents with this markup and language. `language` is "" if unknown."""
    return (not rule.formats or markup in rule.formats) and (
        not rule.languages or (language or "und") in rule.languages
    )
