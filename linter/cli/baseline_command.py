"""Keep what is found in an archive today from failing any run, and what is new from hiding among it.

  create   know all that is found now (of the articles that are named, or all)
  update   drop what no longer occurs; nothing new is added
  show     list what is known; nothing is checked

The baseline is copydesk-baseline.yaml beside the settings, or in the working folder.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.cli import options

if TYPE_CHECKING:
    from linter.api import Linter
    from linter.baseline import Baseline, BaselineEntry
    from linter.cache import Cache

SUMMARY = "keep old findings apart from new ones"
_ACTIONS = ("create", "update", "show")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk baseline create|update|show [PATH …] [OPTION …]"
    parser.add_argument("action", type=_action, metavar="ACTION", help="create, update or show")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only these; default: as “copydesk check”")
    parser.add_argument("--jobs", type=options.jobs, metavar="N", help="processes; default: as many as help")
    options.rules(parser)


def run(given: argparse.Namespace) -> int:
    """Do what was asked, and say what came of it."""
    from linter.api import Linter
    from linter.cache import Cache, cache_folder
    from linter.config.config import BadConfig

    run_options = options.run_options(given)
    if run_options.isolated:
        raise BadConfig(["--isolated: a baseline belongs to the settings of a folder; leave it out"])
    if given.action == "show":
        return _show(given, Linter.of(run_options))
    cache = Cache(cache_folder())
    return _write(given, Linter.of(run_options, cache), cache)


def _action(text: str) -> str:
    from linter.suggest import as_list, did_you_mean

    if text in _ACTIONS:
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is not {as_list(_ACTIONS)}{did_you_mean(text, _ACTIONS)}")


def _write(given: argparse.Namespace, linter: Linter, cache: Cache) -> int:
    """Check, and write the baseline anew where it is another one now."""
    from linter import baseline, output, runner
    from linter.baseline import Baseline, is_foreign_baseline
    from linter.output import Progress

    create = given.action == "create"
    if not create and not os.path.lexists(linter.config.baseline):
        output.to_standard_error("copydesk: there is no baseline here yet; say “copydesk baseline create”")
        return 2
    if is_foreign_baseline(linter):  # which has been said
        return 2
    found = options.find_articles(given.paths, linter.config)
    with Progress(len(found.articles), shown=sys.stderr.isatty()) as progress:
        result = runner.run(found, linter, given.jobs, progress.advance, cache)
    cache.report()
    sieve = Baseline.open(linter, found.articles)
    entries = sieve.created(result) if create else sieve.updated(result)
    if not os.path.lexists(sieve.path) or sorted(entries) != sorted(sieve.known.entries):
        output.to_file(baseline.format_baseline(entries), sieve.path)
    for problem in result.problems:
        output.to_standard_error(f"copydesk: {problem.path}: {problem.message}")
    output.to_standard_error(f"copydesk: {_summary(sieve, entries)}")
    return 2 if result.problems else 0


def _summary(sieve: Baseline, entries: Sequence[BaselineEntry]) -> str:
    """What came of it: “12 known findings in 3 articles: copydesk-baseline.yaml (2 come, 1 gone)”."""
    from pathlib import Path

    from linter.config import yaml_file

    before, now = Counter(sieve.known.entries), Counter(entries)
    change = (
        [f"{(now - before).total():,} come", f"{(before - now).total():,} gone"] if before != now else ["as before"]
    )
    return f"{_counted(entries)}: {yaml_file.shown_path(Path(sieve.path))} ({', '.join(change)})"


def _counted(entries: Sequence[BaselineEntry]) -> str:
    articles = len({(one.path, one.record) for one in entries})
    return f"{len(entries):,} known finding{_s(len(entries))} in {articles:,} article{_s(articles)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _show(given: argparse.Namespace, linter: Linter) -> int:
    """List the entries, of all articles or of those that lie in the paths."""
    from linter import output
    from linter.baseline import Baseline
    from linter.output import one_line

    sieve = Baseline.open(linter, ())
    wanted = [sieve.inside(path) for path in given.paths]
    shown = [one for one in sorted(sieve.known.entries) if not wanted or any(_lies(one.path, path) for path in wanted)]
    output.to_standard_output("".join(f"{one_line(_line(one))}\n" for one in shown))
    output.to_standard_error(f"copydesk: {_counted(shown)}")
    return 0


def _line(one: BaselineEntry) -> str:
    return f"{one.path}: {f'{one.record}: ' if one.record else ''}“{one.text}” [{one.rule}]"


def _lies(path: str, inside: str) -> bool:
    """Whether an article is at a path or in the folder there."""
    return inside in (".", path) or path.startswith(f"{inside}/")
