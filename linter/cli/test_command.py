"""Run the examples of your own rules, each with its rule alone, and print the failures.

Exit status: 0 all examples pass, 1 some fail, 2 the examples could not be run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from linter import examples, output
from linter.config import load


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk test [PATH …] [OPTION …]"
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="rule files, packs or folders of packs (default: “rules” of the settings)",
    )
    parser.add_argument("--config", metavar="FILE", help="settings (default: the nearest, here or above)")


def run(given: argparse.Namespace) -> int:
    """Run the examples, print the failures, and return the exit status.

    Raises BadConfig and BadRule for mistakes in the config or the rules.
    """
    paths = [Path(path) for path in given.paths] or load.resolve_config(given.config).rule_folders
    if not paths:
        output.to_standard_error(
            "copydesk: no rules to test; pass a rule file or a folder, as in “copydesk test house”"
        )
        return 2
    number, failures = 0, []
    for path in paths:
        ran, failed = examples.test_path(path)
        number += ran
        failures += failed
    counted = f"{len(failures):,} failure{'' if len(failures) == 1 else 's'}"
    hold = f"{number:,} examples pass" if not failures else f"{counted} in {number:,} examples"
    lines = [line for failure in failures for line in str(failure).split("\n")]
    output.to_standard_output("".join(f"{output.one_line(line)}\n" for line in lines))
    output.to_standard_error(f"copydesk: {hold}")
    return int(bool(failures))
