"""The rules for some articles: chosen, taught, planned, and kept for the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from linter.planning import remembered
from linter.settled import Orders, Settings
from linter.shelf import PlanOf, Shelf
from linter.silencing.silencer import Silencer

if TYPE_CHECKING:
    from linter.keeping.cache import Cache
    from linter.overrides import Override
    from linter.plan import Plan
    from linter.rule import Rule

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
    return tuple(rule for rule in rules if rule.looks_at == "folder")


class Every:
    """All rules there are, by the `digest` of all that they come of."""

    def __init__(self, orders: Orders, settled: Settings, digest: Callable[[], bytes], cache: Cache | None) -> None:
        self._orders, self._settled, self._digest, self._cache = orders, settled, digest, cache
        self._are_new = False  # to the cache
        self._are_kept = False  # they come from the cache

    def __call__(self) -> tuple[Rule, ...]:
        """They as the cache has them, without their examples, or else as they are read."""
        return self._rules

    def explained(self, rule: Rule) -> Rule:
        """One of them, whatever settings changed in it, with its examples. Raises BadRule."""
        self()
        full = self._in_full.get(rule.name) if self._are_kept else None
        return replace(rule, bad=full.bad, good=full.good) if full else rule

    @cached_property
    def _in_full(self) -> dict[str, Rule]:
        """As they are read, by their names."""
        return {rule.name: rule for rule in _read(self._orders, self._settled)}

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        from linter.loading import stored

        digest = self._digest()
        known = self._cache.get([digest + _RULES, digest + _PATTERNS]) if self._cache else {}
        if data := known.get(digest + _PATTERNS):
            remembered.learn(data)
        if data := known.get(digest + _RULES):
            with suppress(ValueError):
                rules = stored.unpack(data, lambda name: self._in_full[name])
                self._are_kept = True
                return rules
        self._are_new = True
        return _read(self._orders, self._settled)

    def keep(self, cache: Cache, planned: Callable[[], Iterable[Rule]]) -> None:
        """Keep them for the next run with the same ones, and what those need that are `planned`."""
        if data := remembered.news():
            cache.put([(self._digest() + _PATTERNS, data)])
        if self._are_new:
            from linter.loading import stored

            self._are_new = False
            with suppress(ValueError, TypeError):  # an option that is no plain data
                cache.put([(self._digest() + _RULES, stored.pack(self._rules, planned()))])


def _read(orders: Orders, settled: Settings) -> tuple[Rule, ...]:
    """All rules there are, whether they are on or off. Raises BadRule with all mistakes in them."""
    from linter import packs

    return packs.load_all((*settled.rules, *orders.rules))


def taught(rule: Rule, settled: Settings) -> Rule:
    """The rule with the desk's right spellings, if there are any and its check is about spellings at all."""
    return replace(rule, words=settled.words) if settled.words.right and rule.vocabulary else rule


def _rules(
    orders: Orders, settled: Settings, found: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...]
) -> tuple[Rule, ...]:
    from linter import selection

    # The desk chooses the rules for most articles first, or the cache knows that the settings have no mistakes.
    choose = selection.chosen if overrides else selection.enabled
    return tuple(taught(rule, settled) for rule in choose(found(), settled, orders.select, orders.ignore, overrides))


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
