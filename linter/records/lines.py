"""Read lines of bytes from archives, whatever their length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from linter.records.archive_names import COMPRESSED
from linter.records.archives import DAMAGED, MAX_RECORD, Archive, BadArchive, open_archive

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_BLOCK = 1 << 20  # bytes


class Line(NamedTuple):
    """A line of a file: its 1-based number, its bytes with the line end, and the offset of its end in the file.

    `size` is its length. If this is more than MAX_RECORD, `data` is empty.
    """

    number: int
    data: bytes
    end: int
    size: int


def read_lines(file: BinaryIO, start: int = 0, end: int = 0, number: int = 1) -> Iterator[Line]:
    """Yield the lines of a file from one offset to another, or to its end if `end` is 0.

    `number` is the number of the first line. Only a line feed ends a line. Raises BadArchive if the file is damaged.
    """
    position = start
    try:
        if start:
            file.seek(start)
        while (position < end or not end) and (data := file.readline(MAX_RECORD + 1)):
            size = len(data)
            if size > MAX_RECORD:
                size += 0 if data.endswith(b"\n") else _skip_line(file)
                data = b""
            position += size
            yield Line(number, data, position, size)
            number += 1
    except DAMAGED as error:
        raise BadArchive(f"the file is damaged after line {number - 1:,}: {error}") from None


def _skip_line(file: BinaryIO) -> int:
    """Read the rest of a line, and return its length in bytes."""
    length = 0
    while data := file.readline(_BLOCK):
        length += len(data)
        if data.endswith(b"\n"):
            break
    return length


def too_long(line: Line) -> str:
    """Return the problem of a line that is too long."""
    return f"this line has {line.size:,} bytes; the limit is {MAX_RECORD:,}"


def copy_line(archive: Archive, line: Line, file: BinaryIO) -> None:
    """Copy a line that is too long to be read into memory."""
    with open_archive(archive) as original:
        original.seek(line.end - line.size)
        left = line.size
        while block := original.read(min(left, _BLOCK)):
            left -= len(block)
            file.write(block)


def is_compressed(archive: Archive) -> bool:
    return archive.file.lower().endswith(COMPRESSED)


def require_uncompressed(archive: Archive) -> None:
    """Raise BadArchive if the file of an archive is compressed."""
    if is_compressed(archive):
        raise BadArchive("the file is compressed; decompress it first")
