"""What a file holds, opened so that reading never waits, and what is known of the file besides."""

from __future__ import annotations

import os
import stat
import sys
from functools import lru_cache
from io import FileIO
from typing import BinaryIO, NamedTuple

from linter.discovery import STANDARD_INPUT, Article

_SPECIAL = "it is a pipe, a device or a folder; give its text on standard input instead, as in “copydesk check -”"


class Told(NamedTuple):
    """What is known of a file besides what stands in it.

    `encoding` is that of a file without a byte-order mark (None: as a page declares it, or as recognised), `language`
    the code of its language ("": as it says itself, or as guessed), `site` the generator whose source it is, or "".
    """

    encoding: str | None = None
    language: str = ""
    site: str = ""


NOTHING = Told()


def content(article: Article) -> bytes:
    """The bytes of an article: those it carries, those of standard input, or those of its file.

    Raises OSError where there are none, as for anything but a regular file: reading a pipe would wait.
    """
    if article.data is not None:
        return article.data
    if article.file == STANDARD_INPUT:
        return standard_input()
    with regular(article.file) as opened:
        return opened.read()


def regular(file: str) -> FileIO:
    """Open a regular file for reading. Raises OSError for anything else, without waiting for it.

    What is no regular file is not opened at all: to open a pipe starts whoever waits to write into it. A file that
    is replaced by a pipe just then is opened without waiting, and closed again.
    """
    _require_regular(os.stat(file))
    opened = open(file, "rb", buffering=0, opener=_open_without_waiting)  # noqa: SIM115  # the caller closes it
    try:
        _require_regular(os.fstat(opened.fileno()))
    except BaseException:
        opened.close()
        raise
    return opened


def standard_input() -> bytes:
    """All of standard input; it is read once. Raises OSError where it cannot be read."""
    if sys.stdin is None:  # as Python has it where the descriptor is closed
        raise OSError("it is closed")
    return _piped(sys.stdin.buffer)


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(_SPECIAL)


def _open_without_waiting(file: str, flags: int) -> int:
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such flag, and no pipes among files


@lru_cache(maxsize=1)
def _piped(stream: BinaryIO) -> bytes:
    """The content of a stream that can be read only once, kept for later calls."""
    return stream.read()
