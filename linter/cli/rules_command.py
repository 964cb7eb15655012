"""List the rules: severity, whether they are on here, languages, whether they can fix what they find."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.api import Linter
from linter.cli import options

if TYPE_CHECKING:
    from linter.config.select import RuleState

SUMMARY = "list the rules"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk rules [OPTION …]"
    parser.add_argument("--pack", action="append", default=[], metavar="PACK", help="only the rules of this pack")
    parser.add_argument("--json", action="store_true", help="for machines")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the rules."""
    from linter import output
    from linter.reference import explain

    entries = Linter.of(options.run_options(given)).run_rules.states()
    shown = explain.states_of_packs(given.pack, entries) if given.pack else entries
    output.to_standard_output(_json(shown) if given.json else _table(shown))
    return 0


def _table(entries: Sequence[RuleState]) -> str:
    from linter import output
    from linter.reference import explain
    from linter.styled_text import Lines

    lines = Lines(output.width() or 1_000_000, output.shows_color())
    explain.rules_table(lines, entries)
    if output.width():
        on = sum(entry.here is not None for entry in entries)
        lines.put((f"{len(entries)} rules, {on} on. More of one: copydesk explain RULE", "faint"))
    return lines.text()


def _json(entries: Sequence[RuleState]) -> str:
    from linter.output import as_json
    from linter.reference import rule_texts

    rows = [
        {
            "rule": entry.own.name,
            "severity": entry.severity,
            "on": entry.here is not None,
            "languages": sorted(entry.own.languages),
            "fixable": rule_texts.fixable(entry.own),
            "summary": entry.own.summary,
        }
        for entry in entries
    ]
    lines = ",".join(f"\n{as_json(row)}" for row in rows)
    return f'{{"version": 1, "rules": [{lines}]}}\n'
