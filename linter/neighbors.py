"""Articles of folders that were checked earlier, which the cache knows: their facts, by rule and key.

For each folder, the cache has a list of articles and, for each rule that declares keys, an index: the hashes of the
keys, in ascending order, and for each hash the number of an article with this key. So a run with a few files reads only
the facts that share a key with those of these files.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from linter import serialize
from linter.cache import Cache
from linter.digest import SIZE
from linter.files.articles import Article, state_of
from linter.rule import ArticleFacts, Key, Rule

FACTS = b"a"  # suffix of the keys of the facts of articles
_FOLDER, _INDEX = b"r", b"i"  # suffixes of the keys of lists and indexes
_ENTRY = 12  # bytes of an entry of an index: 8 of a hash, and 4 of the number of an article
_FEW = 200  # articles that are only counted count even if they have changed, if more than this many have the key
Load = Callable[[bytes], list[ArticleFacts] | None]


class _List(NamedTuple):
    """The articles of a folder, sorted by path: paths, files, the states of these (see `_text`), and keys, joined."""

    paths: list[str]
    files: list[str]
    states: list[str]
    keys: bytes


def folder_rows(
    digest: bytes,
    folder: str,
    articles: Iterable[tuple[Article, bytes]],
    facts: Iterable[tuple[Rule, Iterable[ArticleFacts]]],
) -> Iterator[tuple[bytes, bytes]]:
    """Yield rows for the cache: the list of the articles of a folder, and the index of each rule with keys.

    `digest` is that of the linter. `articles` are those of the folder, each with its key. `facts` has the facts of at
    least these articles for each rule.
    """
    own = sorted(articles, key=lambda one: one[0].path)
    paths, files = [one.path for one, _ in own], [one.file for one, _ in own]
    value = serialize.dump_json(
        _List(paths, files, [_text(one.state) for one, _ in own], b"".join(key for _, key in own))
    )
    place = _place(digest, folder)
    yield place + _FOLDER, value
    numbers = {one.path: number for number, (one, _) in enumerate(own)}
    for rule, collected in facts:
        if found_by := getattr(rule.check, "found_by", None):
            some = [(numbers[each.path], found_by(each)) for each in collected if each.path in numbers]
            yield _index_key(place, rule.name), _digest(value) + _index(some)


def _index(keys: Iterable[tuple[int, Iterable[Key]]]) -> bytes:
    """Return an index from the numbers of articles, each with the keys of the article."""
    entries = sorted(_hash(key) << 32 | number for number, own in keys for key in {*own})
    hashes = array("Q", [entry >> 32 for entry in entries])
    return hashes.tobytes() + array("I", [entry & 0xFFFF_FFFF for entry in entries]).tobytes()


@dataclass(eq=False)
class Neighbors:
    """The articles in the folders above `named` that the cache knows, apart from `named`, which are files.

    An article is left out if its file has changed since the folder was checked. `looked` has, by number, whether an
    article is still the same, for all articles whose files were looked at. `digest` is that of the linter, and `load`
    returns the facts of an article from a value of the cache, or None if the value is invalid.
    """

    cache: Cache
    digest: bytes
    named: Collection[str]
    load: Load
    looked: dict[int, bool] = field(default_factory=dict)
    _loaded: dict[int, list[ArticleFacts]] = field(default_factory=dict)

    @cached_property
    def lists(self) -> Sequence[tuple[bytes, bytes, _List]]:
        """The lists of the folders: for each, the key of the folder, the digest of the list, and the list."""
        places = {_place(self.digest, folder) + _FOLDER: folder for file in self.named for folder in _above(file)}
        values = self.cache.get([*places])
        found = ((key.removesuffix(_FOLDER), values[key]) for key in places if key in values)
        return [(place, _digest(value), each) for place, value in found if (each := _read(value))]

    @cached_property
    def _states(self) -> list[str]:
        return [state for _, _, each in self.lists for state in each.states]

    @cached_property
    def _files(self) -> list[str]:
        return [file for _, _, each in self.lists for file in each.files]

    @cached_property
    def paths(self) -> list[str]:
        """The paths of the articles, by number."""
        return [path for _, _, each in self.lists for path in each.paths]

    @cached_property
    def _excluded(self) -> frozenset[int]:
        """The numbers of articles that were named, and of those that are also in another list."""
        at = dict(zip(self._files, range(len(self._files)), strict=True))
        excluded = {at[file] for file in self.named if file in at}
        if len(at) < len(self._files):
            for number, file in enumerate(self._files):
                if at[file] == number:
                    continue
                if file not in self.named and self.is_same(number) and not self.is_same(at[file]):
                    at[file], number = number, at[file]
                excluded.add(number)
        return frozenset(excluded)

    def is_same(self, number: int) -> bool:
        """Whether the file of an article has not changed. False if there is no such article."""
        if number not in self.looked:
            known = 0 <= number < len(self._files)
            self.looked[number] = known and _text(state_of(self._files[number])) == self._states[number]
        return self.looked[number]

    def of(self, rule: str) -> RuleNeighbors:
        """Return the facts for the rule with this name."""
        return RuleNeighbors(self, rule)

    def compared(self, numbers: Iterable[int]) -> list[int]:
        """Return those of `numbers` that are to be compared, whether or not their files have changed."""
        return [number for number in numbers if number not in self._excluded]

    def facts(self, numbers: Collection[int] | None) -> Iterator[ArticleFacts]:
        """Yield the facts of these articles, or of all, for all rules."""
        some = self.compared(range(len(self._files)) if numbers is None else sorted(numbers))
        some = [*filter(self.is_same, some)]
        joined = b"".join(each.keys for _, _, each in self.lists)
        keys = {number: joined[number * SIZE : number * SIZE + SIZE] + FACTS for number in some}
        values = self.cache.get([key for number, key in keys.items() if number not in self._loaded])
        for number, key in keys.items():
            if key in values and number not in self._loaded:
                self._loaded[number] = self.load(values[key]) or []
            yield from self._loaded.get(number, ())


@dataclass(eq=False)
class RuleNeighbors:
    """The facts of neighbors for one rule (see `rule.Others`)."""

    neighbors: Neighbors
    rule: str

    @cached_property
    def indexed(self) -> bool:
        return None not in self._indexes

    @cached_property
    def _indexes(self) -> Sequence[tuple[memoryview, memoryview] | None]:
        """The hashes and the numbers in the index of each folder, or None if there is no valid index."""
        keys = [_index_key(place, self.rule) for place, _, _ in self.neighbors.lists]
        values = self.neighbors.cache.get(keys)
        lists = zip(keys, self.neighbors.lists, strict=True)
        return [_open(values.get(key, b""), digest) for key, (_, digest, _) in lists]

    @cached_property
    def _found(self) -> dict[Key, list[int]]:
        return {}

    def numbers(self, key: Key) -> Sequence[int]:
        if key not in self._found:
            found, first, hashed = [], 0, _hash(key)
            for index, (_, _, each) in zip(self._indexes, self.neighbors.lists, strict=True):
                hashes, numbers = index or ((), ())
                at = slice(bisect_left(hashes, hashed), bisect_right(hashes, hashed))
                found += [first + number for number in numbers[at] if number < len(each.files)]
                first += len(each.files)
            found = sorted(self.neighbors.compared(found), key=self.neighbors.paths.__getitem__)
            self._found[key] = [*filter(self.neighbors.is_same, found)] if len(found) <= _FEW else found
        return self._found[key]

    def facts(self, numbers: Collection[int] | None = None) -> Iterator[ArticleFacts]:
        return (each for each in self.neighbors.facts(numbers) if each.rule == self.rule)


def _open(value: bytes, digest: bytes) -> tuple[memoryview, memoryview] | None:
    """Return the hashes and the numbers in an index, or None if it does not belong to the list with this digest."""
    length, rest = divmod(len(value) - len(digest), _ENTRY)
    if rest or not value.startswith(digest):
        return None
    view = memoryview(value)[len(digest) :]
    return view[: 8 * length].cast("Q"), view[8 * length :].cast("I")


def _read(value: bytes) -> _List | None:
    """Return the list of articles in a value of the cache, or None if the value is invalid."""
    try:
        found: _List = serialize.load_json(value, serialize.typed_reader(_List))
    except ValueError:
        return None
    return found if len(found.paths) == len(found.files) == len(found.states) == len(found.keys) / SIZE else None


def _hash(key: Key) -> int:
    """Return a hash of a key, from 0 to 2**64 - 1, that is the same in every process."""
    if isinstance(key, int):
        return key & 0xFFFF_FFFF_FFFF_FFFF  # facts in the cache may be forged
    return int.from_bytes(blake2b(repr(key).encode("utf-8", "backslashreplace"), digest_size=8).digest(), "big")


def _place(digest: bytes, folder: str) -> bytes:
    """Return a digest of `folder`, which also depends on the working folder."""
    # Paths in findings are relative to the working folder.
    place = f"{os.getcwd()}\0{folder}".encode("utf-8", "surrogateescape")
    return blake2b(place, key=digest, digest_size=SIZE).digest()


def _index_key(place: bytes, rule: str) -> bytes:
    return blake2b(rule.encode("utf-8", "replace"), key=place, digest_size=SIZE).digest() + _INDEX


def _digest(value: bytes) -> bytes:
    return blake2b(value, digest_size=SIZE).digest()


def _text(state: Iterable[int]) -> str:
    return " ".join(map(str, state))


def _above(file: str) -> Iterator[str]:
    while (folder := os.path.dirname(file)) != file:
        yield folder
        file = folder
