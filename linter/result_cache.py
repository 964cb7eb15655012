"""Puts articles to a desk and remembers what it said, so that the same article need not be put to it again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from linter import serialize
from linter.cache import Cache
from linter.checker import Linter
from linter.digest import SIZE, blake2b
from linter.files.articles import STANDARD_INPUT, Article, Found, read_content
from linter.rule import ArticleFacts
from linter.serialize import ArticleResult, Reader

_BATCH = 500  # articles that are looked up at once
_FINDINGS, _ACCOUNTS, _ACROSS = b"f", b"a", b"x"  # what a key ends in; accounts are needed less often
Present = Callable[[str, str], bool]


@dataclass(eq=False)
class ResultCache:
    """A desk and a cache, or None for no cache; `across` says whether articles tell for a look across their folder.

    What is known of an article goes by what stands in it, so it counts for one that was moved away and came back.
    """

    desk: Linter
    cache: Cache | None
    across: bool
    _keys: dict[str, bytes] = field(default_factory=dict)  # of the articles that were looked up, by path
    _recalled: dict[str, Article] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)  # of the same articles, in bytes
    _others: list[bytes] = field(default_factory=list)  # keys of articles that are compared with, and not checked
    _new: list[tuple[bytes, bytes]] = field(default_factory=list)

    def look_around(self, articles: Sequence[Article]) -> None:
        """Have single articles tell for a look across their folder, where it was checked whole with these rules.

        The others in it then count as they were, as far as their files are.
        """
        if self.cache is not None:
            files = (os.path.abspath(one.file) for one in articles if one.file != STANDARD_INPUT)
            others = articles_around(self.cache, self.desk.digest, files)
            if others is not None:
                self.across, self._others = True, others

    def recall(self, articles: Sequence[Article], missing: list[Article]) -> Iterator[tuple[ArticleResult, list[str]]]:
        """What is known of `articles`, without their accounts, and the paths of which; the others go to `missing`."""
        for at in range(0, len(articles), _BATCH):
            some = articles[at : at + _BATCH]
            known = self._known(some)
            missing += (one for one in some if one.path not in known)
            self._recalled |= {one.path: one for one in some if one.path in known}
            for path, outcome in known.items():
                yield outcome, [path]

    def check(self, one: Article) -> ArticleResult:
        """What the desk says of an article. What comes on standard input is not in the folder, where it may lie too."""
        if self.cache is None or one.file == STANDARD_INPUT:
            return self.desk.check(one, across=self.across and one.file != STANDARD_INPUT)
        try:
            data = read_content(one)
        except OSError:
            return self.desk.check(one, across=self.across)
        outcome = self.desk.check(one, data, across=self.across)
        if not outcome.problems:
            self._keep(self.desk.key(one, data, across=self.across), outcome)
        if len(self._new) > _BATCH:
            self.flush()
        return outcome

    def flush(self) -> None:
        """Write down what `check` has found out since the last time."""
        if self.cache and self._new:
            self.cache.put(self._new)
            self._new.clear()

    def prepare(self) -> None:
        """Make what every article needs, so that processes that are forked have it."""
        self.desk.prepare()

    def rest(self) -> None:
        """Let go of the cache's file; it is opened again where it is needed."""
        if self.cache:
            self.desk.remember(self.cache)
            self.cache.close()

    def accounts(self, *, anew: bool = False) -> list[ArticleFacts]:
        """What the articles told that were recalled, and the others around; `anew`: nothing that the cache has."""
        told = {} if anew else self._get(_ACCOUNTS, list(self._recalled))
        accounts: list[ArticleFacts] = []
        for path, one in self._recalled.items():
            own = self._accounts(told[path]) if path in told else None
            if own is None or any(account.path != path for account in own):
                own = self.check(one).accounts
            accounts += own
        around = self.cache.get([key + _ACCOUNTS for key in self._others]) if self.cache and not anew else {}
        theirs = {key: own for key, data in around.items() if (own := self._accounts(data)) is not None}
        self._others = [key for key in self._others if key + _ACCOUNTS in theirs]
        for own in theirs.values():
            accounts += own
        return accounts

    def recall_across(self, present: Present) -> ArticleResult | None:
        """What came of all articles together, if all were recalled and `present` says what it said then."""
        if len(self._recalled) < len(self._keys) or self.cache is None:
            return None
        key = self._all()
        if not (value := self.cache.get([key]).get(key)):
            return None
        try:
            outcome, asked = serialize.load_across(value, self._keys)
        except ValueError:
            return None
        return outcome if all(present(path, address) == answer for path, address, answer in asked) else None

    def keep_across(self, outcome: ArticleResult, asked: dict[tuple[str, str], bool], found: Found) -> None:
        """Remember what came of all articles together, if what came of each is remembered as it was looked up."""
        if self.cache is None or outcome.problems:
            return
        if len(self._get(_FINDINGS, list(self._keys))) == len(self._keys):
            questions = ((*question, answer) for question, answer in asked.items())
            self.cache.put([(self._all(), serialize.dump_across(outcome, questions))])
            files = (
                (os.path.abspath(one.file), self._keys[one.path]) for one in found.articles if one.path in self._keys
            )
            remember_folder(self.cache, self.desk.digest, found.folders, list(files))

    def _known(self, articles: Sequence[Article]) -> dict[str, ArticleResult]:
        if self.cache is None:
            return {}
        for one in articles:
            try:
                data = read_content(one)
                self._keys[one.path] = self.desk.key(one, data, across=self.across)
                self._sizes[one.path] = len(data)
            except OSError:
                self._keys[one.path] = b""  # which is nowhere
        known: dict[str, ArticleResult] = {}
        for path, value in self._get(_FINDINGS, [one.path for one in articles]).items():
            with suppress(ValueError):  # a damaged value is as good as none
                known[path] = serialize.load_findings(value, (path,), self._sizes[path])
        return known

    def _accounts(self, value: bytes) -> list[ArticleFacts] | None:
        """What an article told; None for a damaged value."""
        try:
            return serialize.load_facts(value, self._facts)
        except ValueError:
            return None

    @cached_property
    def _facts(self) -> dict[str, Reader]:
        """What reads the facts that articles tell, by the name of the rule."""
        return {rule.name: serialize.fact_reader(rule.check.data) for rule in self.desk.across}  # type: ignore[union-attr]

    def _get(self, what: bytes, paths: Sequence[str]) -> dict[str, bytes]:
        """Rows of one kind for articles, by their paths."""
        found = self.cache.get([self._keys[path] + what for path in paths]) if self.cache else {}
        wanted = ((path, self._keys[path] + what) for path in paths)
        return {path: found[key] for path, key in wanted if key in found}

    def _keep(self, key: bytes, outcome: ArticleResult) -> None:
        self._new.append((key + _FINDINGS, serialize.dump_findings(outcome)))
        if self.across:
            self._new.append((key + _ACCOUNTS, serialize.dump_facts(outcome.accounts)))

    def _all(self) -> bytes:
        together = blake2b(key=self.desk.digest, digest_size=SIZE)
        for path in sorted(self._keys):
            together.update(self._keys[path])
        together.update(b"".join((b"\0", *self._others)))  # what they are compared with
        return together.digest() + _ACROSS


