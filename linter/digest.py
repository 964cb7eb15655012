"""BLAKE2b alone: `hashlib` loads OpenSSL besides, which takes 2 ms."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from linter import file_safety

try:
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]


# What findings come of besides the article: this copydesk, its rules, what stands beside it, and the settings.

_LIMIT = 16_000_000  # bytes; what is larger is refused when it is read as a rule or as settings
SIZE = 16  # bytes of a digest: among 2**32 of them two are the same with a chance of 2**-65


def inputs_digest(files: Iterable[str], told: object) -> bytes:
    """A digest that differs when anything does that findings come of: `files`, by what they hold, and `told`.

    `told` is plain data that always looks the same. The code of copydesk and other packages count by their names,
    sizes and times of change, since reading them all would take longer than checking a few articles.
    """
    made = blake2b(repr((sys.version, told)).encode("utf-8", "replace"), digest_size=SIZE)
    for part in (*_code(), *_packages()):
        made.update(part.encode("utf-8", "surrogateescape"))
    for file in files:
        made.update(file.encode("utf-8", "surrogateescape") + b"\0")
        made.update(_content(file))
    return made.digest()


def rule_files(folder: str) -> Iterator[str]:
    """The files that may be rules in a folder of packs, in order: those with the suffix of YAML, in its subfolders."""
    for pack in sorted(_entries(folder)):
        below = os.path.join(folder, pack)
        yield from (os.path.join(below, name) for name in sorted(_entries(below)) if name.endswith((".yaml", ".yml")))


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (OSError, ValueError):  # ValueError: U+0000 in the name
        return []


def _content(file: str) -> bytes:
    """A digest of the content of a file, or of the reason why it cannot be read."""
    try:
        return blake2b(file_safety.read_regular_file(file, _LIMIT), digest_size=SIZE).digest()
    except OSError as error:
        return repr(error.errno).encode()


def _code() -> Iterator[str]:
    folders = [os.path.dirname(__file__)]
    while folders:
        for entry in sorted(os.scandir(folders.pop()), key=lambda entry: entry.name):
            if entry.is_dir() and entry.name != "__pycache__":
                folders.append(entry.path)
            elif entry.is_file():
                status = entry.stat()
                yield f"{entry.name} {status.st_size} {status.st_mtime_ns}\n"


def _packages() -> Iterator[str]:
    """The names of the distributions that can be imported, which hold their versions."""
    for folder in sys.path:
        yield from (f"{name}\n" for name in sorted(_entries(folder)) if name.endswith((".dist-info", ".egg-info")))


def shipped_folder() -> str:
    """Return the folder of the shipped packs: in the package where it is installed, else beside it."""
    here = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(here, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(here), "rules")
