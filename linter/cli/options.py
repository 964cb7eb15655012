"""Command-line options that several commands share, and the functions that apply them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from linter import extensions, output
from linter.cache import Cache, cache_folder
from linter.config.config import BadConfig, Config, RunOptions
from linter.extensions import OptionGroup
from linter.files.articles import STANDARD_INPUT, Found, discover, standard_input
from linter.files.ignore import Globs, glob_mistake
from linter.finding import Problem
from linter.readers import KINDS
from linter.suggest import as_list, cut_text, did_you_mean

if TYPE_CHECKING:
    from linter.article_linter import ArticleLinter
    from linter.changes import Changes

_ASCII_SIGNS = str.maketrans("✖·│…“”„‘’–—→↵", 'x-|~"""\'\'-->|')
_COLORS = {"auto": None, "always": True, "never": False}


def add_rule_options(parser: argparse.ArgumentParser, *, needs_file: bool = True) -> None:
    """Add the options for rules and config.

    If `needs_file` is false, an option of an extension may do without the path of a config, and then means the nearest
    one. The command must then have no positional arguments.
    """
    group = parser.add_argument_group("rules and settings")
    group.add_argument("--rules", action="append", default=[], metavar="DIR", help="another folder of packs")
    group.add_argument(
        "--select", action="append", default=[], metavar="RULES", help="only these packs, rules or globs"
    )
    group.add_argument("--ignore", action="append", default=[], metavar="RULES", help="not these packs, rules or globs")
    group.add_argument("--preview", action="store_true", help="turn on preview rules: new ones that are not yet stable")
    group.add_argument("--config", metavar="FILE", help="settings (default: the nearest, here or above)")
    for extension in extensions.installed():
        extension.add_rule_options(group, needs_file=needs_file)
    group.add_argument("--isolated", action="store_true", help="use no settings, no words.txt and no baseline")


def add_article_options(parser: argparse.ArgumentParser) -> OptionGroup:
    """Add the options for reading and checking articles. Return their group, to which the caller may add options."""
    group = parser.add_argument_group("run")
    group.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="GLOB",
        help="leave out these files, as in .gitignore; added to “exclude” of the settings",
    )
    group.add_argument("--stdin-name", metavar="NAME", help="the file that standard input is from, such as draft.md")
    group.add_argument(
        "--kind",
        type=one_of(KINDS),
        metavar="KIND",
        help=f"read all files and records as {as_list(KINDS)}, whatever their names are",
    )
    add_jobs_option(group)
    group.add_argument("--no-cache", action="store_true", help="check every article again, and keep nothing")
    add_cache_option(group)
    return group


def add_changed_option(group: OptionGroup) -> None:
    """Add the option --changed, which limits a run to changed lines."""
    group.add_argument(
        "--changed",
        nargs="?",
        const="",
        metavar="REF",
        help="only lines that differ from a git reference (default: the main branch; in a hook, what is staged)",
    )


def add_jobs_option(parser: OptionGroup) -> None:
    """Add the option --jobs, the number of worker processes."""
    jobs = number(" of processes, such as 2", least=1)
    parser.add_argument("--jobs", type=jobs, metavar="N", help="number of worker processes (default: automatic)")


def add_cache_option(parser: OptionGroup) -> None:
    """Add the option --cache-dir, the folder of the cache."""
    parser.add_argument(
        "--cache-dir", metavar="DIR", help="where to keep results (default: the cache folder of the user)"
    )


def add_output_options(group: OptionGroup, quiet: str) -> None:
    """Add the options for colors, ASCII output and less output. `quiet` is the help text of --quiet."""
    group.add_argument("-q", "--quiet", action="store_true", help=quiet)
    group.add_argument(
        "--color",
        type=one_of(tuple(_COLORS)),
        default="auto",
        metavar="WHEN",
        help="auto, always or never (default: auto, on terminals; NO_COLOR and FORCE_COLOR are respected)",
    )
    group.add_argument("--ascii", action="store_true", help="no box-drawing signs or curly quotes (terminal, plain)")
    group.add_argument("--no-color", dest="color", action="store_const", const="never", help="same as --color never")


def for_screen(text: str, given: argparse.Namespace) -> str:
    """Return `text` for display: with --ascii, signs such as “✖” and “…” are replaced by one ASCII character each."""
    return text.translate(_ASCII_SIGNS) if given.ascii else text


def has_color(given: argparse.Namespace) -> bool:
    """Whether to use colors on standard output, according to --color.

    With `--color auto`, this depends on the terminal and the environment.
    """
    chosen = _COLORS[given.color]
    return output.shows_color() if chosen is None else chosen