# Which articles a folder held when it was last checked whole, so that a run over a few of them knows the others.

_ROSTER = b"r"  # what a key ends in


class KnownArticle(NamedTuple):
    """An article: its file as an absolute path, the size and time of change it had, and its key in the cache."""

    file: str
    size: int
    changed: int  # nanoseconds
    key: bytes


def remember_folder(cache: Cache, digest: bytes, folders: Iterable[str], keys: Sequence[tuple[str, bytes]]) -> None:
    """Remember which articles lie in `folders` (absolute paths): `keys` by their files, as absolute paths."""
    lines = [line for file, key in keys if (line := _line(file, key))]
    cache.put(
        (_key(digest, folder), serialize.dump_json([line for line in lines if _lies_in(line.file, folder)]))
        for folder in folders
    )


def articles_around(cache: Cache, digest: bytes, files: Iterable[str]) -> list[bytes] | None:
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
    return blake2b(place, key=digest, digest_size=SIZE).digest() + _ROSTER


def _lines(value: bytes) -> list[KnownArticle] | None:
    """The articles of a folder; None for a damaged value."""
    try:
        return serialize.load_json(value, serialize.typed_reader(list[KnownArticle]))  # type: ignore[no-any-return]
    except ValueError:
        return None


def _line(file: str, key: bytes) -> KnownArticle | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return KnownArticle(file, status.st_size, status.st_mtime_ns, key)


def _lies_in(file: str, folder: str) -> bool:
    return file.startswith(os.path.join(folder, ""))


def _above(file: str) -> Iterator[str]:
    while (folder := os.path.dirname(file)) != file:
        yield folder
        file = folder
