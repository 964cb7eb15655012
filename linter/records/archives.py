"""Archives, the records in them, and how the formats of archives are read.

Each format has a module in `linter/records/formats`, with these functions:

- `parts(archive)` returns the parts of an archive, which can be read independently of each other.
- `read(archive, part, progress)` yields the records of a part, in order.
- `rewrite(archive, changes, file)`, if the format has it, writes a copy of the archive with changed bodies to a binary
  file. `changes` yields a Change for each record, in the order of `read`.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from io import BufferedReader, FileIO, RawIOBase
from os.path import splitext
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from linter import patterns
from linter.files.articles import open_regular
from linter.records.record_mappings import RecordMapping
from linter.source import Source

MAX_BODY = 10_000_000  # code points of a body that is checked; a longer one is a problem
MAX_RECORD = 100_000_000  # bytes of a record, such as a line of JSON Lines, that is read into memory

CHANGED = "the archive changed during the run; run the command again"
DAMAGED = (EOFError, OSError, ValueError, zlib.error)  # errors of damaged compressed files
_BUFFER = 1 << 20  # bytes
_LOST = patterns.lazy("[\ud800-\udfff\0]")

OnProgress = Callable[[float], None]  # takes the share of a part that has been read, from 0 to 1


class BadArchive(Exception):
    """An archive cannot be read, or cannot be read further. The message says why, as a clause."""


class Archive(NamedTuple):
    """An archive to check.

    `path` is the path that reports show, without a password. `file` is the absolute path of the file, or the URL of the
    database. `format` is one of `archive_names.FORMATS`. `mapping` names the columns. `size` is in bytes, or 0 if it
    is unknown.
    """

    path: str
    file: str
    format: str
    mapping: RecordMapping = RecordMapping()
    size: int = 0


class Part(NamedTuple):
    """A part of an archive. The format defines the meaning of the values. The default is the whole archive."""

    start: int = 0
    end: int = 0
    first: int = 0


class Record(NamedTuple):
    """One article in an archive.

    `key` identifies the record in its archive; reports show it. `body` is the text that is checked. It contains no lone
    surrogates and no U+0000 (see `clean`). `kind` is one of `readers.KINDS`, or "" if it must be detected. `date` is as
    in the archive. `group` names the articles that are compared with each other, such as those of one site. `draft` is
    true if the article is not published. `problems` are the reasons why the record, or a part of it, could not be read,
    as sentences without a period.
    """

    key: str
    body: str
    kind: str = ""
    title: str = ""
    url: str = ""
    language: str = ""
    date: str = ""
    group: str = ""
    draft: bool = False
    problems: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """Something in an archive that is not an article, such as an image in a crawl. `why` says why, as a phrase."""

    why: str


class BatchId(NamedTuple):
    """The numbers of an archive, of a part of the archive, and of a batch in the part, each from 0."""

    archive: int
    part: int
    batch: int


Matches = Mapping[int, tuple[Any, ...]]  # by the position of a record in its batch


class Change(NamedTuple):
    """What happens to a record in a copy of an archive.

    `body` is the new body, or None if the body does not change. If `drop` is true, the copy lacks the record.
    """

    body: str | None = None
    drop: bool = False


KEEP = Change()


class Format(Protocol):
    """A module that reads a format of archives."""

    def parts(self, archive: Archive) -> Sequence[Part]:
        """Return the parts of an archive, in order. Raises BadArchive or OSError."""

    def read(self, archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record | Skipped]:
        """Yield the records of a part, in order, and call `on_progress` from time to time.

        Raises BadArchive or OSError if the archive cannot be read, or cannot be read further. The records before the
        damage are yielded first.
        """

    def rewrite(self, archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
        """Write a copy of an archive with changed bodies to a binary file.

        `changes` yields a Change for each record, in the order of `parts` and `read`. Whatever is not changed keeps its
        bytes, as far as the format allows. Raises BadArchive or OSError.
        """


def format_module(name: str) -> Format:
    """Return the module that reads the format `name`, one of `archive_names.FORMATS`."""
    return cast("Format", import_module(f"linter.records.formats.{name}"))


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with U+FFFD for each lone surrogate and each U+0000, and a problem if there were any.

    The length does not change.
    """
    if _is_clean(text):
        return text, ()
    first = _LOST.search(text)
    assert first
    cleaned, number = _LOST.subn("\ufffd", text)
    line, column = Source(cleaned).position(first.start())
    what = "NUL character (U+0000)" if first[0] == "\0" else f"lone surrogate (U+{ord(first[0]):04X})"
    more = f", and {number - 1:,} more" if number > 1 else ""
    return cleaned, (f"{what} at {line}:{column}{more}; the text was read with U+FFFD instead",)


