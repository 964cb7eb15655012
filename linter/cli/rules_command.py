"""List the rules with their severities, languages and summaries.

The list shows which rules are turned on in this folder and which have a fix.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from linter import output
from linter.api import Linter
from linter.cli import options
from linter.config.select import RuleState
from linter.reference import explain, rule_texts
from linter.styled_text import Lines


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk rules [OPTION …]"
    parser.add_argument("--pack", action="append", default=[], metavar="PACK", help="only the rules of this pack")
    parser.add_argument("--off", action="store_true", help="only rules that are off by default")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options.add_rule_options(parser, needs_file=False)


def run(given: argparse.Namespace) -> int:
    """Print the rules, as a table or as JSON, and return the exit status 0."""
    linter = Linter.of(options.run_options(given))
    entries = linter.run_rules.states()
    shown = explain.states_of_packs(given.pack, entries) if given.pack else entries
    if given.off:
        shown = [entry for entry in shown if entry.own.preview or not entry.own.enabled]
    output.to_standard_output(_json(shown) if given.json else _table(shown))
    options.report_unused(linter)
    return 0


def _table(entries: Sequence[RuleState]) -> str:
    lines = Lines.for_output()
    explain.rules_table(lines, entries)
    if output.width():
        on = sum(entry.here is not None for entry in entries)
        lines.put((f"{len(entries)} rules, {on} on. For details: copydesk explain RULE", "faint"))
    return lines.text()


def _json(entries: Sequence[RuleState]) -> str:
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
    return f'{{"version": 1, "rules": [{output.json_lines(rows)}]}}\n'
