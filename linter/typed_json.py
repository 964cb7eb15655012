"""Plain data as JSON whose types are checked when it is read, because what is read is not trusted."""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]  # converts a value from JSON; raises ValueError for another type
_SCALARS = frozenset({str, int, bool, float, NoneType})
_ANYTHING = (str, int, bool, float, NoneType, list, dict)


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"a value has another type: {type(value).__name__}")


def dump_json(value: object) -> bytes:
    """Return plain data as JSON in ASCII.

    Plain data are strings, finite numbers, booleans, bytes, None, and tuples, lists, frozen sets and mappings of these.
    The keys of mappings must be strings. Raises TypeError or ValueError for any other value.
    """
    return json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False).encode("ascii")


def load_json(data: bytes, read: Reader) -> Any:
    """Decode `data`, which `dump_json` returned, and return the value after conversion by `read`.

    Raises ValueError if `data` is not one JSON value in ASCII, or if `read` rejects the value.
    """
    try:
        return read(json.loads(data.decode("ascii"), parse_constant=_refuse))
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None


@lru_cache(256)
def typed_reader(type_: Any) -> Reader:
    """Return a reader that converts a value from JSON to the type `type_`, and rejects values of other types.

    Supported types are str, int, bool, float, bytes, `Literal` types of strings, unions of None and one other type,
    classes derived from NamedTuple, and list, tuple, frozenset and Mapping of these types. `object` stands for any JSON
    value.
    """
    origin, args = get_origin(type_), get_args(type_)
    if type_ is object:
        return lambda value: value
    if type_ in _SCALARS:
        return lambda value: value if type(value) is type_ else _refuse(value)
    if type_ is bytes:
        return lambda value: a2b_base64(value) if type(value) is str else _refuse(value)
    if origin is Literal:
        return lambda value: value if type(value) is str and value in args else _refuse(value)
    if origin in (Union, UnionType):
        (other,) = (arg for arg in args if arg is not NoneType)
        read = typed_reader(other)
        return lambda value: None if value is None else read(value)
    if origin in (list, frozenset) or (origin is tuple and args[1:] == (...,)):
        return _many(origin, args[0])
    if origin is tuple:
        return _row_of_types(tuple, args)
    if origin is Mapping:
        keys, values = _many(list, args[0]), _many(list, args[1])
        return lambda value: dict(zip(keys([*_dict(value)]), values([*value.values()]), strict=True))
    return _row_of_types(type_._make, tuple(get_type_hints(type_).values()))


def row_reader(many: Callable[[Any], Any], one: Callable[[Any], Any], *types: Any) -> Reader:
    """Return a reader of a list of rows, each a list with one value of each of `types`.

    `one` converts each row, and `many` converts the list of converted rows.
    """
    read = _row_of_types(one, types)

    def read_rows(value: Any) -> Any:
        return many([read(row) for row in value]) if type(value) is list else _refuse(value)

    return read_rows


def _plain(value: object) -> object:
    """Convert `value` to a type that JSON has. Raises TypeError if this is not possible."""
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def _dict(value: Any) -> dict[Any, Any]:
    return value if type(value) is dict else _refuse(value)


def _many(make: Callable[[Any], Any], item: Any) -> Reader:
    """Return a reader of a list of any length, whose items have the type `item`. `make` converts the list."""
    only, read = frozenset(_in_json(item)), None if _is_flat(item) else typed_reader(item)

    def read_all(value: Any) -> Any:
        if type(value) is not list or (value and not only.issuperset(map(type, value))):
            _refuse(value)
        if make is list:
            return [read(each) for each in value] if read and value else value
        return make([read(each) for each in value] if read else value)

    return read_all


def _row_of_types(make: Callable[[list[Any]], Any], types: tuple[Any, ...]) -> Reader:
    """Return a reader of a list with one item of each of `types`. `make` converts the list."""
    shapes = frozenset(product(*map(_in_json, types)))
    deep = [(at, typed_reader(type_)) for at, type_ in enumerate(types) if not _is_flat(type_)]

    def read(value: Any) -> Any:
        if type(value) is not list or tuple(map(type, value)) not in shapes:
            _refuse(value)
        for at, read_item in deep:
            if value[at] is not None:  # None needs no conversion
                value[at] = read_item(value[at])
        return make(value)

    return read


def _in_json(type_: Any) -> tuple[type, ...]:
    """Return the Python types that the JSON decoder may produce for a value of the type `type_`."""
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
    """Whether a value of the type `type_`, once decoded from JSON, needs neither conversion nor further checks."""
    if get_origin(type_) in (Union, UnionType):
        return all(map(_is_flat, get_args(type_)))
    return type_ is object or type_ in _SCALARS
