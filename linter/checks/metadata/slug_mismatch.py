"""Slugs that match the title of another article."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match

_WORD = patterns.lazy(r"[a-z]{3,}")
_TITLE = frozenset({"title"})
_MIN_SLUG_WORDS = 3  # minimum words of a slug to compare


@dataclass(frozen=True)
class SlugMismatch:
    """A slug (the part of the URL that names the article) that fits the title of another article.

    `keys` are the metadata keys of the slug. If the value is a path, the last part of the path is the slug. The slug
    must share no word with the title of its own article, and all its words must be in the title of another article in
    the same language. Only words of three or more letters from a to z are compared, and the slug must have at least
    three different ones. Differences in case and accents are ignored. The message may use {other}, the path of the
    other article.
    """

    keys: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"other"})
    data: ClassVar[object] = tuple[tuple[str, ...], tuple[str, ...], str]

    def facts(self, document: Document) -> Iterator[Fact]:
        block = next(_fields.values(document, self.keys), None)
        title_block = next(document.blocks_in(_TITLE), None) if block else None
        title = tuple(_words(title_block.text)) if title_block else ()
        if title and block:
            path = block.text.rstrip("/")
            start = path.rfind("/") + 1
            yield Fact(*block.span(start, len(path)), (title, tuple(_words(path[start:])), document.language))

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        yield from article.facts[0].data[0]

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.asked_articles:
            fact = article.facts[0]
            title, slug, language = set(fact.data[0]), set(fact.data[1]), fact.data[2]
            if len(slug) >= _MIN_SLUG_WORDS and title.isdisjoint(slug):
                rarest = min(slug, key=folder.count)
                same = (one for one in folder.sharing([rarest]) if one.facts[0].data[2] == language)
                other = next((one for one in same if slug <= set(one.facts[0].data[0])), None)
                if other:
                    yield article, Match(fact.start, fact.end, {"other": other.path})


def _words(text: str) -> list[str]:
    """Return the words of `text` to compare, in lowercase and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
