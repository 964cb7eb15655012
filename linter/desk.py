"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache as cache_of
from functools import cached_property, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import article, engine, packs, provenance, selection, settings
from linter.discovery import STANDARD_INPUT, Article
from linter.document import Document
from linter.finding import Finding
from linter.folders import sites
from linter.gathering import Claim
from linter.plan import Plan
from linter.rows import Outcome
from linter.rule import Rule, looks_at
from linter.settings import Settings
from linter.shelf import PlanOf, Shelf
from linter.silencer import Silencer
from linter.source import Source

if TYPE_CHECKING:
    from linter.cache import Cache

_SOUND = b"r"  # what the key of a digest ends in whose rules have no mistake


class Orders(NamedTuple):
    """What somebody asked for, as plain data that any process can open a desk with.

    `rules` are folders of packs besides those that the settings name, `config` is the file of the settings.
    """

    rules: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Desk:
    """What `orders` come to: `rules` are those that are on, with the severities they have here."""

    orders: Orders
    settings: Settings
    rules: Sequence[Rule]
    plan: Plan
    silencer: Silencer

    @classmethod
    def open(cls, orders: Orders, cache: Cache | None = None) -> Desk:
        """Read the settings, and the rules unless `cache` knows that they are sound: then when they are needed.

        Raises BadConfig and BadRule, with all mistakes.
        """
        settled = settings.settle(orders.config, isolated=orders.isolated)
        every = cache_of(partial(_every, orders, settled))
        rules = Shelf(partial(_rules, orders, settled, every))
        desk = cls(orders, settled, rules, PlanOf(rules), _silencer(orders, settled, rules, every))
        if cache is None:
            len(rules)
        elif not cache.get([key := desk.digest + _SOUND]):
            len(rules)
            cache.put([(key, b"")])
        return desk

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that look at folders: what they say takes more than one article."""
        return tuple(rule for rule in self.rules if looks_at(rule.check) == "folder")

    def read(self, one: Article, data: bytes | None = None) -> Document:
        """An article as rules see it; `data` is what stands in it, where that has been read already."""
        return article.read(one, self._told(one), data)

    def check(self, one: Article, data: bytes | None = None, *, across: bool = False) -> Outcome:
        """What the rules find in an article; if there is to be a look `across` its folder, what it tells for that."""
        document = self.read(one, data)
        outcome = article.check(document, self.plan, self.across if across else ())
        judged = not outcome.problems
        findings, silenced = self.silencer.sift(document, outcome.findings, _file(one), across=across, judged=judged)
        return outcome._replace(findings=findings, silenced=silenced)

    def stamp(self, one: Article, claims: Iterable[Claim]) -> Outcome:
        """What claims about an article, which rules made that look across its folder, come to."""
        document = self.read(one)
        found, problems = engine.stamp(document, claims)
        findings, silenced = self.silencer.sift(document, found, _file(one), judged=False)
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
        findings, problems = engine.check(document, self.plan)
        return self.silencer.sift(document, findings, _file(one), judged=not problems)[0]


def _every(orders: Orders, settled: Settings) -> tuple[Rule, ...]:
    return packs.load_all((*settled.rules, *map(Path, orders.rules)))


def _rules(orders: Orders, settled: Settings, every: Callable[[], tuple[Rule, ...]]) -> tuple[Rule, ...]:
    chosen = selection.enabled(every(), settled, orders.select, orders.ignore)
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
    )


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file


def taught(rule: Rule, settled: Settings) -> Rule:
    """The rule with the desk's right spellings, if its check is about spellings at all."""
    return replace(rule, words=settled.words) if getattr(rule.check, "vocabulary", False) else rule
