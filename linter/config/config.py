"""The settings that hold, as values, wherever they come from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from linter.rule import NO_WORDS, Words

if TYPE_CHECKING:
    from pathlib import Path

    from linter.config.overrides import Options, Override, RuleSelector, SuppressionEntry
    from linter.files.ignore import Globs

BASELINE = "copydesk-baseline.yaml"


class BadConfig(Exception):
    """Settings, or words of the command line, cannot be followed; `mistakes` has one line for each.

    `settings` is what could be read of them, if they were read at all.
    """

    def __init__(self, mistakes: list[str], config: Config | None = None) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes, self.config = mistakes, config


class ForPaths(NamedTuple):
    """A value for what some globs fit, or for all, and its place."""

    globs: Globs | None
    value: str
    place: str


class RunOptions(NamedTuple):
    """What somebody asked for, as plain data that any process can open a desk with.

    `rules` are folders of packs besides those that the settings name, `config` is the file of the settings.
    `no_suppressions` says that no suppression counts.
    """

    rules: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_suppressions: bool = False


class Config(NamedTuple):
    """Settings; without a file all have their defaults.

    `rules` are folders of packs, `paths` what is checked where no path is named (nothing: the working folder),
    all of them absolute. `encoding` and `language` hold a name or code for what each of the globs fits, None
    for all; a later one overrules. `explained` says that every suppression must have its reason. `words` are those of
    the words.txt beside the file, or in the working folder.
    """

    file: str = ""
    rules: tuple[Path, ...] = ()
    packs: tuple[RuleSelector, ...] = ()
    select: tuple[RuleSelector, ...] = ()
    ignore: tuple[RuleSelector, ...] = ()
    severity: tuple[tuple[RuleSelector, str], ...] = ()
    options: Options = ()
    overrides: tuple[Override, ...] = ()
    fail_on: str = "error"
    paths: tuple[str, ...] = ()
    exclude: Globs | None = None
    encoding: tuple[ForPaths, ...] = ()
    language: tuple[ForPaths, ...] = ()
    suppressions: tuple[SuppressionEntry, ...] = ()
    explained: bool = False
    words: Words = NO_WORDS
    files: tuple[str, ...] = ()  # all that was read for them
    places: Mapping[str, str] = MappingProxyType({})  # `file:line:column` of each key

    @property
    def baseline(self) -> str:
        """Where the baseline lies or would lie, as an absolute path: beside the file, or in the working folder."""
        return os.path.join(os.path.dirname(os.path.abspath(self.file or BASELINE)), BASELINE)

    def excludes(self, path: str) -> bool:
        """Whether the article at `path`, an absolute one, is not to be checked."""
        return self.exclude is not None and self.exclude.fit(path)

    def encoding_of(self, path: str) -> str | None:
        """The encoding in which the article at `path`, an absolute one, is to be read, where that is settled."""
        found = last_fitting(self.encoding, path)
        return found.value if found else None

    def language_of(self, path: str) -> str:
        """The language of the article at `path`, an absolute one, or "" where that is not settled."""
        found = last_fitting(self.language, path)
        return found.value if found else ""


def last_fitting(values: Sequence[ForPaths], path: str) -> ForPaths | None:
    """What is settled for the article at `path`, an absolute one, if anything is."""
    return next((one for one in reversed(values) if one.globs is None or one.globs.fit(path)), None)
