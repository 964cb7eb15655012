"""Whether a path stays where the user works, or leads out of it by a link."""

from __future__ import annotations

import os
from collections.abc import Iterator


def inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it; both are absolute and without links."""
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(os.path.join(folder, ""))


def way_out(path: str) -> tuple[str, str] | None:
    """The first link in a path that leads out, and the folder it leads out of; None where there is none.

    A link leads out if its target lies outside of the repository around it, or outside of its own folder where there
    is no repository. No link leads out if the path ends in the repository around the working folder, or in the
    working folder. A path without a link stays, wherever it is: the user named that place.
    """
    path = os.path.abspath(path)
    real = os.path.realpath(path)
    if os.path.normcase(path) == os.path.normcase(real) or inside(real, top(os.path.realpath(os.getcwd()))):
        return None
    for link, target in _links(path):
        around = top(os.path.realpath(os.path.dirname(link)))
        if not inside(target, around):
            return link, around
    return None


def _links(path: str) -> Iterator[tuple[str, str]]:
    """The links among a path and the folders above it, the topmost first, with their targets.

    A junction of Windows is one too, which `os.path.islink` does not know.
    """
    above, name = os.path.split(path)
    if not name:
        return
    yield from _links(above)
    target = os.path.realpath(path)
    if os.path.normcase(target) != os.path.normcase(os.path.join(os.path.realpath(above), name)):
        yield path, target


def top(folder: str) -> str:
    """The top of the repository around a folder, or the folder where there is none."""
    *_, last = parents(folder)
    return last if is_top(last) else folder


def is_top(folder: str) -> bool:
    """Whether a folder is the top of a repository."""
    return os.path.lexists(os.path.join(folder, ".git"))


def parents(folder: str) -> Iterator[str]:
    """`folder`, an absolute path, and the folders above it, up to the top of a repository or to the root."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or is_top(folder):
            return
        folder = parent
