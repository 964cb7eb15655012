"""Access the files of a Vale config, on disk or among given texts. Paths are absolute."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from sys import maxsize
from typing import Protocol

from linter import file_safety
from linter.config import yaml_file
from linter.config.config import BadConfig

LIMIT = 20_000_000  # bytes of a file; the largest dictionaries have 10,000,000
TOTAL = 100_000_000  # bytes of all files
ENTRIES = 20_000  # files and folders in one style or vocabulary
DEPTH = 20  # folders inside one another
LEADS_OUT = "this leads outside the repository; copy it into the repository, or name the config on the command line"


class Files(Protocol):
    """Files by their absolute paths."""

    def text(self, path: str) -> str | None:
        r"""Return the text of a UTF-8 file, with `\n` as line ends, or None if there is no such file.

        The result is also None for a folder. Raises BadConfig if the file cannot be read.
        """
        ...

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder that may be used."""
        ...

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder that may be used."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the names of the files and folders in a folder, sorted. Raises BadConfig if it cannot be opened."""
        ...


class DiskFiles:
    """Files on disk. If `boundary` is not "", only files in that folder, an absolute path, may be used."""

    def __init__(self, boundary: str = "") -> None:
        self._boundary = boundary and os.path.realpath(boundary)
        self._left = TOTAL

    def text(self, path: str) -> str | None:
        if not os.path.exists(path) or os.path.isdir(path):
            return None
        shown = yaml_file.shown_path(Path(path))
        if not self._is_allowed(path):
            raise BadConfig([f"{shown}: {LEADS_OUT}"])
        file = yaml_file.File(shown)
        text = yaml_file.read(Path(path), file, min(LIMIT, self._left))
        if text is None:
            raise BadConfig(file.mistakes)
        self._left -= len(text)
        return text

    def exists(self, path: str) -> bool:
        return os.path.exists(path) and self._is_allowed(path)

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(path) and self._is_allowed(path)

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(os.listdir(folder)) if self.is_folder(folder) else []
        except OSError as error:
            problem = f"this folder cannot be opened: {error.strerror}"
            raise BadConfig([f"{yaml_file.shown_path(Path(folder))}: {problem}"]) from None

    def _is_allowed(self, path: str) -> bool:
        return not self._boundary or file_safety.is_inside(os.path.realpath(path), self._boundary)


class GivenFiles:
    """Files with the given texts, by path. Relative paths begin at the working folder.

    A path that ends with `/` is that of a folder, which may be empty.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        given = {os.path.abspath(path): text for path, text in texts.items() if not path.endswith("/")}
        self._texts = {path: yaml_file.unified_lines(text) for path, text in given.items()}
        self._folders: dict[str, set[str]] = {os.path.abspath(path): set() for path in texts if path.endswith("/")}
        for path in (*self._texts, *self._folders):
            above, name = os.path.split(path)
            while name and name not in self._folders.setdefault(above, set()):
                self._folders[above].add(name)
                above, name = os.path.split(above)

    def text(self, path: str) -> str | None:
        return self._texts.get(path)

    def exists(self, path: str) -> bool:
        return path in self._texts or path in self._folders

    def is_folder(self, path: str) -> bool:
        return path in self._folders

    def names(self, folder: str) -> list[str]:
        return sorted(self._folders.get(folder, ()))


class RecordedFiles:
    """The files in `files`, with a record of their use.

    `used` has the paths that were used, except those of folders. `texts` has the texts that were read, by path. It also
    has the folders that exist, as in `GivenFiles`.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self.used: dict[str, None] = {}
        self.texts: dict[str, str] = {}

    def text(self, path: str) -> str | None:
        self.used[path] = None
        text = self._files.text(path)
        if text is not None:
            self.texts[path] = text
        return text

    def exists(self, path: str) -> bool:
        self.used[path] = None
        return self._files.exists(path)

    def is_folder(self, path: str) -> bool:
        if is_folder := self._files.is_folder(path):
            self.texts[f"{path}/"] = ""
        return is_folder

    def names(self, folder: str) -> list[str]:
        return self._files.names(folder)


def walk(files: Files, folder: str) -> Iterator[str]:
    """Yield the paths of the files in a folder and in the folders inside it, sorted folder by folder.

    Raises BadConfig if there are too many files and folders.
    """
    listed = count(1)

    def inner(path: str, depth: int) -> Iterator[str]:
        for name in files.names(path):
            entry = os.path.join(path, name)
            if next(listed) > ENTRIES or depth > DEPTH:
                problem = f"this folder has more than {ENTRIES:,} files and folders, or {DEPTH} levels of folders"
                raise BadConfig([f"{yaml_file.shown_path(Path(folder))}: {problem}"])
            if files.is_folder(entry):
                yield from inner(entry, depth + 1)
            else:
                yield entry

    return inner(folder, 1)


def sorted_mistakes(file: yaml_file.File) -> list[str]:
    """Return the messages about mistakes in a file in the order of their positions, those without a position last."""
    return sorted(file.mistakes, key=lambda mistake: (file.parts_of(mistake) or (maxsize, 0))[:2])
