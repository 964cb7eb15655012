"""Explain a rule: why it is there, what it finds, with examples, what its fix does, and how to silence it.

RULE is a name such as leaks/raw-tag, an id that only one rule has, or a pack.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from linter.api import Linter
from linter.cli import options

if TYPE_CHECKING:
    from linter.styled_text import Lines

SUMMARY = "explain a rule, or a pack"
_NARROWEST, _WIDEST, _UNKNOWN = 30, 100, 80  # columns; longer lines are hard to read


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk explain RULE [OPTION …]"
    parser.add_argument("rule", metavar="RULE", help="a rule or a pack; “copydesk rules” lists them")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the explanation of a rule or pack."""
    from linter import output
    from linter.reference import explain

    lines = _lines()
    explain.write_explanation(lines, given.rule, Linter.of(options.run_options(given)).run_rules.states())
    output.to_standard_output(lines.text())
    return 0


def _lines() -> Lines:
    from linter import output
    from linter.styled_text import Lines

    width = output.width() or _UNKNOWN
    return Lines(min(max(width, _NARROWEST), _WIDEST), output.shows_color())
