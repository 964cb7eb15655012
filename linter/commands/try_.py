"""Try a rule on a folder before it is switched on: how often it speaks, and a sample to judge it by.

RULE is a file such as house/style/tramway.yaml, or the name of a rule such as leaks/raw-tag, on or off. It is put to
the articles alone, whatever settings and baseline say of it; what is silenced by name stays silent.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.reports.lines import Lines
    from linter.rule import Rule
    from linter.settled import Orders, Settings

SUMMARY = "try a rule on a folder, and judge a sample of its hits"
_SAMPLE = 30  # hits: few enough to be read, and enough to tell a rule that is right from one that often is not
_NARROWEST, _WIDEST, _UNKNOWN = 40, 120, 80  # columns


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk try RULE [PATH …] [OPTION …]"
    parser.add_argument("rule", metavar="RULE", help="the file of a rule, or a name that “copydesk rules” lists")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="where; default: as “copydesk check”")
    group = parser.add_argument_group("the sample")
    group.add_argument("--sample", type=_number, default=_SAMPLE, metavar="N", help=f"hits; default: {_SAMPLE}")
    group.add_argument("--seed", type=_number, default=0, metavar="N", help="another number draws others; default: 0")
    group = parser.add_argument_group("rules and settings")
    group.add_argument("--rules", action="append", default=[], metavar="DIR", help="a folder of packs of your own")
    group.add_argument("--config", metavar="FILE", help="settings; default: the nearest copydesk.yaml, found upwards")
    group.add_argument("--isolated", action="store_true", help="no settings, no words.txt of any folder")


def run(given: argparse.Namespace) -> int:
    """Try the rule, and show what it finds."""
    from linter import options, output, ruleset, settings, trial
    from linter.progress import Progress
    from linter.reports import judging
    from linter.settled import Orders

    orders = Orders(rules=tuple(given.rules), config=given.config, isolated=given.isolated)
    settled = settings.settle(given.config, isolated=given.isolated)
    rule = ruleset.taught(_rule(given.rule, orders, settled), settled)
    found = options.find_articles(given.paths, settled)
    with Progress(len(found.articles), shown=sys.stderr.isatty()) as progress:
        held = trial.hold(rule, orders, settled, found, progress.advance)
    lines = _lines()
    judging.judging(lines, held, trial.sample(held.findings, given.sample, given.seed), given.seed)
    output.to_standard_output(lines.text())
    if rule.lacks:
        output.to_standard_error(f"copydesk: {rule.name} finds nothing without {rule.lacks}")
    for problem in held.problems:
        output.to_standard_error(f"copydesk: {problem.path}: {problem.message}")
    return 2 if held.problems else 0


def _rule(name: str, orders: Orders, settled: Settings) -> Rule:
    """The rule of a file, or that of a name with its options here. Raises BadRule and BadConfig."""
    from pathlib import Path

    from linter import packs, selection
    from linter.manual import catalogue
    from linter.settled import BadConfig

    if name.endswith((".yaml", ".yml")) or os.path.isfile(name):
        return packs.alone(Path(name))
    entries = catalogue.named(name, catalogue.entries(orders))
    if len(entries) > 1 or name == entries[0].own.pack:
        raise BadConfig([f"copydesk: “{name}” is a pack; one rule is tried at a time, such as {entries[0].own.name}"])
    own = entries[0].own
    return selection.ruling(own, settled, [own.name], []).here or own


def _lines() -> Lines:
    from linter import output
    from linter.reports.lines import Lines

    return Lines(min(max(output.width() or _UNKNOWN, _NARROWEST), _WIDEST), output.shows_color())


def _number(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no number, such as 30")
