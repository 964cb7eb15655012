"""Explain a rule: why it is there, what it finds, with examples, what its fix does, and how to silence it.

RULE is a name such as leaks/raw-tag, an id that only one rule has, or a pack.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from linter.cli import options

if TYPE_CHECKING:
    from linter.reference.explain import RuleEntry
    from linter.styled_text import Lines

SUMMARY = "explain a rule, or a pack"
_NARROWEST, _WIDEST, _UNKNOWN = 30, 100, 80  # columns; longer lines are hard to read


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk explain RULE [OPTION …]"
    parser.add_argument("rule", metavar="RULE", help="a rule or a pack; “copydesk rules” lists them")
    options.rules(parser)


def run(given: argparse.Namespace) -> int:
    """Explain what was named."""
    from linter import output
    from linter.reference import explain

    name = given.rule
    found = explain.entries_named(name, explain.rule_entries(options.orders(given)))
    pack = len(found) > 1 or name == found[0].own.pack
    output.to_standard_output(_pack(name, found) if pack else _rule(found[0]))
    return 0


def _pack(name: str, entries: tuple[RuleEntry, ...]) -> str:
    from linter.reference import explain

    lines = _lines()
    number, on = len(entries), sum(entry.here is not None for entry in entries)
    lines.put((name, "strong"), right=(f"{number} rule{'' if number == 1 else 's'}, {on} on", ""))
    explain.rules_table(lines, entries)
    return lines.text()


def _rule(entry: RuleEntry) -> str:
    from linter.config import packs
    from linter.reference.explain import Explanation

    shipped = any(rule is entry.own for rule in packs.shipped_rules())
    explanation = Explanation(_lines())
    explanation.rule(entry, shipped=shipped)
    return explanation.lines.text()


def _lines() -> Lines:
    from linter import output
    from linter.styled_text import Lines

    width = output.width() or _UNKNOWN
    return Lines(min(max(width, _NARROWEST), _WIDEST), output.shows_color())