def number(what: str, least: int = 0) -> Callable[[str], int]:
    """Return a converter for the `type` of an argparse option: from text to an integer of at least `least`.

    For any text that is not such an integer, the converter raises an error. The message is “… is not a number”,
    followed by `what`.
    """

    def value(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 20 and int(text) >= least:
            return int(text)
        raise argparse.ArgumentTypeError(f"“{cut_text(text)}” is not a number{what}")

    return value


def one_of(values: Sequence[str]) -> Callable[[str], str]:
    """Return a converter for the `type` of an argparse option: it accepts `values` and returns them unchanged.

    For any other value, the converter raises an error. Its message suggests a similar value if there is one.
    """

    def value(text: str) -> str:
        if text in values:
            return text
        raise argparse.ArgumentTypeError(f"“{text}” is not {as_list(values)}{did_you_mean(text, values)}")

    value.values = values  # type: ignore[attr-defined]  # for shell completion
    return value


def run_options(given: argparse.Namespace) -> RunOptions:
    """Return the RunOptions for the given command-line options."""
    return RunOptions(
        rule_folders=tuple(given.rules),
        config=given.config,
        isolated=given.isolated,
        select=rule_names(given.select),
        ignore=rule_names(given.ignore),
        no_suppressions=getattr(given, "no_suppressions", False),
        preview=given.preview,
        rule_source=extensions.first(each.rule_options(given) for each in extensions.installed()),
    )


def rule_names(lists: list[str]) -> tuple[str, ...]:
    """Return the names in comma-separated `lists`: three names for `["leaks,names/*", "fences"]`."""
    return tuple(name.strip() for names in lists for name in names.split(",") if name.strip())


def repeated_options(given: argparse.Namespace) -> tuple[str, ...]:
    """Return the options about rules, settings and kinds of files that a suggested command should repeat."""
    lists = [(f"--{name}", each) for name in ("rules", "select", "ignore") for each in getattr(given, name)]
    single = [
        (f"--{name}", getattr(given, name.replace("-", "_"), None)) for name in ("config", "vale", "stdin-name", "kind")
    ]
    words = [word for name, value in (*lists, *single) if value for word in (name, value)]
    return (*words, *(f"--{name}" for name in ("preview", "isolated") if getattr(given, name)))


def open_cache(given: argparse.Namespace) -> Cache | None:
    """Return the cache of a run, or None with --no-cache."""
    return None if given.no_cache else Cache(given.cache_dir or cache_folder())


def stdin_name(given: argparse.Namespace) -> str | None:
    """Return the file name that --stdin-name gives to standard input, or None if the option gives no name.

    Raises BadConfig if the option is given, but standard input is not checked.
    """
    if given.stdin_name is not None and STANDARD_INPUT not in given.paths:
        advice = f"{STANDARD_INPUT} --stdin-name {given.stdin_name}"
        raise BadConfig([f"--stdin-name: this needs “{STANDARD_INPUT}” as the path, as in “{advice}”"])
    return given.stdin_name or None


def require_standard_input(given: argparse.Namespace) -> None:
    """Read standard input now if it will be checked. Raises BadConfig if standard input cannot be read."""
    if STANDARD_INPUT in given.paths:
        try:
            standard_input()
        except OSError as error:
            raise BadConfig([f"copydesk: standard input cannot be read: {error.strerror or error}"]) from None


def find_articles(
    named: Sequence[str],
    config: Config,
    stdin_name: str | None = None,
    kind: str | None = None,
    exclude: Sequence[str] = (),
    *,
    may_be_empty: bool = False,
) -> Found:
    """Return the articles to which the paths `named` refer.

    If `named` is empty, the `paths` of the config are used or, if these are empty too, the working folder. `stdin_name`
    and `kind` are as in `discover`. `exclude` are globs for files to leave out, relative to the working folder. If
    `may_be_empty` is true, a named folder without articles is not a problem. Raises BadConfig for an invalid glob in
    `exclude`.
    """
    excludes = excluded_by(config, exclude)
    if named or not config.paths:
        return discover(named or ["."], excludes, stdin_name, kind=kind, named=bool(named) and not may_be_empty)
    return discover(config.paths, excludes, kind=kind, within=os.path.dirname(os.path.abspath(config.file)))


def excluded_by(config: Config, exclude: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that determines whether the article at an absolute path is excluded.

    `exclude` are the globs of the command line. Raises BadConfig if one of them is invalid.
    """
    if not exclude:
        return config.excludes
    if mistakes := [
        f"--exclude: “{glob}” is not a file pattern: {why}" for glob in exclude if (why := glob_mistake(glob))
    ]:
        raise BadConfig(mistakes)
    globs = Globs(os.getcwd(), tuple(exclude))
    return lambda path: config.excludes(path) or globs.fit(path)


def find_changed(given: argparse.Namespace, config: Config, stdin_name: str | None) -> tuple[Found, Changes | None]:
    """Return the articles of a run. With --changed, return only changed articles, and their changes.

    The changes are None without --changed. They can also be None with --changed (see `select_changed`); then all
    articles are returned.
    """
    if given.changed is None:
        return find_articles(given.paths, config, stdin_name, given.kind, given.exclude), None
    from linter.changes import parse_reference, select_changed

    reference, paths = parse_reference(given.changed, given.paths)
    return select_changed(find_articles(paths, config, stdin_name, given.kind, given.exclude), reference)


def progress(found: Found, given: argparse.Namespace) -> AbstractContextManager[Callable[[int], None]]:
    """Return a context manager that shows a progress bar for the articles in `found` (see `output.progress`).

    The bar is shown only if standard error is a terminal and --quiet is not given.
    """
    return output.progress(len(found.articles), shown=sys.stderr.isatty() and not getattr(given, "quiet", False))


def report_problems(problems: Iterable[Problem]) -> None:
    """Print problems on standard error."""
    for problem in problems:
        output.to_standard_error(f"copydesk: {problem.name}: {problem.message}")


def report_unused(linter: ArticleLinter) -> None:
    """Print notices about the rules of an extension that are not run, and about settings of it without effect."""
    for notice in linter.rule_source.notices if linter.rule_source else ():
        output.notice(notice)
