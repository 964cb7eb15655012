"""Find the config and the articles of a run as Vale does.

Unlike a search of `copydesk check`, a search for articles includes hidden files and files that git ignores.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from linter import file_safety
from linter.files.articles import STANDARD_INPUT, Article, Found, path_suggestion, state_of
from linter.finding import Problem
from linter.vale import formats

CONFIG_NAMES = (".vale", "_vale", "vale.ini", ".vale.ini", "_vale.ini")  # the first of a folder is used
_SKIPPED_FOLDERS = frozenset({".git", "node_modules"})


def config_in(folder: str) -> str:
    """Return the path of the config of Vale that is directly in a folder, or "".

    Files of untrusted users are skipped, each with a notice.
    """
    for name in CONFIG_NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and not file_safety.is_foreign(path, f"to use it, pass “--config {path}”"):
            return path
    return ""


def nearest_config(folder: str) -> str:
    """Return the path of the nearest config of Vale in or above a folder, or else in the home folder, or ""."""
    above = folder
    while above != os.path.dirname(above):
        if found := config_in(above):
            return found
        above = os.path.dirname(above)
    return config_in(above) or config_in(os.path.expanduser("~"))


def global_config() -> str:
    """Return the path of the config for all projects of the user, or "" if there is none."""
    if os.name == "nt":
        folder = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        folder = os.path.expanduser("~/Library/Application Support")
    else:
        folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    path = os.path.join(folder, "vale", ".vale.ini")
    return path if folder and os.path.isfile(path) else ""


class Selection(NamedTuple):
    """The choice of files to check, and of the formats in which they are read.

    `accepts` and `named` take a path in the form that reports show. They return whether the globs of the command line
    and the config allow the file, and whether a section of the config other than [*] is about it. `formats` maps
    suffixes, without a period, to those of the formats in which files are read. If `suffix` is given, it takes the
    place of the suffixes of all files. If `ignore_syntax` is true, all files are text without markup.
    """

    accepts: Callable[[str], bool] = lambda path: True
    named: Callable[[str], bool] = lambda path: False
    formats: Mapping[str, str] = {}
    suffix: str = ""
    ignore_syntax: bool = False

    def kind(self, path: str, *, named: bool) -> str:
        """Return the kind of the article at a path, or "" if it is not checked.

        A file with an unknown suffix is checked as plain text if the user or a section of the config names it.
        """
        if self.ignore_syntax:
            return "text"
        kind = formats.kind_of(self.suffix or path, self.formats)
        if kind != formats.LINES:
            return kind
        return "text" if named or self.named(path) else ""

    def is_missed(self, path: str, *, named: bool) -> bool:
        """Whether Vale would check the file at a path, but copydesk cannot.

        This is so for texts with other markup and, if the user or a section of the config names them, for program code.
        """
        name = self.suffix or path
        unsupported = formats.kind_of(name, self.formats) == formats.UNSUPPORTED
        return unsupported and (named or self.named(path) or name.rpartition(".")[2] in formats.MARKUP)


class Discovered(NamedTuple):
    """The articles, and the numbers of files that are not checked because of their format, by suffix.

    Files that Vale would check are also problems.
    """

    found: Found
    unread: Counter[str]


def discover(paths: Sequence[str], selection: Selection) -> Discovered:
    """Return the articles in files and folders. Their paths begin as in `paths`: `docs/a.md` for the folder `docs`."""
    articles: dict[str, Article] = {}
    problems: list[Problem] = []
    unread, missed = Counter[str](), Counter[str]()
    for path in paths:
        for file in _files(path, problems):
            shown = file.replace(os.sep, "/").encode("utf-8", "replace").decode("utf-8")  # without lone surrogates
            if not selection.accepts(shown):
                continue
            named = file == os.path.normpath(path)
            if kind := selection.kind(shown, named=named):
                state = state_of(file)
                size = state[0] if state else 0
                article = Article(shown, os.path.abspath(file), kind, size, state=state)
                articles.setdefault(os.path.realpath(file), article)
            else:
                counter = missed if selection.is_missed(shown, named=named) else unread
                counter[os.path.splitext(file)[1]] += 1
    problems += _missed(missed)
    folders = tuple(os.path.abspath(path) for path in paths if os.path.isdir(path))
    return Discovered(Found(tuple(sorted(articles.values())), tuple(problems), bool(folders), folders), unread)


def unnamed(text: bytes, name: str, selection: Selection) -> Discovered:
    """Return a text that is not in a file as an article. The suffix of `name` is that of its format."""
    if kind := selection.kind(name, named=True):
        return Discovered(Found((Article(name, STANDARD_INPUT, kind, len(text), text),), ()), Counter())
    return Discovered(Found((), tuple(_missed(Counter([os.path.splitext(name)[1]])))), Counter())


def _missed(numbers: Counter[str]) -> Iterator[Problem]:
    """Yield a problem for each suffix of files that copydesk cannot check, with their number."""
    for suffix, number in sorted(numbers.items()):
        files = "1 file was" if number == 1 else f"{number:,} files were"
        yield Problem(
            f"*{suffix}", f"{files} not checked: copydesk does not read this format; to leave it out, use --glob"
        )


def _files(path: str, problems: list[Problem]) -> Iterator[str]:
    """Yield the file at `path`, or the files in the folder at `path` and its subfolders, sorted by name."""
    if not os.path.isdir(path):
        if os.path.lexists(path):
            yield os.path.normpath(path)
        else:
            problems.append(Problem(path, f"no such file or folder{path_suggestion(path)}"))
        return
    top, seen = os.path.realpath(path), set[str]()
    folders = [os.path.normpath(path)]
    while folders:
        folder = folders.pop()
        real = os.path.realpath(folder)
        if real in seen or not file_safety.is_inside(real, top):  # a symbolic link
            continue
        seen.add(real)
        try:
            names = sorted(os.listdir(folder), reverse=True)
        except OSError as error:
            problems.append(Problem(folder, f"cannot open this folder: {error.strerror}"))
            continue
        inside = [os.path.join("" if folder == "." else folder, name) for name in names]
        folders += [each for each in inside if os.path.isdir(each) and os.path.basename(each) not in _SKIPPED_FOLDERS]
        yield from (each for each in inside if os.path.isfile(each) and _stays_inside(each, top))


def _stays_inside(file: str, top: str) -> bool:
    return not os.path.islink(file) or file_safety.is_inside(os.path.realpath(file), top)
