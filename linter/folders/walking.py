"""The article files in a folder: what is no article, is hidden, ignored or lies elsewhere is left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from linter import late
from linter.folders import gitignore
from linter.folders.gitignore import Ignored
from linter.readers import SUFFIXES

# Folders of other people's files, next to those that begin with a dot.
FOREIGN = frozenset("node_modules bower_components jspm_packages __pycache__ site-packages __MACOSX".split())
# A folder that holds one of these was made by a machine: a virtual environment, a cache.
MACHINE_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
# Files about a repository. In capitals they are so with anything behind (LICENSE-MIT.txt, README.de.md); in
# small letters only whole names are, since “license-plates-cost-more.md” is an article.
_ABOUT = late.pattern(
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
_FOR_MACHINES = late.pattern(
    r"""(?xi)
    (?: robots | humans | ads | app-ads | sellers | llms | llms-full | security | CMakeLists | words
      | top_level | entry_points | dependency_links | requires | SOURCES | native_libs | installed-files
      | manifest | version | runtime ) \.txt
    | (?: \w+ [-_.] )? (?: requirements | constraints ) (?: [-_.] \w+ )? \.txt
    | google [0-9a-f]{16} \.html
    """
)

# A report for a browser, which often lies beside what it is about: how it begins, linter/reports/html has it.
_OURS = late.pattern(
    rb'<!doctype html>\s+<html lang="en">\s+<head>\s+<meta [^>]*>\s+<meta name="generator" content="copydesk '
)
_BEGINNING = 200  # bytes that hold all of that


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
            return bool(_OURS.match(file.read(_BEGINNING)))
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
    gitignores: gitignore.Reader = field(default_factory=gitignore.Reader)
    _folders: list[_Folder] = field(default_factory=list)
    _links: list[_Folder] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def articles(self) -> Iterator[tuple[str, str]]:
        """Each article as (path, real path), in an order that depends on the names alone."""
        real_root = os.path.realpath(self.root)
        self._folders.append(_Folder(self.root, real_root, self.gitignores.above(real_root)))
        while self._folders or self._links:
            if self._folders:
                yield from self._look_into(self._folders.pop())
                continue
            path, real, _ = self._links.pop()
            if real in self._seen or not real.startswith(os.path.join(real_root, "")):
                continue
            if os.path.isdir(real):
                self._folders.append(_Folder(path, real, self.gitignores.above(real)))
            elif os.path.isfile(real) and is_article(os.path.basename(path)):
                self._seen.add(real)
                yield path, real

    def _look_into(self, folder: _Folder) -> Iterator[tuple[str, str]]:
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
        if gitignore.NAME in names:
            ignored = self.gitignores.within(ignored, folder.real)
        for entry in entries:
            if not entry.name.startswith(".") and entry.name not in FOREIGN:
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
