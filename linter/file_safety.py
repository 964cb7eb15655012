"""Access files in untrusted folders safely: only regular files, owned by a trusted user, inside the repository."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import FileIO

# Flags that open a file without blocking, without making it the controlling terminal, and without passing it to child
# processes. Flags that an operating system lacks are left out.
_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY")
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


class NotRegular(OSError):
    """A path leads to something other than a regular file."""


def read_regular_file(path: str | os.PathLike[str], limit: int, *, follow: bool = True) -> bytes:
    """Return the content of a regular file that has at most `limit` bytes.

    If `follow` is false, `path` must not be a symbolic link. Raises OSError, with the reason in `strerror`, if the file
    is larger, is not a regular file, or cannot be read.
    """
    data = bytearray()
    with open_regular_file(path, follow=follow) as file:
        if os.fstat(file.fileno()).st_size <= limit:
            while len(data) <= limit and (piece := file.read(limit + 1 - len(data))):
                data += piece
            if len(data) <= limit:  # otherwise, the file is growing, or is in /proc, where files have no size
                return bytes(data)
    raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes, the limit for such a file", os.fspath(path))


def open_regular_file(path: str | os.PathLike[str], *, follow: bool = True) -> FileIO:
    """Open a regular file for unbuffered reading.

    If `follow` is false, `path` must not be a symbolic link. Raises NotRegular for anything but a regular file, and
    OSError for any other failure.

    The kind of the file is checked before it is opened, because opening a pipe would wake up a process that is waiting
    to write to the pipe. If a pipe replaces the file after this check, the pipe is opened without waiting, and closed.
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


def is_foreign(file: str, advice: str = "to use it, change its owner to your user") -> bool:
    """Whether `file`, an absolute path, belongs to an untrusted user. If so, report that on standard error.

    Files that a run finds by itself, such as its config, must not belong to an untrusted user, as in Git. Trusted
    owners are the current user, root, the user who called sudo (if the current user is root) and, for files directly
    in the working folder, the owner of that folder. For a link, both the link and its target must have trusted owners.
    On Windows, owners are not checked, and the result is False. `advice` is the end of the report.
    """
    if not hasattr(os, "geteuid"):
        return False
    trusted = {0, os.geteuid()}
    caller = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and caller.isascii() and caller.isdigit():
        trusted.add(int(caller))
    with suppress(OSError):  # the working folder has been deleted
        if os.path.dirname(file) == os.getcwd():
            trusted.add(os.stat(os.getcwd()).st_uid)
    others = _owners(file) - trusted
    if others:
        from linter import output

        output.notice(f"copydesk: {file} is not used: it belongs to another user (uid {min(others)}); {advice}")
    return bool(others)


def _owners(file: str) -> set[int]:
    """Return the user IDs of the owner of `file` and, if `file` is a link, of the owner of its target.

    The set is empty if the file no longer exists.
    """
    owners = set()
    for follow in (False, True):
        try:
            owners.add(os.stat(file, follow_symlinks=follow).st_uid)
        except OSError:
            continue  # opening the file will fail as well, with a message
    return owners


def is_inside(path: str, folder: str) -> bool:
    """Whether `path` is `folder` itself or is inside it. Both are absolute paths without links."""
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(os.path.join(folder, ""))


def link_leading_out(path: str) -> tuple[str, str] | None:
    """Return the first link in `path` that leads out of its repository, and the top folder of that repository.

    If a link is not in a repository, the folder that contains the link takes the place of the repository. The result is
    None if no link leads out, or if the path as a whole leads into the repository of the working folder or, without a
    repository, into the working folder. A path without links is always allowed, since the user named that location.
    """
    path = os.path.abspath(path)
    real = os.path.realpath(path)
    if os.path.normcase(path) == os.path.normcase(real) or is_inside(
        real, repository_top(os.path.realpath(os.getcwd()))
    ):
        return None
    for link, target in _links(path):
        top = repository_top(os.path.realpath(os.path.dirname(link)))
        if not is_inside(target, top):
            return link, top
    return None


def _links(path: str) -> Iterator[tuple[str, str]]:
    """Yield the links among `path` and its parent folders, topmost first, each with its target."""
    above, name = os.path.split(path)
    if not name:
        return
    yield from _links(above)
    # Unlike `os.path.islink`, this also detects junctions on Windows.
    target = os.path.realpath(path)
    if os.path.normcase(target) != os.path.normcase(os.path.join(os.path.realpath(above), name)):
        yield path, target


def repository_top(folder: str) -> str:
    """Return the top folder of the repository that contains `folder`, or `folder` itself if there is no repository."""
    *_, last = parent_folders(folder)
    return last if is_repository_top(last) else folder


def is_repository_top(folder: str) -> bool:
    """Whether `folder` is the top folder of a repository."""
    return os.path.lexists(os.path.join(folder, ".git"))


def parent_folders(folder: str) -> Iterator[str]:
    """Yield `folder`, an absolute path, and its parent folders, up to the top of the repository or file system."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or is_repository_top(folder):
            return
        folder = parent
