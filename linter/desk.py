"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from linter import article, packs, selection, settings
from linter.discovery import STANDARD_INPUT, Article
from linter.plan import PlainPlan, Plan
from linter.prose.spellings import Words
from linter.rows import Outcome
from linter.rule import Rule
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
        return cls(orders, settled, rules, PlainPlan(rules))

    def check(self, one: Article) -> Outcome:
        """What the rules find in an article."""
        path = _file(one)
        encoding, language = self.settings.encoding_of(path), self.settings.language_of(path)
        return article.check(one, self.plan, encoding=encoding, told=language)

    def source(self, one: Article) -> Source:
        """The text of an article, decoded as it is for the rules. Raises OSError where it cannot be read."""
        return article.source(one, self.settings.encoding_of(_file(one)))


def _file(one: Article) -> str:
    """The absolute path that the settings of an article go by."""
    return os.path.abspath(one.path) if one.file == STANDARD_INPUT else one.file


def _taught(rule: Rule, words: Words) -> Rule:
    """The rule with the desk's right spellings, if its check is about spellings at all."""
    return replace(rule, words=words) if getattr(rule.check, "vocabulary", False) else rule
