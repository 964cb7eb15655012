"""Findings as Arrow tables."""

from __future__ import annotations

from typing import Any, BinaryIO

from linter.records.archives import clean, require

EXTRA = "parquet"  # the extra that installs pyarrow


def finding_type() -> Any:
    """Return the Arrow type of a finding: a struct with the keys of a finding in docs/json.md."""
    pa = require("pyarrow", EXTRA)
    edit = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())])
    fix = pa.struct([("safe", pa.bool_()), ("edits", pa.list_(edit))])
    texts = [(name, pa.string()) for name in ("path", "record", "rule", "severity", "message")]
    numbers = [(name, pa.int64()) for name in ("line", "column", "end_line", "end_column", "start", "end")]
    more = [("text", pa.string()), ("paragraph", pa.int64()), ("heading", pa.string()), ("group", pa.string())]
    return pa.struct([*texts, *numbers, *more, ("fix", fix)])


def findings_table(findings: list[dict[str, Any]]) -> Any:
    """Return findings, as plain data with the address of their records, as an Arrow table with one row per finding."""
    pa = require("pyarrow", EXTRA)
    type_ = pa.struct([*finding_type(), ("site", pa.string()), ("url", pa.string())])
    return pa.Table.from_struct_array(array_of(findings, type_))


def array_of(values: list[Any], type_: Any) -> Any:
    """Return plain data as an Arrow array. Lone surrogates, which Arrow cannot represent, become U+FFFD."""
    pa = require("pyarrow", EXTRA)
    try:
        return pa.array(values, type_)
    except UnicodeEncodeError:
        return pa.array(_representable(values), type_)


def _representable(value: Any) -> Any:
    """Return plain data with U+FFFD for each lone surrogate."""
    if isinstance(value, str):
        return clean(value)[0]
    if isinstance(value, dict):
        return {name: _representable(one) for name, one in value.items()}
    return [_representable(one) for one in value] if isinstance(value, (list, tuple)) else value


def write_parquet(table: Any, file: BinaryIO) -> None:
    """Write an Arrow table to a file as Parquet. The same table always gives the same bytes."""
    require("pyarrow.parquet", EXTRA).write_table(table, file, compression="zstd")
