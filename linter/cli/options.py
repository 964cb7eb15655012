"""Options that several commands have, and their values."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from linter import patterns
from linter.config.config import BadConfig, RunOptions
from linter.files.articles import STANDARD_INPUT, Article, open_regular
from linter.finding import SEVERITIES
from linter.readers import KINDS, kind_of

if TYPE_CHECKING:
    from linter.cache import Cache
    from linter.config.config import Config
    from linter.files.articles import Found


class Report(NamedTuple):
    """A report to write: its name, and the file it goes to or "" for standard output."""

    name: str
    file: str


def add_rule_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for rules and config."""
    group = parser.add_argument_group("rules and settings")
    group.add_argument("--rules", action="append", default=[], metavar="DIR", help="a folder of packs of your own")
    group.add_argument("--select", action="append", default=[], metavar="RULES", help="only these: packs, rules, globs")
    group.add_argument("--ignore", action="append", default=[], metavar="RULES", help="not these: packs, rules, globs")
    group.add_argument("--config", metavar="FILE", help="settings; default: the nearest copydesk.yaml, found upwards")
    group.add_argument("--isolated", action="store_true", help="no settings, no words.txt, no baseline of any folder")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a run."""
    group = add_article_options(parser)
    group.add_argument(
        "--fail-on",
        type=_severity,
        metavar="SEVERITY",
        help="exit with 1 from error, warning or info on (default: error, or “fail-on” of the settings)",
    )


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the findings that count."""
    group = parser.add_argument_group("what counts")
    group.add_argument(
        "--changed",
        nargs="?",
        const="",
        metavar="REF",
        help="only lines that differ from a git reference (default: the main branch; in a hook, what is staged)",
    )
    group.add_argument("--no-baseline", action="store_true", help="known findings too")
    group.add_argument("--no-suppressions", action="store_true", help="what is silenced, too")
    group.add_argument("--strict-baseline", action="store_true", help="what the baseline has and does not occur, too")


def add_cache_option(parser: argparse._ActionsContainer) -> None:
    """Add the option for the folder of the cache."""
    parser.add_argument(
        "--cache-dir", metavar="DIR", help="where to keep what was found; default: this user's cache folder"
    )


def open_cache(given: argparse.Namespace) -> Cache | None:
    """Return the cache of a run, or None with --no-cache."""
    from linter.cache import Cache, cache_folder

    return None if given.no_cache else Cache(given.cache_dir or cache_folder())


def add_article_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options for reading and checking articles."""
    group = parser.add_argument_group("run")
    group.add_argument("--stdin-name", metavar="NAME", help="the file that standard input stands for, as draft.md")
    group.add_argument(
        "--kind",
        type=_kind,
        metavar="KIND",
        help="read all files as markdown, html or text, whatever their names",
    )
    group.add_argument("--jobs", type=jobs, metavar="N", help="processes; default: as many as help")
    group.add_argument("--no-cache", action="store_true", help="check every article anew, and keep nothing")
    add_cache_option(group)
    return group


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for reports."""
    group = parser.add_argument_group("reports")
    group.add_argument(
        "--report",
        action="append",
        type=_report,
        default=[],
        metavar="NAME[=FILE]",
        help="terminal, plain, json, jsonl, html, sarif, github, gitlab, junit or markdown, to a file or standard "
        "output; may be given several times (default: terminal on a terminal, else plain)",
    )
    group.add_argument("--all", action="store_true", help="notes too, and everything in page order")
    group.add_argument("--statistics", action="store_true", help="counts by pack, folder and rule (terminal, json)")
    group.add_argument("--quiet", action="store_true", help="findings and problems only: no summary, no progress")
    group.add_argument("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")


def reports(given: argparse.Namespace, default: str) -> list[Report]:
    """Return the reports to write. Raises BadConfig if there are two for standard output."""
    chosen: list[Report] = given.report or [Report(default, "")]
    if sum(not report.file for report in chosen) > 1:
        advice = "give the others a file, as in --report json=copydesk.json"
        raise BadConfig([f"--report: only one report can go to standard output; {advice}"])
    return chosen


def stdin_name(given: argparse.Namespace) -> str | None:
    """Return the name of the file for standard input, if any. Raises BadConfig if standard input is not checked."""
    if given.stdin_name is not None and STANDARD_INPUT not in given.paths:
        advice = f"{STANDARD_INPUT} --stdin-name {given.stdin_name}"
        raise BadConfig([f"--stdin-name: it goes with “{STANDARD_INPUT}”, as in “{advice}”"])
    return given.stdin_name or None


