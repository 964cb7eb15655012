"""The options for archives, and how `check` checks archives."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import lru_cache, partial
from glob import has_magic
from operator import attrgetter
from typing import TYPE_CHECKING

from linter import output
from linter.api import Linter
from linter.cli import options
from linter.config.config import BadConfig, Config
from linter.extensions import OptionGroup
from linter.files.articles import STANDARD_INPUT, Article, Found
from linter.finding import Finding, Result
from linter.matching import merged
from linter.readers import kind_of
from linter.records import progress
from linter.records.archive_names import ENGINES, FORMATS, OUT_FORMATS, named_format
from linter.records.record_mappings import mappings_of
from linter.reporters import counts_phrase, number_phrase, redacted
from linter.source import Source
from linter.suggest import as_list

if TYPE_CHECKING:
    from linter.records.archives import Archive
    from linter.records.run import Engine, OnProgress
    from linter.records.state import BatchSummary


def add_record_options(parser: argparse.ArgumentParser, out: str) -> OptionGroup:
    """Add the options for archives, and return their group. `out` is the help text of --out."""
    group = parser.add_argument_group("archives: files and databases that contain many articles")
    group.add_argument(
        "--input",
        type=options.one_of(FORMATS),
        metavar="FORMAT",
        help=f"read the files as {as_list(FORMATS)} (default: by their names)",
    )
    group.add_argument("--out", type=_path, metavar="PATH", help=out)
    group.add_argument(
        "--engine",
        type=options.one_of(ENGINES),
        default=ENGINES[0],
        metavar="NAME",
        help="processes on this machine, or ray (default: processes)",
    )
    group.add_argument(
        "--ray-address",
        default="",
        metavar="ADDRESS",
        help="address of the Ray cluster (default: start Ray on this machine)",
    )
    return group


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for archives that the command `check` has."""
    group = add_record_options(
        parser, "write the findings to a folder, as parts, and continue a run that was interrupted there"
    )
    group.add_argument(
        "--out-format",
        type=options.one_of(OUT_FORMATS),
        default=OUT_FORMATS[0],
        metavar="FORMAT",
        help=f"{as_list(OUT_FORMATS)} (default: {OUT_FORMATS[0]})",
    )
    group.add_argument(
        "--overwrite",
        action="store_true",
        help="delete the result that the folder of --out has, and start anew",
    )


