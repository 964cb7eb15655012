"""Patterns that are compiled on first use, because a short run needs only a tenth of all patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    import regex as regex_


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern for a module constant. It works like one from `re.compile`, but is compiled on first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(partial(_compiled, "re", source, flags)))


def lazy_regex(source: str, flags: int = 0) -> regex_.Pattern[str]:
    """Return a pattern for a module constant. It works like one from `regex.compile`, but is compiled on first use."""
    return made_lazily(partial(_compiled, "regex", source, flags))


def made_lazily(make: Callable[[], regex_.Pattern[str]]) -> regex_.Pattern[str]:
    """Return a pattern that works like the result of `make()`, which is called on first use."""
    return cast("regex_.Pattern[str]", _LazyPattern(make))


def _compiled(module: str, source: Any, flags: int) -> Any:
    return import_module(module).compile(source, flags)


class Lazy:
    """A proxy for an object that is made on first use.

    Each attribute of the object, such as `search`, is copied to the proxy when the attribute is first used.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        if name == "_made":
            self._made = self._make()
            return self._made
        value = getattr(self._made, name)
        self.__dict__[name] = value
        return value


class _LazyPattern(Lazy):
    """A proxy for a pattern."""
