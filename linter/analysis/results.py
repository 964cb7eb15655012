"""Keep the results of analyzing patterns: those for the shipped rules in the package, all others in the cache.

A result is found by the name of the function and its arguments. The file in the package is written by the build
(`tools/build_hook.py`). Without it, all results are computed, which takes some seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from typing import ParamSpec, TypeVar, get_type_hints

from linter import typed_json
from linter.digest import SIZE

FORMAT = 1  # change this number when the result of an analysis, or the form of a stored rule, changes
SHIPPED = Path(__file__).parent.parent / "data" / "compiled.txt"
_MAX_CACHED = 16_000_000  # bytes of the results in the cache; more are mostly results of former rules

P = ParamSpec("P")
T = TypeVar("T")

_cached: dict[str, object] = {}  # results from the cache, by key, as read from JSON
_new: dict[str, object] = {}  # results that were computed in this process


@cache
def shipped() -> Mapping[str, bytes]:
    """Return the values in the file of the package by key, each as JSON; none if the file has another format.

    Each line of the file has a key, a space, and JSON.
    """
    with suppress(OSError, ValueError):
        values = dict(line.split(b" ", 1) for line in SHIPPED.read_bytes().splitlines())
        if values.get(b"format") == b"%d" % FORMAT:
            return {key.decode("ascii"): value for key, value in values.items()}
    return {}


def write_shipped(rules: object) -> None:
    """Write `rules`, which are plain data, and the results of all analyses in this process to the file."""
    values = {"format": FORMAT, "rules": rules, **_new}
    rows = (key.encode("ascii") + b" " + typed_json.dump_json(value) for key, value in values.items())
    SHIPPED.write_bytes(b"\n".join(rows))


def cached_analysis(function: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function to keep its results between runs.

    The arguments must be positional. They and the results must be plain data (see `typed_json.dump_json`), and a result
    must depend only on the arguments and on the data in the package.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @cache
    def reader() -> typed_json.Reader:
        return typed_json.typed_reader(get_type_hints(function)["return"])

    @cache
    @wraps(function)
    def cached(*args: P.args, **named: P.kwargs) -> T:
        key = _key(name, args)
        if key in shipped():
            return typed_json.load_json(shipped()[key], reader())  # type: ignore[no-any-return]
        if key in _cached:
            with suppress(ValueError):  # a forged cache
                return reader()(_cached[key])  # type: ignore[no-any-return]
        result = _new[key] = function(*args, **named)
        return result

    return cached  # type: ignore[return-value]


def _key(name: str, args: tuple[object, ...]) -> str:
    return blake2b(name.encode() + typed_json.dump_json(args), digest_size=SIZE).hexdigest()


def load_results(data: bytes) -> None:
    """Load results from bytes that `new_results` returned. Invalid data is ignored."""
    with suppress(ValueError):
        _cached.update(typed_json.load_json(data, typed_json.typed_reader(Mapping[str, object])))


def new_results() -> bytes | None:
    """Return as bytes the results that the package lacks, or None if there is none since the last call.

    The bytes are valid only for the same versions of copydesk and `regex`. If they would be 16 MB or more, earlier
    results are left out.
    """
    if not _new:
        return None
    data = typed_json.dump_json(_cached | _new)
    if len(data) >= _MAX_CACHED:
        data = typed_json.dump_json(_new)
    load_results(data)
    _new.clear()
    return data
