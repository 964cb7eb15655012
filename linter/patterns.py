"""Patterns for module constants. They are compiled on first use, because a short run needs only a tenth of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, AnyStr, cast

import regex


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that works like one from `re.compile`, but is compiled on first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(partial(re.compile, source, flags)))


def lazy_regex(source: str, flags: int = 0) -> regex.Pattern[str]:
    """Return a pattern that works like one from `regex.compile`, but is compiled on first use."""
    return made_lazily(partial(regex.compile, source, flags))


def made_lazily(make: Callable[[], regex.Pattern[str]]) -> regex.Pattern[str]:
    """Return a pattern that works like the result of `make()`, which is called on first use."""
    return cast("regex.Pattern[str]", _LazyPattern(make))


class _LazyPattern:
    """A proxy for the pattern that `make()` returns. Each attribute, such as `search`, is looked up there once."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _pattern(self) -> Any:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        value = self.__dict__[name] = getattr(self._pattern, name)
        return value
