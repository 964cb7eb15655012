"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from linter import home, ruleset
from linter.budget import Budget
from linter.digest import blake2b
from linter.discovery import STANDARD_INPUT, Article
from linter.folders import sites
from linter.keeping import provenance
from linter.opening import Told
from linter.rows import Outcome
from linter.rule import Rule
from linter.ruleset import Every, Ruleset
from linter.settled import Orders, Settings
from linter.shelf import PlanOf, Shelf

if TYPE_CHECKING:
    from linter.document import Document
    from linter.finding import Finding
    from linter.gathering import Claim
    from linter.keeping.cache import Cache
    from linter.overrides import Override
    from linter.plan import Plan
    from linter.silencing.silencer import Silencer
    from linter.source import Source

_SOUND = b"r"  # what a key ends in: that the rules have no mistake
_VARIANTS = 64  # sets of overrides whose rules are kept ready; an archive has a handful


@dataclass(frozen=True, eq=False)
class Desk:
    """What `orders` come to: `rules` are those that are on, with the severities they have here.

    `others` gives the rules for articles about which the settings say otherwise, `every` all that there are.
    `budget` is the time that their patterns may take in this run.
    """

    orders: Orders
    settings: Settings
    rules: Sequence[Rule]
    plan: Plan
    silencer: Silencer
    others: Callable[[tuple[Override, ...]], Ruleset] | None = None
    every: Every | None = None
    budget: Budget = field(default_factory=Budget)

    @classmethod
    def open(cls, orders: Orders, cache: Cache | None = None) -> Desk:
        """Read the settings, and the rules unless `cache` knows that they are sound: then when they are needed.

        Raises BadConfig and BadRule, with all mistakes.
        """
        settled = _settings(orders)
        every = Every(orders, settled, lambda: desk.digest, cache)
        usual = ruleset.make(orders, settled, every)
        others = lru_cache(_VARIANTS)(partial(ruleset.make, orders, settled, every))
        desk = cls(orders, settled, usual.rules, usual.plan, usual.silencer, others, every)
        rules = desk.rules
        if cache is None:
            len(rules)
        elif not cache.get([key := desk.digest + _SOUND]):
            len(rules)
            cache.put([(key, b"")])
        return desk

    def prepare(self) -> None:
        """Make what every article needs, so that processes that are forked have it."""
        if isinstance(self.plan, PlanOf):
            self.plan.prepare()

    def remember(self, cache: Cache) -> None:
        """Keep the rules for the next run with the same ones, and what was read off their patterns."""
        if self.every:
            self.every.keep(cache, lambda: self.rules)

    def explained(self, rule: Rule) -> Rule:
        """One of the rules with its examples, which rules from the cache lack. Raises BadRule."""
        return self.every.explained(rule) if self.every else rule

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that look at folders: what they say takes more than one article."""
        return ruleset.looking_across(self.possible)

    @cached_property
    def possible(self) -> Sequence[Rule]:
        """The rules that are on somewhere."""
        return Shelf(self._possible) if self.others and self.settings.overrides else self.rules

    def _possible(self) -> tuple[Rule, ...]:
        from linter import selection

        assert self.every
        len(self.rules)  # raises BadConfig where the settings have mistakes
        found = selection.possible(self.every(), self.settings, self.orders.select, self.orders.ignore)
        return tuple(ruleset.taught(rule, self.settings) for rule in found)

    def _ruleset(self, document: Document, one: Article) -> Ruleset:
        """The rules for an article, by what the settings say of its path and its metadata."""
        applied = self.overriding(document, one) if self.settings.overrides else ()
        if applied and self.others:
            return self.others(applied)
        return self._usual

    @cached_property
    def _usual(self) -> Ruleset:
        return Ruleset(self.rules, self.plan, self.silencer)

    def overriding(self, document: Document, one: Article) -> tuple[Override, ...]:
        """The overrides of the settings that hold for an article."""
        path, metadata = _file(one), document.metadata.values
        return tuple(each for each in self.settings.overrides if each.concerns(path, metadata))

    def read(self, one: Article, data: bytes | None = None) -> Document:
        """An article as rules see it; `data` is what stands in it, where that has been read already."""
        from linter import article  # articles that are known need none of all that it takes

        return article.read(one, self._told(one), data)

    def check(self, one: Article, data: bytes | None = None, *, across: bool = False) -> Outcome:
        """What the rules find in an article; if there is to be a look `across` its folder, what it tells for that."""
        from linter import article

        document = self.read(one, data)
        chosen = self._ruleset(document, one)
        outcome = article.check(document, chosen.plan, chosen.across if across and self.across else (), self.budget)
        judged = not outcome.problems
        findings, silenced = chosen.silencer.sift(document, outcome.findings, _file(one), across=across, judged=judged)
        return outcome._replace(findings=findings, silenced=silenced)

    def stamp(self, one: Article, claims: Iterable[Claim]) -> Outcome:
        """What claims about an article, which rules made that look across its folder, come to."""
        from linter import engine

        document = self.read(one)
        chosen = self._ruleset(document, one)
        here = {rule.name: rule for rule in chosen.rules}
        own = [claim._replace(rule=here[claim.rule.name]) for claim in claims if claim.rule.name in here]
        found, problems = engine.stamp(document, own, self.budget)
        findings, silenced = chosen.silencer.sift(document, found, _file(one), judged=False)
        return Outcome(findings, problems, [], silenced)

    def key(self, one: Article, data: bytes, *, across: bool) -> bytes:
        """What `check` gives for an article in which `data` stands has this for its name."""
        about = repr((one.path, one.kind, self._told(one), across)).encode("utf-8", "replace")
        named = blake2b(about + b"\0", key=self.digest, digest_size=provenance.SIZE)
        named.update(data)  # rather than a copy of it
        return named.digest()

    @cached_property
    def digest(self) -> bytes:
        """What all findings of this desk come of besides the articles."""
        folders = map(str, (home.rules(), *self.settings.rules, *self.orders.rules))
        files = (file for folder in folders for file in provenance.rule_files(folder))
        return provenance.digest((*files, *self.settings.files), self.orders)

    def _told(self, one: Article) -> Told:
        path = _file(one)
        return Told(self.settings.encoding_of(path), self.settings.language_of(path), sites.around(path))

    def source(self, one: Article, data: bytes | None = None) -> Source:
        """The text of an article, or of `data` in its place, decoded as it is for the rules.

        Raises OSError where it cannot be read.
        """
        from linter import article

        return article.source(one, self.settings.encoding_of(_file(one)), data)

    def look(self, one: Article, source: Source) -> list[Finding]:
        """What the rules find in an article if this is its text."""
        from linter import article, engine

        document = article.understood(one, source, self._told(one))
        chosen = self._ruleset(document, one)
        findings, problems = engine.check(document, chosen.plan, self.budget)
        return chosen.silencer.sift(document, findings, _file(one), judged=not problems)[0]


def _settings(orders: Orders) -> Settings:
    if orders.isolated and orders.config is None:
        return Settings()
    from linter import settings  # which loads the reader of YAML

    return settings.load(orders)


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file
