"""Patterns for files below a folder, read as .gitignore is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True)
class Globs:
    """`drafts/`, `*.txt`, `/2019/**/notes.md`, `!kept.md`: without a slash at any depth; a later one overrules."""

    folder: str
    patterns: tuple[str, ...]

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self.patterns)

    def fit(self, path: str) -> bool:
        """Whether they fit the file at `path`, an absolute one; never one that lies outside the folder."""
        folder = os.path.join(self.folder, "")
        return path.startswith(folder) and self._spec.match_file(path[len(folder) :])

    def check(self) -> None:
        """Raises ValueError where a pattern is none."""
        _ = self._spec
