"""The settings of the language server, as the client sends them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from linter.finding import SEVERITIES
from linter.suggest import as_list, cut_text, did_you_mean

RUNS = ("onType", "onSave")
_LARGEST = 100_000_000  # code points
_LONGEST = 10_000  # milliseconds


class Settings(NamedTuple):
    """Settings for the documents of a workspace folder.

    - `run`: “onType” checks a document after each edit, “onSave” only when it is opened or saved
    - `config`: the path of a copydesk.yaml or pyproject.toml, relative to the folder; "": the nearest config
    - `minimumSeverity`: the lowest severity to show
    - `maxSize`: in code points; a longer document is checked only when it is opened or saved
    - `select`, `ignore`: as the options of `copydesk check`
    - `debounce`: in milliseconds; how long the server waits for further edits before a check
    """

    run: str = RUNS[0]
    config: str = ""
    minimumSeverity: str = SEVERITIES[-1]  # noqa: N815  # the name that clients use
    maxSize: int = 200_000  # noqa: N815
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    debounce: int = 200

    def shows(self, severity: str) -> bool:
        """Whether findings with this severity are shown."""
        return SEVERITIES.index(severity) <= SEVERITIES.index(self.minimumSeverity)


DEFAULTS = Settings()


def read_settings(value: object, base: Settings = DEFAULTS) -> tuple[Settings, list[str]]:
    """Return the settings in `value`, and messages about its mistakes.

    `value` is JSON from the client: an object with settings, or an object with such an object under “copydesk”. The
    value in `base` remains for a key that is missing, has the value null or has a mistake. Unknown keys are mistakes,
    except `path` and `trace`, which clients use themselves, and objects, which are the settings of other servers.
    """
    if value is None:
        return base, []
    if not isinstance(value, Mapping):
        return base, [f"the “copydesk” settings must be an object, not {cut_text(repr(value))}"]
    section = value.get("copydesk")
    settings: Mapping[str, object] = section if isinstance(section, Mapping) else value
    mistakes: list[str] = []
    changed: dict[str, Any] = {}
    for key, each in settings.items():
        if key in ("path", "trace") or each is None:
            continue
        if key not in Settings._fields and isinstance(each, Mapping):
            continue
        if key not in Settings._fields:
            mistakes.append(f"unknown setting “{cut_text(str(key))}”{did_you_mean(str(key), Settings._fields)}")
        elif wrong := _mistake(key, each):
            mistakes.append(f"“{key}” must be {wrong}, not {cut_text(repr(each))}")
        else:
            changed[key] = tuple(each) if isinstance(each, list) else each
    return base._replace(**changed), mistakes


def _mistake(key: str, value: object) -> str:
    """Return what the value of a setting must be, or "" if it is right."""
    choices = {"run": RUNS, "minimumSeverity": SEVERITIES}.get(key)
    if choices:
        return "" if value in choices else as_list([f"“{choice}”" for choice in choices])
    if key in ("select", "ignore"):
        right = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        return "" if right else "a list of names"
    if key == "config":
        return "" if isinstance(value, str) and _is_path(value) else "a path"
    limit = _LARGEST if key == "maxSize" else _LONGEST
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limit
    return "" if whole else f"a whole number from 0 to {limit:,}"


def _is_path(value: str) -> bool:
    try:
        return b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:  # a lone surrogate
        return False
