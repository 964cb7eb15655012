"""Read the text of a large file through a window that moves forward, without losing a byte."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from io import BufferedReader
from typing import NamedTuple, cast

from linter import patterns
from linter.records.archives import DAMAGED, MAX_RECORD, Archive, BadArchive, OnProgress, clean, open_archive
from linter.records.lines import is_compressed
from linter.source import Source

LIMIT = MAX_RECORD // 4  # code points of a record; in memory, a code point takes up to 4 bytes

_HEAD = 1 << 20  # bytes of the first piece
_CHUNK = 1 << 20  # bytes of a later piece, or more
_ESCAPED = patterns.lazy("[\udc80-\udcff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings of text in which ASCII characters are single bytes, by the name of the Python codec.
_ENCODING = patterns.lazy(
    r"(?:utf-8|ascii|cp\d+|iso8859-\d+|koi8-\w|mac-\w+|kz1048|tis-620|big5\w*|euc_\w+|gbk|gb\w+|shift_jis\w*|johab)\Z"
)


class Window:
    """A piece of the text of an archive.

    `text` is the piece. `ended` is true if the text of the file ends with it. If the file is damaged after it, `damage`
    says how. Each byte that cannot be decoded is a lone surrogate in `text`, so that `encode` returns the bytes of the
    file. `tail` is the rest of the file, which is not empty if a UTF-16 file ends within a character.

    `name` returns the encoding that the first bytes of the file declare, or "". If `exact` is true, it is an error if
    `encode` does not return the bytes of the file.
    """

    def __init__(
        self, archive: Archive, on_progress: OnProgress, name: Callable[[bytes], str] = lambda head: "", *, exact: bool
    ) -> None:
        self.text = ""
        self.ended, self.damage, self.tail = False, "", b""
        self._size = 0 if is_compressed(archive) else archive.size
        self._on_progress, self._exact = on_progress, exact
        self._file = cast("BufferedReader", open_archive(archive, on_progress))
        self._done = 0  # bytes
        self._line, self._counted = 1, 0  # the 1-based line of an offset in the text
        head = self._read(_HEAD)
        try:
            self.encoding = _encoding(head, name)
        except BadArchive:
            self._file.close()
            raise
        self._errors = "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        self._append(head)

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def more(self, keep: int) -> bool:
        """Drop the text before the offset `keep` and add text at the end. Return false if there is no more text."""
        self._line = self.line_at(keep)
        self._counted = 0
        self.text = self.text[keep:]
        if self.ended:
            return False
        length = len(self.text)
        while len(self.text) == length and not self.ended:
            self._append(self._read(max(_CHUNK, length)))
        return len(self.text) > length

    def line_at(self, offset: int) -> int:
        """Return the 1-based line of the file at an offset in `text`. Fast if the offsets of the calls increase."""
        if offset < self._counted:
            return self._line - self.text.count("\n", offset, self._counted)
        self._line += self.text.count("\n", self._counted, offset)
        self._counted = offset
        return self._line

    def encode(self, text: str) -> bytes:
        """Return the bytes of the file for a piece of its text."""
        return text.encode(self.encoding, self._errors)

    def finish(self) -> None:
        """Raise BadArchive if the file is damaged."""
        if self.damage:
            raise BadArchive(self.damage)

    def _read(self, size: int) -> bytes:
        """Return up to `size` bytes. At the end of the file, and in front of damage, set `ended`."""
        pieces, length = list[bytes](), 0
        try:
            while length < size and (piece := self._file.read1(size - length)):
                pieces.append(piece)
                length += len(piece)
            self.ended = length < size
        except DAMAGED as error:
            self.ended, self.damage = True, f"it is damaged: {error or type(error).__name__}"
        self._done += length
        if self._size:
            self._on_progress(min(1.0, self._done / self._size))
        return b"".join(pieces)

    def _append(self, data: bytes) -> None:
        before = self._decoder.getstate()[0] if self._exact else b""
        text = self._decoder.decode(data, self.ended and self._errors == "surrogateescape")
        rest = self._decoder.getstate()[0] if self._exact or self.ended else b""
        self.text += text
        if self.ended and rest:
            self.tail = rest
            self.damage = self.damage or "it ends within a character"
        if self._exact and self.encode(text) + rest != before + data:
            raise BadArchive(f"its encoding, {self.encoding}, is not supported for copies; convert it to UTF-8")


class Cleaned(NamedTuple):
    """A text for a record (see `clean`), and the problems of the text."""

    text: str
    problems: tuple[str, ...]


def clean_text(text: str, encoding: str) -> Cleaned:
    """Return a piece of the text of a window for a record. Its length does not change."""
    cleaned, problems = clean(text)
    first = _ESCAPED.search(text) if problems else None
    if not first:
        return Cleaned(cleaned, problems)
    text, number = _ESCAPED.subn("\ufffd", text)
    text, problems = clean(text)
    return Cleaned(text, (undecodable(text, first.start(), ord(first[0]) - 0xDC00, number, encoding), *problems))


def undecodable(text: str, offset: int, byte: int, number: int, encoding: str) -> str:
    """Return the problem of a text in which U+FFFD replaces `number` undecodable bytes, the first one at `offset`."""
    line, column = Source(text).position(offset)
    more = f", nor are {number - 1:,} more" if number > 1 else ""
    what = f"the byte 0x{byte:02X} at {line}:{column} is not valid {encoding}{more}"
    return f"{what}; the text was read with U+FFFD instead"


def _encoding(head: bytes, name: Callable[[bytes], str]) -> str:
    """Return the name of the Python codec for a file that begins with `head`. Raises BadArchive if there is none."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if head[:4:2] == b"\0\0":
        return "utf-16-be"
    if len(head) > 3 and head[1:4:2] == b"\0\0":
        return "utf-16-le"
    declared = name(head) or "utf-8"
    try:
        encoding = codecs.lookup(declared).name
    except (LookupError, ValueError):
        encoding = ""
    if encoding in ("utf-16", "utf-8-sig"):  # otherwise, it could not have been declared in single bytes
        return "utf-8"
    if not _ENCODING.match(encoding):
        raise BadArchive(f"its encoding, “{declared}”, is not supported; convert it to UTF-8")
    return encoding
