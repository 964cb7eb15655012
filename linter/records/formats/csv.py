"""Comma-separated values, also with semicolons, tabs or vertical bars. The first row has the names of the columns.

A record without a key is named after the number of its row, which starts at 1 after the first row; blank lines do not
count. If a quotation mark is not closed, the lines after it are read as rows of their own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import chain
from typing import BinaryIO, NamedTuple

from linter import patterns
from linter.records.archives import (
    MAX_RECORD,
    Archive,
    BadArchive,
    Change,
    OnProgress,
    Part,
    Record,
    open_archive,
)
from linter.records.columns import make_record, replace_undecodable, table_columns
from linter.records.lines import BOM, UTF_16, Line, copy_line, is_compressed, read_lines, too_long

_DELIMITERS = ",;\t|"  # in order of preference
_BLOCK = 1 << 20  # bytes
_MAX_UNCLOSED = 10  # rows; after each, up to MAX_RECORD bytes are read again
_LINE = patterns.lazy(rb"[^\r\n]*(?:\r\n?|\n)?")
_END = "end"  # follows the last line
_QUOTES = "a quotation mark in a field is not doubled; the fields of this row may be wrong"


class Row(NamedTuple):
    """A row: the number of its first line, its bytes, its fields, and its problems.

    `end` is the offset in the file up to which it has been read. A blank line has no fields. `long` is a line that is
    too long to be read, which is a row of its own, without bytes and fields.
    """

    number: int
    data: bytes
    end: int
    fields: list[str]
    problems: tuple[str, ...] = ()
    long: Line | None = None

    @property
    def text(self) -> str:
        """The row, with a surrogate for each byte that is not UTF-8."""
        text = self.data.decode("utf-8", "surrogateescape")
        return text.removeprefix("\ufeff") if self.number == 1 else text

    @property
    def is_blank(self) -> bool:
        return not self.fields and not self.problems


class _TooLong(Exception):
    """A row has too many bytes."""


class _Lines:
    """An iterator over the lines of a file, decoded with `surrogateescape`, for csv.reader.

    After the last line comes one more, which becomes part of a row only if a quotation mark has not been closed.
    `taken` has the bytes of the current row, and `number` is the number of its first line. `long` is a line that is too
    long. `ended` is true after the last line, and `end` is the offset in the file up to which it has been read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.taken = bytearray()
        self.number = 0
        self.long: Line | None = None
        self.ended = False
        self.end = 0
        self._lines = _split(read_lines(file))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            if self.ended:
                raise StopIteration
            self.ended = True
            return _END
        self.number = self.number or line.number
        self.end = max(self.end, line.end)
        self.taken += line.data
        if not line.data:
            self.long = line
        if len(self.taken) > MAX_RECORD or self.long:
            raise _TooLong
        text = line.data.decode("utf-8", "surrogateescape")
        return text.removeprefix("\ufeff") if line.number == 1 else text

    def start_row(self) -> None:
        self.taken, self.number, self.long = bytearray(), 0, None

    def read_again(self, data: bytes, number: int) -> None:
        """Read lines again, of which the first one has the number `number`, and after them the line `long`."""
        long = iter(() if self.long is None else (self.long,))
        self._lines = chain(_split(read_lines(BytesIO(data), number=number)), long, self._lines)
        self.ended = False


def _split(lines: Iterable[Line]) -> Iterator[Line]:
    """Split lines at carriage returns, too."""
    for line in lines:
        if line.data.count(b"\r") == line.data.endswith((b"\r", b"\r\n")):
            yield line
            continue
        for data in line.data.splitlines(keepends=True):  # of bytes, which only \n, \r and \r\n split
            yield Line(line.number, data, line.end, len(data))


