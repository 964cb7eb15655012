"""The kinds of check, and how the keys of a rule become the fields of one."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from linter import checks

if TYPE_CHECKING:
    from linter.loading.fields import Value
    from linter.rule import Check


@lru_cache
def kinds() -> frozenset[str]:
    """The kinds there are: the names of the modules in the folder `checks`."""
    files = os.listdir(checks.__path__[0])
    return frozenset(file.removesuffix(".py") for file in files if file.endswith(".py") and file[0] != "_")


@lru_cache
def options(kind: str) -> Mapping[str, tuple[Any, bool]]:
    """The keys of a kind of check, in order, each with its type and whether it must be there."""
    made = check_class(kind)
    types = get_type_hints(made)
    return {
        field.name: (
            types[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(made)
    }


@lru_cache
def check_class(kind: str) -> type[Any]:
    """The dataclass of a kind, one of `kinds()`: that of `proper_noun` is ProperNoun."""
    module = import_module(f"linter.checks.{kind}")
    return getattr(module, kind.replace("_", " ").title().replace(" ", ""))  # type: ignore[no-any-return]


def make(kind: str, given: Mapping[str, Value]) -> Check | None:
    """A check of one of `kinds()`, its fields read from the keys of that name; None where they cannot make one."""
    values = {name: read(given[name], type_) for name, (type_, _) in options(kind).items() if name in given}
    if any(needed and name not in given for name, (_, needed) in options(kind).items()):
        return None
    try:
        return check_class(kind)(**values)  # type: ignore[no-any-return]
    except ValueError as error:
        next(iter(given.values())).mistake(str(error))
        return None


def read(value: Value, type_: Any) -> object:
    """A value as a field of type `type_` holds it."""
    scalars: dict[Any, Callable[[], object]]
    scalars = {str: value.text, bool: value.flag, int: value.whole, float: value.number}
    if type_ in scalars:
        return scalars[type_]()
    origin = get_origin(type_)
    if origin is Literal:
        return value.choice(get_args(type_))
    if origin is tuple:
        return value.filled()
    if origin is Mapping:
        return value.mapping()
    raise TypeError(f"no key of a rule can hold {type_}")
