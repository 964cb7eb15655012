"""Explain a rule: why it exists, what it finds (with examples), what its fix does, and how to suppress it.

RULE is a name such as leaks/raw-tag, an id that only one rule has, or a pack.
"""

from __future__ import annotations

import argparse

from linter import output
from linter.api import Linter
from linter.cli import options
from linter.reference import explain

_NARROWEST, _WIDEST, _UNKNOWN = 30, 100, 80  # columns; longer lines are hard to read


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk explain RULE … [OPTION …]"
    parser.add_argument("names", nargs="+", metavar="RULE", help="rules or packs; “copydesk rules” lists them")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the explanations of the given rules and packs, and return the exit status 0.

    Raises BadConfig for the name of a rule or pack that does not exist.
    """
    linter = Linter.of(options.run_options(given))
    states, width = linter.run_rules.states(), min(max(output.width() or _UNKNOWN, _NARROWEST), _WIDEST)
    color, config = output.shows_color(), linter.config.file
    pages = [explain.explanation(name, states, width, color=color, config=config) for name in given.names]
    output.to_standard_output("\n".join(pages))
    return 0
