"""Values in one file of the package, by key: the rules, the analysis of their patterns, compiled patterns and tables.

The file is mapped into memory, so that only those values are read that are needed.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import wraps
from itertools import accumulate
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zlib import crc32

_LABEL = 128  # bytes of the label of a file
P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """The values in a file that `write_store` wrote with `label`.

    Raises OSError if the file cannot be read, and ValueError or TypeError if it has another label or is damaged.
    """

    def __init__(self, file: Path, label: str) -> None:
        import mmap

        with file.open("rb") as opened:
            view = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        if bytes(view[:_LABEL]) != _packed_label(label):
            raise ValueError("another version")
        (count,) = view[_LABEL : _LABEL + 4].cast("I")
        starts = _LABEL + 4 + count * 4
        self._hashes = view[_LABEL + 4 : starts].cast("I")
        self._starts = view[starts : starts + 4 * (count + 1)].cast("I")
        self._rows = view[starts + 4 * (count + 1) :]
        if len(self._starts) != count + 1 or self._starts[count] != len(self._rows):
            raise ValueError("damaged")

    def get(self, key: bytes) -> memoryview | None:
        """Return the value of `key`, or None if there is none."""
        hashed, length = crc32(key), len(key)
        at = bisect_left(self._hashes, hashed)
        while at < len(self._hashes) and self._hashes[at] == hashed:
            start, end = self._starts[at], self._starts[at + 1]
            if self._rows[start : start + length + 1] == key + b"\0":
                return self._rows[start + length + 1 : end]
            at += 1
        return None


_in_use: Store | None = None  # the store for the current code
_collected: dict[bytes, Any] | None = None  # results of functions that are decorated with `stored`, by their keys


def use(store: Store | None) -> None:
    """Let `in_use` look up values in `store`, or in none."""
    global _in_use
    _in_use = store


def in_use(key: bytes) -> memoryview | None:
    """Return the value of `key` in the store for the current code, or None if there is none."""
    return _in_use.get(key) if _in_use else None


def key_of(name: str, args: object) -> bytes:
    """Return the key of the result of the function `name` for plain data `args`."""
    return f"{name} {_ordered(args)!r}".encode("utf-8", "surrogatepass")


def _ordered(value: object) -> object:
    """Return `value` with lists instead of sets, whose `repr` is the same in every process."""
    if isinstance(value, frozenset):
        return sorted(value)
    return tuple(map(_ordered, value)) if isinstance(value, tuple) else value


def stored(function: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function whose result is plain data, and depends only on its positional arguments and the package.

    Results are read from the store in use if they are there.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def made(*args: P.args, **named: P.kwargs) -> T:
        key = key_of(name, args)
        packed = in_use(key)
        result: T = function(*args, **named) if packed is None else marshal.loads(packed)
        if _collected is not None:
            _collected[key] = result
        return result

    return made


def collect() -> None:
    """Collect the results of functions that are decorated with `stored`."""
    global _collected
    _collected = {}


def collected() -> dict[bytes, bytes]:
    """Return the collected results by their keys."""
    return {key: marshal.dumps(result, 4) for key, result in (_collected or {}).items()}


def write_store(file: Path, label: str, values: Mapping[bytes, bytes]) -> None:
    """Write `values` by key to a file. `label` says what they depend on."""
    rows = sorted((crc32(key), key + b"\0" + value) for key, value in values.items())
    hashes = array("I", [hashed for hashed, _ in rows])
    starts = array("I", accumulate((len(row) for _, row in rows), initial=0))
    head = (_packed_label(label), array("I", [len(rows)]).tobytes(), hashes.tobytes(), starts.tobytes())
    file.write_bytes(b"".join((*head, *(row for _, row in rows))))


def _packed_label(label: str) -> bytes:
    return f"{label} {sys.byteorder}".encode().ljust(_LABEL)
