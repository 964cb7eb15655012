"""Types for the config of a run: `Config`, `RunOptions` and `ForPaths`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from linter.rule import NO_WORDS, Words

if TYPE_CHECKING:
    from pathlib import Path

    from linter.config.overrides import Options, Override, RuleSelector, SuppressionEntry
    from linter.files.ignore import Globs

BASELINE = "copydesk-baseline.yaml"


class BadConfig(Exception):
    """An error that the user must correct, such as a mistake in the config or on the command line.

    `mistakes` are the messages to print. If `read_config` raises this error, `config` has the settings that could be
    read. Otherwise, `config` is None.
    """

    def __init__(self, mistakes: list[str], config: Config | None = None) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes, self.config = mistakes, config


class ForPaths(NamedTuple):
    """A value for the paths that `globs` match, or for all paths if `globs` is None.

    `place` is the position of the value, as `file:line:column`, or DEFAULT if the config does not set the value.
    """

    globs: Globs | None
    value: str
    place: str


class RunOptions(NamedTuple):
    """The options of a run, as plain data from which any process can create a linter.

    `rule_folders` are folders of packs in addition to those of the config. `config` is the path of the config; if it is
    None, the nearest config is used. If `isolated` is true, no config is searched for, and words.txt and the baseline
    are not used. `select` and `ignore` are names of rules and packs, or globs for names of rules. `no_suppressions`
    turns off all suppressions, and `preview` turns on preview rules. `folder` is the absolute path of the folder in
    which the search for the config begins; "" is the working folder. `rule_source` has the options of an extension that
    adds rules, as plain data.
    """

    rule_folders: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_suppressions: bool = False
    preview: bool = False
    folder: str = ""
    rule_source: tuple[object, ...] | None = None


class Config(NamedTuple):
    """The settings in the config file, or the defaults if there is no such file, and the options of the run.

    `file` is the path of the config file as shown in messages, or "". `rule_folders` are absolute paths of folders of
    packs. `paths` are absolute paths and globs. They are checked if the command line names no paths; if `paths` is also
    empty, the working folder is checked. In `encoding`, `language` and `site`, the last entry that matches a path
    applies. If `reasons_required` is true, every suppression must have a reason. `words` are from the words.txt next to
    the config file, or else from the one in the working folder.
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
    site: tuple[ForPaths, ...] = ()
    suppressions: tuple[SuppressionEntry, ...] = ()
    reasons_required: bool = False
    extensions: Mapping[str, Any] = MappingProxyType({})  # the values of the keys of extensions
    words: Words = NO_WORDS
    text: str = ""  # of the config file, without a byte-order mark
    files: tuple[str, ...] = ()  # the files that the config was read from
    places: Mapping[str, str] = MappingProxyType({})  # `file:line:column` of each key
    run: RunOptions = RunOptions()

    @property
    def baseline(self) -> str:
        """The absolute path of the baseline, whether the baseline exists or not.

        The baseline is next to the config file or, without such a file, in the folder of the run.
        """
        folder = os.path.dirname(os.path.abspath(self.file)) if self.file else os.path.abspath(self.run.folder)
        return os.path.join(folder, BASELINE)

    def excludes(self, path: str) -> bool:
        """Whether the config excludes the article at the absolute path `path` from checking."""
        return self.exclude is not None and self.exclude.fit(path)


DEFAULTS = Config()
DEFAULT = "default"  # the place of a value that nothing in the config sets


def fitting(values: Sequence[ForPaths], path: str) -> ForPaths:
    """Return the last of `values` that applies to the article at the absolute path `path`.

    If none applies, the result is a ForPaths with the value "".
    """
    found = (one for one in reversed(values) if one.globs is None or one.globs.fit(path))
    return next(found, ForPaths(None, "", DEFAULT))
