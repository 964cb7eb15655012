"""Patterns that are compiled on first use, because a short run needs only a tenth of all patterns.

`regex` compiles in Python, up to 40 ms for a pattern. Therefore, the package contains the compiled patterns of rules.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
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
    return compile_regex(source, flags) if module == "regex" else import_module(module).compile(source, flags)


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


# The compiled patterns of `regex` that are stored when the package is built.

STORE = Path(__file__).parent / "data" / "patterns.bin"
_Store = Mapping[tuple[str, int], tuple[Any, ...]]  # arguments of `_regex.compile`, by pattern and flags


def compile_regex(source: str, flags: int = 0) -> regex_.Pattern[str]:
    """Return what `regex.compile` returns. If the package contains the compiled pattern, this is 50 times faster."""
    import regex

    if arguments := _stored().get((source, int(flags))):
        return import_module("regex._regex").compile(source, *arguments)  # type: ignore[no-any-return]
    return regex.compile(source, flags)


@cache
def _stored() -> _Store:
    """Return the compiled patterns in the package; none if they are from another version of `regex`."""
    import marshal

    with suppress(OSError, EOFError, ValueError, TypeError):
        version, _, data = STORE.read_bytes().partition(b"\n")
        if version == _version():
            return cast("_Store", marshal.loads(data))
    return {}


def _version() -> bytes:
    """Return what compiled patterns depend on: the version of `regex` and the order of bytes."""
    import regex

    return f"{regex.__version__} {sys.byteorder}".encode()


def write_compiled(compiled: Mapping[tuple[str, int], regex_.Pattern[str]]) -> None:
    """Write compiled patterns, given by pattern and flags, to the file that comes with the package."""
    import marshal

    stored = {key: pattern._pickled_data[1:] for key, pattern in compiled.items()}  # type: ignore[attr-defined]
    STORE.write_bytes(_version() + b"\n" + marshal.dumps(stored, 4))
