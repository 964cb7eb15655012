"""Paths as somebody names them → the articles to check, in order."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from linter.finding import Problem
from linter.folders import bounds
from linter.readers import kind_of

STANDARD_INPUT = "-"
NO_NAME = "<stdin>"  # the path of standard input that nobody has named


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


def find(
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
    here = _here()
    for path in paths:
        if path == STANDARD_INPUT:
            if not stdin_name or not excluded(os.path.abspath(stdin_name)):
                files[path] = _standard_input(stdin_name, here, kind)
            continue
        for file, real in _meant(path, problems):
            if real not in files and not excluded(file) and (not within or bounds.inside(real, within)):
                files[real] = Article(_shown(file, here), file, kind or kind_of(file) or "text", _size(file))
    folders = tuple(os.path.abspath(path) for path in paths if os.path.isdir(path))
    return Found(tuple(sorted(files.values())), tuple(dict.fromkeys(problems)), any(map(_is_folder, paths)), folders)


def _is_folder(path: str) -> bool:
    """Whether it is walked, as a folder is and a glob such as “articles/**”."""
    return os.path.isdir(path) or (not os.path.lexists(path) and glob.has_magic(path) and "**" in path)


def _standard_input(name: str | None, here: str, kind: str | None) -> Article:
    shown = _shown(os.path.abspath(name), here) if name else NO_NAME
    return Article(shown, STANDARD_INPUT, kind or kind_of(shown) or "text")


def _here() -> str:
    return os.path.join(os.getcwd(), "")


def _shown(full: str, here: str) -> str:
    """An absolute path as reports name it: POSIX, relative to `here` where it lies inside, and fit to print."""
    return full.removeprefix(here).replace(os.sep, "/").encode("utf-8", "replace").decode("utf-8")


def _meant(path: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """(absolute path, real path) of each article that one argument stands for."""
    full = os.path.abspath(path)
    if os.path.isdir(full):
        yield from _walked(full, problems)
    elif os.path.lexists(full):
        yield full, os.path.realpath(full)
    elif glob.has_magic(path):
        yield from _matching(path, problems)
    else:
        problems.append(Problem(path, f"there is no such file or folder{_instead(path)}"))


def _instead(path: str) -> str:
    """What was likely meant by a path that is not there: the same with the slashes of this system, or a neighbour."""
    from linter.loading.wording import closest

    folder, name = os.path.split(path.replace("\\", "/"))
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return ""
    close = closest(name, (other for other in names if not other.startswith(".")))
    return f"; did you mean “{os.path.join(folder, close).replace(os.sep, '/')}”?" if close else ""


def _walked(folder: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    from linter.folders.walking import Walk

    walk = Walk(folder)
    yield from walk.articles()
    for closed, error in walk.failures:
        problems.append(Problem(_shown(closed, _here()), f"this folder cannot be opened: {error.strerror}"))
    for file, error in walk.gitignores.failures:
        message = f"this file cannot be read, so its patterns do not apply: {error.strerror}"
        problems.append(Problem(_shown(file, _here()), message))


def _matching(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What a glob stands for that no shell has expanded. Nothing at all is a problem."""
    matches = _in_depth(pattern, problems) if "**" in pattern else _expanded(pattern, problems)
    found = False
    for match in matches:
        found = True
        yield match
    if not found:
        problems.append(Problem(pattern, "no article fits this pattern"))


def _expanded(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What a shell would name."""
    for path in sorted(glob.glob(pattern)):
        yield from _meant(path, problems)


def _in_depth(pattern: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """What fits a glob with “**”, in a walk through the folder before its first wildcard."""
    from pathlib import PurePath

    parts = PurePath(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = os.path.abspath(os.path.join(".", *parts[:fixed]))
    for file, real in _walked(root, problems):
        if fits(PurePath(os.path.relpath(file, root)).parts, parts[fixed:]):
            yield file, real


def fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path fit those of a glob, in which “**” stands for any number of them; linear."""
    states = _past_stars({0}, pattern)  # how many parts of the pattern may be used up
    for part in path:
        steps = {i for i in states if i < len(pattern) and pattern[i] == "**"}
        steps |= {i + 1 for i in states - steps if i < len(pattern) and fnmatchcase(part, pattern[i])}
        states = _past_stars(steps, pattern)
    return len(pattern) in states


def _past_stars(states: set[int], pattern: Sequence[str]) -> set[int]:
    reached = set(states)
    for i in states:
        while i < len(pattern) and pattern[i] == "**":
            i += 1
            reached.add(i)
    return reached


def _size(file: str) -> int:
    """Its size in bytes, or 0 for what is no file or not there."""
    try:
        status = os.stat(file)
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
