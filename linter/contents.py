"""Digests of the contents of articles. Files that have not changed since an earlier run are not read again.

The cache maps the state of a file (see `articles.state_of`) to the digest of its content. Any write changes `mtime` and
`ctime`, and a program that restores `mtime` changes `ctime`. Only a second write within the resolution of these times
would leave them unchanged. Therefore, a state counts only if both times were long past when the content was read, as
in Git. On Windows, where `ctime` is the time of creation, files are always read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from time import time_ns
from typing import NamedTuple

from linter.cache import Cache
from linter.digest import SIZE
from linter.files.articles import Article, read_content

_STATE = b"s"  # suffix of the keys of files
_RESOLUTION = 2_000_000_000  # nanoseconds; no file system has times that are less precise
_HAS_CTIME = os.name != "nt"


class Content(NamedTuple):
    """The digest of the content of an article, and its size in bytes."""

    digest: bytes
    size: int


def content_of(data: bytes) -> Content:
    return Content(blake2b(data, digest_size=SIZE).digest(), len(data))


@dataclass(eq=False)
class Contents:
    """The contents of articles. `cache` keeps their digests for the next run."""

    cache: Cache
    _began: int = field(default_factory=time_ns)

    def look_up(self, articles: Sequence[Article]) -> dict[str, Content]:
        """Return the contents of articles by path, and store them. Articles that cannot be read are left out."""
        keys = {one.path: _key(one.file) for one in articles}
        known = self.cache.get([*keys.values()])
        contents: dict[str, Content] = {}
        new: list[tuple[bytes, bytes]] = []
        for one in articles:
            key, state = keys[one.path], _text(one.state) if one.data is None else b""
            if state and (content := _stored(known.get(key, b""), state, one.size)):
                contents[one.path] = content
                continue
            with suppress(OSError):
                content = contents[one.path] = content_of(read_content(one))
                if state and content.size == one.size and max(one.state[-2:]) < self._began - _RESOLUTION:
                    new.append((key, state + content.digest))
        self.cache.put(new)
        return contents


def _key(file: str) -> bytes:
    return blake2b(file.encode("utf-8", "surrogateescape"), digest_size=SIZE).digest() + _STATE


def _text(state: Iterable[int]) -> bytes:
    """Return the state of a file as text, or nothing if the state is unknown or says too little."""
    return b"".join(b"%d " % number for number in state) if _HAS_CTIME else b""


def _stored(entry: bytes, state: bytes, size: int) -> Content | None:
    """Return the content in an entry of the cache if the state in it is `state`, or None otherwise."""
    if entry.startswith(state) and len(entry) == len(state) + SIZE:
        return Content(entry.removeprefix(state), size)
    return None
