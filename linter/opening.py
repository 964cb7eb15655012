"""What stands in a file, opened with care, and what is known of it besides."""

from __future__ import annotations

import os
import stat
import sys
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from linter.discovery import STANDARD_INPUT, Article

_SPECIAL = "it is a pipe or a device; say “copydesk check -”"


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
    """What stands in a file, or is to be checked in its place.

    Raises OSError where there is none, as for anything that reading could wait for.
    """
    if article.data is not None:
        return article.data
    if article.file == STANDARD_INPUT:
        return _piped(sys.stdin.buffer)
    if not stat.S_ISREG(os.stat(article.file).st_mode):
        raise OSError(_SPECIAL)
    with open(article.file, "rb", buffering=0) as opened:
        return opened.read()


@lru_cache(maxsize=1)
def _piped(stream: BinaryIO) -> bytes:
    """What came through a pipe, which can be read only once, kept for whoever asks again."""
    return stream.read()