def read_rows(file: BinaryIO, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a file, including blank ones.

    Raises BadArchive if the file is damaged, or if too many quotation marks are not closed.
    """
    csv.field_size_limit(MAX_RECORD)
    lines, unclosed = _Lines(file), 0
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.start_row()
        problem = ""
        try:
            fields = next(reader)
        except (_TooLong, csv.Error):
            problem = f"the row has more than {MAX_RECORD:,} bytes, or a quotation mark in it is not closed"
        if lines.ended:
            problem = "a quotation mark in this row is not closed"
        if lines.taken and not problem:
            row = Row(lines.number, bytes(lines.taken), lines.end, fields)
            yield row._replace(problems=_problems(row, delimiter))
            continue
        if not lines.taken and not lines.long:
            return
        row, read = _first_line(lines, delimiter, problem)
        yield row
        unclosed += read < len(lines.taken)
        if unclosed > _MAX_UNCLOSED:
            last = f"{row.number:,}"
            raise BadArchive(f"{unclosed} rows have a quotation mark that is not closed, the last one on line {last}")
        if not row.long:
            lines.read_again(bytes(lines.taken[read:]), row.number + row.data.count(b"\n"))
        reader = csv.reader(lines, delimiter=delimiter)


def _first_line(lines: _Lines, delimiter: str, problem: str) -> tuple[Row, int]:
    """Return a row of only the first line of a row that cannot be read, and the length of this line in bytes."""
    if lines.long and not lines.taken:
        return Row(lines.number, b"", lines.end, [], (too_long(lines.long),), lines.long), 0
    line = _LINE.match(lines.taken)
    row = Row(lines.number, line[0] if line else b"", lines.end, [])
    fields = next(csv.reader([row.text], delimiter=delimiter))
    problem = f"{problem}; only line {row.number:,} was read as this row"
    return row._replace(fields=fields, problems=(problem,)), len(row.data)


def _problems(row: Row, delimiter: str) -> tuple[str, ...]:
    """Return a problem if quotation marks in a row are not as the format demands."""
    if b'"' not in row.data:
        return ()
    try:
        next(csv.reader(StringIO(row.text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return (_QUOTES,)
    return ()


class _Table(NamedTuple):
    """A table: its delimiter, its number of columns, and the indexes of the columns of the fields of a record."""

    delimiter: str
    width: int
    columns: dict[str, int]


def _table(archive: Archive) -> _Table:
    """Raises BadArchive if the file has no header, or no column for the body."""
    with open_archive(archive) as file:
        delimiter = _delimiter(archive, file)
    with open_archive(archive) as file:
        header = next((row for row in read_rows(file, delimiter) if not row.is_blank), None)
    if not header:
        raise BadArchive("the file has no rows")
    names = [replace_undecodable(name)[0].strip() for name in header.fields]
    indexes = {name: index for index, name in reversed([*enumerate(names)]) if name}
    tree = {name: indexes[name] for name in names if name}
    columns = table_columns(archive, tree)
    return _Table(delimiter, len(names), {field: tree[name] for field, (name, *_) in columns.items()})


def _delimiter(archive: Archive, file: BinaryIO) -> str:
    """Return the delimiter that splits the first line into the most fields, or a tab if the file is named so."""
    csv.field_size_limit(MAX_RECORD)
    lines = (line for line in _split(read_lines(file)) if line.data.strip())
    first = next(lines, None)
    if first and first.data.startswith(UTF_16):
        raise BadArchive("the file is UTF-16, but CSV must be UTF-8")
    name = archive.file.lower()
    if is_compressed(archive):
        name = name.rpartition(".")[0]
    if not first or name.endswith((".tsv", ".tab")):
        return "\t" if first else ","
    text = first.data[:_BLOCK].removeprefix(BOM).decode("utf-8", "replace")
    return max(_DELIMITERS, key=lambda each: len(next(csv.reader([text], delimiter=each))))


def parts(archive: Archive) -> list[Part]:
    """Return one part. Raises BadArchive if there is no column for the body."""
    _table(archive)
    return [Part()]


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of the table."""
    table = _table(archive)
    length = 0 if is_compressed(archive) else archive.size
    with open_archive(archive, on_progress) as file:
        rows = (row for row in read_rows(file, table.delimiter) if not row.is_blank)
        next(rows, None)
        for number, row in enumerate(rows, 1):
            yield _record(archive, table, row, str(number))
            if length:
                on_progress(min(1.0, row.end / length))
    on_progress(1.0)


def _record(archive: Archive, table: _Table, row: Row, number: str) -> Record:
    fields, problems = row.fields, row.problems
    if fields and len(fields) != table.width:
        problems += (f"number of fields in this row: {len(fields):,}; in the first row of the file: {table.width:,}",)
    undecodable = replace_undecodable(row.text)[1]
    if undecodable:
        fields, problems = [replace_undecodable(field)[0] for field in fields], problems + undecodable
    values = {field: fields[index] for field, index in table.columns.items() if index < len(fields)}
    return make_record(archive.mapping, values, number, problems)


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write the rows to a file, not compressed. Rows that do not change keep their bytes."""
    table, header = _table(archive), True
    with open_archive(archive) as original:
        for row in read_rows(original, table.delimiter):
            change = Change() if header or row.is_blank else next(changes)
            header = header and row.is_blank
            if change.drop:
                continue
            if change.body is not None:
                file.write(_with_body(table, row, change.body))
                continue
            file.write(row.data)
            if row.long:
                copy_line(archive, row.long, file)


def _with_body(table: _Table, row: Row, body: str) -> bytes:
    """Return the bytes of a row with another body. The fields are quoted if all of them were, or where necessary."""
    text = row.text
    end = text[len(text.rstrip("\r\n")) :]
    quoting = csv.QUOTE_ALL if _written(row.fields, table, csv.QUOTE_ALL) + end == text else csv.QUOTE_MINIMAL
    fields = row.fields + [""] * (table.columns["body"] + 1 - len(row.fields))
    fields[table.columns["body"]] = body
    mark = BOM if row.number == 1 and row.data.startswith(BOM) else b""
    return mark + (_written(fields, table, quoting) + end).encode("utf-8", "surrogateescape")


def _written(fields: Sequence[str], table: _Table, quoting: int) -> str:
    """Return a row without a line end."""
    file = StringIO(newline="")
    # With another line end, some versions of Python would not quote fields that contain \r.
    csv.writer(file, delimiter=table.delimiter, quoting=quoting, lineterminator="\r\n").writerow(fields)  # type: ignore[arg-type]
    return file.getvalue()[:-2]
