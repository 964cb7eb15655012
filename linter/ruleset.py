"""The rules for some articles: chosen, taught, planned, and kept for the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from linter import selection
from linter.loading import stored
from linter.orders import Orders, every
from linter.overrides import Override
from linter.plan import Plan
from linter.planning import remembered
from linter.rule import Rule, looks_at
from linter.settled import Settings
from linter.shelf import PlanOf, Shelf
from linter.silencing.silencer import Silencer

if TYPE_CHECKING:
    from linter.keeping.cache import Cache

_RULES, _PATTERNS = b"y", b"p"  # what a key ends in: rules, and what was read off their patterns


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules for some articles, ready to be put to them."""

    rules: Sequence[Rule]
    plan: Plan
    silencer: Silencer

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """Those that look at folders."""
        return looking_across(self.rules)


def make(
    orders: Orders, settled: Settings, found: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...] = ()
) -> Ruleset:
    """Those of the rules in `found` that are on where `overrides` hold; chosen and planned when they are needed."""
    rules = Shelf(partial(_rules, orders, settled, found, overrides))
    return Ruleset(rules, PlanOf(rules), _silencer(orders, settled, rules, found))


def looking_across(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those of the rules that look at folders."""
    return tuple(rule for rule in rules if looks_at(rule.check) == "folder")


def kept(digest: bytes, orders: Orders, settled: Settings, cache: Cache | None) -> tuple[Rule, ...]:
    """All rules there are, as `cache` has them, without their examples, or else as they are read."""
    known = cache.get([digest + _RULES, digest + _PATTERNS]) if cache else {}
    if data := known.get(digest + _PATTERNS):
        remembered.learn(data)
    if data := known.get(digest + _RULES):
        return stored.unpack(data)
    rules = every(orders, settled)
    if cache:
        with suppress(ValueError):  # a check that holds something else
            cache.put([(digest + _RULES, stored.pack(rules))])
    return rules


def remember(digest: bytes, cache: Cache) -> None:
    """Keep what was read off the patterns of the rules for the next run with the same ones."""
    if data := remembered.news():
        cache.put([(digest + _PATTERNS, data)])


def taught(rule: Rule, settled: Settings) -> Rule:
    """The rule with the desk's right spellings, if its check is about spellings at all."""
    return replace(rule, words=settled.words) if getattr(rule.check, "vocabulary", False) else rule


def _rules(
    orders: Orders, settled: Settings, found: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...]
) -> tuple[Rule, ...]:
    chosen = selection.enabled(found(), settled, orders.select, orders.ignore, overrides)
    return tuple(taught(rule, settled) for rule in chosen)


def _silencer(
    orders: Orders, settled: Settings, rules: Sequence[Rule], found: Callable[[], tuple[Rule, ...]]
) -> Silencer:
    return Silencer(
        rules,
        None if orders.isolated else found,
        settled.suppressions,
        narrowed=bool(orders.select or orders.ignore),
        explained=settled.explained,
        off=orders.unsilenced,
    )
