"""Apply the safe fixes to files, folders and globs.

With “-”, fix the text on standard input, and write the result to standard output. An archive is never changed; with
--out, a fixed copy of it is written. A fix is safe if it cannot change the meaning of an article. Some files are
reported and left alone, such as symbolic links, files that are not text or whose names do not identify their format,
files that cannot be written back byte for byte, and files that change during the run. Exit status: 0 done, 1 something
would change (with --check), 2 something could not be done.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from linter import extensions, output, runner
from linter.api import Linter
from linter.cache import Cache
from linter.cli import options
from linter.config.config import BadConfig
from linter.files.articles import STANDARD_INPUT, STDIN_NAME, Found, read_content, standard_input
from linter.finding import Finding, Problem
from linter.fix.files import ArticleFix, NotFixed, fix_articles, fix_config, unfinished_fixes, unified_diff
from linter.readers import kind_of
from linter.reporters import View
from linter.reporters.terminal import FixSummary, fix_summary

if TYPE_CHECKING:
    from linter.changes import Changes


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk fix [PATH …] [OPTION …]"
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="what to fix (default: “paths” of the settings, else this folder)"
    )
    group = parser.add_argument_group("fixes")
    group.add_argument(
        "--unsafe", action="store_true", help="also fixes that may change the meaning; review them first"
    )
    group.add_argument("--diff", action="store_true", help="show the changes, and write nothing")
    group.add_argument("--check", action="store_true", help="write nothing, and exit with 1 if something would change")
    group.add_argument("--all", action="store_true", help="fix notes, too (default: only those that --select names)")
    group.add_argument("--no-baseline", action="store_true", help="fix known findings, too")
    options.add_changed_option(group)
    options.add_rule_options(parser)
    options.add_article_options(parser)
    for extension in extensions.installed():
        extension.add_options(parser, "fix")
    group = parser.add_argument_group("report")
    options.add_output_options(group, "only problems and --diff: no summary and no progress bar")


def run(given: argparse.Namespace) -> int:
    """Fix articles, print a summary, and return the exit status.

    Raises BadConfig and BadRule for mistakes in the options, the config or the rules.
    """
    name = options.stdin_name(given)
    cache = options.open_cache(given)
    linter = Linter.of(options.run_options(given), cache)
    if STANDARD_INPUT in given.paths and len(given.paths) > 1:
        raise BadConfig(["copydesk: “-” must be the only path: the fixed text is written to standard output"])
    status = extensions.first(each.run_instead("fix", given, linter) for each in extensions.installed())
    if status is not None:
        return status
    found, changes = options.find_changed(given, linter.config, name)
    found = _without_unknown(_on_disk(found), given)
    options.require_standard_input(given)
    done, left, problems = _fix(found, linter, given, cache, changes)
    if STANDARD_INPUT in given.paths and not (given.diff or given.check):
        output.bytes_to_standard_output(done[0].data if done else standard_input())
    options.report_problems(problems)
    if not given.quiet:
        _summarize(done, left, given, linter, files=len(found.articles), failed=bool(problems))
    return 2 if problems else int(given.check and any(change.data != change.old.data for change in done))


def _on_disk(found: Found) -> Found:
    """Return `found` without staged contents, so that the files themselves are fixed.

    Articles with changes that are not staged become problems.
    """
    articles, problems = [], [*found.problems]
    for article in found.articles:
        plain = article._replace(data=None)
        try:
            # Git may convert line ends.
            same = article.data is None or _without_returns(article.data) == _without_returns(read_content(plain))
        except OSError:
            same = True  # the file cannot be read, which is reported later
        if same:
            articles.append(plain)
        else:
            problems.append(Problem(article.path, "left alone: it has changes that are not staged"))
    return found._replace(articles=tuple(articles), problems=tuple(problems))


def _without_returns(data: bytes) -> bytes:
    r"""Return `data` with `\n` instead of `\r\n`."""
    return data.replace(b"\r\n", b"\n")


def _without_unknown(found: Found, given: argparse.Namespace) -> Found:
    """Return `found` with articles of unknown kinds replaced by problems."""
    if given.kind:
        return found
    unknown = {one.path for one in found.articles if kind_of(one.path) is None and one.path != STDIN_NAME}
    why = "left alone: its name does not identify it as Markdown, HTML or text; if it is one of these, pass --kind"
    return found._replace(
        articles=tuple(article for article in found.articles if article.path not in unknown),
        problems=(*found.problems, *(Problem(one.path, why) for one in found.articles if one.path in unknown)),
    )


def _fix(
    found: Found, linter: Linter, given: argparse.Namespace, cache: Cache | None, changes: Changes | None
) -> tuple[list[ArticleFix], list[Finding], list[Problem]]:
    """Fix articles and the config, or only compute or print the changes (see `_write_or_show`).

    Return the fixes, the findings that remain in all articles, and the problems.
    """
    with options.progress(found, given) as on_progress:
        checked = runner.run(found, linter, given.jobs, on_progress, cache)
    if cache:
        cache.report()
    keep_known = given.no_baseline or linter.options.isolated
    result = runner.filter_findings(checked, found, linter, changes=changes, keep_known=keep_known)
    notes = given.all or bool(linter.options.select)
    if not notes:
        result = result._replace(findings=tuple(each for each in result.findings if each.severity != "info"))
    done: list[ArticleFix] = []
    problems = list(result.problems)
    fixes = fix_articles(found.articles, checked, result.findings, linter, unsafe=given.unsafe, notes=notes)
    for change in chain(fixes, fix_config(result.findings, linter)):
        if isinstance(change, Problem):
            problems.append(change)
        elif problem := _write_or_show(change, given):
            problems.append(problem)
        else:
            done.append(change)
            problems += unfinished_fixes(change)
    fixed = {change.article.path for change in done}
    left = [finding for finding in result.findings if finding.path not in fixed]
    left += [finding for change in done for finding in change.fixed.remaining]
    return done, left, problems


def _write_or_show(change: ArticleFix, given: argparse.Namespace) -> Problem | None:
    """Write or show a change as the options require. Return a problem if the file cannot be written, or else None."""
    if given.diff:
        color = options.has_color(given)
        before, after = change.before.text, change.fixed.source.text
        diff = unified_diff(change.article.path, before, after, shown=output.is_log(), color=color)
        output.to_standard_output(diff)
    elif not given.check and change.article.file != STANDARD_INPUT:
        try:
            change.write()
        except (OSError, NotFixed) as why:
            return Problem(change.article.path, f"left alone: {getattr(why, 'strerror', None) or why}")
    return None


def _summarize(
    done: Sequence[ArticleFix],
    left: Sequence[Finding],
    given: argparse.Namespace,
    linter: Linter,
    *,
    files: int,
    failed: bool,
) -> None:
    """Print a summary of the fixes."""
    # Standard output may contain the diff or the fixed text.
    to_standard_error = given.diff or STANDARD_INPUT in given.paths
    view = View(
        width=output.width(),
        color=not to_standard_error and options.has_color(given),
        rules={rule.name: rule for rule in linter.run_rules.possible},
        paths=tuple(given.paths),
        options=options.repeated_options(given),
    )
    made = [finding for change in done for finding in change.fixed.fixed]
    written = not (given.diff or given.check)
    text = fix_summary(FixSummary(files, made, left, given.unsafe, written=written, failed=failed), view)
    text = options.for_screen(text, given)
    if to_standard_error:
        for line in text.splitlines():
            output.to_standard_error(line)
    else:
        output.to_standard_output(text)
