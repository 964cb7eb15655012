"""JSON Lines: each line of the file is a record, a JSON object.

A record without a key is named after its line number, which starts at 1. Only a line feed ends a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

from linter import patterns
from linter.records.archives import (
    Archive,
    BadArchive,
    Change,
    OnProgress,
    Part,
    Record,
    open_archive,
)
from linter.records.columns import (
    FIELDS,
    Columns,
    Path,
    column_names,
    find_columns,
    make_record,
    missing_column,
    named_column,
    nested_value,
    replace_undecodable,
)
from linter.records.lines import BOM, UTF_16, Line, copy_line, is_compressed, read_lines, too_long
from linter.source import SURROGATE
from linter.suggest import cut_text

PART = 1 << 26  # bytes of a part of an uncompressed file
_BLOCK = 1 << 20  # bytes
_FIRST = 100  # lines that show whether the file has the columns
_SEPARATOR = patterns.lazy(r"[ \t\r\n]*[,:]?[ \t\r\n]*")


def parts(archive: Archive) -> list[Part]:
    """Return byte ranges of about 64 MB, or one part if the file is compressed.

    Raises BadArchive if the first lines are not JSON objects, or if all of them lack the body or another named column.
    """
    with open_archive(archive) as file:
        _check_first_lines(archive, file)
    if is_compressed(archive):
        return [Part()]
    with open_archive(archive) as file:
        return _ranges(file)


def _ranges(file: BinaryIO) -> list[Part]:
    """Return the parts of an uncompressed file. Each one ends at the end of a line."""
    found = list[Part]()
    start = position = 0
    first = line = 1
    while block := file.read(_BLOCK):
        done = 0  # offset in the block up to which lines are counted
        while (cut := block.find(b"\n", max(done, start + PART - 1 - position)) + 1) > 0:
            line += block.count(b"\n", done, cut)
            done = cut
            found.append(Part(start, position + cut, first))
            start, first = position + cut, line
        line += block.count(b"\n", done)
        position += len(block)
    return [*found, Part(start, position, first)] if position > start or not found else found


def _check_first_lines(archive: Archive, file: BinaryIO) -> None:
    number, found = 0, set[str]()
    names: list[str] | None = None
    for line in _first_lines(file):
        if line.number == 1 and line.data.startswith(UTF_16):
            raise BadArchive("the file is UTF-16, but JSON Lines must be UTF-8")
        row = parse(line.data)[0]
        number += 1
        if isinstance(row, dict):
            names = column_names(row) if names is None else names
            found.update(find_columns(archive.mapping, row))
    if number == _FIRST and names is None:
        raise BadArchive(f"none of the first {_FIRST} lines is a JSON object")
    for field in ("body", *FIELDS):
        wanted = field == "body" or named_column(archive.mapping, field)
        if wanted and field not in found and names is not None:
            where = f"in the first {_FIRST} lines, " if number == _FIRST else ""
            raise BadArchive(f"{where}{missing_column(archive.mapping, field, names)}")


def _first_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the first lines that are not blank. Damage after them is reported when the records are read."""
    with suppress(BadArchive):
        yield from islice((line for line in read_lines(file) if not _is_blank(line)), _FIRST)


