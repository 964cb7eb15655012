"""What a file holds, opened so that reading never waits, and what is known of the file besides."""

from __future__ import annotations

import sys
from functools import lru_cache
from io import FileIO
from typing import BinaryIO, NamedTuple

from linter import regularfile
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
    """Open a regular file for reading. Raises OSError for anything else, without waiting for it."""
    try:
        return regularfile.opened(file)
    except regularfile.NotRegular:
        raise OSError(_SPECIAL) from None


def standard_input() -> bytes:
    """All of standard input; it is read once. Raises OSError where it cannot be read."""
    if sys.stdin is None:  # as Python has it where the descriptor is closed
        raise OSError("it is closed")
    return _piped(sys.stdin.buffer)


@lru_cache(maxsize=1)
def _piped(stream: BinaryIO) -> bytes:
    """The content of a stream that can be read only once, kept for later calls."""
    return stream.read()
