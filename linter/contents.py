"""Digests of the contents of articles. Files that have not changed since an earlier run are not read again.

The cache maps the state of a file (see `articles.state_of`) to the digest of its content. Any write changes `mtime` and
`ctime`, and a program that restores `mtime` changes `ctime`. Only a second write within the resolution of these times
would leave them unchanged. Therefore, a state counts only if both times were long past when the content was read, as
in Git. On Windows, where `ctime` is the time of creation, files are always read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from time import time_ns
from typing import NamedTuple

from linter import typed_json
from linter.cache import Cache
from linter.digest import SIZE
from linter.files.articles import Article, read_content

_STATES = b"s"  # suffix of the keys of folders
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
    """The contents of articles. `cache` keeps their digests for the next run.

    `_known` has, for each folder, the states and digests of its files, as texts, by the names of the files.
    """

    cache: Cache
    _began: int = field(default_factory=time_ns)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def look_up(self, articles: Sequence[Article]) -> dict[str, Content]:
        """Return the contents of articles by path, and store them. Articles that cannot be read are left out."""
        places = [os.path.split(one.file) for one in articles]
        self._load({folder for folder, _ in places})
        contents: dict[str, Content] = {}
        changed = set()
        for one, (folder, name) in zip(articles, places, strict=True):
            state = _text(one.state) if one.data is None else ""
            if state and (content := _stored(self._known[folder].get(name, ""), state, one.size)):
                contents[one.path] = content
                continue
            with suppress(OSError):
                content = contents[one.path] = content_of(read_content(one))
                if state and content.size == one.size and max(one.state[-2:]) < self._began - _RESOLUTION:
                    self._known[folder][name] = state + content.digest.hex()
                    changed.add(folder)
        self.cache.put([(_key(folder), typed_json.dump_json(self._known[folder])) for folder in sorted(changed)])
        return contents

    def _load(self, folders: Iterable[str]) -> None:
        """Read what the cache knows about the files in `folders`."""
        keys = {_key(folder): folder for folder in folders if folder not in self._known}
        self._known |= {folder: {} for folder in keys.values()}
        for key, value in self.cache.get([*keys]).items():
            with suppress(ValueError):  # ignore a damaged value
                self._known[keys[key]] = typed_json.load_json(value, typed_json.typed_reader(Mapping[str, str]))


def _key(folder: str) -> bytes:
    return blake2b(folder.encode("utf-8", "surrogateescape"), digest_size=SIZE).digest() + _STATES


def _text(state: Iterable[int]) -> str:
    """Return the state of a file as text, or "" if the state is unknown or says too little."""
    return "".join(f"{number} " for number in state) if _HAS_CTIME else ""


def _stored(entry: str, state: str, size: int) -> Content | None:
    """Return the content in an entry of the cache if the state in it is `state`, or None otherwise."""
    with suppress(ValueError):
        if entry.startswith(state) and len(digest := bytes.fromhex(entry[len(state) :])) == SIZE:
            return Content(digest, size)
    return None
