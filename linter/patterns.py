"""Patterns that are compiled when they are first used: of four hundred a short run needs a tenth."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    import regex as regex_

Pattern = re.Pattern[str]


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but for the time at which it is done. For what a module says once and for all."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(re.compile, source, flags))


def lazy_regex(source: str, flags: int = 0) -> regex_.Pattern[str]:
    """As `regex.compile`, but for the time at which it is done."""
    return cast("regex_.Pattern[str]", _LazyPattern(_of_regex, source, flags))


def _of_regex(source: str, flags: int) -> regex_.Pattern[str]:
    import regex  # who finds all articles known needs no pattern at all

    return regex.compile(source, flags)


class _LazyPattern:
    """Stands for a pattern; what was asked of it once, as its `search`, is found on it right away afterwards."""

    def __init__(self, compile_: Callable[..., Any], source: Any, flags: int) -> None:
        self._given = compile_, source, flags

    def __getattr__(self, name: str) -> Any:
        if name == "_made":
            compile_, source, flags = self._given
            self._made = compile_(source, flags)
            return self._made
        value = getattr(self._made, name)
        self.__dict__[name] = value
        return value
