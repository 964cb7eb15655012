"""Values as JSON and back. What is read is checked against a Python type, so that a forged file can hold data alone."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

try:
    from _json import make_scanner  # `json` compiles patterns that only its own code in Python needs: 4 ms
except ImportError:  # a Python that has no such module
    from json.scanner import make_scanner

Reader = Callable[[Any], Any]  # takes a value as JSON has it; raises ValueError where it has another type
_SCALARS = frozenset({str, int, bool, float, NoneType})
_ANYTHING = (str, int, bool, float, NoneType, list, dict)


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"a value has another type: {type(value).__name__}")


class _Options:
    """What a scanner asks of a decoder."""

    strict = True
    parse_float, parse_int, parse_constant = float, int, staticmethod(_refuse)
    object_hook = object_pairs_hook = array_hook = None


_scan = make_scanner(_Options)  # type: ignore[arg-type]


def dumps(value: object) -> bytes:
    """Plain data as JSON in ASCII. Raises TypeError and ValueError for what `loads` could not read.

    Plain data: texts, numbers, bytes, None, and tuples, lists, frozen sets and mappings of them.
    """
    import json

    return json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False).encode("ascii")


def loads(data: bytes, read: Reader) -> Any:
    """What `dumps` was given, as `read` makes it. Raises ValueError for anything else."""
    text = data.decode("ascii")
    try:
        value, end = _scan(text, 0)
        if end == len(text):
            return read(value)
    except (StopIteration, TypeError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None
    raise ValueError("more than a value")


@lru_cache(256)
def reader(type_: Any) -> Reader:
    """What reads values of a type.

    Types: str, int, bool, float, bytes, literals of texts, unions of None and one other type, NamedTuples, and
    list, tuple, frozenset and Mapping of these; object is any value, as JSON has it.
    """
    origin, args = get_origin(type_), get_args(type_)
    if type_ is object:
        return lambda value: value
    if type_ in _SCALARS:
        return lambda value: value if type(value) is type_ else _refuse(value)
    if type_ is bytes:
        return _bytes
    if origin is Literal:
        return lambda value: value if type(value) is str and value in args else _refuse(value)
    if origin in (Union, UnionType):
        (other,) = (arg for arg in args if arg is not NoneType)
        read = reader(other)
        return lambda value: None if value is None else read(value)
    if origin in (list, frozenset) or (origin is tuple and args[1:] == (...,)):
        return _many(origin, args[0])
    if origin is tuple:
        return _row(tuple, args)
    if origin is Mapping:
        keys, values = _many(list, args[0]), _many(list, args[1])
        return lambda value: dict(zip(keys([*_dict(value)]), values([*value.values()]), strict=True))
    return _row(type_._make, tuple(get_type_hints(type_).values()))


def rows(many: Callable[[Any], Any], one: Callable[[Any], Any], *types: Any) -> Reader:
    """What reads a list, as `many`, of lists, as `one`, that have one value of each type."""
    read = _row(one, types)

    def read_rows(value: Any) -> Any:
        return many([read(row) for row in value]) if type(value) is list else _refuse(value)

    return read_rows


def _plain(value: object) -> object:
    """What JSON has no form for."""
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def _bytes(value: Any) -> bytes:
    return a2b_base64(value) if type(value) is str else _refuse(value)


def _dict(value: Any) -> dict[Any, Any]:
    return value if type(value) is dict else _refuse(value)


def _many(made: Callable[[Any], Any], item: Any) -> Reader:
    """What reads a list of any length; one look at the types of all items is several times faster than one at each."""
    only, read = frozenset(_in_json(item)), None if _is_flat(item) else reader(item)

    def read_all(value: Any) -> Any:
        if type(value) is not list or (value and not only.issuperset(map(type, value))):
            _refuse(value)
        if made is list:
            return [read(each) for each in value] if read and value else value
        return made([read(each) for each in value] if read else value)

    return read_all


def _row(made: Callable[[list[Any]], Any], types: tuple[Any, ...]) -> Reader:
    """What reads a list that has one item for each of the types; as fast, by the same trick."""
    shapes = frozenset(product(*map(_in_json, types)))
    deep = [(at, reader(type_)) for at, type_ in enumerate(types) if not _is_flat(type_)]  # None is as it is

    def read(value: Any) -> Any:
        if type(value) is not list or tuple(map(type, value)) not in shapes:
            _refuse(value)
        for at, read_item in deep:
            if value[at] is not None:
                value[at] = read_item(value[at])
        return made(value)

    return read


def _in_json(type_: Any) -> tuple[type, ...]:
    """The types that values of a type have in JSON."""
    origin = get_origin(type_)
    if type_ is object:
        return _ANYTHING
    if type_ in _SCALARS:
        return (type_,)
    if type_ is bytes or origin is Literal:
        return (str,)
    if origin in (Union, UnionType):
        return tuple(each for arg in get_args(type_) for each in _in_json(arg))
    return (dict,) if origin is Mapping else (list,)


def _is_flat(type_: Any) -> bool:
    """Whether its values are in JSON as they are."""
    if get_origin(type_) in (Union, UnionType):
        return all(map(_is_flat, get_args(type_)))
    return type_ is object or type_ in _SCALARS
