"""Paths as somebody names them → the articles to check, in order."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from io import FileIO
from typing import BinaryIO, NamedTuple

from linter import file_safety, patterns
from linter.files import ignore
from linter.files.ignore import Ignored
from linter.finding import Problem
from linter.readers import SUFFIXES, kind_of

STANDARD_INPUT = "-"
STDIN_NAME = "<stdin>"  # the path of standard input that nobody has named


class Article(NamedTuple):
    """One file to check: `file` is what to open, `path` its name in reports, `size` counts bytes.

    `data`, if given, is what to check in place of what stands in the file.
    """

    path: str
    file: str
    kind: str
    size: int = 0
    data: bytes | None = None


class Found(NamedTuple):
    """The articles, sorted by path, and what was named but is not there.

    `folder` says that a folder was named, and so all articles in it were met, not some that somebody chose. `folders`
    are those in which all were met, as absolute paths.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    folder: bool = False
    folders: tuple[str, ...] = ()


def discover(
    paths: Sequence[str],
    excluded: Callable[[str], bool] = lambda path: False,
    stdin_name: str | None = None,
    *,
    kind: str | None = None,
    within: str = "",
) -> Found:
    """The articles that `paths` (files, folders, globs, “-” for standard input) stand for.

    `excluded` is asked about every file, named ones too, by its absolute path. A file reached twice counts once.
    Folders are walked for what looks like an article; a named file is one whatever it is called. `kind` overrides
    what the names of the files tell. What a link leads to outside of the folder `within` is left out.
    """
    within = os.path.realpath(within) if within else ""
    files: dict[str, Article] = {}
    problems: list[Problem] = []
    here = _working_folder()
    for path in paths:
        if path == STANDARD_INPUT:
            if not stdin_name or not excluded(os.path.abspath(stdin_name)):
                files[path] = _standard_input(stdin_name, here, kind)
            continue
        for file, real in _expand_argument(path, problems):
            if real not in files and not excluded(file) and (not within or file_safety.is_inside(real, within)):
                files[real] = Article(_display_path(file, here), file, kind or kind_of(file) or "text", _size(file))
    folders = tuple(os.path.abspath(path) for path in paths if os.path.isdir(path))
    return Found(tuple(sorted(files.values())), tuple(dict.fromkeys(problems)), any(map(_is_folder, paths)), folders)


def _is_folder(path: str) -> bool:
    """Whether it is walked, as a folder is and a glob such as “articles/**”."""
    return os.path.isdir(path) or (not os.path.lexists(path) and glob.has_magic(path) and "**" in path)


def _standard_input(name: str | None, here: str, kind: str | None) -> Article:
    shown = _display_path(os.path.abspath(name), here) if name else STDIN_NAME
    return Article(shown, STANDARD_INPUT, kind or kind_of(shown) or "text")


def _working_folder() -> str:
    return os.path.join(os.getcwd(), "")


def _display_path(full: str, here: str) -> str:
    """An absolute path as reports name it: POSIX, relative to `here` where it lies inside, and fit to print."""
    return full.removeprefix(here).replace(os.sep, "/").encode("utf-8", "replace").decode("utf-8")


