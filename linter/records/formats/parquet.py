"""Parquet: each row of the table is a record.

A record without a key is named after the number of its row, which starts at 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO

from linter.records.archives import Archive, BadArchive, Change, OnProgress, Part, Record, open_file, require
from linter.records.columns import Columns, Path, make_record, table_columns
from linter.records.lines import require_uncompressed

_ROWS = 32  # rows that are read into memory at a time
_CODECS = {"UNCOMPRESSED": "none", "LZ4_RAW": "lz4"}


@contextmanager
def _errors() -> Iterator[None]:
    """Raise errors of pyarrow as BadArchive. They have many types, such as OSError, KeyError and UnicodeDecodeError."""
    try:
        yield
    except BadArchive:
        raise
    except Exception as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise BadArchive(f"the file cannot be read: {lines[0]}") from None


@contextmanager
def _open(archive: Archive) -> Iterator[tuple[Any, Columns]]:
    """Open a file, and find the columns. Raises OSError, or BadArchive if there is no column with texts."""
    parquet = require("pyarrow.parquet", "parquet")
    require_uncompressed(archive)
    with open_file(archive) as file:
        with _errors():
            opened = parquet.ParquetFile(file, page_checksum_verification=True)
            columns = table_columns(archive, _tree(opened.schema_arrow))
            _check_body(opened.schema_arrow, columns["body"])
        yield opened, columns


def _tree(fields: Any) -> dict[str, Any]:
    """Return the columns of a schema, or of a struct, as a tree (see `find_column`)."""
    types = require("pyarrow.types", "parquet")
    return {field.name: _tree(field.type) if types.is_struct(field.type) else None for field in fields}


def parts(archive: Archive) -> list[Part]:
    """Return one part per row group. Raises BadArchive if the file has no column with texts."""
    with _open(archive) as (file, _), _errors():
        found, first = list[Part](), 1
        for index in range(file.num_row_groups):
            found.append(Part(index, index + 1, first))
            first += file.metadata.row_group(index).num_rows
        return found or [Part()]


def _check_body(schema: Any, path: Path) -> None:
    """Raises BadArchive if the column of the body has no texts."""
    types = require("pyarrow.types", "parquet")
    type_ = _type_at(schema, path)
    if not (_bytes_type(type_) or types.is_null(type_)):
        raise BadArchive(f"the column “{'.'.join(path)}” has the type {type_}, not text")


def _type_at(fields: Any, path: Path) -> Any:
    """Return the type of the values in a column."""
    types = require("pyarrow.types", "parquet")
    type_ = fields.field(fields.get_all_field_indices(path[0])[0]).type
    if path[1:]:
        return _type_at(type_, path[1:])
    type_ = getattr(type_, "storage_type", type_)  # of an extension type, such as JSON
    return type_.value_type if types.is_dictionary(type_) else type_


def _bytes_type(type_: Any) -> Any:
    """Return the type of bytes with the same layout as a type of texts or bytes, or None for another type."""
    arrow = require("pyarrow", "parquet")
    same = {"string": "binary", "large_string": "large_binary", "string_view": "binary_view"}
    name = same.get(str(type_), str(type_))
    return getattr(arrow, name)() if name in same.values() else None


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of a row group."""
    with _open(archive) as (file, columns), _errors():
        groups = range(part.start, part.end) if part.end else range(file.num_row_groups)
        total = max(1, sum(file.metadata.row_group(index).num_rows for index in groups))
        number = part.first or 1
        start = number
        for index in groups:
            names = sorted({name for name, *_ in columns.values()})
            for batch in file.iter_batches(_ROWS, row_groups=[index], columns=names, use_threads=False):
                values = {field: _values(batch, path) for field, path in columns.items()}
                for row in zip(*values.values(), strict=True):
                    yield make_record(archive.mapping, dict(zip(values, row, strict=True)), str(number))
                    number += 1
                on_progress(min(1.0, (number - start) / total))
    on_progress(1.0)


