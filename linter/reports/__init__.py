"""Findings rendered for somebody: one module a report, each with `render(result, view) -> str`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from linter.finding import Result
from linter.rule import Rule


@dataclass(frozen=True)
class View:
    """How a report is to be shown. `width` counts terminal cells; `rules` maps names to rules, for their words.

    `everything` shows infos too, in page order; `quiet` leaves out what is no finding.
    """

    width: int = 80
    color: bool = False
    everything: bool = False
    quiet: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)


def render(name: str, result: Result, view: View) -> str:
    """The report `name` of a result, as text that ends in a line end (or is empty)."""
    return str(import_module(f"linter.reports.{name}").render(result, view))
