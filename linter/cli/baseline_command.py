"""Record known findings in a baseline, so that runs report only new ones.

  create   record all current findings (of all articles, or of the given paths)
  update   remove entries that no longer occur; nothing is added
  show     list the entries; nothing is checked

The baseline is copydesk-baseline.yaml next to the settings, or in the working folder.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from linter import extensions, output, runner
from linter.api import Linter
from linter.baseline import Baseline, BaselineEntry, format_baseline, is_foreign_baseline
from linter.cache import Cache, cache_folder
from linter.cli import options
from linter.config.config import BadConfig
from linter.config.yaml_file import shown_path
from linter.reporters import number_phrase

_ACTIONS = ("create", "update", "show")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk baseline create|update|show [PATH …] [OPTION …]"
    parser.add_argument("action", type=options.one_of(_ACTIONS), metavar="ACTION", help="create, update or show")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="only these articles (default: same as “copydesk check”)"
    )
    options.add_jobs_option(parser)
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Create, update or show the baseline, and return the exit status.

    Raises BadConfig for --isolated. Raises BadConfig and BadRule for mistakes in the config, the baseline or the rules.
    """
    run_options = options.run_options(given)
    if run_options.isolated:
        raise BadConfig(["--isolated: a baseline belongs to the settings of a folder; remove this option"])
    if given.action == "show":
        return _show(given, Linter.of(run_options))
    cache = Cache(cache_folder())
    return _write(given, Linter.of(run_options, cache), cache)


def _write(given: argparse.Namespace, linter: Linter, cache: Cache) -> int:
    """Create or update the baseline. Return the exit status: 2 if there was a problem, or else 0."""
    create = given.action == "create"
    if not create and not os.path.lexists(linter.config.baseline):
        output.to_standard_error("copydesk: there is no baseline here yet; run “copydesk baseline create”")
        return 2
    if is_foreign_baseline(linter):  # already reported
        return 2
    archives = extensions.first(each.find_archives(given, linter) for each in extensions.installed())
    found = archives.others() if archives else options.find_articles(given.paths, linter.config)
    with options.progress(found, given) as on_progress:
        result = runner.run(found, linter, given.jobs, on_progress, cache)
    if archives:
        result = archives.check(result)
    cache.report()
    baseline = Baseline.open(linter, (*found.articles, *(archives.articles if archives else ())))
    entries = baseline.created(result) if create else baseline.updated(result)
    if not os.path.lexists(baseline.path) or sorted(entries) != sorted(baseline.known.entries):
        output.to_file(format_baseline(entries), baseline.path)
    options.report_problems(result.problems)
    output.to_standard_error(f"copydesk: {_summary(baseline, entries)}")
    return 2 if result.problems else 0


def _summary(baseline: Baseline, entries: Sequence[BaselineEntry]) -> str:
    """Return a summary such as “12 known findings in 3 articles: copydesk-baseline.yaml (2 added, 1 removed)”."""
    before, now = Counter(baseline.known.entries), Counter(entries)
    change = f"{(now - before).total():,} added, {(before - now).total():,} removed" if before != now else "unchanged"
    return f"{_counted(entries)}: {shown_path(Path(baseline.path))} ({change})"


def _counted(entries: Sequence[BaselineEntry]) -> str:
    articles = len({(entry.path, entry.record) for entry in entries})
    return f"{number_phrase(len(entries), 'known finding')} in {number_phrase(articles, 'article')}"


def _show(given: argparse.Namespace, linter: Linter) -> int:
    """Print the entries of all articles, or of the articles at or in the given paths, and return 0."""
    baseline = Baseline.open(linter, ())
    wanted = [baseline.entry_path(path) for path in given.paths]
    entries = sorted(baseline.known.entries)
    shown = [entry for entry in entries if not wanted or any(_is_in(entry.path, path) for path in wanted)]
    output.to_standard_output("".join(f"{output.one_line(_line(entry))}\n" for entry in shown))
    output.to_standard_error(f"copydesk: {_counted(shown)}")
    return 0


def _line(entry: BaselineEntry) -> str:
    return f"{entry.path}: {f'{entry.record}: ' if entry.record else ''}“{entry.text}” [{entry.rule}]"


def _is_in(path: str, inside: str) -> bool:
    """Whether the article at `path` is at the path `inside`, or in the folder at that path.

    Paths are in the form of baseline entries.
    """
    return inside in (".", path) or path.startswith(f"{inside}/")  # every path counts as inside “.”
