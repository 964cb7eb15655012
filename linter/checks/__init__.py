"""The kinds of checks, each in its own module `<family>/<kind>.py`.

A rule selects a kind with the key `check`, without the family: `check: mark_spacing`. The module with this name is
imported when a rule first needs it. It contains a class with the same name in CamelCase (`MarkSpacing`), and the fields
of this class are the options of the check. The protocols of checks are in `linter.rule`. Modules whose names begin with
a single underscore contain helpers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache
def check_kinds() -> Mapping[str, str]:
    """Return the family of each check, by the name of the check.

    Each module `linter/checks/<family>/<check>.py` is a check, unless its name begins with “_”.
    """
    folder = __path__[0]
    families = [name for name in sorted(os.listdir(folder)) if name[0] != "_" and "." not in name]
    return {
        file.removesuffix(".py"): family
        for family in families
        for file in os.listdir(os.path.join(folder, family))
        if file.endswith(".py") and file[0] != "_"
    }


@lru_cache
def check_class(kind: str) -> type[Any]:
    """Return the class of the check `kind`, such as NameVariant for `name_variant`.

    `kind` must be one of `check_kinds()`.
    """
    module = import_module(f"linter.checks.{check_kinds()[kind]}.{kind}")
    return getattr(module, kind.replace("_", " ").title().replace(" ", ""))  # type: ignore[no-any-return]
