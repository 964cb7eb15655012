"""Check articles: files, folders (walked for .md, .html and .txt), globs, or “-” for standard input.

Exit status: 0 nothing found that counts, 1 findings, 2 something could not be done as asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from linter.api import Linter
from linter.cli import options
from linter.cli.options import Report
from linter.files.articles import STANDARD_INPUT, Found
from linter.finding import Finding, Result
from linter.reporters import View, render
from linter.rule import fits

if TYPE_CHECKING:
    from linter.changes import Changes
    from linter.source import Source

SUMMARY = "find defects in articles"
_WITH_SUMMARY = frozenset({Report("terminal", ""), Report("github", "")})  # reports that have a summary
_LISTS_RULES = "sarif"  # the report that lists all rules, whether they find anything or not
_STREAM = Report("jsonl", "")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.usage = "copydesk check [PATH …] [OPTION …]"
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="what to check; default: this folder, or “paths” of the settings"
    )
    options.add_rule_options(parser)
    options.add_run_options(parser)
    options.add_filter_options(parser)
    options.add_report_options(parser)


def run(given: argparse.Namespace) -> int:
    """Check articles, and write the reports."""
    from linter import output, runner
    from linter.output import Progress

    reports = options.reports(given, "terminal" if sys.stdout.isatty() or given.statistics else "plain")
    name = options.stdin_name(given)
    cache = options.open_cache(given)
    linter = Linter.of(options.run_options(given), cache)
    found, changes = _find_articles(given, linter, name)
    if STANDARD_INPUT in given.paths:
        options.require_standard_input()
    options.require_no_article(reports, found.articles)
    everything = _all_count(given, linter, changes)
    on_findings = _print_findings if everything and _STREAM in reports else None
    with Progress(len(found.articles), shown=sys.stderr.isatty() and not given.quiet) as progress:
        result = runner.run(found, linter, given.jobs, progress.advance, cache, on_findings)
    if cache:
        cache.report()
    if not everything:
        keep_known = given.no_baseline or linter.options.isolated
        result = runner.filter_findings(
            result, found, linter, changes=changes, keep_known=keep_known, strict=given.strict_baseline
        )
    if on_findings:
        from linter.reporters import json

        output.to_standard_output(json.jsonl_rest(result))
        reports = [report for report in reports if report != _STREAM]
    written = _report(result, reports, given, linter, found)
    _report_missing_packages(given, linter)
    return result.status(_fail_on(given, linter)) if written else 2


def _report_missing_packages(given: argparse.Namespace, linter: Linter) -> None:
    """Name selected rules, or with --all any, that find nothing because a package is missing, on standard error."""
    from linter import output

    named = [*linter.options.select, *(selector.name for selector in linter.config.select)]
    if given.quiet or not (given.all or named):
        return
    for rule in linter.run_rules.possible:
        if rule.lacks and (given.all or any(fits(name, rule.name) for name in named)):
            output.to_standard_error(f"copydesk: {rule.name} finds nothing without {rule.lacks}")


def _find_articles(given: argparse.Namespace, linter: Linter, name: str | None) -> tuple[Found, Changes | None]:
    """Return the articles to check, and with --changed what has changed in them."""
    if given.changed is None:
        return options.find_articles(given.paths, linter.config, name, given.kind), None
    from linter.changes import parse_reference, select_changed

    reference, paths = parse_reference(given.changed, given.paths)
    return select_changed(options.find_articles(paths, linter.config, name, given.kind), reference)


def _all_count(given: argparse.Namespace, linter: Linter, changes: Changes | None) -> bool:
    """Whether all findings count, so that they can be printed at once."""
    if changes or linter.config.suppressions:
        return False
    return given.no_baseline or linter.options.isolated or not os.path.lexists(linter.config.baseline)


def _print_findings(findings: Sequence[Finding]) -> None:
    from linter import output
    from linter.reporters import json

    output.to_standard_output(json.jsonl_lines(findings))


def _report(result: Result, reports: list[Report], given: argparse.Namespace, linter: Linter, found: Found) -> bool:
    """Write all reports, and problems and the summary on standard error.

    Return whether every file could be written.
    """
    from linter import output

    written = True
    for name, file in reports:
        view = _view(given, linter, found, to_terminal=not file)
        if result.findings or given.all or name == _LISTS_RULES:
            view = view._replace(rules={rule.name: rule for rule in linter.run_rules.possible})
        text = render(name, result, view)
        try:
            output.to_file(text, file) if file else output.to_standard_output(text)
        except OSError as error:
            if not file:
                raise
            output.to_standard_error(f"copydesk: “{file}” cannot be written: {error.strerror}")
            written = False
    for problem in result.problems:
        output.to_standard_error(f"copydesk: {problem.path}: {problem.message}")
    if not given.quiet and _WITH_SUMMARY.isdisjoint(reports):
        from linter.reporters import plain

        output.to_standard_error(f"copydesk: {plain.summary(result)}")
    return written


def _view(given: argparse.Namespace, linter: Linter, found: Found, *, to_terminal: bool) -> View:
    from linter import output

    return View(
        width=output.columns(),
        color=to_terminal and not given.no_color and output.shows_color(),
        everything=given.all,
        statistics=given.statistics,
        quiet=given.quiet,
        fail_on=_fail_on(given, linter),
        paths=tuple(sorted(given.paths)),
        options=options.repeated_options(given),
        source=_reader(linter, found),
        explained=lambda rule: linter.run_rules.with_examples(rule),
    )


def _reader(linter: Linter, found: Found) -> Callable[[str, str | None], Source]:
    """Return a function that reads an article again, by its path in findings."""
    articles = {article.path: article for article in found.articles}

    def read(path: str, record: str | None) -> Source:
        if path not in articles:
            raise OSError("it is none of the articles that were checked")
        return linter.source(articles[path])

    return read


def _fail_on(given: argparse.Namespace, linter: Linter) -> str:
    return given.fail_on or linter.config.fail_on
