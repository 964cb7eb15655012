"""What somebody asked for, and the settings and rules that this leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from linter.rule import BadRule, Rule
from linter.settled import BadConfig, Settings


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


def settle(orders: Orders) -> Settings:
    """The settings that hold. Raises BadConfig with all mistakes in them, those about rules too."""
    if orders.isolated and orders.config is None:
        return Settings()
    from linter import settings

    try:
        return settings.settle(orders.config, isolated=orders.isolated)
    except BadConfig as bad:
        if bad.settings is None:
            raise
        from linter import selection

        more: Sequence[str] = ()
        try:
            more = selection.mistakes(every(orders, bad.settings), bad.settings, orders.select, orders.ignore)
        except BadRule as others:
            more = others.mistakes
        raise BadConfig([*dict.fromkeys((*bad.mistakes, *more))]) from None


def every(orders: Orders, settled: Settings) -> tuple[Rule, ...]:
    """All rules there are, whether they are on or off. Raises BadRule with all mistakes in them."""
    from linter import packs

    return packs.load_all((*settled.rules, *orders.rules))
