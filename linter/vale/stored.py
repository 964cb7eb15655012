"""Store the content of the rule files of Vale styles as JSON, so that later runs need not parse the files.

The stored data are not trusted: names, types and extension points are checked when they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_type_hints

from linter import serialize
from linter.vale.definition import LEVELS, NOT_RUN, OPTIONS, Definition

_TYPES = get_type_hints(Definition) | {
    "extends": Literal[*(each for each in OPTIONS if each not in NOT_RUN)],
    "level": Literal[LEVELS],
    "options": Mapping[str, object],
}
_OPTION_TYPES: Mapping[type, Any] = {tuple: tuple[str, ...], dict: Mapping[str, str]}  # others are as in OPTIONS
_read_rows = serialize.row_reader(tuple, lambda row: Definition(*row), *_TYPES.values())


def pack_definitions(definitions: Iterable[Definition]) -> bytes:
    """Return the definitions of rules as bytes."""
    return serialize.dump_json([[getattr(each, name) for name in _TYPES] for each in definitions])


def unpack_definitions(data: bytes, files: Mapping[str, str]) -> tuple[Definition, ...]:
    """Return the definitions in `data`, which `pack_definitions` returned.

    `files` are the paths of the rule files by the names of the rules. Raises ValueError for invalid data.
    """
    found: tuple[Definition, ...] = serialize.load_json(data, _read_rows)
    for each in found:
        types = OPTIONS[each.extends]
        if files.get(each.name) != each.file or not each.options.keys() <= types.keys():
            raise ValueError("not a rule")
        for name, value in each.options.items():
            kind = types[name]
            each.options[name] = serialize.typed_reader(_OPTION_TYPES.get(kind, kind))(value)  # type: ignore[index]
    return found
