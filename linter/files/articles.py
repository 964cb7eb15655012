"""Find the articles to which paths, folders and globs refer, and read the content of articles.

A search in a folder skips, for example, hidden files, files that git ignores, program files such as requirements.txt,
and links that lead out of the folder.
"""

from __future__ import annotations

import glob
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache, lru_cache
from io import FileIO
from itertools import accumulate
from operator import or_
from typing import BinaryIO, NamedTuple

from linter import file_safety, patterns
from linter.files import ignore
from linter.files.ignore import Ignored
from linter.finding import Problem
from linter.readers import SUFFIXES, kind_of
from linter.suggest import closest
from linter.word_lists import word_lists

STANDARD_INPUT = "-"
STDIN_NAME = "<stdin>"  # path of standard input if it has no name

# Folders of third-party files. They are skipped, like folders whose names begin with a dot.
SKIPPED_FOLDERS = frozenset("node_modules bower_components jspm_packages __pycache__ site-packages __MACOSX".split())
# Files that mark a generated folder, such as a virtual environment or a cache.
MACHINE_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
# The start of a copydesk HTML report, which is often saved among the articles; see linter/reporters/html.
_REPORT_START = patterns.lazy(
    rb'<!doctype html>\s+<html lang="en">\s+<head>\s+<meta [^>]*>\s+<meta name="generator" content="copydesk '
)
_REPORT_START_BYTES = 200  # enough bytes for the start of a report

# Reasons for not checking a file that has the suffix of an article.
_IGNORED = "ignored by git"
_NO_ARTICLE = "repository or program file, judging by its name"
_REPORT = "copydesk report"
_EXCLUDED = "excluded"
_HIDDEN = "hidden, or in a hidden or generated folder"
_NO_ARTICLES = (
    f"no articles in this folder; supported files: {', '.join(sorted(SUFFIXES))}"
    "; archives, such as .xml and .jsonl files, must be named"
)
_NOT_REGULAR = "it is not a regular file"
_PASS_TEXT = "pass its text on standard input: copydesk check -"


class Article(NamedTuple):
    """A file to check, or standard input.

    `path` is the path that reports show, and `file` is the path to open, or “-” for standard input. `kind` is the
    format: one of readers.KINDS. `size` is in bytes. If `data` is given, it is checked instead of the content of the
    file. `state` is the state of the file (see `file_state`) when it was found, or () if the state is unknown.
    """

    path: str
    file: str
    kind: str
    size: int = 0
    data: bytes | None = None
    state: tuple[int, ...] = ()


class PassedOver(NamedTuple):
    """A file that may be an article but is not checked: the path that reports show, and the reason."""

    path: str
    why: str


