"""Mend what is safe to mend, in files, folders, globs, or “-” for standard input, whose mended text is written out.

Safe is what cannot change the meaning. Left alone and named are links, files behind a link that leads out, files that
are not text or whose names do not tell their kind, files that cannot be written again byte for byte, and files that
change meanwhile.
Exit status: 0 all is as it was asked for, 1 with --check something would change, 2 something could not be done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from linter.api import Linter
from linter.cli import options
from linter.config.config import BadConfig
from linter.files.articles import STDIN_NAME
from linter.finding import Finding, Problem
from linter.readers import kind_of

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.files.articles import Article, Found
    from linter.fix.files import ArticleFix

SUMMARY = "mend what is safe to mend"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk fix [PATH …] [OPTION …]"
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="what to mend; default: this folder, or “paths” of the settings"
    )
    group = parser.add_argument_group("fixes")
    group.add_argument("--unsafe", action="store_true", help="also what may change the meaning; look at it first")
    group.add_argument("--diff", action="store_true", help="show what would change, and write nothing")
    group.add_argument("--check", action="store_true", help="write nothing, and exit with 1 if something would change")
    group.add_argument("--all", action="store_true", help="notes too; without it only those that --select names")
    group.add_argument("--no-baseline", action="store_true", help="mend what the baseline knows, too")
    options.add_rule_options(parser)
    options.add_article_options(parser)
    group = parser.add_argument_group("report")
    group.add_argument("--quiet", action="store_true", help="problems and --diff only: no summary, no progress")
    group.add_argument("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")


def run(given: argparse.Namespace) -> int:
    """Fix articles, and print a summary."""
    from linter import output
    from linter.files import articles

    name = options.stdin_name(given)
    cache = options.open_cache(given)
    linter = Linter.of(options.run_options(given), cache)
    if articles.STANDARD_INPUT in given.paths and len(given.paths) > 1:
        raise BadConfig(["copydesk: “-” stands alone: its mended text is written to standard output"])
    found = _without_unknown(options.find_articles(given.paths, linter.config, name, given.kind), given)
    if articles.STANDARD_INPUT in given.paths:
        options.require_standard_input()
    done, left, problems = _fix(found, linter, given, cache)
    if articles.STANDARD_INPUT in given.paths and not (given.diff or given.check):
        output.bytes_to_standard_output(done[0].data if done else articles.standard_input())
    for problem in problems:
        output.to_standard_error(f"copydesk: {problem.path}: {problem.message}")
    if not given.quiet:
        _summarize(done, left, given, linter, files=len(found.articles))
    return 2 if problems else int(given.check and any(map(_changed, done)))


def _without_unknown(found: Found, given: argparse.Namespace) -> Found:
    """Turn articles whose kind is unknown into problems."""
    if given.kind:
        return found
    known: list[Article] = []
    unknown: list[Article] = []
    for article in found.articles:
        (known if kind_of(article.path) or article.path == STDIN_NAME else unknown).append(article)
    why = "left alone: its name does not identify it as Markdown, HTML or text; if it is one of these, pass --kind"
    return found._replace(
        articles=tuple(known),
        problems=(*found.problems, *(Problem(article.path, why) for article in unknown)),
    )


def _fix(
    found: Found, linter: Linter, given: argparse.Namespace, cache: Cache | None
) -> tuple[list[ArticleFix], list[Finding], list[Problem]]:
    """Fix articles, and return the fixes, the findings that remain in all articles, and problems."""
    from linter import runner
    from linter.fix.files import fix_articles, fix_config, unfinished_fixes
    from linter.output import Progress

    with Progress(len(found.articles), shown=sys.stderr.isatty() and not given.quiet) as progress:
        checked = runner.run(found, linter, given.jobs, progress.advance, cache)
    if cache:
        cache.report()
    result = runner.filter_findings(checked, found, linter, keep_known=given.no_baseline or linter.options.isolated)
    notes = given.all or bool(linter.options.select)
    if not notes:
        result = result._replace(findings=tuple(each for each in result.findings if each.severity != "info"))
    done: list[ArticleFix] = []
    problems = list(result.problems)
    changes = fix_articles(found.articles, checked, result.findings, linter, unsafe=given.unsafe, notes=notes)
    for change in chain(changes, fix_config(result.findings, linter)):
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
    """Write a fixed article, or show the diff. Return a problem if it had to be left alone."""
    from linter.files.articles import STANDARD_INPUT
    from linter.fix.files import NotFixed

    if given.diff:
        _show([change], given)
    elif not given.check and change.article.file != STANDARD_INPUT:
        try:
            change.write()
        except (OSError, NotFixed) as why:
            return Problem(change.article.path, f"left alone: {getattr(why, 'strerror', None) or why}")
    return None


def _show(done: Iterable[ArticleFix], given: argparse.Namespace) -> None:
    from linter import output
    from linter.fix.files import unified_diff

    shown = output.is_log()
    color = not given.no_color and output.shows_color()
    for change in done:
        before, after = change.before.text, change.fixed.source.text
        output.to_standard_output(unified_diff(change.article.path, before, after, shown=shown, color=color))


def _changed(change: ArticleFix) -> bool:
    return change.data != change.old.data


def _summarize(
    done: Sequence[ArticleFix], left: Sequence[Finding], given: argparse.Namespace, linter: Linter, *, files: int
) -> None:
    """Print what was fixed: on standard output, unless it is used for the article or the diff."""
    from linter import output
    from linter.files.articles import STANDARD_INPUT
    from linter.reporters import View, terminal

    to_standard_error = given.diff or STANDARD_INPUT in given.paths
    view = View(
        width=output.width(),
        color=not to_standard_error and not given.no_color and output.shows_color(),
        rules={rule.name: rule for rule in linter.run_rules.possible},
        paths=tuple(given.paths),
        options=options.repeated_options(given),
    )
    made = [finding for change in done for finding in change.fixed.fixed]
    text = terminal.fix_summary(
        terminal.FixSummary(files, made, left, given.unsafe, written=not (given.diff or given.check)), view
    )
    if to_standard_error:
        for line in text.splitlines():
            output.to_standard_error(line)
    else:
        output.to_standard_output(text)
