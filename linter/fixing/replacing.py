"""A file → the same file with other content, whole at any moment, or left alone with a reason."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from linter import opening
from linter.folders import bounds

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX, _SUFFIX = ".copydesk-", ".new"
_STALE = 3600  # seconds, for systems where locks do not tell whether a new file is in use; to write one takes moments
_OF_CONTENT = frozenset({"security.ima", "security.evm"})  # signatures, which other content does not have


class LeftAlone(Exception):
    """The file is not to be written; the message says why, as the end of a sentence about it."""


class Content(NamedTuple):
    """What stands in a file, and the mode and the state in which the file was when it was read."""

    data: bytes
    mode: int
    state: tuple[int, ...]


def read(file: str) -> Content:
    """What stands in a file that may be written later. Raises OSError, and LeftAlone where it may not."""
    with opening.regular(file) as opened:
        status = os.fstat(opened.fileno())
        data = opened.read()
    _guard(file, status)
    return Content(data, status.st_mode, _state(status))


def write(file: str, old: Content, data: bytes) -> None:
    """Put `data` in the place of `old`, so that whoever looks sees the one or the other, never a part.

    Mode, owner, group, and on Linux extended attributes and ACLs stay. The new content is on the disk before the name
    of the file stands for it. Raises OSError, and LeftAlone where the file is no longer as it was read, or could not
    be replaced without losing any of these.
    """
    folder = os.path.dirname(file) or "."
    _remove_stale(folder)
    handle, new = _new_file(folder)
    try:
        with open(handle, "wb") as opened:
            opened.write(data)
            opened.flush()
            _keep_owner(opened.fileno(), os.lstat(file))
            _keep_attributes(opened.fileno(), file)
            os.chmod(new, stat.S_IMODE(old.mode))
            os.fsync(opened.fileno())
            if read(file) != old:
                raise LeftAlone("it was changed meanwhile")
            if fcntl:  # the lock holds until the file has its name
                os.replace(new, file)
        if not fcntl:  # Windows moves no file that is open
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
    if out := bounds.way_out(os.path.dirname(os.path.abspath(file))):
        link, top = out
        raise LeftAlone(
            f"it lies behind the link {link}, which leads out of {top}; to change it, name {os.path.realpath(file)}"
        )
    if status.st_nlink > 1:
        raise LeftAlone("it has a second name, by a hard link")
    if not os.access(file, os.W_OK):
        raise LeftAlone("it is read-only")
    if (status.st_dev, status.st_ino) != (opened.st_dev, opened.st_ino):
        raise LeftAlone("it was changed meanwhile")


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _new_file(folder: str) -> tuple[int, str]:
    """A new file with a lock that says that it is in use → (descriptor, path)."""
    while True:
        handle, new = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)
        try:
            if not fcntl:
                return handle, new
            with suppress(OSError):  # some file systems have no locks; there no file is taken for a stale one
                fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle, new
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # another run has removed it before it was locked


@lru_cache(maxsize=1000)  # a run writes many files in a folder, and looks for stale ones once
def _remove_stale(folder: str) -> None:
    """Remove new files that a killed run has left in a folder; those in use and those of other users stay."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with suppress(OSError):
                    _remove_if_stale(entry)


def _remove_if_stale(entry: os.DirEntry[str]) -> None:
    status = entry.stat(follow_symlinks=False)
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if not (own and stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
        return
    if not fcntl:
        if time.time() - status.st_mtime > _STALE:
            os.unlink(entry.path)
        return
    handle = os.open(entry.path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises OSError while a run holds it
        os.unlink(entry.path)
    finally:
        os.close(handle)


def _keep_owner(new: int, old: os.stat_result) -> None:
    """Give a new file the owner and group of the old one. Raises LeftAlone where only the superuser may."""
    if not hasattr(os, "fchown"):
        return
    with suppress(OSError):
        os.fchown(new, old.st_uid, old.st_gid)
    status = os.fstat(new)
    if (status.st_uid, status.st_gid) != (old.st_uid, old.st_gid):
        raise LeftAlone("its owner or group cannot be kept; run copydesk fix as a user who may set them")


def _keep_attributes(new: int, file: str) -> None:
    """Give a new file the extended attributes of the old one, ACLs among them, and no others. Raises LeftAlone."""
    if not hasattr(os, "listxattr"):  # macOS and Windows
        return
    old, given = _attributes(file), _attributes(new)
    for name in (old | given).keys() - _OF_CONTENT:
        if old.get(name) != given.get(name):
            try:
                if name in old:
                    os.setxattr(new, name, old[name])
                else:  # an ACL that the folder gives to what is new in it
                    os.removexattr(new, name)
            except OSError as error:
                raise LeftAlone(f"its attribute {name} cannot be kept: {error.strerror}") from None


def _attributes(file: str | int) -> dict[str, bytes]:
    """The extended attributes of a file; none where the file system has none."""
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return {}
        raise


def _settle(folder: str) -> None:
    """See the new name to the disk, where folders can be told so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
