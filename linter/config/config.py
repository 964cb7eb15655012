"""The config of a run, as immutable values."""

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
    """Mistakes in the config or on the command line; `mistakes` has one line for each.

    `config` is the valid part of the config, or None if its file could not be read.
    """

    def __init__(self, mistakes: list[str], config: Config | None = None) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes, self.config = mistakes, config


class ForPaths(NamedTuple):
    """A value for the paths that `globs` match, or for all paths, and its position."""

    globs: Globs | None
    value: str
    place: str


class RunOptions(NamedTuple):
    """The options of a run, as plain data from which any process can create a linter.

    `rule_folders` are folders of packs in addition to those of the config, `config` is the path of the config.
    `no_suppressions` turns all suppressions off, `preview` turns preview rules on.
    """

    rule_folders: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_suppressions: bool = False
    preview: bool = False


class Config(NamedTuple):
    """The settings in copydesk.yaml or pyproject.toml, or the defaults if there are none, and the options of the `run`.

    `rule_folders` are folders of packs. `paths` are checked if the command line has none (empty: the working folder).
    Both are absolute. In `encoding` and `language`, the last entry that matches a path wins. With `reasons_required`,
    every suppression must have a reason. `words` are read from words.txt next to the file, or in the working folder.
    """

    file: str = ""
    rule_folders: tuple[Path, ...] = ()
    packs: tuple[RuleSelector, ...] = ()
    select: tuple[RuleSelector, ...] = ()
    ignore: tuple[RuleSelector, ...] = ()
    severity: tuple[tuple[RuleSelector, str], ...] = ()
    options: Options = ()
    overrides: tuple[Override, ...] = ()
    preview: bool = False
    fail_on: str = "error"
    paths: tuple[str, ...] = ()
    exclude: Globs | None = None
    encoding: tuple[ForPaths, ...] = ()
    language: tuple[ForPaths, ...] = ()
    suppressions: tuple[SuppressionEntry, ...] = ()
    reasons_required: bool = False
    words: Words = NO_WORDS
    files: tuple[str, ...] = ()  # the files that the config was read from
    places: Mapping[str, str] = MappingProxyType({})  # `file:line:column` of each key
    run: RunOptions = RunOptions()

    @property
    def baseline(self) -> str:
        """The absolute path of the baseline, whether it exists or not: next to the file, or in the working folder."""
        return os.path.join(os.path.dirname(os.path.abspath(self.file or BASELINE)), BASELINE)

    def excludes(self, path: str) -> bool:
        """Whether the article at an absolute path is excluded from checking."""
        return self.exclude is not None and self.exclude.fit(path)


DEFAULTS = Config()
DEFAULT = "default"  # the place of a value that nothing in the config sets


def fitting(values: Sequence[ForPaths], path: str) -> ForPaths:
    """Return the last of `values` that applies to the article at an absolute path, or an empty value if none does."""
    found = (one for one in reversed(values) if one.globs is None or one.globs.fit(path))
    return next(found, ForPaths(None, "", DEFAULT))
