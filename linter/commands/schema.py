"""Print a JSON Schema for an editor: of settings with all rules that are known here, or of rule files.

WHAT is config or rule.
"""

from __future__ import annotations

import argparse

from linter import options

SUMMARY = "print a JSON Schema for an editor"
_WHAT = ("config", "rule")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk schema config|rule [OPTION …]"
    parser.add_argument("what", type=_what, metavar="WHAT", help="config or rule")
    options.rules(parser)


def run(given: argparse.Namespace) -> int:
    """Print it."""
    from pathlib import Path

    from linter import output, packs
    from linter.escaping import as_json
    from linter.manual import schemas

    schema = schemas.shipped(given.what)
    if given.what == "config":
        from linter import settings

        own = settings.load(options.orders(given)).rules
        schema = schemas.with_rules(schema, packs.load_all((*own, *map(Path, given.rules))))
    output.to_standard_output(as_json(schema, indent=1) + "\n")
    return 0


def _what(text: str) -> str:
    from linter.loading.wording import listed, meant

    if text in _WHAT:
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is not {listed(_WHAT)}{meant(text, _WHAT)}")
