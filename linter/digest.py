"""Compute BLAKE2b digests of what findings depend on besides the articles: code, packages, rules and config."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b

from linter import file_safety

_LIMIT = 16_000_000  # bytes; larger files are rejected when they are read as rules or config
_NOT_CODE = frozenset({"__pycache__", "rules"})  # folders in the package
SIZE = 16  # bytes of a digest; the chance that two of 2**32 digests are equal is 2**-65


def versions_digest() -> bytes:
    """Return a digest of the versions of Python, copydesk and other packages.

    The code of copydesk is represented by the names, sizes and modification times of its files, since reading the files
    would take longer than checking a few articles. The shipped rules are left out.
    """
    hasher = blake2b(sys.version.encode(), digest_size=SIZE)
    states = "".join((*_states(os.path.dirname(__file__), _NOT_CODE), *_packages()))
    hasher.update(states.encode("utf-8", "surrogateescape"))
    return hasher.digest()


def inputs_digest(versions: bytes, files: Iterable[str], options: object) -> bytes:
    """Return a digest of `versions`, of the paths and contents of `files`, and of the `repr` of `options`.

    `versions` is the result of `versions_digest`.
    """
    hasher = blake2b(versions + repr(options).encode("utf-8", "replace"), digest_size=SIZE)
    for file in files:
        hasher.update(file_digest(file, file))
    return hasher.digest()


def file_digest(name: str, file: str) -> bytes:
    """Return a digest of `name` and the content of `file`.

    If the file cannot be read, the number of the error takes the place of the content.
    """
    return blake2b(name.encode("utf-8", "surrogateescape") + b"\0" + _content(file), digest_size=SIZE).digest()


def rule_files(folder: str) -> Iterator[str]:
    """Yield the paths of possible rule files in a folder of packs, in order: the YAML files in its subfolders."""
    for pack in sorted(_entries(folder)):
        below = os.path.join(folder, pack)
        yield from (os.path.join(below, name) for name in sorted(_entries(below)) if name.endswith((".yaml", ".yml")))


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (OSError, ValueError):  # ValueError: U+0000 in the name
        return []


def _content(file: str) -> bytes:
    """Return a digest of the content of a file, or the error number as bytes if the file cannot be read."""
    try:
        return blake2b(file_safety.read_regular_file(file, _LIMIT), digest_size=SIZE).digest()
    except OSError as error:
        return repr(error.errno).encode()


def shipped_state() -> str:
    """Return the paths, sizes and modification times of the files of the shipped rules, one in each line."""
    return "".join(_states(shipped_folder(), ()))


def _states(folder: str, skipped: Collection[str]) -> list[str]:
    """Return the path, size and modification time of each file below `folder`, except in folders named in `skipped`.

    The paths start at `folder`.
    """
    found: list[str] = []
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders += [entry.path] if entry.name not in skipped else []
                elif entry.is_file():
                    status = entry.stat()
                    found.append(f"{entry.path[len(folder) :]} {status.st_size} {status.st_mtime_ns}\n")
    return sorted(found)


def _packages() -> Iterator[str]:
    """Yield the names and versions of installed packages, as in the names of their metadata folders."""
    for folder in sys.path:
        found = [f"{name}\n" for name in _entries(folder) if name.endswith((".dist-info", ".egg-info"))]
        yield from sorted(found)


def shipped_folder() -> str:
    """Return the folder of the shipped packs.

    It is inside the package if copydesk is installed, and next to the package in a checkout.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(here, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(here), "rules")
