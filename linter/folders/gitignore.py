"""What the .gitignore files of a repository leave out, as git reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linter import regularfile
from linter.folders import bounds

if TYPE_CHECKING:
    from linter.folders.patterns import Patterns

NAME = ".gitignore"
LIMIT = 1_000_000  # bytes of one file; the largest that people write have 100,000
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Ignored:
    """The patterns that hold in a folder: (folder with a separator at its end, its patterns), outermost first."""

    levels: tuple[tuple[str, Patterns], ...] = ()

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether git leaves `path`, an absolute one, out; the innermost pattern that matches it decides."""
        for base, patterns in reversed(self.levels):
            verdict = patterns.decide(_as_bytes(path[len(base) :].replace(os.sep, "/")), folder=folder)
            if verdict is not None:
                return verdict
        return False


@dataclass(eq=False)
class Reader:
    """Reads .gitignore files, each once; `failures` has those that cannot be read, with the reason."""

    failures: list[tuple[str, OSError]] = field(default_factory=list)
    _known: dict[str, Patterns | None] = field(default_factory=dict)

    def above(self, folder: str) -> Ignored:
        """What holds in `folder`, an absolute path, by the .gitignore files above it up to the repository's root.

        Nothing holds outside a repository, nor in a folder that is itself ignored: naming it asks for a check of it.
        """
        parents = list(bounds.parents(folder))
        if not bounds.is_top(parents[-1]):
            return Ignored()
        ignored = self._down(parents[:0:-1])
        return Ignored() if ignored is None or ignored.ignores(folder, folder=True) else ignored

    def ignores(self, file: str) -> bool:
        """Whether git leaves out the file at `file`, an absolute path in a repository, or a folder that it lies in."""
        ignored = self._down([*bounds.parents(os.path.dirname(file))][::-1])
        return ignored is None or ignored.ignores(file, folder=False)

    def _down(self, folders: Iterable[str]) -> Ignored | None:
        """What holds in the last of `folders`, each of which lies in the one before; None if one of them is ignored."""
        ignored = Ignored()
        for folder in folders:
            if ignored.ignores(folder, folder=True):
                return None
            if os.path.lexists(os.path.join(folder, NAME)):
                ignored = self.within(ignored, folder)
        return ignored

    def within(self, ignored: Ignored, folder: str) -> Ignored:
        """What holds in `folder`, an absolute path with a .gitignore of its own, where `ignored` holds above it."""
        if folder not in self._known:
            self._known[folder] = self._read(os.path.join(folder, NAME))
        patterns = self._known[folder]
        return Ignored((*ignored.levels, (os.path.join(folder, ""), patterns))) if patterns else ignored

    def _read(self, file: str) -> Patterns | None:
        """The patterns of a file, or None if it has none or cannot be read. As in git, a link is not followed."""
        try:
            lines = _lines(regularfile.read(file, LIMIT, follow=False))
        except OSError as error:
            self.failures.append((file, error))
            return None
        if not lines:
            return None
        from linter.folders.patterns import Patterns

        return Patterns(lines)


def _lines(data: bytes) -> list[str]:
    """The lines of a file that may be patterns, split as in git: by bytes, each of which is a character here."""
    text = data.removeprefix(_MARK).decode("latin-1")
    lines = (line.removesuffix("\r").partition("\0")[0] for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _as_bytes(path: str) -> str:
    """A path in which each character is a byte, as git compares them: “?” does not match an “é” in UTF-8."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")
