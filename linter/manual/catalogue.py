"""Every rule there is, shipped or of the house, as the settings here have it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from linter import packs, selection, settings
from linter.loading.wording import likely, meant
from linter.rule import Rule
from linter.settled import BadConfig, Orders


class Entry(NamedTuple):
    """A rule as its file has it, and with the severity it has here; None where it is off."""

    own: Rule
    here: Rule | None

    @property
    def severity(self) -> str:
        """Its severity here, or its own where it is off."""
        return (self.here or self.own).severity


def entries(orders: Orders) -> tuple[Entry, ...]:
    """All rules, by name. Raises BadConfig and BadRule, with all mistakes."""
    settled = settings.load(orders)
    every = packs.load_all((*settled.rules, *map(Path, orders.rules)))
    here = {rule.name: rule for rule in selection.enabled(every, settled, orders.select, orders.ignore)}
    return tuple(Entry(rule, here.get(rule.name)) for rule in every)


def of_packs(names: Collection[str], every: Iterable[Entry]) -> tuple[Entry, ...]:
    """The rules of some packs. Raises BadConfig, with what was likely meant, for a pack that there is not."""
    known = tuple(every)
    packs = {entry.own.pack for entry in known}
    mistakes = [f"copydesk: there is no pack “{name}”{meant(name, packs)}" for name in names if name not in packs]
    if mistakes:
        raise BadConfig(mistakes)
    return tuple(entry for entry in known if entry.own.pack in names)


def named(name: str, every: Iterable[Entry]) -> tuple[Entry, ...]:
    """What `name` stands for: a rule, also by an id that only one has, or all rules of a pack.

    Raises BadConfig, with what was likely meant, where there is none.
    """
    known = tuple(every)
    exact = tuple(entry for entry in known if entry.own.name == name)
    pack = tuple(entry for entry in known if entry.own.pack == name)
    by_id = tuple(entry for entry in known if entry.own.id == name)
    if found := exact or pack or (by_id if len(by_id) == 1 else ()):
        return found
    advice = likely(name, [entry.own.name for entry in known])
    raise BadConfig([f"copydesk: there is no rule or pack “{name}”{advice or '; “copydesk rules” lists them'}"])
