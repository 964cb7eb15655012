"""Define classes by their fields, like `dataclasses`, but without generating code.

`dataclasses` compiles several functions for each class and imports `inspect`: a third of the time that a short run takes
to start. Objects that are created by the thousand have an `__init__` of their own instead (linter/document.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast, dataclass_transform

T = TypeVar("T")


class _Factory(NamedTuple):
    """The default of a field that is made anew for each object."""

    make: Callable[[], Any]


def field(*, default_factory: Callable[[], T]) -> T:
    """Declare a field whose default is made anew for each object."""
    return cast("T", _Factory(default_factory))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, frozen: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """Decorate a class whose annotations, without those of `ClassVar`, are its fields; class attributes are defaults.

    Objects are made from their fields, in order or by name; then `__post_init__` is called, if there is one. With
    `frozen`, attributes cannot be set; with `eq`, objects with equal fields are equal, and have the same hash.
    """

    def decorate(class_: type[T]) -> type[T]:
        own = class_.__dict__.get("__annotations__", {})
        names = [name for name, type_ in own.items() if not str(type_).startswith("ClassVar")]
        every = (*fields(class_), *(name for name in names if name not in fields(class_)))
        defaults = {name: getattr(class_, name) for name in every if hasattr(class_, name)}
        methods: dict[str, Any] = {"_record_fields": every, "_record_defaults": defaults, "__init__": _init}
        methods |= {"__eq__": _eq, "__hash__": _hash} if eq else {}
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse} if frozen else {}
        for name, method in {**methods, "__repr__": _repr}.items():
            if name not in class_.__dict__:
                setattr(class_, name, method)
        return class_

    return decorate


def fields(class_: object) -> tuple[str, ...]:
    """Return the names of the fields of a record or its class, in order; none for another class."""
    return getattr(class_, "_record_fields", ())


def defaults(class_: object) -> Mapping[str, object]:
    """Return the defaults of the fields of a record or its class."""
    return getattr(class_, "_record_defaults", {})


def replace(one: T, **changes: Any) -> T:
    """Return a record like `one` with other values of some fields."""
    return type(one)(**{name: getattr(one, name) for name in fields(one)} | changes)


def _init(self: Any, *values: Any, **named: Any) -> None:
    names = self._record_fields
    given = dict(zip(names, values, strict=False))
    if len(values) > len(names) or not given.keys().isdisjoint(named) or not named.keys() <= set(names):
        raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
    given |= named
    for name in names:
        if name not in given:
            if name not in self._record_defaults:
                raise TypeError(f"{type(self).__name__} needs {name}")
            default = self._record_defaults[name]
            given[name] = default.make() if type(default) is _Factory else default
    self.__dict__.update(given)
    if after := getattr(self, "__post_init__", None):
        after()


def _values(one: Any) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in one._record_fields)


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._record_fields)})"


def _refuse(self: Any, name: str, *value: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")