def _is_clean(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode("utf-8")  # 10 times as fast as a search for surrogates
    except UnicodeEncodeError:
        return False
    return True


def open_file(archive: Archive) -> FileIO:
    """Open the file of an archive, unbuffered, as it is. Raises OSError, also if it is not a regular file."""
    return open_regular(archive.file, "copy its content to a file")


def open_archive(archive: Archive, on_progress: OnProgress = lambda share: None) -> BinaryIO:
    """Open the file of an archive for buffered reading, decompressed if its name ends in .gz, .zst, .bz2 or .xz.

    If the file is compressed, `on_progress` is called while it is read. Otherwise, the caller knows how much it reads.
    Raises OSError if it is not a regular file, and BadArchive if a package for its compression is missing. If the file
    is damaged, reading from it raises one of DAMAGED.
    """
    raw = BufferedReader(open_file(archive))
    suffix = splitext(archive.file.lower())[1]

    def read() -> None:
        on_progress(min(1.0, raw.tell() / max(1, archive.size)))

    if suffix == ".gz":
        return _decompressed(gzip.GzipFile(fileobj=raw), raw, read, zlib.error)
    if suffix == ".bz2":
        import bz2

        return _decompressed(bz2.BZ2File(raw), raw, read, EOFError)
    if suffix == ".xz":
        import lzma

        return _decompressed(lzma.LZMAFile(raw), raw, read, lzma.LZMAError)
    if suffix == ".zst":
        zstd = _zstd()
        return _decompressed(zstd.ZstdFile(raw), raw, read, zstd.ZstdError)
    return raw


def _decompressed(file: Any, raw: BinaryIO, on_read: Callable[[], None], error: type[Exception]) -> BinaryIO:
    """Return the content of the compressed file `raw`, which `file` decompresses.

    `on_read` is called after each read. `error` is an error of the library that is raised as a ValueError.
    """
    return cast("BinaryIO", BufferedReader(_Decompressed(file, raw, on_read, error), _BUFFER))


class _Decompressed(RawIOBase):
    """The content of a compressed file. Unlike in the standard library, content before damage is not lost."""

    def __init__(self, file: Any, raw: BinaryIO, on_read: Callable[[], None], error: type[Exception]) -> None:
        self._file, self._raw, self._on_read, self._error = file, raw, on_read, error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read1(len(buffer))  # `readinto` loses content before damage
        except self._error as error:
            raise ValueError(str(error)) from None
        self._on_read()
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._raw.close()
            super().close()


@contextmanager
def create(path: str, name: str) -> Iterator[BinaryIO]:
    """Create the file at `path`, and write it to disk when the context ends.

    The content is compressed if `name` ends in .gz, .zst, .bz2 or .xz. The same content gives the same bytes. Raises
    OSError, and BadArchive if a package for the compression is missing.
    """
    with open(path, "wb") as raw:
        if packed := _compressed(raw, splitext(name.lower())[1]):
            with closing(packed):
                yield packed
        else:
            yield raw
        raw.flush()
        os.fsync(raw.fileno())


def _compressed(raw: BinaryIO, suffix: str) -> BinaryIO | None:
    """Return a file that compresses what is written, and writes it to `raw`. Return None for any other suffix."""
    if suffix == ".gz":
        return cast("BinaryIO", gzip.GzipFile("", "wb", fileobj=raw, mtime=0))
    if suffix == ".bz2":
        import bz2

        return cast("BinaryIO", bz2.BZ2File(raw, "wb"))
    if suffix == ".xz":
        import lzma

        return cast("BinaryIO", lzma.LZMAFile(raw, "wb"))
    return cast("BinaryIO", _zstd().ZstdFile(raw, "wb")) if suffix == ".zst" else None


def require_compression(name: str) -> None:
    """Raise BadArchive if a package for the compression that `name` implies is missing."""
    if name.lower().endswith(".zst"):
        _zstd()


def _zstd() -> Any:
    """Return the module for Zstandard. Raises BadArchive if its package is missing."""
    return require("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd", "zstd")


def require(module: str, extra: str) -> Any:
    """Import and return the module `module`. Raises BadArchive, which names the extra to install, if it is missing."""
    try:
        return import_module(module)
    except ImportError:
        package = module if module.startswith("backports.") else module.partition(".")[0]
        advice = f'pip install "copydesk[{extra}]"'
        raise BadArchive(f"the package {package} is missing; install it with {advice}") from None
