"""Findings rendered for somebody: one module a report, each with `render(result, view) -> str`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from linter.finding import Result
    from linter.rule import Rule
    from linter.source import Source


def _not_to_be_had(path: str, record: str | None) -> Source:
    raise OSError(f"nobody said how to read {path} again")


def _as_it_is(rule: Rule) -> Rule:
    return rule


class View(NamedTuple):
    """How a report is to be shown. `width` counts terminal cells; `rules` maps names to rules, for their words.

    `everything` shows infos too, in page order; `statistics` counts findings by rule, pack and folder; `quiet` leaves
    out what is no finding; `fail_on` is the least severity that fails the run. `source` reads the article of a path
    and record again, for reports that show it: it may have changed since it was checked, and raises OSError where it
    is not to be had. Rules may lack their examples, and with them whether they can be fixed: `explained` gives one of
    them with these.
    """

    width: int = 80
    color: bool = False
    everything: bool = False
    statistics: bool = False
    quiet: bool = False
    fail_on: str = "error"
    rules: Mapping[str, Rule] = MappingProxyType({})
    paths: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    source: Callable[[str, str | None], Source] = _not_to_be_had
    explained: Callable[[Rule], Rule] = _as_it_is


def names() -> list[str]:
    """The reports there are; loads them all, so ask only for a name that `exists` does not know."""
    return sorted(filter(exists, _modules()))


def exists(name: str) -> bool:
    """Whether there is a report of this name."""
    return name in _modules() and hasattr(_module(name), "render")


def render(name: str, result: Result, view: View) -> str:
    """The report `name` of a result, as text that ends in a line end (or is empty)."""
    return str(_module(name).render(result, view))


def _modules() -> set[str]:
    """The names of the modules and packages beside this one."""
    return {file.removesuffix(".py") for file in os.listdir(__path__[0])} - {"__init__", "__pycache__"}


def _module(name: str) -> Any:
    return import_module(f"linter.reports.{name}")
