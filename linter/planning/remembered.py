"""What was read off patterns, so that nobody reads it off again: not in this process, and not in the next one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from types import GenericAlias
from typing import Any, ParamSpec, TypeVar, get_type_hints

_known: dict[str, dict[tuple[Any, ...], Any]] = {}  # answers by arguments, by the name of the function
_kept: dict[str, Any] = {}  # as JSON has them, of functions that have not been asked yet
_are_new = False  # some of the answers, to the cache
P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A function of plain data, given in order, that gives plain data, asked once for each."""
    name = f"{function.__module__}.{function.__qualname__}"
    own = _known[name] = {}

    @wraps(function)
    def ask(*args: P.args, **named: P.kwargs) -> T:
        if name in _kept:
            own.update(_read(function, _kept.pop(name)))
        if args not in own:
            global _are_new
            own[args] = function(*args, **named)
            _are_new = True
        return own[args]  # type: ignore[no-any-return]

    return ask


def news() -> bytes | None:
    """All answers as bytes, for this version of copydesk only; None if none has been added."""
    global _are_new
    if not _are_new:
        return None
    _are_new = False
    from linter import typedjson

    return typedjson.dumps(_kept | {name: [*own.items()] for name, own in _known.items() if own})


def learn(data: bytes) -> None:
    """Take over what `news` gave. Damaged answers are ignored."""
    from collections.abc import Mapping

    from linter import typedjson

    with suppress(ValueError):
        _kept.update(typedjson.loads(data, typedjson.reader(Mapping[str, object])))


def _read(function: Callable[..., Any], answers: Any) -> dict[tuple[Any, ...], Any]:
    """The answers of a function by its arguments; none where one of them has another type than it can have."""
    from linter import typedjson

    *arguments, answer = get_type_hints(function).values()
    if not function.__code__.co_argcount:  # it takes any number of arguments
        arguments.append(...)
    try:
        return dict(typedjson.rows(list, tuple, GenericAlias(tuple, (*arguments,)), answer)(answers))
    except ValueError:
        return {}
