"""The title of the front matter repeated as the first heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Document
from linter.finding import Edit
from linter.rule import ArticleFacts, Fact, FolderFacts, Match
from linter.text import similarity

_LINE = patterns.lazy(r"[ \t]*+#[ \t][^\r\n]*+(?:(?:\r\n?|\n)[ \t]*+(?=[\r\n]|\Z))?(?:\r\n?|\n|\Z)")
_HABIT = 0.5  # of the articles of a folder that have a title


@dataclass(frozen=True)
class TitleHeading:
    """The first heading is of the first level and has the words of the title; that of a page is let pass.

    Where half of the titles in a folder are repeated so, the site shows none by itself, and nothing is reported. The
    fix takes the heading away, with the blank line behind it.
    """

    data: ClassVar[object] = tuple[int, ...]

    def facts(self, document: Document) -> Iterator[Fact]:
        title = next((block for block in document.blocks if "title" in block.scopes), None)
        if not title or _fields.is_page(document):
            return
        heading = document.headings[0] if document.headings else None
        words = similarity.words(title.text)
        if heading and heading.level == 1 and words and similarity.words(heading.block.text) == words:
            start, _ = document.source.line_span(heading.block.source_span.start)
            line = _LINE.match(document.source.text, start)
            yield Fact(*heading.block.source_span, line.span() if line else (0, 0))
        else:
            yield Fact(*title.source_span)

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for articles in _fields.by_folder(folder.articles):
            repeating = [article for article in articles if article.facts[0].data]
            if len(repeating) >= _HABIT * len(articles) and len(articles) > 1:
                continue
            for article in repeating:
                start, end, (low, high) = article.facts[0]
                yield article, Match(start, end, {}, (Edit(low, high, ""),) if high else ())
