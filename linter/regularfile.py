"""Reading files from an untrusted place: regular files only, without waiting, up to a size limit."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from io import FileIO

# Open without waiting, without taking over a terminal, and not for child processes; flags that a system lacks are 0.
_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY")
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


class NotRegular(OSError):
    """There is something at a path that is not a regular file."""


def read(path: str | os.PathLike[str], limit: int, *, follow: bool = True) -> bytes:
    """The content of the regular file at `path`, at most `limit` bytes; of a link only if links are to be followed.

    Raises OSError with the reason in `strerror` for anything else.
    """
    data = bytearray()
    with opened(path, follow=follow) as file:
        if os.fstat(file.fileno()).st_size <= limit:
            while len(data) <= limit and (piece := file.read(limit + 1 - len(data))):
                data += piece
            if len(data) <= limit:  # else it grows, or it is one of /proc, which have no size
                return bytes(data)
    raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes, the limit for such a file", os.fspath(path))


def opened(path: str | os.PathLike[str], *, follow: bool = True) -> FileIO:
    """Open a regular file for reading. Raises NotRegular for anything else, and OSError if it cannot be opened.

    Anything else is not opened at all: opening a pipe starts the process that waits to write into it. A file that is
    replaced by a pipe just then is opened without waiting, and closed again.
    """
    _require_regular(path, os.stat(path, follow_symlinks=follow))
    more = sum(getattr(os, name, 0) for name in _FLAGS) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    file = open(path, "rb", buffering=0, opener=lambda name, flags: os.open(name, flags | more))  # noqa: SIM115
    try:
        _require_regular(path, os.fstat(file.fileno()))
    except BaseException:
        file.close()
        raise
    return file


def _require_regular(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "a device")
        raise NotRegular(errno.EINVAL, f"it is {kind}, not a regular file", os.fspath(path))
