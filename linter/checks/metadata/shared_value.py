"""Values shared by several articles of a folder, where each should have its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Match


@dataclass(frozen=True)
class SharedValue:
    """A value under one of `keys`, of `words` words or more, that an earlier article of its language has too.

    With `beside: true` that one lies in the same folder. The message may use {other}, its path, and {articles}, how
    many there are besides this one.
    """

    keys: tuple[str, ...]
    words: int = 1
    beside: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"other", "articles"})
    data: ClassVar[object] = tuple[str, str]

    def facts(self, document: Document) -> Iterator[Fact]:
        for block in _fields.values(document, self.keys):
            text = " ".join(block.text.casefold().split())
            if text.count(" ") + 1 >= self.words:
                yield Fact(*block.source_span, (text, document.language))
                return

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        by_value: dict[tuple[str, ...], list[ArticleFacts]] = defaultdict(list)
        for article in folder.articles:
            home = article.path.rpartition("/")[0] if self.beside else ""
            by_value[home, *article.facts[0].data].append(article)
        for articles in by_value.values():
            for article in articles[1:]:
                fact = article.facts[0]
                values = {"other": articles[0].path, "articles": str(len(articles) - 1)}
                yield article, Match(fact.start, fact.end, values)
