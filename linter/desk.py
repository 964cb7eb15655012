"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache as cache_of
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import article, engine, packs, selection, settings
from linter.discovery import STANDARD_INPUT, Article
from linter.document import Document
from linter.finding import Finding
from linter.folders import sites
from linter.gathering import Claim
from linter.keeping import provenance
from linter.loading import stored
from linter.overrides import Override
from linter.plan import Plan
from linter.planning import remembered
from linter.rows import Outcome
from linter.rule import BadRule, Rule, looks_at
from linter.settings import BadConfig, Settings
from linter.shelf import PlanOf, Shelf
from linter.silencing.silencer import Silencer
from linter.source import Source

if TYPE_CHECKING:
    from linter.keeping.cache import Cache

# What the key of a digest ends in: that its rules have no mistake, they themselves, what was read off their patterns.
_SOUND, _RULES, _PATTERNS = b"r", b"y", b"p"


_VARIANTS = 64  # sets of overrides whose rules are kept ready; an archive has a handful


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules for some articles, ready to be put to them."""

    rules: Sequence[Rule]
    plan: Plan
    silencer: Silencer

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """Those that look at folders."""
        return _across(self.rules)


class Orders(NamedTuple):
    """What somebody asked for, as plain data that any process can open a desk with.

    `rules` are folders of packs besides those that the settings name, `config` is the file of the settings.
    `unsilenced` says that no suppression counts.
    """

    rules: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsilenced: bool = False


@dataclass(frozen=True, eq=False)
class Desk:
    """What `orders` come to: `rules` are those that are on, with the severities they have here.

    `others` gives the rules for articles about which the settings say otherwise.
    """

    orders: Orders
    settings: Settings
    rules: Sequence[Rule]
    plan: Plan
    silencer: Silencer
    others: Callable[[tuple[Override, ...]], Ruleset] | None = None

    @classmethod
    def open(cls, orders: Orders, cache: Cache | None = None) -> Desk:
        """Read the settings, and the rules unless `cache` knows that they are sound: then when they are needed.

        Raises BadConfig and BadRule, with all mistakes.
        """
        settled = settle(orders)
        every = cache_of(lambda: _kept(desk, cache))
        usual = _ruleset(orders, settled, every)
        others = lru_cache(_VARIANTS)(partial(_ruleset, orders, settled, every))
        desk = cls(orders, settled, usual.rules, usual.plan, usual.silencer, others)
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
        """Keep what was read off the rules' patterns for the next run with the same ones."""
        if data := remembered.news():
            cache.put([(self.digest + _PATTERNS, data)])

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that look at folders: what they say takes more than one article."""
        return _across(self.possible)

    @cached_property
    def possible(self) -> Sequence[Rule]:
        """The rules that are on somewhere."""
        return Shelf(self._possible) if self.others and self.settings.overrides else self.rules

    def _possible(self) -> tuple[Rule, ...]:
        assert self.others
        more = (rule for override in self.settings.overrides for rule in self.others((override,)).rules)
        found = {rule.name: rule for rule in (*more, *self.rules)}
        return tuple(sorted(found.values(), key=attrgetter("name")))

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
        return article.read(one, self._told(one), data)

    def check(self, one: Article, data: bytes | None = None, *, across: bool = False) -> Outcome:
        """What the rules find in an article; if there is to be a look `across` its folder, what it tells for that."""
        document = self.read(one, data)
        chosen = self._ruleset(document, one)
        outcome = article.check(document, chosen.plan, chosen.across if across and self.across else ())
        judged = not outcome.problems
        findings, silenced = chosen.silencer.sift(document, outcome.findings, _file(one), across=across, judged=judged)
        return outcome._replace(findings=findings, silenced=silenced)

    def stamp(self, one: Article, claims: Iterable[Claim]) -> Outcome:
        """What claims about an article, which rules made that look across its folder, come to."""
        document = self.read(one)
        chosen = self._ruleset(document, one)
        here = {rule.name: rule for rule in chosen.rules}
        own = [claim._replace(rule=here[claim.rule.name]) for claim in claims if claim.rule.name in here]
        found, problems = engine.stamp(document, own)
        findings, silenced = chosen.silencer.sift(document, found, _file(one), judged=False)
        return Outcome(findings, problems, [], silenced)

    def key(self, one: Article, data: bytes, *, across: bool) -> bytes:
        """What `check` gives for an article in which `data` stands has this for its name."""
        about = repr((one.path, one.kind, self._told(one), across)).encode("utf-8", "replace")
        return blake2b(about + b"\0" + data, key=self.digest, digest_size=provenance.SIZE).digest()

    @cached_property
    def digest(self) -> bytes:
        """What all findings of this desk come of besides the articles."""
        folders = map(str, (packs.shipped_folder(), *self.settings.rules, *self.orders.rules))
        files = (file for folder in folders for file in provenance.rule_files(folder))
        return provenance.digest((*files, *self.settings.files), self.orders)

    def _told(self, one: Article) -> article.Told:
        path = _file(one)
        return article.Told(self.settings.encoding_of(path), self.settings.language_of(path), sites.around(path))

    def source(self, one: Article, data: bytes | None = None) -> Source:
        """The text of an article, or of `data` in its place, decoded as it is for the rules.

        Raises OSError where it cannot be read.
        """
        return article.source(one, self.settings.encoding_of(_file(one)), data)

    def look(self, one: Article, source: Source) -> list[Finding]:
        """What the rules find in an article if this is its text."""
        document = article.understood(one, source, self._told(one))
        chosen = self._ruleset(document, one)
        findings, problems = engine.check(document, chosen.plan)
        return chosen.silencer.sift(document, findings, _file(one), judged=not problems)[0]


def _across(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if looks_at(rule.check) == "folder")


def settle(orders: Orders) -> Settings:
    """The settings that hold. Raises BadConfig with all mistakes in them, those about rules too."""
    try:
        return settings.settle(orders.config, isolated=orders.isolated)
    except BadConfig as bad:
        if bad.settings is None:
            raise
        more: Sequence[str] = ()
        try:
            more = selection.mistakes(_every(orders, bad.settings), bad.settings, orders.select, orders.ignore)
        except BadRule as others:
            more = others.mistakes
        raise BadConfig([*dict.fromkeys((*bad.mistakes, *more))]) from None


def _ruleset(
    orders: Orders, settled: Settings, every: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...] = ()
) -> Ruleset:
    rules = Shelf(partial(_rules, orders, settled, every, overrides))
    return Ruleset(rules, PlanOf(rules), _silencer(orders, settled, rules, every))


def _every(orders: Orders, settled: Settings) -> tuple[Rule, ...]:
    return packs.load_all((*settled.rules, *map(Path, orders.rules)))


def _kept(desk: Desk, cache: Cache | None) -> tuple[Rule, ...]:
    """All rules there are, as `cache` has them, without their examples, or else as they are read."""
    known = cache.get([desk.digest + _RULES, desk.digest + _PATTERNS]) if cache else {}
    if data := known.get(desk.digest + _PATTERNS):
        remembered.learn(data)
    if data := known.get(desk.digest + _RULES):
        return stored.unpack(data)
    rules = _every(desk.orders, desk.settings)
    if cache:
        with suppress(ValueError):  # a check that holds something else
            cache.put([(desk.digest + _RULES, stored.pack(rules))])
    return rules


def _rules(
    orders: Orders, settled: Settings, every: Callable[[], tuple[Rule, ...]], overrides: tuple[Override, ...]
) -> tuple[Rule, ...]:
    chosen = selection.enabled(every(), settled, orders.select, orders.ignore, overrides)
    return tuple(taught(rule, settled) for rule in chosen)


def _silencer(
    orders: Orders, settled: Settings, rules: Sequence[Rule], every: Callable[[], tuple[Rule, ...]]
) -> Silencer:
    return Silencer(
        rules,
        None if orders.isolated else every,
        settled.suppressions,
        narrowed=bool(orders.select or orders.ignore),
        explained=settled.explained,
        off=orders.unsilenced,
    )


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file


def taught(rule: Rule, settled: Settings) -> Rule:
    """The rule with the desk's right spellings, if its check is about spellings at all."""
    return replace(rule, words=settled.words) if getattr(rule.check, "vocabulary", False) else rule
