"""A file → the same file with other content, whole at any moment, or left alone with a reason."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from typing import BinaryIO, NamedTuple


class LeftAlone(Exception):
    """The file is not to be written; the message says why, as the end of a sentence about it."""


class Content(NamedTuple):
    """What stands in a file, and the mode and the state in which the file was when it was read."""

    data: bytes
    mode: int
    state: tuple[int, ...]


def read(file: str) -> Content:
    """What stands in a file that may be written later. Raises OSError, and LeftAlone where it may not."""
    with open(file, "rb") as opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise LeftAlone("it is no ordinary file")
        data = opened.read()
    _guard(file, status)
    return Content(data, status.st_mode, _state(status))


def write(file: str, old: Content, data: bytes) -> None:
    """Put `data` in the place of `old`, so that whoever looks sees the one or the other, never a part.

    Mode and owner stay. The new content is on the disk before the name of the file stands for it. Raises OSError,
    and LeftAlone where the file is no longer as it was read.
    """
    folder = os.path.dirname(file)
    handle, new = tempfile.mkstemp(".new", ".copydesk-", folder or ".")
    try:
        with open(handle, "wb") as opened:
            _save(opened, data, os.lstat(file))
        os.chmod(new, stat.S_IMODE(old.mode))
        if read(file) != old:
            raise LeftAlone("it was changed meanwhile")
        os.replace(new, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise
    _settle(folder)


def _guard(file: str, opened: os.stat_result) -> None:
    """Raises LeftAlone for what a new file in its place would change: links, and what nobody may write."""
    status = os.lstat(file)
    if stat.S_ISLNK(status.st_mode):
        raise LeftAlone(f"it is a link to {os.readlink(file)}")
    if status.st_nlink > 1:
        raise LeftAlone("it has a second name, by a hard link")
    if not os.access(file, os.W_OK):
        raise LeftAlone("it is read-only")
    if (status.st_dev, status.st_ino) != (opened.st_dev, opened.st_ino):
        raise LeftAlone("it was changed meanwhile")


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _save(opened: BinaryIO, data: bytes, status: os.stat_result) -> None:
    opened.write(data)
    opened.flush()
    if hasattr(os, "fchown"):
        with suppress(OSError):  # only its owner may give a file away
            os.fchown(opened.fileno(), status.st_uid, status.st_gid)
    os.fsync(opened.fileno())


def _settle(folder: str) -> None:
    """See the new name to the disk, where folders can be told so."""
    with suppress(OSError):
        handle = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
