"""Define classes by their fields, like `dataclasses` and `typing.NamedTuple`, but without generating code for each.

`dataclasses` compiles several functions for each class and imports `inspect`. These two steps take a third of the
startup time of a short run. Classes with very many objects have their own `__init__` instead (linter/document.py).
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast, dataclass_transform, overload

T = TypeVar("T")
_set = object.__setattr__


class _Tuple(tuple[Any, ...]):
    """The methods that `collections.namedtuple` writes for each class."""

    __slots__ = ()
    _fields = cast("tuple[str, ...]", ())

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: Any) -> Self:
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {[*changes]!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


@cache
def _maker(count: int) -> FunctionType:
    """Return a function `__new__` with the parameters `_cls`, `f0`, `f1` …, of which there are `count`."""
    names = [f"f{number}" for number in range(count)]
    made: dict[str, Any] = {"make": tuple.__new__}
    exec(f"def __new__({', '.join(('_cls', *names))}): return make(_cls, ({' '.join(f'{n},' for n in names)}))", made)
    return made["__new__"]  # type: ignore[no-any-return]


class _NamedTuples(type):
    """Creates a class of named tuples from the annotations of a class statement."""

    def __new__(cls, name: str, bases: tuple[type, ...], own: dict[str, Any]) -> Any:
        fields = tuple(own.get("__annotations__", ()))
        defaults = {field: own[field] for field in fields if field in own}
        maker = _maker(len(fields))
        code = maker.__code__.replace(co_varnames=("_cls", *fields))
        own |= {field: _tuplegetter(place, "") for place, field in enumerate(fields)}
        own |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields, "__slots__": ()}
        own["__new__"] = FunctionType(code, maker.__globals__, "__new__", tuple(defaults.values()))
        return type(name, (_Tuple,), own)


if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    # Like typing.NamedTuple, which takes ten times as long, because it compiles each annotation and methods
    NamedTuple = type.__new__(_NamedTuples, "NamedTuple", (), {})


class _Factory(NamedTuple):
    """The default of a field whose value is the result of `make()`, which is called for each new object."""

    make: Callable[[], Any]


def field(*, default_factory: Callable[[], T]) -> T:
    """Declare a field whose default value is created for each object by a call of `default_factory`."""
    return cast("T", _Factory(default_factory))


@overload
def record(class_: type[T]) -> type[T]: ...


@overload
def record(*, frozen: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(class_: type[T] | None = None, *, frozen: bool = True, eq: bool = True) -> Any:
    """Decorate a class whose annotations define its fields. Annotations that begin with `ClassVar` are not fields.

    The default of a field is the class attribute with the same name, if there is one. Inherited fields come first.

    Objects are created from the values of their fields, in order or by name. If a value is missing, surplus, or given
    twice, TypeError is raised. Otherwise, `__post_init__` is called, if it exists.

    If `frozen` is true, attributes cannot be set or deleted. If `eq` is true, objects of the same class are equal if
    their fields are equal, and the hash of an object depends on its fields, which must be hashable.
    """
    if class_ is None:
        return partial(_decorate, frozen=frozen, eq=eq)
    return _decorate(class_, frozen=frozen, eq=eq)


def _decorate(class_: type[T], *, frozen: bool, eq: bool) -> type[T]:
    own = class_.__annotations__
    names = [name for name, type_ in own.items() if not str(type_).startswith("ClassVar")]
    every = (*fields(class_), *(name for name in names if name not in fields(class_)))
    given = {**defaults(class_), **{name: getattr(class_, name) for name in every if hasattr(class_, name)}}
    for name in names:
        if type(given.get(name)) is _Factory:
            delattr(class_, name)  # a class attribute would slow down reading the attribute of an object
    methods: dict[str, Any] = {
        "_record_fields": every,
        "_record_names": frozenset(every),
        "_record_defaults": given,
        "__init__": _init,
        "__repr__": _repr,
    }
    methods |= {"__eq__": _eq, "__hash__": _hash} if eq else {}
    methods |= {"__setattr__": _refuse, "__delattr__": _refuse} if frozen else {}
    for name, method in methods.items():
        if name not in class_.__dict__:
            setattr(class_, name, method)
    return class_


def fields(class_: object) -> tuple[str, ...]:
    """Return the names of the fields of a record or a class of records, in order; () for anything else."""
    return getattr(class_, "_record_fields", ())


def defaults(class_: object) -> Mapping[str, object]:
    """Return the defaults of the fields of a record or a class of records, by name; {} for anything else."""
    return getattr(class_, "_record_defaults", {})


def replace(one: T, **changes: Any) -> T:
    """Return a copy of the record `one` in which the fields named in `changes` have the given values."""
    return type(one)(**{name: getattr(one, name) for name in fields(one)} | changes)


def _init(self: Any, *values: Any, **named: Any) -> None:
    names: tuple[str, ...] = self._record_fields
    given = self._record_names.difference(names[: len(values)]) if values else self._record_names
    if len(values) > len(names) or (named and not named.keys() <= given):
        raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
    attributes = {**self._record_defaults, **dict(zip(names, values, strict=False)), **named}
    for name, value in attributes.items():  # not by `__dict__`, which would slow down later method calls
        _set(self, name, value.make() if type(value) is _Factory else value)
    if len(attributes) != len(names):
        raise TypeError(f"{type(self).__name__} needs {', '.join(name for name in names if name not in attributes)}")
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
