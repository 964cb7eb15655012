"""Patterns that are compiled on first use, because a short run needs only a tenth of all patterns."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    import regex as regex_


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern for a module constant. It works like one from `re.compile`, but is compiled on first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern("re", source, flags))


def lazy_regex(source: str, flags: int = 0) -> regex_.Pattern[str]:
    """Return a pattern for a module constant. It works like one from `regex.compile`, but is compiled on first use."""
    return cast("regex_.Pattern[str]", _LazyPattern("regex", source, flags))


class _LazyPattern:
    """A proxy for a pattern that is compiled on first use.

    Each attribute of the pattern, such as `search`, is copied to the proxy when the attribute is first used.
    """

    def __init__(self, module: str, source: Any, flags: int) -> None:
        self._arguments = module, source, flags

    def __getattr__(self, name: str) -> Any:
        if name == "_pattern":
            module, source, flags = self._arguments
            self._pattern = import_module(module).compile(source, flags)
            return self._pattern
        value = getattr(self._pattern, name)
        self.__dict__[name] = value
        return value
