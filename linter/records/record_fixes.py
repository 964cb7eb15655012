"""How `fix` writes fixed copies of archives, and shows what would change."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from linter import output
from linter.api import Linter
from linter.cli import options
from linter.config.config import BadConfig
from linter.files.articles import state_of
from linter.output import replace
from linter.records import record_options
from linter.records.archive_names import COMPRESSED, named_format
from linter.reporters import number_phrase
from linter.rule import fits
from linter.suggest import as_list, suggest_rule

if TYPE_CHECKING:
    from linter.records.archives import Archive
    from linter.records.checking import FixOptions
    from linter.records.outputs import ChangesFolder
    from linter.records.state import BatchSummary, State

_WORK = ".copydesk-run"  # suffix of the folder with the changes, beside the copy
_COPY = "copy"  # key of the state


def find_archives(given: argparse.Namespace, linter: Linter) -> list[Archive]:
    """Return the archives that the command line names. Archives in the folders that it names are left alone.

    Raises BadConfig for options that do not fit.
    """
    paths = given.paths
    archives = record_options.find_archives(given, linter.config)
    if archives and all(path in given.paths for path in paths):  # no path of the command line is an archive
        given.paths = paths if paths or not linter.config.paths else given.paths
        if not given.quiet:
            advice = f"to write a fixed copy, use copydesk fix {archives[0].path} --out FILE"
            output.to_standard_error(f"copydesk: {archives[0].path}: left alone: it is an archive; {advice}")
        archives = []
    wanted = [f"--{name.replace('_', '-')}" for name in ("out", "drop", "drop_paragraphs") if getattr(given, name)]
    if wanted and not archives:
        raise BadConfig([f"{wanted[0]}: it is only for archives; name one"])
    if archives and given.paths:
        raise BadConfig([f"copydesk: fix “{given.paths[0]}” in a run of its own, without {archives[0].path}"])
    return archives


def fix_archives(archives: Sequence[Archive], given: argparse.Namespace, linter: Linter) -> int:
    """Fix archives, print a summary, and return the exit status. Raises BadConfig."""
    from linter.records.checking import FixOptions

    notes = given.all or bool(linter.options.select)
    dropped = _rules("--drop", given.drop, linter), _rules("--drop-paragraphs", given.drop_paragraphs, linter)
    fix_options = FixOptions(given.unsafe, notes, *dropped)
    record_options.report_baseline(given, linter, "for archives")
    if given.diff or given.check:
        return _show(archives, given, linter, fix_options)
    if not given.out:
        raise BadConfig([f"{archives[0].path}: an archive is never changed; pass --out FILE to write a fixed copy"])
    if len(archives) > 1:
        names = f"{archives[0].path} and {archives[1].path}"
        raise BadConfig([f"--out: a file is the copy of one archive; fix {names} one after the other"])
    return _write(archives[0], given, linter, fix_options)


def _rules(option: str, given: list[str], linter: Linter) -> tuple[str, ...]:
    """Return the names in an option for rules. Raises BadConfig for a name without a rule that is on."""
    names = options.rule_names(given)
    across = {rule.name for rule in linter.run_rules.across} if option == "--drop-paragraphs" else set()
    on = {rule.name for rule in linter.run_rules.possible} - across
    mistakes = []
    for name in names:
        if any(fits(name, rule) for rule in on):
            continue
        known = {state.own.name for state in linter.run_rules.states()}
        if any(fits(name, rule) for rule in across):
            mistakes.append(f"{option}: {name} compares whole articles; use --drop")
        elif any(fits(name, rule) for rule in known):
            mistakes.append(f"{option}: {name} is off; to turn it on, use --select")
        else:
            mistakes.append(f"{option}: no rule or pack is called “{name}”{suggest_rule(name, known)}")
    if mistakes:
        raise BadConfig(mistakes)
    return names


def _show(archives: Sequence[Archive], given: argparse.Namespace, linter: Linter, fix_options: FixOptions) -> int:
    """Compute the changes, print a diff if one is wanted, and return the exit status. No copy is written."""
    from tempfile import TemporaryDirectory

    from linter.records import run
    from linter.records.archives import BadArchive
    from linter.records.copies import diffs
    from linter.records.outputs import ChangesFolder

    engine = record_options.engine(given)
    with TemporaryDirectory() as path, closing((folder := ChangesFolder(path)).open("")) as state:
        with record_options.record_progress(given) as on_progress:
            own = run.Run(archives, linter, engine, state, folder, on_progress)
            left_out = own.fix(fix_options)
        record_options.report_left_out(left_out)
        totals = own.totals("fix")
        with suppress(BadArchive):  # which is also a problem of the run
            for number, archive in enumerate(archives) if given.diff else ():
                color = options.has_color(given)
                for diff in diffs(archive, folder.rows(state, number), shown=output.is_log(), color=color):
                    output.to_standard_output(diff)
    options.report_problems(totals.problems)
    _summarize(totals, given, "nothing was written")
    return 2 if totals.problems else int(given.check and bool(totals.changed or totals.dropped))


def _write(archive: Archive, given: argparse.Namespace, linter: Linter, fix_options: FixOptions) -> int:
    """Write the fixed copy of an archive, and return the exit status.

    A run that was interrupted is continued. The folder with the changes is deleted at the end, unless the archive could
    not be read completely.
    """
    from linter.records import run
    from linter.records.outputs import ChangesFolder

    engine, rewrite = record_options.engine(given), _is_same_format(archive, given.out)
    folder = ChangesFolder(os.path.abspath(given.out) + _WORK)
    _require_new(archive, given.out, must_continue=folder.has_state())
    before = state_of(archive.file)
    with closing(folder.open(run.identity([archive], linter, fix_options, rewrite))) as state:
        with record_options.record_progress(given) as on_progress:
            own = run.Run([archive], linter, engine, state, folder, on_progress)
            left_out = own.fix(fix_options)
        record_options.report_left_out(left_out)
        totals = own.totals("fix")
        options.report_problems(totals.problems)
        if totals.damaged:
            why = f"{archive.path} could not be read completely; to read the rest, run the command again"
            output.to_standard_error(f"copydesk: “{given.out}” was not written: {why}")
            if not totals.articles:
                folder.delete(state)
            return 2
        _copy(archive, given.out, folder, state, rewrite=rewrite, before=before)
        folder.delete(state)
    _summarize(totals, given, f"“{given.out}” was written")
    return 2 if totals.problems else 0


def _is_same_format(archive: Archive, out: str) -> bool:
    """Whether the copy has the same format as the archive, and not JSON Lines. Raises BadConfig for another format."""
    from linter.records.archives import BadArchive, require_compression
    from linter.records.copies import can_rewrite

    try:
        require_compression(out)
    except BadArchive as error:
        raise BadConfig([f"--out: “{out}” cannot be written: {error}"]) from None
    same = _suffix(out) == _suffix(archive.file) or named_format(out) == archive.format != "csv"
    if same and can_rewrite(archive.format):
        return True
    if named_format(out) == "jsonl":
        return False
    formats = {_suffix(archive.file): None, ".jsonl": None} if can_rewrite(archive.format) else (".jsonl",)
    raise BadConfig([f"--out: the name of the copy, “{out}”, must end in {as_list(formats)}"])


def _suffix(path: str) -> str:
    """Return the suffix of a path in lowercase, without that of a compression."""
    stem, suffix = os.path.splitext(path.lower())
    return os.path.splitext(stem)[1] if suffix in COMPRESSED else suffix


def _require_new(archive: Archive, out: str, *, must_continue: bool) -> None:
    """Raise BadConfig if the file of the copy exists, unless a run that was interrupted may have written it."""
    if not os.path.lexists(out):
        return
    if os.path.exists(archive.file) and os.path.exists(out) and os.path.samefile(out, archive.file):
        raise BadConfig([f"--out: “{out}” is the archive itself, which is never changed; choose another name"])
    if not must_continue:
        raise BadConfig([f"--out: “{out}” already exists; choose another name, or delete it"])


def _copy(
    archive: Archive, out: str, folder: ChangesFolder, state: State, *, rewrite: bool, before: tuple[int, ...]
) -> None:
    """Write the copy, unless it is complete. Raises BadConfig."""
    from linter.records.archives import CHANGED, BadArchive, create
    from linter.records.copies import write_copy

    if os.path.lexists(out) and state.value(_COPY) == _identity(out):
        return  # a run was interrupted after it had written the copy
    try:
        with create(folder.copy, out) as file:
            write_copy(archive, folder.rows(state, 0), file, rewrite=rewrite)
        if state_of(archive.file) != before:
            raise BadArchive(CHANGED)
        if os.path.lexists(out):
            raise BadConfig([f"--out: “{out}” already exists; choose another name, or delete it"])
        state.set_value(_COPY, _identity(folder.copy))
        replace(folder.copy, out)
    except BadArchive as error:
        folder.delete(state)
        raise BadConfig([f"copydesk: “{out}” was not written: {archive.path}: {error}"]) from None
    except OSError as error:
        advice = "to continue, run the command again"
        raise BadConfig([f"copydesk: “{out}” was not written: {error.strerror or error}; {advice}"]) from None


def _identity(file: str) -> str:
    """Return the size and the time of the last change of a file, which a new name does not change."""
    return repr(state_of(file)[::3])


def _summarize(totals: BatchSummary, given: argparse.Namespace, done: str) -> None:
    """Print a summary of the fixes."""
    if given.quiet:
        return
    fixes = f"{totals.fixed:,} fix{'' if totals.fixed == 1 else 'es'}"
    parts = [f"{fixes} in {totals.changed:,} of {number_phrase(totals.articles, 'record')}"]
    if totals.dropped or given.drop:
        parts.append(f"{number_phrase(totals.dropped, 'record')} left out")
    lines = ["; ".join([*parts, f"{done}."])]
    left = totals._replace(counts=[one for one in totals.counts if one[1] != "info"])
    if left.counts:
        lines.append(f"Not fixed: {record_options.severities_phrase(left)}.")
    for line in lines:
        line = options.for_screen(line, given)
        if given.diff:
            output.to_standard_error(line)
        else:
            output.to_standard_output(f"{line}\n")
