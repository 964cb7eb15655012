"""Run the examples of your own rules, each with its rule alone; failures show the marked spans as a diff.

Exit status: 0 all examples hold, 1 some do not, 2 a rule has a mistake.
"""

from __future__ import annotations

import argparse
from pathlib import Path

SUMMARY = "run the examples of your own rules"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk test [DIR …] [OPTION …]"
    parser.add_argument("folders", nargs="*", metavar="DIR", help="folders of packs; default: “rules” of the settings")
    parser.add_argument("--config", metavar="FILE", help="settings; default: the nearest copydesk.yaml, found upwards")


def run(given: argparse.Namespace) -> int:
    """Run the examples, and say which do not hold."""
    from itertools import chain

    from linter import examples, output, settings
    from linter.escaping import one_line

    folders = [Path(folder) for folder in given.folders] or settings.settle(given.config).rules
    if not folders:
        output.to_standard_error("copydesk: no rules to test; name their folder: copydesk test house")
        return 2
    number, failures = 0, []
    for folder in folders:
        ran, failed = examples.test_folder(folder)
        number += ran
        failures += failed
    hold = f"{number:,} examples hold" if not failures else f"{len(failures):,} failures in {number:,} examples"
    lines = chain.from_iterable(str(failure).split("\n") for failure in failures)
    output.to_standard_output("".join(f"{one_line(line)}\n" for line in lines))
    output.to_standard_error(f"copydesk: {hold}")
    return int(bool(failures))
