"""Images whose file does not exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from linter.document import Document
from linter.files import images
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match


@record
class MissingFile:
    """The match is the address of an image whose file should be in the folder, and is not.

    Addresses are relative to the article, or to the top of the site, if the folder shows where that is. Images that are
    elsewhere, or made when the page is built, are left out. In the source of a site, a file of that name anywhere in it
    is enough. The message may use {name}, that of the file.
    """

    values: ClassVar[frozenset[str]] = frozenset({"name"})
    data: ClassVar[object] = tuple[str]

    def facts(self, document: Document) -> Iterator[Fact]:
        for image in document.images:
            if image.url_span.start < image.url_span.end and images.is_local(image.url):
                yield Fact(*image.url_span, (image.url,))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.articles:
            for start, end, (address,) in article.facts:
                if not folder.holds(article, address):
                    yield article, Match(start, end, {"name": posixpath.basename(address)})
