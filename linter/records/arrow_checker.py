"""Check the rows of Arrow tables, with a function for Ray's `map_batches` and Spark's `mapInArrow`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from linter import api
from linter.records.archives import Archive, Record, require
from linter.records.arrow import EXTRA, array_of, finding_type
from linter.records.checking import RecordChecker, RecordResult, body_length, in_groups
from linter.records.columns import FIELDS, Columns, Path, find_columns, listed, make_record, named_column
from linter.records.record_mappings import RecordMapping
from linter.source import UNNAMED
from linter.suggest import as_list, did_you_mean

_RESULTS = ("record", "findings", "problems", "suppressed")  # the columns of the result, after those that are kept


class ArrowChecker:
    """A function that checks the rows of Arrow tables; see `linter.records.checker`.

    It pickles as the bundle and the names of columns. Each process opens the bundle once.
    """

    def __init__(self, bundle: bytes, columns: Mapping[str, Any], keep: tuple[str, ...], path: str | None) -> None:
        if unknown := next((field for field in columns if field not in FIELDS), None):
            raise ValueError(f"columns: unknown key “{unknown}”{did_you_mean(unknown, FIELDS)}; use {as_list(FIELDS)}")
        if taken := next((name for name in keep if name in _RESULTS), None):
            raise ValueError(f"keep: “{taken}” is also a column of the result; rename the column of the table")
        self._bundle, self._mapping, self._keep = bundle, RecordMapping(**columns), keep
        self._archive = Archive(UNNAMED if path is None else path, "" if path is None else os.path.abspath(path), "")

    def __call__(self, data: Any) -> Any:
        """Return the result of a Table or a RecordBatch in the same form, or an iterator for an iterable of them.

        Raises ValueError if a column is missing.
        """
        pa = require("pyarrow", EXTRA)
        if not isinstance(data, (pa.Table, pa.RecordBatch)):
            return map(self, data)
        columns = self._columns(data.schema)
        groups = in_groups(self._records(data, columns), body_length)
        results = [_values(result) for group in groups for result in self._check(group)]
        schema = self.schema(data.schema)
        made = [array_of([*column], type_) for column, type_ in zip(_transposed(results), _types(), strict=True)]
        return type(data).from_arrays([*(data.column(name) for name in self._keep), *made], schema=schema)

    def schema(self, table: Any = None) -> Any:
        """Return the Arrow schema of the result for tables with the schema `table`, which is only needed for `keep`.

        Raises ValueError if a column is missing.
        """
        pa = require("pyarrow", EXTRA)
        if table is not None:
            self._columns(table)
        elif self._keep:
            raise ValueError("pass the schema of the table, which has the types of the columns in “keep”")
        return pa.schema([*(table.field(name) for name in self._keep), *map(pa.field, _RESULTS, _types())])

    def _columns(self, schema: Any) -> Columns:
        """Return the columns of the fields of a record. Raises ValueError if a named column is missing."""
        columns = find_columns(self._mapping, _tree(schema))
        for field in ("body", *FIELDS):
            name = named_column(self._mapping, field)
            if name and field not in columns:
                raise ValueError(f"columns: there is no column “{name}”{did_you_mean(name, schema.names)}")
            if field == "body" and field not in columns:
                wanted = "no column has a usual name for the text"
                raise ValueError(f"{wanted}; {listed(schema.names)}; pass columns={{'body': NAME}}")
        if lost := next((name for name in self._keep if name not in schema.names), None):
            raise ValueError(f"keep: there is no column “{lost}”{did_you_mean(lost, schema.names)}")
        return columns

    def _records(self, data: Any, columns: Columns) -> Iterator[Record]:
        """Yield the records in a table. A record without a key has the key ""."""
        values = (_column(data, path) for path in columns.values())
        for row in zip(*values, strict=True):
            yield make_record(self._mapping, dict(zip(columns, row, strict=True)), "")

    def _check(self, records: Sequence[Record]) -> list[RecordResult]:
        with api._LOCK:
            return opened(self._bundle).check(self._archive, records)


@lru_cache(2)
def opened(bundle: bytes) -> RecordChecker:
    """Return a checker for a bundle, which is opened only once in a process."""
    return RecordChecker(api.Linter.from_bundle(bundle))


def _types() -> list[Any]:
    """Return the types of the columns of the result."""
    pa = require("pyarrow", EXTRA)
    return [pa.string(), pa.list_(finding_type()), pa.list_(pa.string()), pa.int64()]


def _values(checked: RecordResult) -> tuple[Any, ...]:
    """Return the values of a row of the result."""
    found = checked.result
    findings = [finding.as_json() for finding in found.findings]
    return checked.key, findings, [problem.message for problem in found.problems], len(found.suppressed)


def _transposed(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return zip(*rows, strict=True) if rows else iter([()] * len(_RESULTS))


def _tree(fields: Any) -> dict[str, Any]:
    """Return the columns of a schema or of a struct as a tree; see `find_column`."""
    pa = require("pyarrow", EXTRA)
    return {field.name: _tree(field.type) if pa.types.is_struct(field.type) else None for field in fields}


def _column(data: Any, path: Path) -> list[object]:
    """Return the values of a column, with texts as bytes, because Arrow does not ensure that they are UTF-8."""
    pa, compute = require("pyarrow", EXTRA), require("pyarrow.compute", EXTRA)
    found = data.column(path[0])
    for name in path[1:]:
        found = compute.struct_field(found, name)
    if pa.types.is_dictionary(found.type):
        found = found.cast(found.type.value_type)
    if isinstance(found.type, pa.BaseExtensionType):
        found = found.cast(found.type.storage_type)
    if pa.types.is_string(found.type):
        found = found.cast(pa.binary())
    elif pa.types.is_large_string(found.type) or pa.types.is_string_view(found.type):
        found = found.cast(pa.large_binary())
    elif pa.types.is_temporal(found.type):
        found = found.cast(pa.string())  # not every time is a value in Python
    values: list[object] = found.to_pylist()
    return values