def _is_blank(line: Line) -> bool:
    data = line.data.removeprefix(BOM) if line.number == 1 else line.data
    return bool(line.data) and (not data or data.isspace())


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of a part, one per line. Blank lines are skipped.

    If the part is the whole archive, BadArchive is raised as in `parts`.
    """
    length = 0 if is_compressed(archive) else (part.end or archive.size) - part.start
    if not part.end:
        with open_archive(archive) as file:
            _check_first_lines(archive, file)
    with open_archive(archive, on_progress) as file:
        for line in read_lines(file, part.start, part.end, part.first or 1):
            if not _is_blank(line):
                yield read_line(archive, line)
            if length > 0:
                on_progress(min(1.0, (line.end - part.start) / length))
    on_progress(1.0)


def read_line(archive: Archive, line: Line) -> Record:
    """Return the record in a line."""
    mapping, number = archive.mapping, str(line.number)
    if not line.data:
        return Record(number, "", problems=(too_long(line),))
    row, problems = parse(line.data)
    if not isinstance(row, dict):
        return Record(number, "", problems=problems or ("this line is not a JSON object",))
    columns = find_columns(mapping, row)
    for field in ("body", "key"):
        if field not in columns and (field == "body" or named_column(mapping, field)):
            problems += (missing_column(mapping, field, column_names(row)),)
    values = {field: nested_value(row, path) for field, path in columns.items()}
    return make_record(mapping, values, number, problems)


def parse(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """Return the value in a line of JSON, and its problems. The value is None if the line is not JSON."""
    text, problems = replace_undecodable(data.removeprefix(BOM).decode("utf-8", "surrogateescape"))
    found = _Problems()
    try:
        value = json.loads(text, object_pairs_hook=found.object, parse_constant=found.constant)
    except json.JSONDecodeError as error:
        return None, (*problems, f"this line is not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return None, (*problems, "this line has too many nested lists or objects")
    except ValueError:  # see sys.set_int_max_str_digits
        return None, (*problems, "this line has a number with too many digits")
    return value, problems + found.problems()


class _Problems:
    """What is unusual in a line of JSON: keys that are repeated in an object, and constants that JSON lacks."""

    def __init__(self) -> None:
        self._keys = dict[str, None]()
        self._constants = dict[str, None]()

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            seen = set[str]()
            self._keys.update((key, None) for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return value

    def constant(self, name: str) -> None:
        self._constants[name] = None

    def problems(self) -> tuple[str, ...]:
        keys = (f"“{cut_text(key)}” is repeated in an object; the last value was read" for key in [*self._keys][:3])
        constants = (f"{name} is not JSON; it was read as null" for name in self._constants)
        return (*keys, *constants)


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write the lines to a file, not compressed. In a changed line, only the body is replaced.

    Raises BadArchive if a changed line has no body.
    """
    with open_archive(archive) as original:
        for line in read_lines(original):
            change = Change() if _is_blank(line) else next(changes)
            if change.drop:
                continue
            if change.body is not None:
                file.write(_with_body(archive, line, change.body))
            elif not line.data:
                copy_line(archive, line, file)
            else:
                file.write(line.data)


def _with_body(archive: Archive, line: Line, body: str) -> bytes:
    """Return a line with another body. The other bytes do not change."""
    row = parse(line.data)[0]
    columns: Columns = find_columns(archive.mapping, row) if isinstance(row, dict) else {}
    if "body" not in columns:
        raise BadArchive(f"line {line.number:,} has no text that can be changed")
    bom = BOM if line.data.startswith(BOM) else b""
    text = line.data.removeprefix(bom).decode("utf-8", "surrogateescape")
    start, end = _span(text, columns["body"])
    old = text[start:end]
    ascii_only = (old.isascii() and "\\u" in old) or bool(SURROGATE.search(body))
    changed = text[:start] + json.dumps(body, ensure_ascii=ascii_only) + text[end:]
    return bom + changed.encode("utf-8", "surrogateescape")


def _span(text: str, path: Path) -> tuple[int, int]:
    """Return the offsets of the value at a path in a line of JSON, which must exist. The last of equal keys counts."""
    decoder = json.JSONDecoder()
    position = end = _separator(text, 0)
    for name in path:
        found = (position, end)
        position = _separator(text, position + 1)  # after the brace
        while text[position] != "}":
            key, position = decoder.raw_decode(text, position)
            start = _separator(text, position)
            end = decoder.raw_decode(text, start)[1]
            position = _separator(text, end)
            found = (start, end) if key == name else found
        position, end = found
    return position, end


def _separator(text: str, position: int) -> int:
    """Return the offset after white space and a comma or colon."""
    match = _SEPARATOR.match(text, position)
    return match.end() if match else position


def write_records(records: Iterator[Record], file: BinaryIO) -> None:
    """Write records as JSON Lines with the keys id, text, title, url, date and language. Empty values are left out."""
    for record in records:
        values = {"id": record.key, "text": record.body, "title": record.title, "url": record.url}
        values |= {"date": record.date, "language": record.language}
        kept = {name: value for name, value in values.items() if value or name == "text"}
        file.write(json.dumps(kept, ensure_ascii=False).encode("utf-8") + b"\n")
