"""The rules and settings of one run, ready to be put to an article."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from linter import article, packs
from linter.discovery import Article
from linter.plan import PlainPlan
from linter.rows import Outcome
from linter.rule import Rule


class Orders(NamedTuple):
    """What somebody asked for, as plain data that any process can open a desk with."""

    rules: tuple[str, ...] = ()  # folders of packs
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Desk:
    """What `orders` come to."""

    orders: Orders
    rules: tuple[Rule, ...]

    @classmethod
    def open(cls, orders: Orders) -> Desk:
        """Read settings and rules. Raises BadConfig and BadRule."""
        return cls(orders, packs.load_all(map(Path, orders.rules)))

    def excluded(self, path: str) -> bool:
        """Whether the settings leave a file out; `path` is absolute."""
        return False

    def check(self, article_: Article) -> Outcome:
        plan = PlainPlan(tuple(rule for rule in self.rules if rule.enabled))
        return article.check(article_, plan)
