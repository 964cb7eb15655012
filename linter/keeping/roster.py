"""Which articles a folder held when it was last checked whole, so that a run over a few of them knows the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from linter import typedjson
from linter.digest import blake2b
from linter.keeping import provenance
from linter.keeping.cache import Cache

_ROSTER = b"r"  # what a key ends in


class Line(NamedTuple):
    """An article: its file as an absolute path, the size and time of change it had, and its key in the cache."""

    file: str
    size: int
    changed: int  # nanoseconds
    key: bytes


def keep(cache: Cache, digest: bytes, folders: Iterable[str], keys: Sequence[tuple[str, bytes]]) -> None:
    """Remember which articles lie in `folders` (absolute paths): `keys` by their files, as absolute paths."""
    lines = [line for file, key in keys if (line := _line(file, key))]
    cache.put(
        (_key(digest, folder), typedjson.dumps([line for line in lines if _lies_in(line.file, folder)]))
        for folder in folders
    )


def others(cache: Cache, digest: bytes, files: Iterable[str]) -> list[bytes] | None:
    """The keys of the articles that lie around `files` (absolute paths) and are as they were, but for these themselves.

    None where no folder that holds one of the files is known.
    """
    named = set(files)
    known = cache.get([_key(digest, folder) for folder in {above for file in named for above in _above(file)}])
    folders = [each for value in known.values() if (each := _lines(value)) is not None]
    if not folders:
        return None
    lines = {line.file: line for folder in folders for line in folder}
    return [line.key for file, line in sorted(lines.items()) if file not in named and _line(file, line.key) == line]


def _key(digest: bytes, folder: str) -> bytes:
    """Paths in findings are seen from the working folder, so what is known holds for this one."""
    place = f"{os.getcwd()}\0{folder}".encode("utf-8", "surrogateescape")
    return blake2b(place, key=digest, digest_size=provenance.SIZE).digest() + _ROSTER


def _lines(value: bytes) -> list[Line] | None:
    """The articles of a folder; None for a damaged value."""
    try:
        return typedjson.loads(value, typedjson.reader(list[Line]))  # type: ignore[no-any-return]
    except ValueError:
        return None


def _line(file: str, key: bytes) -> Line | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return Line(file, status.st_size, status.st_mtime_ns, key)


def _lies_in(file: str, folder: str) -> bool:
    return file.startswith(os.path.join(folder, ""))


def _above(file: str) -> Iterator[str]:
    while (folder := os.path.dirname(file)) != file:
        yield folder
        file = folder
