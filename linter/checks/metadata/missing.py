"""Metadata fields that are missing or empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.record import field, record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

_ARTICLES = 10  # that a folder has, at least, to have a habit
_SHARE = 0.9  # of them
_VALUE = 80  # code points of a value that tell it from others


@record
class Missing:
    """A field is missing: always (`keys`), or where the other articles of the folder have it (`usual`).

    None of `keys` has a value, in an article that has metadata at all, or is a whole page. With `heading: true` a
    heading of the first level counts as the field. With `written: true` front matter must have one of the keys, and
    nothing behind it, or one of `besides`. None of that holds for a page. The match is the empty key, or the beginning
    of the metadata. Pages that a template fills and articles of a few words are ignored.

    `usual` has the keys of several fields under their names. A field is missing if nine of ten articles in the folder,
    or more, have one of its keys, not all with the same value, and this one has none, not even empty. Folders that are
    named by numbers belong to the folder around them, as does the folder of an `index` file. The message may use
    {field}, {articles}, how many have it, and {all}. Keys are in lower case, dotted if nested.
    """

    keys: tuple[str, ...] = ()
    heading: bool = False
    written: bool = False
    besides: tuple[str, ...] = ()
    usual: Mapping[str, str] = field(default_factory=dict)

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})
    data: ClassVar[object] = tuple[tuple[str, str], ...]  # the names of fields, and how their values begin

    def __post_init__(self) -> None:
        if bool(self.keys) == bool(self.usual):
            raise ValueError("either “keys” or “usual” must be given")

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"field", "articles", "all"} if self.usual else ())

    @property
    def across(self) -> bool:
        return bool(self.usual)

    @cached_property
    def _usual(self) -> list[tuple[str, list[str]]]:
        return [(name, keys.split()) for name, keys in self.usual.items()]

    def find(self, document: Document) -> Iterator[Match]:
        fields, places = document.metadata.fields, document.metadata.places
        if any(_has_value(fields[key]) for key in filter(fields.__contains__, self.keys)):
            return
        empty = [places[key] for key in filter(places.__contains__, self.keys)]
        place = _fields.beginning(document)
        if place and (_fields.is_page(document) or not self._may_lack(document, bool(empty))):
            yield Match(*(empty or [place])[0])

    def _may_lack(self, document: Document, empty: bool) -> bool:
        if self.heading and any(heading.level == 1 for heading in document.headings):
            return True
        return self.written and not empty and document.metadata.fields.keys().isdisjoint(self.besides)

    def facts(self, document: Document) -> Iterator[Fact]:
        if place := _fields.beginning(document):
            yield Fact(*place, tuple(self._present(document)))

    def _present(self, document: Document) -> Iterator[tuple[str, str]]:
        """Yield the names of the usual fields that an article has, each with the beginning of its value."""
        fields, places = document.metadata.fields, document.metadata.places
        for name, keys in self._usual:
            if key := next(filter(places.__contains__, keys), ""):
                yield name, str(fields.get(key, ""))[:_VALUE]

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for articles in _fields.by_folder(folder.articles):
            numbers = Counter(name for article in articles for name, _ in article.facts[0].data)
            variety = Counter(name for name, _ in {pair for article in articles for pair in article.facts[0].data})
            due = {
                name
                for name, number in numbers.items()
                if _SHARE * len(articles) <= number < len(articles) and variety[name] > 1
            }
            for article in articles if len(articles) >= _ARTICLES else ():
                fact = article.facts[0]
                for name in sorted(due.difference(name for name, _ in fact.data))[:1]:
                    values = {"field": name, "articles": str(numbers[name]), "all": str(len(articles))}
                    yield article, Match(fact.start, fact.end, values)


def _has_value(value: Any) -> bool:
    return value not in (None, False, [], "") and bool(str(value).strip())
