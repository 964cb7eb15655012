"""Patterns that are compiled on first use, because a short run needs only a tenth of all patterns.

`re` and `regex` compile in Python, up to 40 ms for a pattern. Therefore, the package contains the compiled patterns.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from linter.store import Store

_sre: Any = import_module("_sre")
_compile_re = re.compile  # `use_everywhere` replaces it


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern for a module constant. It works like one from `re.compile`, but is compiled on first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(partial(_compiled, "re", source, flags)))


def lazy_regex(source: str, flags: int = 0) -> regex.Pattern[str]:
    """Return a pattern for a module constant. It works like one from `regex.compile`, but is compiled on first use."""
    return made_lazily(partial(_compiled, "regex", source, flags))


def made_lazily(make: Callable[[], regex.Pattern[str]]) -> regex.Pattern[str]:
    """Return a pattern that works like the result of `make()`, which is called on first use."""
    return cast("regex.Pattern[str]", _LazyPattern(make))


def _compiled(module: str, source: Any, flags: int) -> Any:
    return compile_regex(source, flags) if module == "regex" else compile_re(source, flags)


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


class _LazyRegex(Lazy):
    """A proxy for the package `regex` with some of its flags, which need no import.

    Its compiler is written in Python and takes 6 ms to import, and most runs find all patterns in the package.
    """

    VERSION1, IGNORECASE, FULLCASE, VERBOSE, ASCII = 0x100, 0x2, 0x4000, 0x40, 0x80


if TYPE_CHECKING:
    import regex as regex
else:
    regex = _LazyRegex(partial(import_module, "regex"))


@cache
def regex_engine() -> Any:
    """Return the part of the package `regex` that is written in C, without importing the others."""
    name = "regex._regex"
    if name not in sys.modules:
        package: Any = find_spec("regex")
        spec: Any = PathFinder.find_spec(name, package.submodule_search_locations)
        if spec is None:  # the package is not in a folder
            return import_module(name)
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


# The compiled patterns that are stored when the package is built.

STORE = Path(__file__).parent / "data" / "patterns.bin"
_LABEL = "patterns"
_Key = tuple[str | bytes, int]  # a pattern and its flags


def _stored(version: str, source: str | bytes, flags: int) -> Any:
    """Return the arguments of a module's own `compile` for a pattern, or None if the package does not contain it."""
    found = store.get(_key(version, source, flags)) if (store := _store()) else None
    return None if found is None else marshal.loads(found)


def _key(version: str, source: str | bytes, flags: int) -> bytes:
    text = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return f"{version} {type(source).__name__} {int(flags)} ".encode() + text


def compile_re(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns. If the package contains the compiled pattern, this is 50 times faster."""
    if isinstance(pattern, str | bytes) and (stored := _stored(_version_of_re(), pattern, flags)):
        return _sre.compile(pattern, *stored)  # type: ignore[no-any-return]
    return _compile_re(pattern, flags)


def use_everywhere() -> None:
    """Let `re.compile` look up patterns in the package, too, since other packages compile some when imported.

    This is for a process that only runs a command.
    """
    re.compile = compile_re  # type: ignore[assignment]


def compile_regex(source: str, flags: int = 0) -> regex.Pattern[str]:
    """Return what `regex.compile` returns. If the package contains the compiled pattern, this is 50 times faster."""
    if stored := _stored(_version_of_regex(), source, flags):
        return regex_engine().compile(source, *stored)  # type: ignore[no-any-return]
    return regex.compile(source, flags)


@cache
def _store() -> Store | None:
    """Return the compiled patterns in the package."""
    from linter.store import Store

    with suppress(OSError, ValueError, TypeError):
        return Store(STORE, _LABEL)
    return None


@cache
def _version_of_re() -> str:
    """Return what compiled patterns of `re` depend on: the version of Python and the order of bytes."""
    return f"re {sys.implementation.cache_tag} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}"


@cache
def _version_of_regex() -> str:
    """Return what compiled patterns of `regex` depend on: its version and the order of bytes."""
    folder = os.path.dirname(os.path.dirname(regex_engine().__file__))
    installed = [name for name in os.listdir(folder) if name.startswith("regex-") and name.endswith("-info")]
    version = installed[0] if len(installed) == 1 else regex.__version__
    return f"regex {version} {sys.byteorder}"


def write_compiled(of_re: Collection[_Key], of_regex: Mapping[_Key, regex.Pattern[str]]) -> None:
    """Write compiled patterns to the file that comes with the package."""
    from linter.store import write_store

    regexes = {(_version_of_regex(), *key): one._pickled_data[1:] for key, one in of_regex.items()}  # type: ignore[attr-defined]
    every = {(_version_of_re(), *key): _arguments(*key) for key in of_re} | regexes
    write_store(STORE, _LABEL, {_key(*key): marshal.dumps(one, 4) for key, one in every.items()})


def _arguments(source: str | bytes, flags: int) -> tuple[Any, ...]:
    """Return the arguments of `_sre.compile` for a pattern, except the pattern. The steps are those of `re.compile`."""
    parser, compiler = import_module("re._parser"), import_module("re._compiler")
    tree = parser.parse(source, flags)
    state = tree.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    code = [*map(int, compiler._code(tree, flags))]  # `marshal` does not know the type of its constants
    return int(flags | state.flags), code, state.groups - 1, state.groupdict, tuple(names)
