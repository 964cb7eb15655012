"""Titles that are too long, not counting the name of the site at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match

_TITLE = frozenset({"title"})
# The name of a site, or a part of the headline.
_NAME = patterns.lazy(r"(?<!\s)\s++(?:[|¦»·•–—-]|::)\s++(?P<name>[^|¦»·•–—\n]{2,50})\Z")
_MIN_SHARE = 0.5  # minimum share of the titles in a folder that end with the same site name
_MIN_TITLES = 3  # minimum number of titles in a folder that end with the same site name


@dataclass(frozen=True)
class TitleLength:
    """A title with more than `at_most` characters (code points).

    The name of the site after the last bar or dash does not count. The words after this mark are the name of the site
    if they are the `og:site_name` of the page, or if the titles of at least three articles in the folder, and of at
    least half of its articles with a title, end with the same words. The name has at most 50 characters. The message
    may use {length}, the length without the name of the site, and {limit}.
    """

    at_most: int

    values: ClassVar[frozenset[str]] = frozenset({"length", "limit"})
    data: ClassVar[object] = tuple[int, int, str]

    def facts(self, document: Document) -> Iterator[Fact]:
        site = document.metadata.fields.get("og.site_name")
        for block in document.blocks_in(_TITLE):
            found = _NAME.search(block.text)
            length = len(block.text)
            short = found.start() if found else length
            name = found["name"].strip() if found else ""
            if found and name == site:
                length = short
            yield Fact(*block.source_span, (length, short, name))

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        home = _fields.folder_of(article.path)
        yield home
        yield home, article.facts[0].data[2]

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.asked_articles:
            home = _fields.folder_of(article.path)
            for start, end, (length, short, name) in article.facts:
                if length <= self.at_most:
                    continue
                is_site = folder.count((home, name)) >= max(_MIN_TITLES, _MIN_SHARE * folder.count(home))
                own = short if is_site else length
                if own > self.at_most:
                    yield article, Match(start, end, {"length": str(own), "limit": str(self.at_most)})