class Found(NamedTuple):
    """The result of a search: articles (sorted by path), problems (such as paths that do not exist), and skipped files.

    `folder` is true if at least one of the given paths is a folder or a glob with “**”; the articles are then treated
    as a complete set rather than a selection. `folders` are the absolute paths of the given folders.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    folder: bool = False
    folders: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def discover(
    paths: Sequence[str],
    excluded: Callable[[str], bool] = lambda path: False,
    stdin_name: str | None = None,
    *,
    kind: str | None = None,
    within: str = "",
    named: bool = False,
) -> Found:
    """Return the articles to which `paths` refer: files, folders, globs, or “-” for standard input.

    `excluded` returns whether an absolute path is excluded; it applies to files in `paths`, too. In folders, only files
    that look like articles are included. `stdin_name` is the path to use for standard input, or None. `kind` replaces
    the format that file names imply. Files outside of the folder `within` are left out. If `named` is true, a folder in
    which no article is found is reported as a problem, unless the folder is excluded.
    """
    within = os.path.realpath(within) if within else ""
    files: dict[str, Article] = {}
    problems, passed_over = list[Problem](), list[PassedOver]()
    here = working_folder()
    for path in paths:
        if path == STANDARD_INPUT:
            if not stdin_name or not excluded(os.path.abspath(stdin_name)):
                files[path] = _standard_input(stdin_name, here, kind)
            continue
        found = [*_expand_argument(path, problems, passed_over)]
        for file, real in found:
            if excluded(file):
                passed_over.append(PassedOver(display_path(file, here), _EXCLUDED))
            elif real not in files and (not within or file_safety.is_inside(real, within)):
                files[real] = _article(file, here, kind)
        if named and not found and _is_open_folder(path, problems):
            problems.append(Problem(path, _NO_ARTICLES))
    return Found(
        tuple(sorted(files.values())),
        tuple(problem for problem in dict.fromkeys(problems) if not _is_excluded_folder(problem.path, excluded)),
        any(map(_is_folder, paths)),
        tuple(_absolute(path) for path in paths if os.path.isdir(path)),
        tuple(sorted({*passed_over})),
    )


def _is_open_folder(path: str, problems: Iterable[Problem]) -> bool:
    """Whether `path` is a folder that none of `problems` is about."""
    return os.path.isdir(path) and os.path.abspath(path) not in {os.path.abspath(one.path) for one in problems}


def _is_excluded_folder(path: str, excluded: Callable[[str], bool]) -> bool:
    """Whether `path` is a folder whose files are usually excluded."""
    return os.path.isdir(path) and excluded(os.path.abspath(os.path.join(path, "-")))


def _article(file: str, here: str, kind: str | None) -> Article:
    """Return the article with the absolute path `file`. `here` is the working folder."""
    state = state_of(file)
    size = state[0] if state else 0
    return Article(display_path(file, here), file, kind or kind_of(file) or "text", size, state=state)


def _is_folder(path: str) -> bool:
    """Whether `path` is a folder, or a glob that is searched like a folder, such as “articles/**”."""
    return os.path.isdir(path) or (not os.path.lexists(path) and glob.has_magic(path) and "**" in path)


def _standard_input(name: str | None, here: str, kind: str | None) -> Article:
    shown = display_path(os.path.abspath(name), here) if name else STDIN_NAME
    return Article(shown, STANDARD_INPUT, kind or kind_of(shown) or "text")


def working_folder() -> str:
    """Return the path of the working folder, with a separator at the end."""
    return os.path.join(os.getcwd(), "")


def display_path(full: str, here: str) -> str:
    """Return an absolute path as reports show it: with forward slashes, and relative if it is inside `here`."""
    inside = os.path.normcase(full).startswith(os.path.normcase(here))
    shown = full[len(here) :] if inside else full
    return shown.replace(os.sep, "/").encode("utf-8", "replace").decode("utf-8")  # without lone surrogates


def _expand_argument(path: str, problems: list[Problem], passed_over: list[PassedOver]) -> Iterator[tuple[str, str]]:
    """Yield the absolute path and the real path of each article to which an argument refers.

    Problems are added to `problems`, and skipped files to `passed_over`.
    """
    full = _absolute(path)
    if os.path.isdir(full):
        yield from _walk_folder(full, problems, passed_over)
    elif os.path.lexists(full):
        yield full, os.path.realpath(full)
    elif glob.has_magic(path):
        yield from _expand_glob(path, problems, passed_over)
    else:
        problems.append(Problem(path, f"no such file or folder{path_suggestion(path)}"))


def _absolute(path: str) -> str:
    """Return the absolute path of `path`, on Windows usually with the case of the names on disk."""
    full = os.path.abspath(path)
    real = os.path.realpath(full) if os.path.lexists(full) else full
    return real if os.path.normcase(real) == os.path.normcase(full) else full


def path_suggestion(path: str) -> str:
    """Return `; did you mean “…”?` for a path that does not exist, or "" if no similar path is found."""
    folder, name = os.path.split(path.replace("\\", "/"))
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return ""
    close = closest(name, (other for other in names if not other.startswith(".")))
    return f"; did you mean “{os.path.join(folder, close).replace(os.sep, '/')}”?" if close else ""


def _walk_folder(folder: str, problems: list[Problem], passed_over: list[PassedOver]) -> Iterator[tuple[str, str]]:
    walk = Walk(folder)
    yield from walk.articles()
    passed_over += (PassedOver(display_path(path, working_folder()), why) for path, why in walk.passed_over)
    for closed, error in walk.failures:
        problems.append(Problem(display_path(closed, working_folder()), f"cannot open this folder: {error.strerror}"))
    for file, error in walk.gitignores.failures:
        message = f"cannot read this file, so its patterns are ignored: {error.strerror}"
        problems.append(Problem(display_path(file, working_folder()), message))


def _expand_glob(pattern: str, problems: list[Problem], passed_over: list[PassedOver]) -> Iterator[tuple[str, str]]:
    """Yield the articles for a glob that the shell did not expand.

    If no article matches, a problem is added to `problems`.
    """
    if "**" in pattern:
        matches = _expand_recursive_glob(pattern, problems)
    else:
        paths = sorted(glob.glob(pattern))
        matches = (match for path in paths for match in _expand_argument(path, problems, passed_over))
    found = False
    for match in matches:
        found = True
        yield match
    if not found:
        problems.append(Problem(pattern, "no articles match this pattern"))


def _expand_recursive_glob(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield the path and the real path of each article that matches a glob containing “**”."""
    from pathlib import PurePath

    parts = PurePath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = os.path.abspath(os.path.join(".", *parts[:fixed]))
    for file, real in _walk_folder(root, problems, []):  # skipped files are not reported here
        if matches_glob(PurePath(os.path.relpath(file, root)).parts, parts[fixed:]):
            yield file, real


def matches_glob(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path match the parts of a glob. A part “**” matches any number of parts, even none.

    The time is proportional to the number of parts of the path times the number of parts of the glob.
    """
    matched = [True] + [False] * len(path)  # for n = 0, 1, …: whether the first n parts match
    for part in pattern:
        if part == "**":
            matched = [*accumulate(matched, or_)]
        else:
            fits = (before and fnmatch(name, part) for before, name in zip(matched, path, strict=False))
            matched = [False, *fits]
    return matched[-1]


def state_of(file: str) -> tuple[int, ...]:
    """Return the state of a regular file (see `file_state`), or () for anything else."""
    try:
        status = os.stat(file)
    except OSError:
        return ()
    return file_state(status) if stat.S_ISREG(status.st_mode) else ()


def file_state(status: os.stat_result) -> tuple[int, ...]:
    """Return the size of a file in bytes, its device, its inode, and its `mtime` and `ctime` in nanoseconds.

    If the file is replaced or its content changes, the result normally changes, too.
    """
    return status.st_size, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def is_article(name: str) -> bool:
    """Whether a file found in a folder counts as an article, judging by its name."""
    if os.path.splitext(name)[1].lower() not in SUFFIXES or name.startswith("."):
        return False
    return not _not_articles().fullmatch(name)


@cache
def _not_articles() -> re.Pattern[str]:
    """Return a pattern for the names of files that are usually not articles, such as licenses and requirements."""
    # A name in capitals may have any addition (LICENSE-MIT.txt); others may have only a language code (readme.de.md),
    # since “license-plates-cost-more.md” is an article.
    capitals, others, machines = ("|".join(sorted(names)) for names in word_lists("not_articles.txt").values())
    requirements = r"(?:\w+[-_.])?(?:requirements|constraints)(?:[-_.]\w+)?"
    return re.compile(
        rf"(?:{capitals})(?:[-_.].*)?\.\w+|(?i:{others})(?:\.[a-z]{{2}}(?:-[A-Za-z]+)?)?\.\w+"
        rf"|(?i:(?:{machines}|{requirements})\.txt|google[0-9a-f]{{16}}\.html)"
    )


def reason_to_skip(file: str, root: str) -> str:
    """Return the reason why a search in the folder `root` would skip an article inside it, or "" if it would not.

    Both are absolute paths. The file need not exist.
    """
    names = os.path.relpath(file, root).split(os.sep)
    if any(name.startswith(".") or name in SKIPPED_FOLDERS for name in names):
        return _HIDDEN
    if not is_article(names[-1]):
        return _NO_ARTICLE
    folder, gitignores = os.path.realpath(root), ignore.GitignoreReader()
    ignored = gitignores.above(folder)
    for number, name in enumerate(names, 1):
        if os.path.lexists(os.path.join(folder, ignore.NAME)):
            ignored = gitignores.within(ignored, folder)
        folder = os.path.join(folder, name)
        if ignored.ignores(folder, folder=number < len(names)):
            return _IGNORED
        if number < len(names) and any(os.path.lexists(os.path.join(folder, mark)) for mark in MACHINE_MADE):
            return _HIDDEN
    return _REPORT if is_report(file) else ""


def is_report(path: str) -> bool:
    """Whether a file is a copydesk HTML report, judging by its suffix and the start of its content."""
    if not path.lower().endswith((".html", ".htm")):
        return False
    try:
        with open(path, "rb") as file:
            return bool(_REPORT_START.match(file.read(_REPORT_START_BYTES)))
    except OSError:
        return False


class _Folder(NamedTuple):
    """A folder, file or link found by a search: its path, its real path, and the ignore patterns that apply to it."""

    path: str
    real: str
    ignored: Ignored


@dataclass(eq=False)
class Walk:
    """A search of the folder with the absolute path `root`.

    `failures` collects the folders that cannot be opened, each with the error. `passed_over` collects files that have
    the suffix of an article but are skipped because they are ignored by git, have the name of a program file or a
    repository document, or are copydesk HTML reports, each with the reason. Symbolic links are followed only if their
    targets are inside the folder and were not reached in another way.
    """

    root: str
    failures: list[tuple[str, OSError]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    gitignores: ignore.GitignoreReader = field(default_factory=ignore.GitignoreReader)
    _folders: list[_Folder] = field(default_factory=list)
    _links: list[_Folder] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def articles(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the real path of each article, in an order that depends only on the names."""
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
        """Yield the articles directly in a folder, and queue its subfolders and links for later."""
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
        has_suffix = not is_folder and os.path.splitext(entry.name)[1].lower() in SUFFIXES
        if not (is_folder or is_link or has_suffix):
            return
        if place.ignored.ignores(place.real, folder=is_folder):
            self._pass_over(place, _IGNORED if has_suffix else "")
            return
        if not (is_folder or is_link or is_article(entry.name)):
            self._pass_over(place, _NO_ARTICLE)
            return
        real = os.path.realpath(place.real) if is_folder or is_link else place.real
        if real != place.real:  # a symbolic link, or a Windows junction, which is_symlink() does not recognize
            self._links.append(place._replace(real=real))
        elif is_folder:
            self._folders.append(place)
        elif is_report(real):
            self._pass_over(place, _REPORT)
        elif entry.is_file(follow_symlinks=False):
            self._seen.add(real)
            yield place.path, real

    def _pass_over(self, place: _Folder, why: str) -> None:
        if why:
            self.passed_over.append((place.path, why))


class ReadOptions(NamedTuple):
    """Options for reading a file.

    `encoding` applies to files without a byte-order mark (None: as declared or detected). `language` is a language code
    ("": as declared or detected). `site` is the name of the site generator for which the file is a source, or "", and
    `dialect` is the dialect of Markdown that the generator reads, or "".
    """

    encoding: str | None = None
    language: str = ""
    site: str = ""
    dialect: str = ""


def read_content(article: Article) -> bytes:
    """Return the bytes of an article: its `data`, standard input, or the content of its file.

    Raises OSError if the file cannot be read, or if it is not a regular file (reading a pipe could block).
    """
    if article.data is not None:
        return article.data
    if article.file == STANDARD_INPUT:
        return standard_input()
    with open_regular(article.file) as opened:
        return opened.read()


def open_regular(file: str, advice: str = _PASS_TEXT) -> FileIO:
    """Open a regular file for reading. `advice` is part of the error message for another file.

    Raises OSError if the file cannot be opened or is not a regular file. Never waits for data, for example from a pipe.
    """
    try:
        return file_safety.open_regular_file(file)
    except file_safety.NotRegular:
        raise OSError(f"{_NOT_REGULAR}; {advice}") from None


def standard_input() -> bytes:
    """Return the content of standard input, which is read only once.

    Raises OSError if standard input cannot be read.
    """
    if sys.stdin is None:  # its file descriptor is closed
        raise OSError("it is closed")
    return _read_once(sys.stdin.buffer)


@lru_cache(maxsize=1)
def _read_once(stream: BinaryIO) -> bytes:
    """Return the content of a stream, which is cached for later calls."""
    return stream.read()
