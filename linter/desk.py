"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from linter import article, packs, selection, settings
from linter.discovery import STANDARD_INPUT, Article
from linter.document import Document
from linter.plan import Plan
from linter.planning.fast import FastPlan
from linter.prose.spellings import Words
from linter.rows import Outcome
from linter.rule import Rule, looks_at
from linter.settings import Settings
from linter.source import Source


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
    rules: tuple[Rule, ...]
    plan: Plan

    @classmethod
    def open(cls, orders: Orders) -> Desk:
        """Read the settings and the rules. Raises BadConfig and BadRule, with all mistakes."""
        settled = settings.settle(orders.config, isolated=orders.isolated)
        every = packs.load_all((*settled.rules, *map(Path, orders.rules)))
        chosen = selection.enabled(every, settled, orders.select, orders.ignore)
        rules = tuple(_taught(rule, settled.words) for rule in chosen)
        return cls(orders, settled, rules, FastPlan(rules))

    @cached_property
    def across(self) -> tuple[Rule, ...]:
        """The rules that look at folders: what they say takes more than one article."""
        return tuple(rule for rule in self.rules if looks_at(rule.check) == "folder")

    def read(self, one: Article) -> Document:
        """An article as rules see it."""
        path = _file(one)
        return article.read(one, self.settings.encoding_of(path), self.settings.language_of(path))

    def check(self, one: Article, *, across: bool = False) -> Outcome:
        """What the rules find in an article; if there is to be a look `across` its folder, what it tells for that."""
        return article.check(self.read(one), self.plan, self.across if across else ())

    def source(self, one: Article) -> Source:
        """The text of an article, decoded as it is for the rules. Raises OSError where it cannot be read."""
        return article.source(one, self.settings.encoding_of(_file(one)))


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file


def _taught(rule: Rule, words: Words) -> Rule:
    """The rule with the desk's right spellings, if its check is about spellings at all."""
    return replace(rule, words=words) if getattr(rule.check, "vocabulary", False) else rule
