"""Cache the results of articles, by path and content, and the results of comparing the articles of a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from linter import serialize
from linter.article_linter import ArticleLinter
from linter.cache import Cache
from linter.contents import Contents, content_of
from linter.digest import SIZE
from linter.file_safety import is_inside
from linter.files.articles import STANDARD_INPUT, Article, Found
from linter.neighbors import FACTS, Neighbors, folder_row, index_entries
from linter.rule import ArticleFacts
from linter.serialize import ArticleResult

if TYPE_CHECKING:
    from linter.document import Document

BATCH = 500  # articles to look up, or results to write, at once
_FINDINGS, _ACROSS = b"f", b"x"  # suffixes of keys, as FACTS; facts are needed less often than findings
Present = Callable[[str, str], bool]


@dataclass(eq=False)
class ResultCache:
    """The cached results of one run. If `cache` is None, nothing is cached.

    `across` is true if the articles are compared with each other, so that the result of an article includes its facts.
    If so, `last` is the article that was checked last, if it was checked alone, so that it is not read again.
    """

    linter: ArticleLinter
    cache: Cache | None
    across: bool
    _keys: dict[str, bytes] = field(default_factory=dict)  # keys of the articles that were looked up, by path
    _known: dict[str, Article] = field(default_factory=dict)  # the articles with a cached result, by path
    neighbors: Neighbors | None = None  # articles that are compared but not checked
    last: tuple[Article, Document] | None = None
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
            self._new.append((key + FACTS, serialize.dump_facts(result.facts)))
            self._entries += index_entries(key + FACTS, result.facts, self.linter.run_rules.across)
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
        values = {} if fresh else self._get(FACTS, list(self._known))
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