def _values(batch: Any, path: Path) -> list[Any]:
    """Return the values of a column as bytes, text or None. Other values than texts are formatted by pyarrow."""
    arrow = require("pyarrow", "parquet")
    column = batch.column(batch.schema.get_all_field_indices(path[0])[0])
    for name in path[1:]:
        column = _child(column, column.type.get_all_field_indices(name)[0])
    column = getattr(column, "storage", column)  # of an extension type, such as JSON
    if hasattr(column, "dictionary_decode"):
        column = column.dictionary_decode()
    if bytes_type := _bytes_type(column.type):
        return list(column.view(bytes_type).to_pylist())  # not decoded here, since texts may be invalid
    try:
        return list(column.cast(arrow.string()).to_pylist())
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError):
        return [None] * len(column)  # lists, for example


def _child(column: Any, index: int) -> Any:
    """Return the values of a field of a struct. They are null where the struct is null."""
    return require("pyarrow.compute", "parquet").struct_field(column, [index])


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write a copy with the same schema, row groups and compression. Row groups that become empty are left out."""
    arrow, parquet = require("pyarrow", "parquet"), require("pyarrow.parquet", "parquet")
    with _open(archive) as (original, columns):
        schema = original.schema_arrow
        with parquet.ParquetWriter(file, schema, compression=_compression(original)) as writer:
            for index in range(original.num_row_groups):
                with _errors():
                    batches = original.read_row_group(index, use_threads=False).to_batches()
                changed = [_changed(batch, columns["body"], [*islice(changes, len(batch))]) for batch in batches]
                table = arrow.Table.from_batches(changed, schema)
                if len(table):
                    writer.write_table(table, row_group_size=len(table))


def _compression(file: Any) -> dict[str, str]:
    """Return the codec of each column, by its path."""
    if not file.num_row_groups:
        return {}
    group = file.metadata.row_group(0)
    chunks = (group.column(index) for index in range(group.num_columns))
    return {chunk.path_in_schema: _CODECS.get(chunk.compression, chunk.compression.lower()) for chunk in chunks}


def _changed(batch: Any, path: Path, changes: Sequence[Change]) -> Any:
    """Return a batch in which the bodies are changed, and without the rows that are left out."""
    arrow = require("pyarrow", "parquet")
    with _errors():
        if any(change.body is not None for change in changes):
            pairs = zip(_values(batch, path), changes, strict=True)
            bodies = [old if change.body is None else change.body.encode() for old, change in pairs]
            index = batch.schema.get_all_field_indices(path[0])[0]
            changed = _replaced(batch.column(index), path[1:], bodies)
            batch = batch.set_column(index, batch.schema.field(index), changed)
        if any(change.drop for change in changes):
            batch = batch.filter(arrow.array([not change.drop for change in changes]))
    return batch


def _replaced(column: Any, path: Path, bodies: list[bytes | None]) -> Any:
    """Return a column in which the values at a path are `bodies`."""
    arrow = require("pyarrow", "parquet")
    if not path:
        return _array(column.type, bodies)
    fields = [column.type.field(index) for index in range(column.type.num_fields)]
    children = [_child(column, index) for index in range(len(fields))]
    index = column.type.get_all_field_indices(path[0])[0]
    children[index] = _replaced(children[index], path[1:], bodies)
    return arrow.StructArray.from_arrays(children, fields=fields, mask=column.is_null())


def _array(type_: Any, bodies: list[bytes | None]) -> Any:
    """Return texts as an array. Texts that are not valid UTF-8 keep their bytes."""
    arrow, types = require("pyarrow", "parquet"), require("pyarrow.types", "parquet")
    if storage := getattr(type_, "storage_type", None):
        return arrow.ExtensionArray.from_storage(type_, _array(storage, bodies))
    if types.is_dictionary(type_):
        encoded = _array(type_.value_type, bodies).dictionary_encode()
        indices = encoded.indices.cast(type_.index_type)
        return arrow.DictionaryArray.from_arrays(indices, encoded.dictionary, ordered=type_.ordered)
    if types.is_null(type_):
        return arrow.nulls(len(bodies))
    return arrow.array(bodies, _bytes_type(type_)).view(type_)
