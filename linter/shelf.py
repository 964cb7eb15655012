"""The rules of a run, read when somebody first needs them: an article that is known already needs none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from linter.rule import Rule

if TYPE_CHECKING:
    from linter.block import Block
    from linter.document import Document
    from linter.planning.fast import FastPlan


class Shelf(Sequence[Rule]):
    """The rules that `read` gives, in their order."""

    def __init__(self, read: Callable[[], tuple[Rule, ...]]) -> None:
        self._read = read

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return self._read()

    @overload
    def __getitem__(self, at: int) -> Rule: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, at: int | slice) -> Rule | tuple[Rule, ...]:
        return self.rules[at]

    def __len__(self) -> int:
        return len(self.rules)


class ByName(Mapping[str, Rule]):
    """Rules by their names."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    @cached_property
    def _names(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self._rules}

    def __getitem__(self, name: str) -> Rule:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class PlanOf:
    """The plan for rules, made when it is first asked."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    @cached_property
    def _plan(self) -> FastPlan:
        from linter.planning.fast import FastPlan

        return FastPlan(tuple(self._rules))

    def prepare(self) -> None:
        """Make it."""
        self._plan.prepare()

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        return self._plan.candidates(document)
