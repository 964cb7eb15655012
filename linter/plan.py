"""The rules of a run, ready to be asked: which of them must look closer at what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
        for rule in self.rules:
            if rule.languages and document.language not in rule.languages:
                continue
            if looks_at(rule.check) == "document":
                yield rule, document
            else:
                for block in document.blocks_in(rule.scope, rule.not_scope):
                    yield rule, block
