"""Print a JSON Schema for an editor: of settings with all rules that are known here, or of rule files.

WHAT is config or rule.
"""

from __future__ import annotations

import argparse

from linter.cli import options

SUMMARY = "print a JSON Schema for an editor"
_WHAT = ("config", "rule")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk schema config|rule [OPTION …]"
    parser.add_argument("what", type=_what, metavar="WHAT", help="config or rule")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the schema."""
    from pathlib import Path

    from linter import output
    from linter.config import packs
    from linter.output import as_json
    from linter.reference import schemas

    schema = schemas.shipped_schema(given.what)
    if given.what == "config":
        from linter.config import load

        folders = load.load_config(options.run_options(given)).rule_folders
        schema = schemas.schema_with_rules(schema, packs.load_packs((*folders, *map(Path, given.rules))))
    output.to_standard_output(as_json(schema, indent=1) + "\n")
    return 0


def _what(text: str) -> str:
    from linter.suggest import as_list, did_you_mean

    if text in _WHAT:
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is not {as_list(_WHAT)}{did_you_mean(text, _WHAT)}")
