"""How the plan leaves out what is sure to find nothing: what text must hold, and one scan for all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from linter.document import Block, Document
from linter.rule import Rule

# The rules of a run, ready to be asked: which of them must look closer at what.

_SORTS = 64  # of articles, by kind and language, for which it is kept which rules are for them

Scopes = tuple[frozenset[str], frozenset[str]]  # of a block: one of the first ones, none of the second ones


class Prefilter(Protocol):
    """The seam between the engine and whatever makes it fast.

    `candidates` yields every (rule, block) and (rule, document) in which the rule could match; it may leave
    out only those where the rule's check is sure to find nothing.
    """

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]: ...


@dataclass(frozen=True)
class NoPrefilter:
    """Every rule looks at every block of its scope: the plan that all others must equal."""

    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        of_documents, of_blocks = self._rules_for(document.kind, document.language)
        for rule in of_documents:
            yield rule, document
        for (scope, not_scope), rules in of_blocks.items():
            for block in document.blocks_in(scope, not_scope):
                for rule in rules:
                    yield rule, block

    @cached_property
    def _rules_for(self) -> Callable[[str, str], tuple[list[Rule], Mapping[Scopes, list[Rule]]]]:
        """The rules for articles of a kind in a language: those that look at documents, and those that look at blocks,
        by what they look at, so that blocks are listed once for all of them.
        """

        @lru_cache(_SORTS)
        def rules_for(kind: str, language: str) -> tuple[list[Rule], Mapping[Scopes, list[Rule]]]:
            rules = [rule for rule in self.rules if is_for(rule, kind, language)]
            of_blocks = defaultdict(list)
            for rule in rules:
                if rule.looks_at == "block":
                    of_blocks[rule.scope, rule.not_scope].append(rule)
            return [rule for rule in rules if rule.looks_at == "document"], of_blocks

        return rules_for


def is_active(rule: Rule, document: Document) -> bool:
    """Whether the rule is for the language and the format of the document."""
    return is_for(rule, document.kind, document.language)


def is_for(rule: Rule, kind: str, language: str) -> bool:
    """Whether the rule is for documents of a kind and in a language."""
    return (not rule.formats or kind in rule.formats) and (not rule.languages or language in rule.languages)
