"""The options for running the styles of Vale, from the command line or the setting `vale`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from linter import file_safety
from linter.config import load
from linter.config.config import Config
from linter.config.yaml_file import Value
from linter.suggest import as_list, cut_text

_MAX_NAMES = 10  # rules that a notice names


class ValeOptions(NamedTuple):
    """Options for running the styles of Vale.

    `file` is the path of a `.vale.ini`. `named` is true if the command line names it; its styles may then be anywhere.
    If `only` is true, only the rules of Vale run. `min_level` is the lowest level to report, or "" for that of the
    config. `filter` is an expression that rules must match, or "". If `ignore_syntax` is true, each article is read as
    plain text. `styles_path` is a folder with more styles, or "".
    """

    file: str
    named: bool = True
    only: bool = False
    min_level: str = ""
    filter: str = ""
    ignore_syntax: bool = False
    styles_path: str = ""


def options_of(config: Config) -> ValeOptions:
    """Return the options for a config that uses styles of Vale."""
    given = config.run.rule_source
    return ValeOptions(config.extensions["vale"], named=False) if given is None else ValeOptions._make(given)


def read_setting(value: Value | None, folder: str) -> str:
    """Return the absolute path of the .vale.ini that a value names, or "", and note mistakes in the value."""
    top = file_safety.repository_top(os.path.realpath(folder))
    for item, path in load.named_paths(value, folder):
        if not os.path.isfile(path):
            item.mistake(f"there is no file “{cut_text(item.text())}” next to this file")
        elif load.is_inside(item, path, top, "--vale"):
            return path
    return ""


def not_run_phrase(names: Sequence[str]) -> str:
    """Return a phrase that names rules of Vale that are not run, or "" if there are none."""
    more = len(names) - _MAX_NAMES
    shown = [*names[:_MAX_NAMES], *([f"{more:,} more"] if more > 0 else ())]
    return (
        f"not run, because they are scripts or sequences of parts of speech: {as_list(shown, 'and')}" if names else ""
    )