def _expand_argument(path: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """(absolute path, real path) of each article that one argument stands for."""
    full = os.path.abspath(path)
    if os.path.isdir(full):
        yield from _walk_folder(full, problems)
    elif os.path.lexists(full):
        yield full, os.path.realpath(full)
    elif glob.has_magic(path):
        yield from _expand_glob(path, problems)
    else:
        problems.append(Problem(path, f"there is no such file or folder{_path_suggestion(path)}"))


def _path_suggestion(path: str) -> str:
    """What was likely meant by a path that is not there: the same with the slashes of this system, or a neighbour."""
    from linter.suggest import closest

    folder, name = os.path.split(path.replace("\\", "/"))
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return ""
    close = closest(name, (other for other in names if not other.startswith(".")))
    return f"; did you mean “{os.path.join(folder, close).replace(os.sep, '/')}”?" if close else ""


def _walk_folder(folder: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    walk = Walk(folder)
    yield from walk.articles()
    for closed, error in walk.failures:
        problems.append(
            Problem(_display_path(closed, _working_folder()), f"this folder cannot be opened: {error.strerror}")
        )
    for file, error in walk.gitignores.failures:
        message = f"this file cannot be read, so its patterns do not apply: {error.strerror}"
        problems.append(Problem(_display_path(file, _working_folder()), message))


def _expand_glob(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What a glob stands for that no shell has expanded. Nothing at all is a problem."""
    matches = _expand_recursive_glob(pattern, problems) if "**" in pattern else _expand_shell_glob(pattern, problems)
    found = False
    for match in matches:
        found = True
        yield match
    if not found:
        problems.append(Problem(pattern, "no article fits this pattern"))


def _expand_shell_glob(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What a shell would name."""
    for path in sorted(glob.glob(pattern)):
        yield from _expand_argument(path, problems)


def _expand_recursive_glob(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What fits a glob with “**”, in a walk through the folder before its first wildcard."""
    from pathlib import PurePath

    parts = PurePath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = os.path.abspath(os.path.join(".", *parts[:fixed]))
    for file, real in _walk_folder(root, problems):
        if matches_glob(PurePath(os.path.relpath(file, root)).parts, parts[fixed:]):
            yield file, real


def matches_glob(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path fit those of a glob, in which “**” stands for any number of them; linear."""
    states = _past_stars({0}, pattern)  # how many parts of the pattern may be used up
    for part in path:
        steps = {i for i in states if i < len(pattern) and pattern[i] == "**"}
        steps |= {i + 1 for i in states - steps if i < len(pattern) and fnmatchcase(part, pattern[i])}
        states = _past_stars(steps, pattern)
    return len(pattern) in states


def _past_stars(states: set[int], pattern: Sequence[str]) -> set[int]:
    states_after = set(states)
    for i in states:
        while i < len(pattern) and pattern[i] == "**":
            i += 1
            states_after.add(i)
    return states_after


def _size(file: str) -> int:
    """Its size in bytes, or 0 for what is no file or not there."""
    try:
        status = os.stat(file)
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


# The article files in a folder: what is no article, is hidden, ignored or lies elsewhere is left out.

# Folders of other people's files, next to those that begin with a dot.
SKIPPED_FOLDERS = frozenset("node_modules bower_components jspm_packages __pycache__ site-packages __MACOSX".split())
# A folder that holds one of these was made by a machine: a virtual environment, a cache.
MACHINE_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
# Files about a repository. In capitals they are so with anything behind (LICENSE-MIT.txt, README.de.md); in
# small letters only whole names are, since “license-plates-cost-more.md” is an article.
_ABOUT = patterns.lazy(
    r"""(?x)
    (?: README | LICEN[CS]E | UNLICEN[CS]E | COPYING | COPYRIGHT | CHANGELOG | CHANGES | HISTORY | NEWS
      | RELEASES? | RELEASE[-_]NOTES | CONTRIBUTING | CONTRIBUTORS | CODE[-_]OF[-_]CONDUCT | SECURITY | SUPPORT
      | GOVERNANCE | MAINTAINERS | AUTHORS | CODEOWNERS | OWNERS | NOTICE | PATENTS | INSTALL | TODO | UPGRADING
      | THIRD[-_]PARTY | PULL_REQUEST_TEMPLATE | ISSUE_TEMPLATE | AGENTS | CLAUDE ) (?: [-_.].* )? \. \w+
    | (?i: readme | licen[cs]e | copying | changelog | contributing | code_of_conduct )
      (?: \. [a-z]{2} (?: -[A-Za-z]+ )? )? \. \w+
    """
)
# Files for machines, as the format that reads them names them; and a desk's own list of words.
_FOR_MACHINES = patterns.lazy(
    r"""(?xi)
    (?: robots | humans | ads | app-ads | sellers | llms | llms-full | security | CMakeLists | words
      | top_level | entry_points | dependency_links | requires | SOURCES | native_libs | installed-files
      | manifest | version | runtime ) \.txt
    | (?: \w+ [-_.] )? (?: requirements | constraints ) (?: [-_.] \w+ )? \.txt
    | google [0-9a-f]{16} \.html
    """
)

# A report for a browser, which often lies beside what it is about: how it begins, linter/reporters/html has it.
_REPORT_START = patterns.lazy(
    rb'<!doctype html>\s+<html lang="en">\s+<head>\s+<meta [^>]*>\s+<meta name="generator" content="copydesk '
)
_REPORT_START_BYTES = 200  # bytes that hold all of that


def is_article(name: str) -> bool:
    """Whether a file of this name, met in a folder, is taken for an article."""
    if os.path.splitext(name)[1].lower() not in SUFFIXES or name.startswith("."):
        return False
    return not (_ABOUT.fullmatch(name) or _FOR_MACHINES.fullmatch(name))


def is_report(path: str) -> bool:
    """Whether this is a page that copydesk made itself."""
    if not path.lower().endswith((".html", ".htm")):
        return False
    try:
        with open(path, "rb") as file:
            return bool(_REPORT_START.match(file.read(_REPORT_START_BYTES)))
    except OSError:
        return False


class _Folder(NamedTuple):
    """A folder to be looked into: as it was reached, where it really is, and what git ignores in it."""

    path: str
    real: str
    ignored: Ignored


@dataclass(eq=False)
class Walk:
    """A walk through the folder `root`, an absolute path; `failures` fills with what cannot be opened.

    Symbolic links are followed where they lead to something inside the folder that was not met otherwise.
    """

    root: str
    failures: list[tuple[str, OSError]] = field(default_factory=list)
    gitignores: ignore.GitignoreReader = field(default_factory=ignore.GitignoreReader)
    _folders: list[_Folder] = field(default_factory=list)
    _links: list[_Folder] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def articles(self) -> Iterator[tuple[str, str]]:
        """Each article as (path, real path), in an order that depends on the names alone."""
        real_root = os.path.realpath(self.root)
        self._folders.append(_Folder(self.root, real_root, self.gitignores.above(real_root)))
        while self._folders or self._links:
            if self._folders:
                yield from self._scan(self._folders.pop())
                continue
            path, real, _ = self._links.pop()
            if real in self._seen or not real.startswith(os.path.join(real_root, "")):
                continue
            if os.path.isdir(real):
                self._folders.append(_Folder(path, real, self.gitignores.above(real)))
            elif os.path.isfile(real) and is_article(os.path.basename(path)):
                self._seen.add(real)
                yield path, real

    def _scan(self, folder: _Folder) -> Iterator[tuple[str, str]]:
        """The articles right in a folder; folders in it are put by, and links for when all else is done."""
        self._seen.add(folder.real)
        try:
            with os.scandir(folder.path) as opened:
                entries = sorted(opened, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            self.failures.append((folder.path, error))
            return
        names = {entry.name for entry in entries}
        if folder.path != self.root and not MACHINE_MADE.isdisjoint(names):
            return
        ignored = folder.ignored
        if ignore.NAME in names:
            ignored = self.gitignores.within(ignored, folder.real)
        for entry in entries:
            if not entry.name.startswith(".") and entry.name not in SKIPPED_FOLDERS:
                yield from self._take(entry, _Folder(entry.path, os.path.join(folder.real, entry.name), ignored))

    def _take(self, entry: os.DirEntry[str], place: _Folder) -> Iterator[tuple[str, str]]:
        is_folder = entry.is_dir(follow_symlinks=False)
        is_link = entry.is_symlink()
        if not (is_folder or is_link or is_article(entry.name)) or place.ignored.ignores(place.real, folder=is_folder):
            return
        real = os.path.realpath(place.real) if is_folder or is_link else place.real
        if real != place.real:  # a symbolic link, or a junction of Windows, which is_symlink() does not know
            self._links.append(place._replace(real=real))
        elif is_folder:
            self._folders.append(place)
        elif entry.is_file(follow_symlinks=False) and not is_report(real):
            self._seen.add(real)
            yield place.path, real


# What a file holds, opened so that reading never waits, and what is known of the file besides.

_NOT_REGULAR = "it is a pipe, a device or a folder; give its text on standard input instead, as in “copydesk check -”"


class ReadOptions(NamedTuple):
    """What is known of a file besides what stands in it.

    `encoding` is that of a file without a byte-order mark (None: as a page declares it, or as recognised), `language`
    the code of its language ("": as it says itself, or as guessed), `site` the generator whose source it is, or "".
    """

    encoding: str | None = None
    language: str = ""
    site: str = ""


DEFAULT_OPTIONS = ReadOptions()


def read_content(article: Article) -> bytes:
    """The bytes of an article: those it carries, those of standard input, or those of its file.

    Raises OSError where there are none, as for anything but a regular file: reading a pipe would wait.
    """
    if article.data is not None:
        return article.data
    if article.file == STANDARD_INPUT:
        return standard_input()
    with open_regular(article.file) as opened:
        return opened.read()


def open_regular(file: str) -> FileIO:
    """Open a regular file for reading. Raises OSError for anything else, without waiting for it."""
    try:
        return file_safety.open_regular_file(file)
    except file_safety.NotRegular:
        raise OSError(_NOT_REGULAR) from None


def standard_input() -> bytes:
    """All of standard input; it is read once. Raises OSError where it cannot be read."""
    if sys.stdin is None:  # as Python has it where the descriptor is closed
        raise OSError("it is closed")
    return _read_once(sys.stdin.buffer)


@lru_cache(maxsize=1)
def _read_once(stream: BinaryIO) -> bytes:
    """The content of a stream that can be read only once, kept for later calls."""
    return stream.read()
