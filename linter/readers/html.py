"""HTML as a document: whole pages and fragments, broken ones too."""

from __future__ import annotations

from linter.document import Document
from linter.readers import frontmatter, head, lexer, nesting
from linter.readers.builder import Builder
from linter.readers.page import Page
from linter.source import Source


def read(source: Source) -> Document:
    """Read a page, a part of one, or a source of one that begins with front matter."""
    builder = Builder(source, "html")
    start = frontmatter.read(builder)
    tags = lexer.tags(source.text, start)
    ends = nesting.ends(tags, source.text)
    language = head.read(builder, tags, ends)
    Page(builder, tags, ends, start).write()
    builder.tags += tags
    return builder.document(language)
