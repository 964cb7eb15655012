"""Check articles: files, folders, globs, archives, or “-” for standard input.

In folders, files such as .md, .html and .txt are checked. Archives are files such as .jsonl, .csv, .parquet, .xml
(WordPress), .json (Ghost), .warc and .sqlite, and postgresql:// addresses. Each record in an archive is an article.
Exit status: 0 no findings at or above --fail-on, 1 findings, 2 something could not be done.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from linter import extensions, output, patterns, runner
from linter.api import Linter
from linter.cli import options
from linter.config.config import BadConfig
from linter.files.articles import STANDARD_INPUT, Article, Found, open_regular
from linter.finding import SEVERITIES, Result
from linter.readers import kind_of
from linter.reporters import NAMES, View, redacted, render, summary
from linter.rule import fits
from linter.source import Source
from linter.suggest import as_list, did_you_mean

if TYPE_CHECKING:
    from linter.extensions import Archives
    from linter.rule import Rule


class Report(NamedTuple):
    """A report to write: `name` is its format, and `file` is the path of its file, or "" for standard output."""

    name: str
    file: str


_WITH_SUMMARY = frozenset({Report("terminal", ""), Report("github", "")})  # reports that contain the summary
_FOR_PEOPLE = frozenset({"terminal", "plain"})
_HEAD = 1000  # bytes that are enough to recognize a report
# The beginnings of copydesk reports. A file that begins with one of them may be overwritten.
_REPORT = patterns.lazy(
    rb"""(?x)
      \Z                                                            # a plain report without findings
    | (?: [^\n]+ \n )? (?: ERRORS | WARNINGS ) :\                      # terminal, perhaps below a name
    | (?: [^\n]+ \n )? (?: [^\n]+ \n ){1,2} \ * \d+ \ \xe2\x94\x82      # terminal, everything
    | (?: No\ problems\ found | No\ articles\ to | Nothing\ could\ be ) \  # terminal
    | \ + pack \ + findings \ + articles                             # terminal, statistics
    | [^\n]+ : \d+ : \d+ : \  (?: error | warning | info ) : \         # plain
    | :: (?: error | warning | notice ) \ file=                      # github
    | copydesk:\                                                   # github, without findings
    | \#\#\#\ copydesk:\                                              # markdown
    | \[ (?: \] \s* \Z | \n \{ "description": )                      # gitlab
    | \{ "(?: version": \ 1, \ "files" | finding | end | \$schema) "?: # json, jsonl, sarif
    | <\?xml [^\n]+ \n <testsuites\ name="copydesk"                  # junit
    | <!doctype\ html> .{,200} content="copydesk\                    # html
    """,
    re.DOTALL,
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk check [PATH …] [OPTION …]"
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="what to check (default: “paths” of the settings, else this folder)"
    )
    options.add_rule_options(parser)
    group = options.add_article_options(parser)
    group.add_argument(
        "--fail-on",
        type=options.one_of(SEVERITIES),
        metavar="SEVERITY",
        help="lowest severity that fails a run: error, warning or info (default: “fail-on” of the settings, or error)",
    )
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    for extension in extensions.installed():
        extension.add_options(parser, "check")
    group = parser.add_argument_group("findings to report")
    options.add_changed_option(group)
    group.add_argument("--no-baseline", action="store_true", help="include known findings")
    group.add_argument("--no-suppressions", action="store_true", help="include suppressed findings")
    group.add_argument(
        "--strict-baseline", action="store_true", help="report entries of the baseline that no longer occur"
    )
    _add_report_options(parser)


def _add_report_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("reports")
    group.add_argument(
        "--report",
        action="append",
        type=_report,
        default=[],
        metavar="NAME[=FILE]",
        help="terminal, plain, json, jsonl, html, sarif, github, gitlab, junit or markdown, to FILE or standard "
        "output; may be given several times (default: terminal on a terminal, else plain)",
    )
    group.add_argument("--all", action="store_true", help="include notes, list everything in page order")
    group.add_argument(
        "--redact", action="store_true", help="omit article text from reports: show rule summaries, not messages"
    )
    group.add_argument(
        "--statistics", action="store_true", help="count findings by pack, folder, rule (terminal, json)"
    )
    options.add_output_options(group, "only findings and problems: no summary and no progress bar")


def _report(text: str) -> Report:
    name, equals, file = text.partition("=")
    if equals and not file:
        raise argparse.ArgumentTypeError(f"“{text}” has no file name")
    if name not in NAMES:
        choices = did_you_mean(name, NAMES) or f"; choose {as_list(NAMES)}"
        raise argparse.ArgumentTypeError(f"there is no report “{name}”{choices}")
    return Report(name, "" if file == STANDARD_INPUT else os.path.expanduser(file))  # “-” is standard output here


def run(given: argparse.Namespace) -> int:
    """Check articles, write the reports, and return the exit status. Raises BadConfig and BadRule for mistakes."""
    chosen = _chosen_reports(given)
    if given.redact and any(report.name == "html" for report in chosen):
        raise BadConfig(["--redact: the HTML report shows articles; choose another report"])
    name = options.stdin_name(given)
    cache = options.open_cache(given)
    linter = Linter.of(options.run_options(given), cache)
    paths = tuple(sorted(given.paths))
    status = extensions.first(each.run_instead("check", given, linter) for each in extensions.installed())
    if status is not None:
        return status
    archives = extensions.first(each.find_archives(given, linter) for each in extensions.installed())
    found, changes = (archives.others(), None) if archives else options.find_changed(given, linter.config, name)
    options.require_standard_input(given)
    every = found._replace(articles=(*found.articles, *(archives.articles if archives else ())))
    _require_no_article(chosen, every.articles)
    with options.progress(found, given) as on_progress:
        result = runner.run(found, linter, given.jobs, on_progress, cache)
    if archives:
        result = archives.check(result)
    if cache:
        cache.report()
    known, strict = given.no_baseline or linter.options.isolated, given.strict_baseline
    result = runner.filter_findings(result, every, linter, changes=changes, keep_known=known, strict=strict)
    return _report_all(result, chosen, every, archives, paths, given, linter)


def _report_all(
    result: Result,
    chosen: Sequence[Report],
    found: Found,
    archives: Archives | None,
    paths: tuple[str, ...],
    given: argparse.Namespace,
    linter: Linter,
) -> int:
    """Write the reports and the summary, and return the exit status. `paths` are those of the command line."""
    view = _view(given, linter, found, paths, archives.reader(result.findings) if archives else None)
    if given.redact:
        result = result._replace(findings=tuple(redacted(finding, view.rules) for finding in result.findings))
    written = _write_reports(result, chosen, view, given)
    options.report_problems(result.problems)
    for path, why in found.passed_over if given.all and not given.quiet else ():
        output.to_standard_error(f"copydesk: {path}: skipped: {why}")
    if not given.quiet and _WITH_SUMMARY.isdisjoint(chosen):
        output.to_standard_error(f"copydesk: {summary(result)}")
    _report_missing_packages(given, linter)
    if not given.quiet:
        options.report_unused(linter)
    status = result.status(view.fail_on) if written else 2
    return 0 if given.exit_zero and status == 1 else status


def _chosen_reports(given: argparse.Namespace) -> list[Report]:
    """Return the reports to write. Raises BadConfig if more than one is for standard output."""
    default = "terminal" if sys.stdout.isatty() or given.statistics else "plain"
    chosen: list[Report] = given.report or [Report(default, "")]
    if sum(not report.file for report in chosen) > 1:
        advice = "give the others a file, as in --report json=copydesk.json"
        raise BadConfig([f"--report: only one report can go to standard output; {advice}"])
    return chosen


def _require_no_article(reports: Iterable[Report], articles: Iterable[Article]) -> None:
    """Raise BadConfig if a report would overwrite a file that may be an article (see `_may_be_article`)."""
    for report in reports:
        target = os.path.realpath(report.file)
        if report.file and os.path.isfile(target) and _may_be_article(target, articles):
            advice = "it is not a copydesk report and may be an article; choose another name or delete the file"
            raise BadConfig([f"--report: “{report.file}” already exists: {advice}"])


def _may_be_article(file: str, articles: Iterable[Article]) -> bool:
    """Whether an existing file may be an article and not a copydesk report."""
    named = (article.file for article in articles if kind_of(article.file) is None)  # named on the command line
    if kind_of(file) is None and file not in map(os.path.realpath, named):
        return False
    try:
        with open_regular(file) as opened:
            return not _REPORT.match(opened.read(_HEAD))
    except OSError:
        return True


def _view(
    given: argparse.Namespace,
    linter: Linter,
    found: Found,
    paths: tuple[str, ...],
    read_record: Callable[[str, str], Source] | None,
) -> View:
    """Return the display options for reports.

    `paths` are the paths of the command line. `read_record` reads a record of an archive again.
    """
    articles = {article.path: article for article in found.articles}

    def read(path: str, record: str | None) -> Source:
        if record is not None and read_record:
            return read_record(path, record)
        if path not in articles:
            raise OSError("it is not one of the checked articles")
        return linter.source(articles[path])

    is_file = len(given.paths) == 1 and os.path.isfile(given.paths[0])  # `paths` may also have archives
    return View(
        width=output.columns(),
        color=options.has_color(given),
        everything=given.all,
        statistics=given.statistics,
        quiet=given.quiet,
        fail_on=given.fail_on or linter.config.fail_on,
        rules=_RulesByName(linter),
        paths=paths,
        options=options.repeated_options(given),
        named=not (len(paths) == 1 and (paths[0] == STANDARD_INPUT or is_file)),
        source=read,
        explained=lambda rule: linter.run_rules.with_examples(rule),
    )


class _RulesByName(Mapping[str, "Rule"]):
    """The possible rules of a run, by name. They are read when the first is looked up, because reading takes time."""

    def __init__(self, linter: Linter) -> None:
        self._linter = linter

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        return {rule.name: rule for rule in self._linter.run_rules.possible}

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def _write_reports(result: Result, reports: Iterable[Report], view: View, given: argparse.Namespace) -> bool:
    """Write reports to standard output and to files, and return whether every file could be written.

    Raises OSError if standard output cannot be written.
    """
    written = True
    for name, file in reports:
        text = render(name, result, view._replace(color=False) if file else view)
        try:
            if file:
                output.to_file(text, file)
                if sys.stderr.isatty() and not given.quiet:
                    output.to_standard_error(f"copydesk: the {name} report is in “{file}”")
            else:
                output.to_standard_output(options.for_screen(text, given) if name in _FOR_PEOPLE else text)
        except OSError as error:
            if not file:
                raise
            output.to_standard_error(f"copydesk: “{file}” cannot be written: {error.strerror}")
            written = False
    return written


def _report_missing_packages(given: argparse.Namespace, linter: Linter) -> None:
    """Print notices about rules that find nothing because a package is missing."""
    named = [*linter.options.select, *(selector.name for selector in linter.config.select)]
    if given.quiet or not (given.all or named):
        return
    for rule in linter.run_rules.possible:
        if rule.lacks and (given.all or any(fits(name, rule.name) for name in named)):
            output.to_standard_error(f"copydesk: {rule.name} finds nothing without {rule.lacks}")