def _path(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return text


def add_fix_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for archives that the command `fix` has."""
    group = add_record_options(
        parser, "write a fixed copy of an archive to a file, and continue a run that was interrupted there"
    )
    group.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="RULES",
        help="leave out the records with a finding of these packs, rules or globs",
    )
    group.add_argument(
        "--drop-paragraphs",
        action="append",
        default=[],
        metavar="RULES",
        help="delete the paragraphs with a finding of these packs, rules or globs",
    )


def find_archives(given: argparse.Namespace, config: Config) -> list[Archive]:
    """Return the archives among the paths of the command line, and remove them from `given.paths`.

    Without paths, the `paths` of the config, or the working folder, are searched for archives that the setting
    `records` matches. With --changed, archives in folders are left out. Raises BadConfig for options that do not fit.
    """
    paths = given.paths or list(config.paths) or ["."]
    format_ = getattr(given, "input", None)
    mapped = any(mapping.globs for mapping in mappings_of(config))
    if not (mapped or format_ or any(map(_may_be_archive, paths))):
        return []
    from linter.records.discover import split_paths

    excluded = options.excluded_by(config, getattr(given, "exclude", ()))
    archives, rest = split_paths(paths, config, excluded, format_, kind=getattr(given, "kind", None))
    if format_ and STANDARD_INPUT in rest:
        raise BadConfig(["--input: an archive cannot be read from standard input; pass a file"])
    if getattr(given, "changed", None) is not None:
        if archives and not any(map(os.path.isdir, paths)):
            raise BadConfig([f"--changed: {archives[0].path} is an archive; its records have no changed lines"])
        return []
    if archives:
        given.paths = rest
    return archives


def _may_be_archive(path: str) -> bool:
    """Whether a path may refer to an archive: by its suffix, or because it is a glob such as “exports/*”."""
    return bool(named_format(path)) or (kind_of(path) is None and has_magic(path) and "**" not in path)


@dataclass(frozen=True, eq=False)
class NamedArchives:
    """The archives among the paths of the command `check` or `baseline` (see `extensions.Archives`)."""

    archives: Sequence[Archive]
    given: argparse.Namespace
    linter: Linter

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(Article(archive.path, archive.file, "text", archive.size) for archive in self.archives)

    def others(self) -> Found:
        exclude, kind = getattr(self.given, "exclude", ()), getattr(self.given, "kind", None)
        if not self.given.paths:
            return Found((), ())
        found = options.find_articles(
            self.given.paths, self.linter.config, kind=kind, exclude=exclude, may_be_empty=True
        )
        files = {archive.file for archive in self.archives}  # the setting `records` may match files in the folders
        return found._replace(articles=tuple(article for article in found.articles if article.file not in files))

    def check(self, result: Result) -> Result:
        from tempfile import TemporaryDirectory

        from linter.records.outputs import Collected
        from linter.records.run import Run
        from linter.records.state import State

        collected = Collected()
        with (
            TemporaryDirectory() as folder,
            closing(State(os.path.join(folder, "state.sqlite3"))) as state,
            record_progress(self.given) as on_progress,
        ):
            run = Run(self.archives, self.linter, engine(self.given), state, collected, on_progress)
            left_out = run.check()
            totals, changed = run.totals("check", "compare"), run.changed()
        report_left_out(left_out)
        report_skipped(self.given, totals)
        total = collected.total
        return Result(
            result.files + collected.articles,
            tuple(sorted((*result.findings, *total.findings), key=attrgetter("order"))),
            merged([*result.problems, *totals.problems, *changed]),
            suppressed=result.suppressed + len(total.suppressed),
            used_suppressions=result.used_suppressions.union(*(one.entries for one in total.suppressed)),
            passed_over=result.passed_over,
        )

    def reader(self, findings: Iterable[Finding]) -> Callable[[str, str], Source]:
        from linter.records.work import find_bodies

        @lru_cache(1)
        def bodies() -> dict[tuple[str, str | None], str]:
            return find_bodies(self.archives, {finding.article for finding in findings})

        def read(path: str, record: str) -> Source:
            if (path, record) not in bodies():
                raise OSError("the record is no longer in the archive")
            return Source(bodies()[path, record], path, record)

        return read


def engine(given: argparse.Namespace) -> Engine:
    """Return the engine that the options name. Raises BadConfig."""
    from linter.records.run import Engine

    name, address = getattr(given, "engine", ENGINES[0]), getattr(given, "ray_address", "")
    if address and name != "ray":
        raise BadConfig(["--ray-address: this needs --engine ray"])
    return Engine(name, given.jobs, address)


def record_progress(given: argparse.Namespace) -> AbstractContextManager[OnProgress]:
    """Return a context manager that shows the progress of a run over archives (see `progress.record_progress`)."""
    return progress.record_progress(shown=sys.stderr.isatty() and not getattr(given, "quiet", False))


def report_left_out(left_out: Sequence[str]) -> None:
    """Print what was not compared."""
    for what in left_out:
        output.to_standard_error(f"copydesk: not compared with each other: {what}")


def report_skipped(given: argparse.Namespace, totals: BatchSummary) -> None:
    """Print how much of the archives was skipped because it is not an article, and why."""
    if totals.skipped and not getattr(given, "quiet", False):
        reasons = ", ".join(f"{why} ({number:,})" for why, number in totals.skipped)
        number = sum(number for _, number in totals.skipped)
        output.to_standard_error(f"copydesk: {number_phrase(number, 'page')} skipped: {reasons}")


def _totals_phrase(totals: BatchSummary) -> str:
    """Return the totals of a run as a phrase such as “2 errors and 1 note in 3 articles”."""
    articles = number_phrase(totals.articles, "article")
    return f"{severities_phrase(totals)} in {articles}" if totals.counts else f"no problems found in {articles}"


def severities_phrase(totals: BatchSummary) -> str:
    """Return the number of findings of each severity: “2 errors and 1 note”. There must be at least one finding."""
    numbers: Counter[str] = Counter()
    for _, severity, count, _ in totals.counts:
        numbers[severity] += count
    return counts_phrase(numbers)


def report_baseline(given: argparse.Namespace, linter: Linter, where: str) -> None:
    """Print that the baseline is not used, if there is one. `where` ends the sentence, such as “with --out”."""
    if os.path.lexists(linter.config.baseline) and not (given.no_baseline or given.isolated):
        output.to_standard_error(f"copydesk: the baseline is not used {where}")


def check_to_folder(given: argparse.Namespace, linter: Linter) -> int:
    """Check archives, write the findings to the folder of --out, and return the exit status.

    Raises BadConfig and OSError.
    """
    archives = find_archives(given, linter.config)
    if given.report:
        raise BadConfig(["--out: --report has no effect with it; use one of them"])
    if given.paths or not archives:
        which = f"“{given.paths[0]}” is not an archive" if given.paths else "no archive is named"
        advice = "name an archive, such as export.xml, or use --report NAME=FILE for a report of articles"
        raise BadConfig([f"--out: {which}; {advice}"])
    totals = _check_to_folder(archives, given, linter)
    report_skipped(given, totals)
    options.report_problems(totals.problems)
    if not given.quiet:
        output.to_standard_error(f"copydesk: {_totals_phrase(totals)}; the findings are in {given.out}")
    status = totals.status(given.fail_on or linter.config.fail_on)
    return 0 if given.exit_zero and status == 1 else status


def _check_to_folder(archives: Sequence[Archive], given: argparse.Namespace, linter: Linter) -> BatchSummary:
    """Check archives, write the findings to the folder of --out, and return the totals. Raises BadConfig and OSError.

    A run that was interrupted, or that could not read an archive completely, is continued. If the folder has the
    complete result of an equal run, nothing is checked.
    """
    from linter.records import run
    from linter.records.outputs import OutputFolder

    report_baseline(given, linter, "with --out")
    across = given.out_format != "dolma"
    if not across and linter.run_rules.across:
        output.to_standard_error("copydesk: with --out-format dolma, articles are not compared with each other")
    shown = None
    if given.redact:
        shown = partial(redacted, rules={rule.name: rule for rule in linter.run_rules.possible})
    folder = OutputFolder(given.out, given.out_format, archives, shown)
    identity = run.identity(archives, linter, given.out_format, given.redact)
    state = folder.open(identity, overwrite=given.overwrite)
    if state is None:
        _notice(given, f"“{given.out}” already has this result; to check the archives again, use --overwrite")
        report_left_out(folder.not_compared())
        return folder.stored_totals()
    with closing(state):
        if known := run.totals(state, "check", "compare").articles:
            _notice(given, f"the run in “{given.out}” continues after {number_phrase(known, 'article')}")
        with record_progress(given) as on_progress:
            own = run.Run(archives, linter, engine(given), state, folder, on_progress)
            left_out = own.check(across=across)
        if changed := own.changed():  # the next run starts anew
            raise BadConfig([f"copydesk: {one.path}: {one.message}" for one in changed])
        report_left_out(left_out)
        totals = own.totals("check", "compare")
        folder.finish(state, totals)
    if totals.damaged:
        _notice(given, "to read what could not be read, run the command again; the rest is not checked again")
    return totals


def _notice(given: argparse.Namespace, text: str) -> None:
    if not given.quiet:
        output.to_standard_error(f"copydesk: {text}")
