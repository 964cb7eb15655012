"""Patterns for files below a folder, read as .gitignore is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.folders.patterns import Patterns


@dataclass(frozen=True)
class Globs:
    """`drafts/`, `*.txt`, `/2019/**/notes.md`, `!kept.md`: without a slash at any depth; a later one overrules."""

    folder: str
    patterns: tuple[str, ...]

    @cached_property
    def _compiled(self) -> Patterns:
        from linter.folders.patterns import Patterns  # only where there are globs

        return Patterns(self.patterns)

    @cached_property
    def _top(self) -> str:
        return os.path.join(self.folder, "")

    def fit(self, path: str) -> bool:
        """Whether they match the file at `path`, an absolute one, or a folder above it; never outside the folder."""
        top = self._top
        return path.startswith(top) and self._compiled.match(path[len(top) :].replace(os.sep, "/"))

    def check(self) -> None:
        """Raises ValueError for a pattern that can match nothing."""
        from linter.folders.patterns import mistake

        for pattern in self.patterns:
            if why := mistake(pattern):
                raise ValueError(f"“{pattern}”: {why}")
