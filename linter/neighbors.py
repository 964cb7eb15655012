"""Articles of folders that were checked earlier, and their facts.

The cache has a list of the articles of each folder, the facts of each article, and an index of these facts by rule and
key. So a run with a few files reads only the facts that share a key with those of these files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from time import time_ns
from typing import NamedTuple

from linter import typed_json
from linter.cache import Cache
from linter.digest import SIZE
from linter.files.articles import Article, state_of
from linter.rule import ArticleFacts, Key, Others, Rule

FACTS = b"a"  # suffix of the keys of the facts of articles
_FOLDER = b"r"  # suffix of the keys of lists
_FEW = 200  # articles that are only counted count even if they have changed, if more than this many have the key
Load = Callable[[bytes], list[ArticleFacts] | None]


class _List(NamedTuple):
    """The articles of a folder, in four columns: paths, files, the states of these (see `_text`), and keys, joined.

    `time` is when the folder was checked, in nanoseconds since 1970.
    """

    time: int
    paths: list[str]
    files: list[str]
    states: list[str]
    keys: bytes


class _Neighbor(NamedTuple):
    file: str
    state: str
    key: bytes  # of the facts of the article


def folder_row(digest: bytes, folder: str, articles: Sequence[tuple[Article, bytes]]) -> tuple[bytes, bytes]:
    """Return a row for the cache: the list of the articles of a folder, each with its key.

    `digest` is that of the linter.
    """
    paths, files = [one.path for one, _ in articles], [one.file for one, _ in articles]
    states, keys = [_text(one.state) for one, _ in articles], b"".join(key for _, key in articles)
    return _place(digest, folder), typed_json.dump_json(_List(time_ns(), paths, files, states, keys))


def index_entries(
    place: bytes, collected: Iterable[ArticleFacts], rules: Iterable[Rule]
) -> Iterator[tuple[int, bytes]]:
    """Yield entries for the index of the cache: hashes of the keys by which `rules` find the facts of an article.

    `place` is the key of the facts in the cache.
    """
    by_name = {rule.name: rule for rule in rules}
    for facts in collected:
        for key in {*by_name[facts.rule].found_by(facts)}:
            yield _hash(facts.rule, key), place


@dataclass(eq=False)
class Neighbors(Others):
    """The articles in the folders above `named` that the cache knows, apart from `named`.

    An article is left out if its file has changed since the folder was checked. `looked` has, by path, whether an
    article is still the same, for all articles whose files were looked at. `digest` is that of the linter, and `load`
    returns the facts of an article from a value of the cache, or None if the value is invalid.
    """

    cache: Cache
    digest: bytes
    named: Sequence[Article]
    load: Load
    looked: dict[str, bool] = field(default_factory=dict)
    _loaded: dict[str, list[ArticleFacts]] = field(default_factory=dict)
    _having: dict[tuple[str, Key], Collection[str]] = field(default_factory=dict)

    @cached_property
    def lists(self) -> list[bytes]:
        """The valid lists of the folders, as the cache has them."""
        folders = {folder for one in self.named for folder in _above(one.file)}
        values = self.cache.get([_place(self.digest, folder) for folder in sorted(folders)])
        return [value for _, value in sorted(values.items()) if _read(value)]

    @cached_property
    def _neighbors(self) -> Mapping[str, _Neighbor]:
        """The articles by path. If a path is in several lists, the newest list counts."""
        found: dict[str, _Neighbor] = {}
        for _, paths, files, states, joined in sorted(filter(None, map(_read, self.lists))):
            keys = (joined[at : at + SIZE] + FACTS for at in range(0, len(joined), SIZE))
            found |= zip(paths, map(_Neighbor, files, states, keys), strict=True)
        named = {one.path for one in self.named}
        return {path: one for path, one in found.items() if path not in named}

    @cached_property
    def _paths(self) -> Mapping[bytes, str]:
        """The paths of the articles by the keys of their facts."""
        return {one.key: path for path, one in self._neighbors.items()}

    def is_same(self, path: str) -> bool:
        """Whether the file of an article has not changed. False if there is no such article."""
        if path not in self.looked:
            one = self._neighbors.get(path)
            self.looked[path] = one is not None and _text(state_of(one.file)) == one.state
        return self.looked[path]

    def having(self, rule: str, key: Key) -> Collection[str]:
        if (rule, key) not in self._having:
            found = self.cache.find(_hash(rule, key))
            known = [self._paths[each] for each in found if each in self._paths]
            self._having[rule, key] = [*filter(self.is_same, known)] if len(known) <= _FEW else known
        return self._having[rule, key]

    def facts(self, rule: str, paths: Iterable[str] | None = None) -> list[ArticleFacts]:
        some = [*filter(self.is_same, self._neighbors if paths is None else paths)]
        new = {self._neighbors[path].key: path for path in some if path not in self._loaded}
        self._loaded |= {path: [] for path in new.values()}
        for key, value in self.cache.get([*new]).items():
            self._loaded[new[key]] = self.load(value) or []
        return [each for path in some for each in self._loaded[path] if each.rule == rule]


def _read(value: bytes) -> _List | None:
    """Return the list of articles in a value of the cache, or None if the value is invalid."""
    try:
        found: _List = typed_json.load_json(value, typed_json.typed_reader(_List))
    except ValueError:
        return None
    return found if len(found.paths) == len(found.files) == len(found.states) == len(found.keys) / SIZE else None


def _hash(rule: str, key: Key) -> int:
    """Return a signed 64-bit hash of a rule and a key that is the same in every process."""
    data = f"{rule}\0{key!r}".encode("utf-8", "backslashreplace")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def _place(digest: bytes, folder: str) -> bytes:
    """Return the key of the list of a folder, which also depends on the working folder."""
    # Paths in findings are relative to the working folder.
    place = f"{os.getcwd()}\0{folder}".encode("utf-8", "surrogateescape")
    return blake2b(place, key=digest, digest_size=SIZE).digest() + _FOLDER


def _text(state: Iterable[int]) -> str:
    return " ".join(map(str, state))


def _above(file: str) -> Iterator[str]:
    while (folder := os.path.dirname(file)) != file:
        yield folder
        file = folder
