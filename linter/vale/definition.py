"""The contents of rule files as data, the types of their options, and the values that checks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BUILT_IN = "Vale"  # the style that comes with Vale; it has no folder
LEVELS = ("suggestion", "warning", "error")  # least severe first
ACTIONS = ("suggest", "replace", "remove", "convert", "edit")
SEVERITIES = {"suggestion": "info", "warning": "warning", "error": "error"}
NOT_RUN = ("script", "sequence")  # extension points that are read but not run

# The options of each extension point, with their types: str, bool, int, float, tuple (a list of texts) or dict
# (a mapping from text to text).
_WORDS: Mapping[str, type] = {"exceptions": tuple, "vocab": bool, "ignorecase": bool}
OPTIONS: Mapping[str, Mapping[str, type]] = {
    "existence": {"tokens": tuple, "raw": tuple, "append": bool, "nonword": bool, **_WORDS},
    "substitution": {"swap": dict, "nonword": bool, "capitalize": bool, "pos": str, **_WORDS},
    "occurrence": {"token": str, "max": int, "min": int, "ignorecase": bool},
    "repetition": {"tokens": tuple, "max": int, "alpha": bool, **_WORDS},
    "consistency": {"either": dict, "nonword": bool, "ignorecase": bool},
    "conditional": {"first": str, "second": str, **_WORDS},
    "capitalization": {
        "match": str,
        "style": str,
        "exceptions": tuple,
        "indicators": tuple,
        "threshold": float,
        "vocab": bool,
        "prefix": str,
    },
    "metric": {"formula": str, "condition": str},
    "readability": {"metrics": tuple, "grade": float},
    "spelling": {
        "filters": tuple,
        "ignore": tuple,
        "exceptions": tuple,
        "dictionaries": tuple,
        "aff": str,
        "dic": str,
        "dicpath": str,
        "threshold": int,
        "custom": bool,
        "append": bool,
    },
    "script": {"script": str},
    "sequence": {"tokens": list, "ignorecase": bool},
}


class Action(NamedTuple):
    """The way in which a rule corrects a match, such as `replace`, with its parameters."""

    name: str = ""
    params: tuple[str, ...] = ()


NO_ACTION = Action()


class Vocabulary(NamedTuple):
    """The terms that the config accepts and rejects, as regular expressions, in the order of their files."""

    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Definition:
    """A Vale rule as its file defines it.

    `name` is `Style.Rule`. `scope` are selectors such as `heading & ~blockquote`; a block must match one of them. A
    `limit` of 0 is no limit. `options` has the options that the file sets, with the types in OPTIONS. `file` is the
    path of the rule file, or "" for a rule that comes with Vale.
    """

    name: str
    extends: str
    message: str
    description: str = ""
    link: str = ""
    level: str = "warning"
    scope: tuple[str, ...] = ("text",)
    limit: int = 0
    action: Action = NO_ACTION
    options: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""

    @property
    def style(self) -> str:
        return self.name.partition(".")[0]


class Context(NamedTuple):
    """Values and functions that all checks of a config share.

    `word_template` is the option WordTemplate of the config, or "". `styles_paths` are the folders in which files such
    as dictionaries are searched, in order; the last one is that of the project. `read` returns the text of a file, and
    `find` returns the path of the first of some files that exists, or "". `files` returns the paths of the files in
    a folder and in the folders inside it. If `corrects` is false, no corrections of misspelled words are proposed.
    """

    vocabulary: Vocabulary
    word_template: str = ""
    styles_paths: tuple[str, ...] = ()
    read: Callable[[str], str] = lambda path: ""
    find: Callable[[tuple[str, ...]], str] = lambda paths: ""
    files: Callable[[str], Sequence[str]] = lambda folder: ()
    corrects: bool = True


class BadOption(Exception):
    """An option of a rule has a value that cannot be used. `key` is the name of the option, and `why` is a sentence
    without a capital letter or a period, such as “this is not a regular expression: …”.
    """

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key, self.why = key, why
