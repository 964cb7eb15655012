"""What in a folder is not checked, and why: for the person who begins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from linter.folders import gitignore
from linter.folders.gitignore import Ignored
from linter.folders.walking import FOREIGN, MACHINE_MADE, is_article
from linter.readers import SUFFIXES

# Formats of articles that no reader here knows.
_UNREAD = frozenset(
    ".adoc .asciidoc .doc .docx .epub .ipynb .odt .org .pages .pdf .rst .rtf .tex .textile .wiki".split()
)


def left_out(root: Path, other: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(POSIX path, why) of what a walk through `root` passes over, folders as a whole with a slash behind.

    `other` are folders where no articles lie, with what they hold. Hidden files are not spoken of.
    """
    gitignores = gitignore.Reader()
    folders: list[tuple[str, Ignored]] = [("", gitignores.above(os.path.realpath(root)))]
    while folders:
        path, ignored = folders.pop()
        try:
            entries = sorted(os.scandir(root / path), key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == gitignore.NAME for entry in entries):
            ignored = gitignores.within(ignored, os.path.realpath(root / path))
        for entry in entries:
            below = f"{path}{entry.name}"
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir():
                why = other.get(below) or _folder(entry, ignored)
                if why:
                    yield f"{below}/", why
                else:
                    folders.append((f"{below}/", ignored))
            elif why := _file(entry, ignored):
                yield below, why


def _folder(entry: os.DirEntry[str], ignored: Ignored) -> str:
    if entry.name in FOREIGN:
        return "other people's files"
    if ignored.ignores(os.path.realpath(entry.path), folder=True):
        return "git ignores it"
    if any(os.path.exists(os.path.join(entry.path, name)) for name in MACHINE_MADE):
        return "made by a machine"
    return ""


def _file(entry: os.DirEntry[str], ignored: Ignored) -> str:
    suffix = os.path.splitext(entry.name)[1].lower()
    if suffix in _UNREAD:
        return f"copydesk does not read {suffix}"
    if suffix not in SUFFIXES:
        return ""
    if ignored.ignores(os.path.realpath(entry.path), folder=False):
        return "git ignores it"
    return "" if is_article(entry.name) else "about the repository, or for machines"
