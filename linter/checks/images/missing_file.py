"""Images whose file does not exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import Document
from linter.files import images
from linter.rule import ArticleFacts, Fact, FolderFacts, Match


@dataclass(frozen=True)
class MissingFile:
    """The address of a picture that should lie in the folder, and does not.

    An address is taken from its article, or from the top of the site, if the folder shows where that is. Nothing is
    said of what lies elsewhere, or is made when the page is built. In the source of a site, a picture of that name
    anywhere in it is enough. The message may use {name}, that of the file.
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
