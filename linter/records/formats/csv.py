"""Comma-separated values, also with semicolons, tabs or vertical bars. The first row has the names of the columns.

A record without a key is named after the number of its row, which starts at 1 after the first row; blank lines do not
count. If a quotation mark is not closed, the lines after it are read as rows of their own.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import BinaryIO, NamedTuple

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
from linter.records.lines import UTF_16, Line, copy_line, is_compressed, read_lines, too_long

_DELIMITERS = ",;\t|"  # in order of preference
_BLOCK = 1 << 20  # bytes
_MAX_UNCLOSED = 10  # rows; after each, up to MAX_RECORD bytes are read again
_END = "end"  # follows the last line
_QUOTES = "a quotation mark in a field is not doubled; the fields of this row may be wrong"


class Row(NamedTuple):
    """A row: its lines, its fields, and its problems. Blank lines and lines that are too long have no fields."""

    lines: Sequence[Line]
    fields: list[str]
    problems: tuple[str, ...] = ()


class _TooLong(Exception):
    """A row has too many bytes."""


class _Lines:
    """An iterator over the lines of a file, decoded with `surrogateescape`, for csv.reader.

    After the last line comes one more, which becomes part of a row only if a quotation mark has not been closed.
    `taken` are the lines of the current row, and `ended` is true after the last line.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.taken = list[Line]()
        self.ended = False
        self._size = 0
        self._lines = _split(file)
        self._again = deque[Line]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            if self.ended:
                raise StopIteration
            self.ended = True
            return _END
        self.taken.append(line)
        self._size += line.size
        if self._size > MAX_RECORD:
            raise _TooLong
        return text_of(line)

    def start_row(self) -> None:
        self.taken, self._size = [], 0

    def read_again(self, lines: Sequence[Line]) -> None:
        self._again.extendleft(reversed(lines))
        self.ended = False


def _split(file: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a file. A carriage return, too, ends a line."""
    for line in read_lines(file):
        if line.data.count(b"\r") == line.data.endswith((b"\r", b"\r\n")):
            yield line
            continue
        for data in line.data.splitlines(keepends=True):  # of bytes, which only \n, \r and \r\n split
            yield Line(line.number, data, line.end, len(data))


def text_of(line: Line) -> str:
    text = line.data.decode("utf-8", "surrogateescape")
    return text.removeprefix("\ufeff") if line.number == 1 else text


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
        if not lines.taken:
            return
        if not problem:
            yield Row(lines.taken, fields, _problems(lines.taken, delimiter))
            continue
        first, *others = lines.taken
        yield _first_line(first, delimiter, f"{problem}; only line {first.number:,} was read as this row")
        unclosed += bool(others)
        if unclosed > _MAX_UNCLOSED:
            raise BadArchive(
                f"{unclosed} rows have a quotation mark that is not closed, the last one on line {first.number:,}"
            )
        lines.read_again(others)
        reader = csv.reader(lines, delimiter=delimiter)


def _first_line(line: Line, delimiter: str, problem: str) -> Row:
    """Return a row of only one line, the first line of a row that cannot be read."""
    if not line.data:
        return Row([line], [], (too_long(line),))
    return Row([line], next(csv.reader([text_of(line)], delimiter=delimiter)), (problem,))


def _problems(lines: Sequence[Line], delimiter: str) -> tuple[str, ...]:
    """Return a problem if quotation marks in a row are not as the format demands."""
    if not any(b'"' in line.data for line in lines):
        return ()
    try:
        next(csv.reader(map(text_of, lines), delimiter=delimiter, strict=True))
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
        header = next((row for row in read_rows(file, delimiter) if not _is_blank(row)), None)
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
    lines = (line for line in _split(file) if line.data.strip())
    first = next(lines, None)
    if first and first.data.startswith(UTF_16):
        raise BadArchive("the file is UTF-16, but CSV must be UTF-8")
    name = archive.file.lower()
    if is_compressed(archive):
        name = name.rpartition(".")[0]
    if not first or name.endswith((".tsv", ".tab")):
        return "\t" if first else ","
    text = text_of(first)[:_BLOCK]
    return max(_DELIMITERS, key=lambda each: len(next(csv.reader([text], delimiter=each))))


def _is_blank(row: Row) -> bool:
    return not row.fields and not row.problems


def parts(archive: Archive) -> list[Part]:
    """Return one part. Raises BadArchive if there is no column for the body."""
    _table(archive)
    return [Part()]


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of the table."""
    table = _table(archive)
    length = 0 if is_compressed(archive) else archive.size
    with open_archive(archive) as file:
        rows = (row for row in read_rows(file, table.delimiter) if not _is_blank(row))
        next(rows, None)
        for number, row in enumerate(rows, 1):
            yield _record(archive, table, row, str(number))
            if length:
                on_progress(min(1.0, row.lines[-1].end / length))
    on_progress(1.0)


def _record(archive: Archive, table: _Table, row: Row, number: str) -> Record:
    fields, problems = row.fields, row.problems
    if fields and len(fields) != table.width:
        problems += (f"number of fields in this row: {len(fields):,}; in the first row of the file: {table.width:,}",)
    undecodable = replace_undecodable("".join(map(text_of, row.lines)))[1]
    if undecodable:
        fields, problems = [replace_undecodable(field)[0] for field in fields], problems + undecodable
    values = {field: fields[index] for field, index in table.columns.items() if index < len(fields)}
    return make_record(archive.mapping, values, number, problems)


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write the rows to a file, not compressed. Rows that do not change keep their bytes."""
    table, header = _table(archive), True
    with open_archive(archive) as original:
        for row in read_rows(original, table.delimiter):
            change = Change() if header or _is_blank(row) else next(changes)
            header = header and _is_blank(row)
            if change.drop:
                continue
            if change.body is not None:
                file.write(_with_body(table, row, change.body))
                continue
            for line in row.lines:
                if line.data:
                    file.write(line.data)
                else:
                    copy_line(archive, line, file)


def _with_body(table: _Table, row: Row, body: str) -> bytes:
    """Return the bytes of a row with another body. The fields are quoted if all of them were, or where necessary."""
    data = b"".join(line.data for line in row.lines)
    text = "".join(map(text_of, row.lines))
    end = text[len(text.rstrip("\r\n")) :]
    quoting = csv.QUOTE_ALL if _written(row.fields, table, csv.QUOTE_ALL) + end == text else csv.QUOTE_MINIMAL
    fields = row.fields + [""] * (table.columns["body"] + 1 - len(row.fields))
    fields[table.columns["body"]] = body
    mark = data[:3] if row.lines[0].number == 1 and data.startswith(b"\xef\xbb\xbf") else b""
    return mark + (_written(fields, table, quoting) + end).encode("utf-8", "surrogateescape")


def _written(fields: Sequence[str], table: _Table, quoting: int) -> str:
    """Return a row without a line end."""
    file = StringIO(newline="")
    # With another line end, some versions of Python would not quote fields that contain \r.
    csv.writer(file, delimiter=table.delimiter, quoting=quoting, lineterminator="\r\n").writerow(fields)  # type: ignore[arg-type]
    return file.getvalue()[:-2]
