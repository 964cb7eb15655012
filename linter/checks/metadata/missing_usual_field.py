"""Metadata fields that nearly all articles of a folder have, and one lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

_ARTICLES = 10  # that a folder has, at least, to have a habit
_SHARE = 0.9  # of them


@dataclass(frozen=True)
class MissingUsualField:
    """An article has none of the keys of a field, where nine of ten articles in its folder, or more, have one.

    A key with nothing behind it is one. `fields` has the keys, in small letters and dotted where nested, under the name
    of each field. Folders that are named by numbers are one with what they lie in, as is the folder of an `index` file.
    The message may use {field}, {articles}, how many have it, and {all}.
    """

    fields: Mapping[str, str]

    values: ClassVar[frozenset[str]] = frozenset({"field", "articles", "all"})
    data: ClassVar[object] = tuple[str, ...]

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        return {name: keys.split() for name, keys in self.fields.items()}

    def facts(self, document: Document) -> Iterator[Fact]:
        if place := _fields.beginning(document):
            places = document.metadata.places.keys()
            has = [name for name, keys in self._keys.items() if not places.isdisjoint(keys)]
            yield Fact(*place, tuple(has))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        homes: dict[str, list[ArticleFacts]] = defaultdict(list)
        for article in folder.articles:
            homes[_fields.article_folder(article.path)].append(article)
        for articles in homes.values():
            numbers = Counter(name for article in articles for name in article.facts[0].data)
            due = [name for name, number in numbers.items() if _SHARE * len(articles) <= number < len(articles)]
            if len(articles) < _ARTICLES:
                continue
            for article in articles:
                fact = article.facts[0]
                for name in sorted(set(due).difference(fact.data))[:1]:
                    values = {"field": name, "articles": str(numbers[name]), "all": str(len(articles))}
                    yield article, Match(fact.start, fact.end, values)
