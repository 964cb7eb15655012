"""What the .gitignore files of a repository leave out, as git reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"


@dataclass(frozen=True)
class Ignored:
    """The patterns that hold in a folder: (folder with a separator at its end, its patterns), outermost first."""

    levels: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def within(self, folder: str) -> Ignored:
        """What holds in `folder`, an absolute path, which has a .gitignore of its own."""
        spec = _spec(os.path.join(folder, NAME))
        return Ignored((*self.levels, (os.path.join(folder, ""), spec))) if spec else self

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether git leaves `path`, an absolute one, out; the innermost pattern that speaks of it decides."""
        for base, spec in reversed(self.levels):
            name = path[len(base) :].replace(os.sep, "/")
            verdict = spec.check_file(f"{name}/" if folder else name).include
            if verdict is not None:
                return bool(verdict)
        return False


def above(folder: str) -> Ignored:
    """What holds in `folder`, an absolute path, by the .gitignore files above it up to the repository's root.

    Nothing does outside a repository, nor in a folder that is itself ignored: who names it wants it checked.
    """
    parents = list(_parents(folder))
    if not parents or not os.path.exists(os.path.join(parents[-1], ".git")):
        return Ignored()
    ignored = Ignored()
    for parent in reversed(parents):
        if parent != folder and os.path.isfile(os.path.join(parent, NAME)):
            ignored = ignored.within(parent)
            if ignored.ignores(folder, folder=True):
                return Ignored()
    return ignored


def _parents(folder: str) -> Iterator[str]:
    """`folder` and those above it, up to the first that is a repository or to the top."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return
        folder = parent


def _spec(file: str) -> GitIgnoreSpec | None:
    """The patterns of one file, or None where it has none or cannot be read."""
    try:
        with open(file, encoding="utf-8", errors="replace") as lines:
            patterns = [line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")]
    except OSError:
        return None
    return _compiled(patterns) if patterns else None


def _compiled(patterns: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # 25 ms, and only where there is something to ignore

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        return GitIgnoreSpec.from_lines(pattern for pattern in patterns if _is_sound(pattern))


def _is_sound(pattern: str) -> bool:
    """Whether a line is a pattern at all; git passes over those that are not."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True