def require_standard_input() -> None:
    """Read standard input before the run. Raises BadConfig if it cannot be read."""
    from linter.files.articles import standard_input

    try:
        standard_input()
    except OSError as error:
        raise BadConfig([f"copydesk: standard input cannot be read: {error.strerror or error}"]) from None


def require_no_article(reports: Iterable[Report], articles: Iterable[Article]) -> None:
    """Raise BadConfig if a report would overwrite an article, checked or not."""
    for report in reports:
        target = os.path.realpath(report.file)
        if report.file and os.path.isfile(target) and _may_be_article(target, articles):
            advice = "it is not a copydesk report and may be an article; choose another name or delete the file"
            raise BadConfig([f"--report: “{report.file}” already exists: {advice}"])


def _may_be_article(file: str, articles: Iterable[Article]) -> bool:
    named = (article.file for article in articles if kind_of(article.file) is None)  # given as paths, not discovered
    if kind_of(file) is None and file not in map(os.path.realpath, named):
        return False
    return not is_report(file)


def run_options(given: argparse.Namespace) -> RunOptions:
    """Return the options of the command line that make a linter."""
    return RunOptions(
        rule_folders=tuple(given.rules),
        config=given.config,
        isolated=given.isolated,
        select=_names(given.select),
        ignore=_names(given.ignore),
        no_suppressions=getattr(given, "no_suppressions", False),
    )


def repeated_options(given: argparse.Namespace) -> tuple[str, ...]:
    """Return the options with which another command has the same findings."""
    lists = [(f"--{name}", each) for name in ("rules", "select", "ignore") for each in getattr(given, name)]
    single = [(f"--{name}", getattr(given, name.replace("-", "_"))) for name in ("config", "stdin-name", "kind")]
    words = [word for name, value in (*lists, *single) if value for word in (name, value)]
    return (*words, *(["--isolated"] if given.isolated else []))


def _names(lists: list[str]) -> tuple[str, ...]:
    """Split names at commas: `["leaks,names/*", "fences"]` has three."""
    return tuple(name.strip() for names in lists for name in names.split(",") if name.strip())


def jobs(text: str) -> int:
    """Return the value of --jobs."""
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no number of processes, such as 2")


def _severity(text: str) -> str:
    return _one_of(SEVERITIES, text)


def _kind(text: str) -> str:
    return _one_of(KINDS, text)


def _one_of(values: Sequence[str], text: str) -> str:
    from linter.suggest import as_list, did_you_mean

    if text in values:
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is not {as_list(values)}{did_you_mean(text, values)}")


def _report(text: str) -> Report:
    from linter import reporters
    from linter.suggest import did_you_mean

    name, equals, file = text.partition("=")
    if equals and not file:
        raise argparse.ArgumentTypeError(f"“{text}” names no file")
    if name not in reporters.NAMES:
        raise argparse.ArgumentTypeError(f"there is no report “{name}”{did_you_mean(name, reporters.NAMES)}")
    return Report(name, os.path.expanduser(file))


def find_articles(
    named: Sequence[str], config: Config, stdin_name: str | None = None, kind: str | None = None
) -> Found:
    """Return the articles at the paths `named`, or else at `paths` of the config, or else in this folder."""
    from linter.files.articles import discover

    if named or not config.paths:
        return discover(named or ["."], config.excludes, stdin_name, kind=kind)
    return discover(config.paths, config.excludes, kind=kind, within=os.path.dirname(os.path.abspath(config.file)))


_HEAD = 1000  # bytes that are enough to recognize a report
# How the reports of copydesk begin, which may be overwritten.
_REPORT = patterns.lazy(
    rb"""(?x)
      \Z                                                            # a plain report without findings
    | (?: [^\n]+ \n )? (?: STOP | MEND ) \ \xe2\x80\x94 \               # terminal, perhaps below a name
    | (?: [^\n]+ \n )? [^\n\d]{,12} \ \d+ \ \xe2\x94\x82                # terminal, everything
    | (?: Nothing\ to\ mend | There\ was\ no\ article | The\ worst ) \   # terminal
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


def is_report(file: str) -> bool:
    """Whether a file starts like a report, or is empty. False if it cannot be read."""
    try:
        with open_regular(file) as opened:
            return bool(_REPORT.match(opened.read(_HEAD)))
    except OSError:
        return False
