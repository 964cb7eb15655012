"""Metadata fields with the same value as another field or another article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match
from linter.text import similarity


@dataclass(frozen=True)
class SameValue:
    """A value under one of `keys` that repeats another value.

    With `other`, which lists keys, the value is compared with the values under these keys in the same article.
    Differences in case and punctuation are ignored.

    Without `other`, the value is compared with the values of other articles in the same language. Differences in case
    and spaces are ignored. In each article, only the first value of at least `words` words (default: 1) is compared.
    Articles with `permalink: false` have no page and are ignored. With `same_folder: true`, only articles in the same
    folder are compared. If several articles have the same value, all are reported except the first in the order of
    their paths. The message may use {other}, the path of that first article, and {articles}, the number of other
    articles with the value."""

    keys: tuple[str, ...]
    other: tuple[str, ...] = ()
    words: int = 1
    same_folder: bool = False

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})
    data: ClassVar[object] = tuple[str, str]

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"other", "articles"} if self.across else ())

    @property
    def across(self) -> bool:
        return not self.other

    def find_in(self, document: Document) -> Iterator[Match]:
        others = [similarity.words(other.text) for other in _fields.values(document, self.other)]
        for block in _fields.values(document, self.keys) if others else ():
            words = similarity.words(block.text)
            if words and words in others:
                yield Match(*block.source_span)

    def facts(self, document: Document) -> Iterator[Fact]:
        if document.metadata.fields.get("permalink") is False:  # Eleventy makes no page of it
            return
        for block in _fields.values(document, self.keys):
            text = " ".join(block.text.casefold().split())
            if text.count(" ") + 1 >= self.words:
                yield Fact(*block.source_span, (text, document.language))
                return

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        yield article.path.rpartition("/")[0] if self.same_folder else "", *article.facts[0].data

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.asked_articles:
            for key in self.found_by(article):
                first = folder.first(key)
                if first and first is not article:
                    values = {"other": first.path, "articles": str(folder.count(key) - 1)}
                    yield article, Match(article.facts[0].start, article.facts[0].end, values)
