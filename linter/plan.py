"""The rules of a run, ready to be asked: which of them must look closer at what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from linter.document import Block, Document
from linter.rule import Rule, looks_at


class Plan(Protocol):
    """The seam between the engine and whatever makes it fast.

    `candidates` yields every (rule, block) and (rule, document) in which the rule could match; it may leave
    out only those where the rule's check is sure to find nothing.
    """

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]: ...


@dataclass(frozen=True)
class PlainPlan:
    """Every rule looks at every block of its scope: the plan that all others must equal."""

    rules: tuple[Rule, ...]

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        for rule in self._of_documents:
            if speaks(rule, document):
                yield rule, document
        for (scope, not_scope), rules in self._of_blocks.items():
            speaking = [rule for rule in rules if speaks(rule, document)]
            for block in document.blocks_in(scope, not_scope) if speaking else ():
                for rule in speaking:
                    yield rule, block

    @cached_property
    def _of_documents(self) -> list[Rule]:
        return [rule for rule in self.rules if looks_at(rule.check) == "document"]

    @cached_property
    def _of_blocks(self) -> Mapping[tuple[frozenset[str], frozenset[str]], list[Rule]]:
        """The rules that look at blocks, by what they look at, so that blocks are listed once for all of them."""
        groups = defaultdict(list)
        for rule in self.rules:
            if looks_at(rule.check) == "block":
                groups[rule.scope, rule.not_scope].append(rule)
        return groups


def speaks(rule: Rule, document: Document) -> bool:
    """Whether the rule is for the language and the format of the document."""
    return is_for(rule, document.kind, document.language)


def is_for(rule: Rule, kind: str, language: str) -> bool:
    """Whether the rule is for documents of a kind and in a language."""
    return (not rule.formats or kind in rule.formats) and (not rule.languages or language in rule.languages)
