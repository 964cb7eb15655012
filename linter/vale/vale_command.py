"""Check articles with the rules of Vale styles only, and print the findings as Vale does.

The command reads the nearest .vale.ini and takes the options of Vale. PATH is a file, a folder, “-” for standard input,
or text in quotes. Exit status: 0 no errors, 1 errors, 2 something could not be done. Nothing is downloaded: the styles
must be in the folder that StylesPath names. docs/vale.md describes the differences from Vale.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence

from linter import output, runner
from linter.api import Linter
from linter.cli import options
from linter.config.config import BadConfig, RunOptions
from linter.extensions import OptionGroup
from linter.files.articles import STANDARD_INPUT, Found, standard_input
from linter.finding import Result
from linter.naming import pack_of
from linter.reporters import View
from linter.rule import OWN, BadRule
from linter.styled_text import UNLIMITED
from linter.suggest import as_list, cut_text
from linter.vale import discovery, formats, globs, outputs
from linter.vale.definition import LEVELS
from linter.vale.discovery import Selection
from linter.vale.load import ValeStyles
from linter.vale.options import ValeOptions

_CONFIG_VARIABLE, _STYLES_VARIABLE = "VALE_CONFIG_PATH", "VALE_STYLES_PATH"
_PLACE = re.compile(r"(?s)(.+?):(\d+):(\d+): (.+)")
# The commands of Vale, with what to do instead.
_COMMANDS = {
    "sync": "copydesk downloads nothing; run “vale sync” with Vale, or copy each package to a folder in StylesPath",
    "ls-config": "use “copydesk config PATH --vale FILE”, which shows the rules that are on for an article",
    "ls-metrics": "use a rule with “extends: metric”, whose message shows its value",
    "ls-dirs": "copydesk searches for the config in this folder, the folders above and the home folder",
    "ls-vars": f"copydesk reads {_CONFIG_VARIABLE} and {_STYLES_VARIABLE}",
    "fix": "use “copydesk fix --vale FILE PATH”",
    "host-install": "copydesk has no browser extension",
    "host-uninstall": "copydesk has no browser extension",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk vale [PATH …] [OPTION …]"
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to check (default: standard input)")
    group = parser.add_argument_group("rules")
    group.add_argument("--config", metavar="FILE", help="the .vale.ini (default: the nearest, here or above)")
    group.add_argument(
        "--filter", default="", metavar="EXPR", help="only rules that match, as in '.Level == \"error\"'"
    )
    group.add_argument(
        "--minAlertLevel",
        dest="min_level",
        type=options.one_of(LEVELS),
        metavar="LEVEL",
        help="lowest level to report: suggestion, warning or error (default: MinAlertLevel of the .vale.ini)",
    )
    group.add_argument("--no-global", action="store_true", help="ignore the .vale.ini in the config folder of the user")
    _add_article_options(parser.add_argument_group("articles"))
    _add_output_options(parser.add_argument_group("output"))


def _add_article_options(group: OptionGroup) -> None:
    group.add_argument("--glob", default="*", metavar="PATTERN", help="only files that match, as in '*.{md,txt}'")
    group.add_argument("--ext", default="", metavar="SUFFIX", help="the format of all input, such as .md")
    group.add_argument("--path", default="", metavar="NAME", help="the file that standard input is from")
    group.add_argument("--ignore-syntax", action="store_true", help="read all files as plain text")
    options.add_jobs_option(group)
    group.add_argument("--no-cache", action="store_true", help="check every article again, and keep nothing")
    options.add_cache_option(group)


def _add_output_options(group: OptionGroup) -> None:
    group.add_argument(
        "--output", default="CLI", type=_output, metavar="FORMAT", help="CLI, line or JSON (default: CLI, for people)"
    )
    group.add_argument("--no-wrap", action="store_true", help="do not break long lines (CLI)")
    group.add_argument("--no-exit", action="store_true", help="exit with 0 even if there are errors")
    group.add_argument("-q", "--quiet", action="store_true", help="no notices on standard error")
    for name in ("sort", "normalize", "relative"):
        group.add_argument(f"--{name}", action="store_true", help=argparse.SUPPRESS)  # what copydesk does anyway


def _output(name: str) -> str:
    if name in outputs.OUTPUTS:
        return name
    why = "templates are not supported, but “JSON” has all their values"
    raise argparse.ArgumentTypeError(f"“{name}” is not {as_list(outputs.OUTPUTS)}; {why}")


_output.values = outputs.OUTPUTS  # type: ignore[attr-defined]  # for shell completion


def run(given: argparse.Namespace) -> int:
    """Check articles, print the findings, and return the exit status. Raises BadConfig and BadRule for mistakes."""
    try:
        return _run(given)
    except (BadConfig, BadRule) as bad:
        if given.output != "JSON":
            raise
        for line in outputs.error(bad.mistakes, _place(bad.mistakes[0])).splitlines():
            output.to_standard_error(line)
        return 2


def _run(given: argparse.Namespace) -> int:
    if given.paths and given.paths[0] in _COMMANDS and not os.path.lexists(given.paths[0]):
        raise BadConfig([f"copydesk: “vale {given.paths[0]}”: {_COMMANDS[given.paths[0]]}"])
    cache = options.open_cache(given)
    file, is_named = _config(given)
    folder = os.environ.get(_STYLES_VARIABLE, "")
    ini = ValeOptions(file, is_named, True, given.min_level or "", given.filter, given.ignore_syntax, folder)
    linter = Linter.of(RunOptions(isolated=True, rule_source=ini), cache)
    assert isinstance(linter.rule_source, ValeStyles)
    found = _find(given, linter.rule_source)
    with options.progress(found, given) as on_progress:
        result = runner.run(found, linter, given.jobs, on_progress, cache)
    if cache:
        cache.report()
    if not given.quiet:
        options.report_unused(linter)
    return _report(result, found, given, linter)


def _config(given: argparse.Namespace) -> tuple[str, bool]:
    """Return the path of the config, and whether the user has named it, so that its styles may be anywhere.

    Raises BadConfig if there is no config.
    """
    if named := given.config or os.environ.get(_CONFIG_VARIABLE):
        return named, True
    of_user = "" if given.no_global else discovery.global_config()
    file = discovery.nearest_config(os.getcwd())
    if file and of_user and not given.quiet:
        output.notice(f"copydesk: {of_user} is not read, because {file} applies to this folder")
    if not (file or of_user):
        names = as_list(discovery.CONFIG_NAMES)
        raise BadConfig([f"copydesk: there is no {names} in this folder or above; create one, or pass --config FILE"])
    return (file, False) if file else (of_user, True)


def _find(given: argparse.Namespace, styles: ValeStyles) -> Found:
    """Return the articles to check, and print a notice about files that are not. Raises BadConfig for a bad glob."""
    selection = _selection(given, styles)
    text = _text(given.paths)
    if text is None:
        found, unread = discovery.discover(given.paths, selection)
    else:
        found, unread = discovery.unnamed(text, given.path or f"stdin{selection.suffix or '.txt'}", selection)
    if unread and not given.quiet:
        counts = [f"{number:,} {suffix or 'without a suffix'}" for suffix, number in sorted(unread.items())]
        output.notice(f"copydesk: not checked, because the format is not supported: {as_list(counts, 'and')}")
    return found


def _selection(given: argparse.Namespace, styles: ValeStyles) -> Selection:
    """Return which files are checked. Raises BadConfig for an invalid --glob."""
    try:
        glob = globs.Glob(given.glob)
    except globs.BadGlob as bad:
        raise BadConfig([f"--glob: “{cut_text(given.glob)}” is not a file pattern: {bad}"]) from None
    config = styles.config
    suffix = "" if given.ext == ".txt" else f".{given.ext.removeprefix('.')}" if given.ext else ""
    return Selection(
        lambda path: (
            any(map(glob.match, formats.variants(path, config.formats))) and config.lints(os.path.abspath(path))
        ),
        lambda path: bool(config.sections_for(os.path.abspath(path))),
        config.formats,
        suffix,
        given.ignore_syntax,
    )


def _text(paths: Sequence[str]) -> bytes | None:
    """Return the text to check if it is on standard input or the command line, or None if there are files to check.

    Raises BadConfig if standard input cannot be read or is combined with paths.
    """
    if STANDARD_INPUT in paths and len(paths) > 1:
        raise BadConfig(["copydesk: “-” must be the only path"])
    if not paths and sys.stdin is not None and sys.stdin.isatty():
        raise BadConfig(["copydesk: PATH is missing; name files or folders, or pass text on standard input"])
    if not paths or paths[0] == STANDARD_INPUT:
        try:
            return standard_input()
        except OSError as error:
            raise BadConfig([f"copydesk: standard input cannot be read: {error.strerror or error}"]) from None
    if len(paths) == 1 and not os.path.lexists(paths[0]) and not _is_path(paths[0]):
        return paths[0].encode("utf-8", "surrogateescape")
    return None


def _is_path(text: str) -> bool:
    """Whether an argument without a file is probably a mistyped path and not a text."""
    has_suffix = bool(re.fullmatch(r"\S*\w\.[A-Za-z]\w*", text))
    return not re.search(r"\s", text) and (has_suffix or "/" in text or os.sep in text)


def _report(result: Result, found: Found, given: argparse.Namespace, linter: Linter) -> int:
    """Print the findings of Vale's rules and, on standard error, what could not be done; return the exit status."""
    shown = result._replace(findings=tuple(finding for finding in result.findings if pack_of(finding.rule) != OWN))
    rules = {rule.name: rule for rule in linter.run_rules.possible} if shown.findings and given.output == "JSON" else {}
    wraps = output.width() and not given.no_wrap
    paths = () if any(article.file == STANDARD_INPUT for article in found.articles) else tuple(given.paths)
    view = View(width=output.width() if wraps else UNLIMITED, color=output.shows_color(), rules=rules, paths=paths)
    output.to_standard_output(outputs.render(given.output, shown, view))
    options.report_problems(result.problems)
    if result.problems:
        return 2
    return int(not given.no_exit and any(finding.severity == "error" for finding in shown.findings))


def _place(mistake: str) -> tuple[str, int, int] | None:
    """Return the file, line and column that a mistake names, or None."""
    found = _PLACE.fullmatch(mistake)
    return (found[1], int(found[2]), int(found[3])) if found else None
