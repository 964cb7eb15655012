"""Cache the results of articles, by path and content, and the results of comparing the articles of a folder.

The cache maps the state of a file (see `articles.state_of`) to the digest of its content, so that files that have not
changed since an earlier run are not read again. Any write changes `mtime` and `ctime`, and a program that restores
`mtime` changes `ctime`. Only a second write within the resolution of these times would leave them unchanged. Therefore,
a state counts only if both times were long past when the content was read, as in Git. On Windows, where `ctime` is the
time of creation, files are always read.

The cache also has a list of the articles of each folder, the facts of each article, and an index of these facts by rule
and key. So a run with a few files reads only the facts that share a key with those of these files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from time import time_ns
from typing import NamedTuple

from linter import serialize, typed_json
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.digest import SIZE
from linter.file_safety import is_inside
from linter.files.articles import STANDARD_INPUT, Article, Found, read_content, state_of
from linter.rule import ArticleFacts, Key, Others, Rule
from linter.serialize import ArticleResult

_STATE = b"s"  # suffix of the keys of files
_RESOLUTION = 2_000_000_000  # nanoseconds; no file system has times that are less precise
_HAS_CTIME = os.name != "nt"
BATCH = 500  # articles to look up, or results to write, at once
# Suffixes of the keys of results, of comparisons, of facts (needed less often than findings), and of lists of articles.
_FINDINGS, _ACROSS, _FACTS, _FOLDER = b"f", b"x", b"a", b"r"
_FEW = 200  # articles that are only counted count even if they have changed, if more than this many have the key
Load = Callable[[bytes], list[ArticleFacts] | None]
Present = Callable[[str, str], bool]


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
            key = keys[one.path]
            state = _text(one.state).encode() if one.data is None and _HAS_CTIME else b""
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


def _stored(entry: bytes, state: bytes, size: int) -> Content | None:
    """Return the content in an entry of the cache if the state in it is `state`, or None otherwise."""
    if entry.startswith(state) and len(entry) == len(state) + SIZE:
        return Content(entry.removeprefix(state), size)
    return None


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
    def lists(self) -> Mapping[bytes, _List]:
        """The lists of the folders, by the values of the cache."""
        folders = {folder for one in self.named for folder in _above(one.file)}
        values = self.cache.get([_place(self.digest, folder) for folder in sorted(folders)])
        return {value: found for _, value in sorted(values.items()) if (found := _read(value))}

    @cached_property
    def _neighbors(self) -> Mapping[str, _Neighbor]:
        """The articles by path. If a path is in several lists, the newest list counts."""
        found: dict[str, _Neighbor] = {}
        for _, paths, files, states, joined in sorted(self.lists.values()):
            keys = (joined[at : at + SIZE] + _FACTS for at in range(0, len(joined), SIZE))
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


@dataclass(eq=False)
class ResultCache:
    """The cached results of one run. If `cache` is None, nothing is cached.

    `across` is true if the articles are compared with each other, so that the result of an article includes its facts.
    """

    linter: ArticleLinter
    cache: Cache | None
    across: bool
    _keys: dict[str, bytes] = field(default_factory=dict)  # keys of the articles that were looked up, by path
    _known: dict[str, Article] = field(default_factory=dict)  # the articles with a cached result, by path
    neighbors: Neighbors | None = None  # articles that are compared but not checked
    _new: list[tuple[bytes, bytes]] = field(default_factory=list)
    _entries: list[tuple[int, bytes]] = field(default_factory=list)  # new entries of the index of facts

    @cached_property
    def _contents(self) -> Contents:
        assert self.cache
        return Contents(self.cache)

    def include_neighbors(self, articles: Sequence[Article]) -> None:
        """Prepare to compare `articles`, which were named one by one, with other articles in the folders above them.

        This is possible only for folders that were checked as a whole earlier, with the same rules and config. If there
        are any, `across` becomes true.
        """
        if self.cache is None:
            return
        named = [one for one in articles if one.file != STANDARD_INPUT]
        neighbors = Neighbors(self.cache, self.linter.digest, named, self._load_facts)
        if neighbors.lists:
            self.across, self.neighbors = True, neighbors

    def lookup(self, articles: Sequence[Article]) -> tuple[dict[str, ArticleResult], list[Article]]:
        """Return two values: cached results (without facts) by article path, and the articles that have none."""
        if self.cache is None:
            return {}, list(articles)
        contents = self._contents.look_up(articles)
        for one in articles:
            content = contents.get(one.path)
            key = self.linter.key(one, content.digest, across=self.across) if content else b""  # which is never stored
            self._keys[one.path] = key
        known: dict[str, ArticleResult] = {}
        for path, value in self._get(_FINDINGS, [*contents]).items():
            with suppress(ValueError):  # ignore a damaged value
                known[path] = serialize.load_findings(value, (path,), contents[path].size)
        self._known |= {one.path: one for one in articles if one.path in known}
        return known, [one for one in articles if one.path not in known]

    def store(self, article: Article, data: bytes, result: ArticleResult) -> None:
        """Store the result of an article whose content is `data`, unless the result has problems.

        The result is written by the next call of `flush`, or as soon as more than 500 values wait to be written.
        """
        if result.problems:
            return
        key = self.linter.key(article, content_of(data).digest, across=self.across)
        self._new.append((key + _FINDINGS, serialize.dump_findings(result)))
        if self.across:
            self._new.append((key + _FACTS, serialize.dump_facts(result.facts)))
            self._entries += index_entries(key + _FACTS, result.facts, self.linter.run_rules.across)
        if len(self._new) > BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the results that were stored since the last flush."""
        if self.cache and self._new:
            self.cache.put(self._new, self._entries)
            self._new.clear()
            self._entries.clear()

    def close(self) -> None:
        """Store the rules of the linter, and close the file of the cache, which is opened again if needed."""
        if self.cache:
            self.linter.store_rules(self.cache)
            self.cache.close()

    def known_facts(self, *, fresh: bool = False) -> tuple[list[ArticleFacts], list[Article]]:
        """Return the cached facts of articles, and the articles that must be checked again.

        An article must be checked again if it has a cached result, but no valid cached facts. If `fresh` is true,
        cached facts are ignored: all articles with a cached result must be checked again.
        """
        values = {} if fresh else self._get(_FACTS, list(self._known))
        facts: list[ArticleFacts] = []
        missing: list[Article] = []
        for path, one in self._known.items():
            own = self._load_facts(values[path]) if path in values else None
            if own is None or any(each.path != path for each in own):
                missing.append(one)
            else:
                facts += own
        return facts, missing

    def lookup_across(self, present: Present) -> ArticleResult | None:
        """Return the cached result of comparing the articles, or None if the cache has no valid result.

        The cached result is valid if the results of all articles were cached too, if the neighbors that it depends on
        have not changed since, and if each address that it depends on still leads to a file, or still does not.
        `present(path, address)` returns whether `address`, in the article at `path`, leads to a file.
        """
        if len(self._known) < len(self._keys) or self.cache is None:
            return None
        key = self._across_key()
        if not (value := self.cache.get([key]).get(key)):
            return None
        try:
            result, answers, looked = serialize.load_across(value, self._keys)
        except ValueError:
            return None
        if self.neighbors and not all(self.neighbors.is_same(path) == same for path, same in looked):
            return None
        return result if all(present(path, address) == answer for path, address, answer in answers) else None

    def store_across(self, result: ArticleResult, answers: dict[tuple[str, str], bool], found: Found) -> None:
        """Store the result of comparing the articles, and the list of articles in each folder of `found`.

        Nothing is stored if `result` has problems, or if the cache lacks the result of one of the articles. `answers`
        maps each (path, address) that the result depends on to whether the address leads to a file.
        """
        if self.cache is None or result.problems:
            return
        if len(self._get(_FINDINGS, list(self._keys))) == len(self._keys):
            questions = ((*question, answer) for question, answer in answers.items())
            looked = self.neighbors.looked.items() if self.neighbors else ()
            # the states are those from before the articles were read, so later changes are noticed
            known = [(one, self._keys[one.path]) for one in found.articles if one.path in self._keys]
            inside = ((folder, [pair for pair in known if is_inside(pair[0].file, folder)]) for folder in found.folders)
            rows = [folder_row(self.linter.digest, folder, own) for folder, own in inside]
            self.cache.put([(self._across_key(), serialize.dump_across(result, questions, looked)), *rows])

    def _load_facts(self, value: bytes) -> list[ArticleFacts] | None:
        """Return the facts of an article from a cached value, or None if the value is invalid."""
        try:
            return serialize.load_facts(value, self.linter.run_rules.fact_readers)
        except ValueError:
            return None

    def _get(self, suffix: bytes, paths: Sequence[str]) -> dict[str, bytes]:
        """Return the cached values of the articles at `paths`, by path. `suffix` is the suffix of their keys."""
        found = self.cache.get([self._keys[path] + suffix for path in paths]) if self.cache else {}
        wanted = ((path, self._keys[path] + suffix) for path in paths)
        return {path: found[key] for path, key in wanted if key in found}

    def _across_key(self) -> bytes:
        hasher = blake2b(key=self.linter.digest, digest_size=SIZE)
        for path in sorted(self._keys):
            hasher.update(self._keys[path])
        if self.neighbors:
            hasher.update(b"\0".join(self.neighbors.lists))
        return hasher.digest() + _ACROSS
