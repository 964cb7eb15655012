"""Print a JSON Schema for editors: for settings, including all rules that are available here, or for rule files.

WHAT is config or rule.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from linter import extensions, output
from linter.cli import options
from linter.config import load, packs
from linter.reference import schemas


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk schema config|rule [OPTION …]"
    parser.add_argument("what", type=options.one_of(("config", "rule")), metavar="WHAT", help="config or rule")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the schema, and return the exit status 0.

    Raises BadConfig and BadRule for mistakes in the config or the rules.
    """
    schema = schemas.shipped_schema(given.what)
    if given.what == "config":
        config = load.load_config(options.run_options(given))
        rules = packs.load_packs((*config.rule_folders, *map(Path, given.rules)))
        added = extensions.open_rule_source(config)
        schema = schemas.schema_with_rules(schema, (*rules, *(added.anywhere if added else ())))
    output.to_standard_output(output.as_json(schema, indent=1) + "\n")
    return 0
