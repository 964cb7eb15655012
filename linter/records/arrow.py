"""Findings as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linter.finding import Finding
from linter.records.archives import require

EXTRA = "parquet"  # the extra that installs pyarrow


def finding_type() -> Any:
    """Return the Arrow type of a finding: a struct with the keys of a finding in docs/json.md."""
    pa = require("pyarrow", EXTRA)
    edit = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())])
    fix = pa.struct([("safe", pa.bool_()), ("edits", pa.list_(edit))])
    texts = [(name, pa.string()) for name in ("path", "record", "rule", "severity", "message")]
    numbers = [(name, pa.int64()) for name in ("line", "column", "end_line", "end_column", "start", "end")]
    more = [("text", pa.string()), ("paragraph", pa.int64()), ("heading", pa.string()), ("fix", fix)]
    return pa.struct([*texts, *numbers, *more])


def findings_table(findings: Iterable[Finding]) -> Any:
    """Return findings as an Arrow table, with one row per finding."""
    pa = require("pyarrow", EXTRA)
    return pa.Table.from_pylist([finding.as_json() for finding in findings], schema=pa.schema(list(finding_type())))


def write_parquet(table: Any, file: str) -> None:
    """Write an Arrow table to a Parquet file. The same table always gives the same bytes."""
    require("pyarrow.parquet", EXTRA).write_table(table, file, compression="zstd")
