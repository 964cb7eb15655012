"""Classes that hold values, as `dataclasses` makes them, but at once.

`dataclasses` writes and compiles code for each class: 0.3 ms, of which a short run has a hundred, and 10 ms for the
modules that this takes. What is made here is the same in all that copydesk asks of it: fields with defaults, by their
places or names, `__post_init__`, equality by value unless `eq=False`, no change where `frozen`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn, TypeVar, cast, dataclass_transform

T = TypeVar("T")


class _Made(NamedTuple):
    """A default that is made anew for each object."""

    factory: Callable[[], Any]


def field(*, default_factory: Callable[[], T]) -> T:
    """The default of a field that is made anew for each object."""
    return cast(T, _Made(default_factory))


@dataclass_transform(field_specifiers=(field,))
def dataclass(*, frozen: bool = False, eq: bool = True, slots: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class hold the fields that it annotates. With `slots` it has no other attributes, and takes less room."""

    def made(cls: type[T]) -> type[T]:
        names = tuple(name for name, type_ in cls.__annotations__.items() if not type_.startswith("ClassVar"))
        own = vars(cls)
        defaults = {name: own[name] for name in names if name in own}
        parts: dict[str, Any] = {"__match_args__": names, "__repr__": _repr}
        if eq:
            parts |= {"__eq__": _equal, "__hash__": _hash if frozen else None}
        if slots:
            kept = {name: value for name, value in own.items() if name not in (*names, "__dict__", "__weakref__")}
            cls = cast("type[T]", type(cls.__name__, cls.__bases__, {**kept, "__slots__": names}))
        parts["__init__"] = _initial(cls, names, defaults, slots=slots)
        if frozen:
            parts |= {"__setattr__": _refuse, "__delattr__": _refuse}
        for name, part in parts.items():
            setattr(cls, name, part)
        for name, default in () if slots else defaults.items():
            if isinstance(default, _Made):
                delattr(cls, name)
        return cls

    return made


def replace(held: T, **changes: Any) -> T:
    """The same with other values in some of its fields."""
    names = cast(Any, held).__match_args__
    return type(held)(**{**{name: getattr(held, name) for name in names}, **changes})


def fields(cls: type) -> tuple[str, ...]:
    """The names of the fields of a class, in order; of one that `dataclasses` or NamedTuple made, too."""
    return cast(Any, cls).__match_args__  # type: ignore[no-any-return]


def _initial(cls: type, names: tuple[str, ...], defaults: dict[str, Any], *, slots: bool) -> Callable[..., None]:
    """The `__init__` of a class that has these fields."""
    arranged = _arrangement(names, defaults)
    puts = tuple(vars(cls)[name].__set__ for name in names) if slots else ()
    ends = hasattr(cls, "__post_init__")

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        values = arranged(values, named)
        if slots:
            for put, value in zip(puts, values):  # noqa: B905
                put(self, value)
        else:
            self.__dict__.update(zip(names, values))  # noqa: B905
        if ends:
            self.__post_init__()

    return __init__


def _arrangement(
    names: tuple[str, ...], defaults: dict[str, Any]
) -> Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]:
    """What gives the values of all fields in order, from those that are given by their places or names."""
    makers = [(name, default.factory) for name, default in defaults.items() if isinstance(default, _Made)]
    rest = tuple(defaults.values())  # a field without a default stands before those that have one
    most, every = len(names), frozenset(names)
    least = most if makers else most - len(rest)

    def arranged(values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        given = len(values)
        if not named and least <= given <= most:
            return values if given == most else values + rest[given - most :]
        held = {**defaults, **dict(zip(names, values)), **named}  # noqa: B905
        for name, factory in makers:
            if isinstance(held[name], _Made):
                held[name] = factory()
        if len(held) != most or given > most or not named.keys().isdisjoint(names[:given]) or not named.keys() <= every:
            shown = f"{given} values and {', '.join(named) or 'no names'}"
            raise TypeError(f"the fields are {', '.join(names)}; given were {shown}")
        return tuple([held[name] for name in names])

    return arranged


def _values(held: Any) -> tuple[Any, ...]:
    return tuple(getattr(held, name) for name in held.__match_args__)


def _equal(self: object, other: object) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: object, name: str, *value: object) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} is for good")
