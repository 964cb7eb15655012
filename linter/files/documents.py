"""Read articles: convert bytes to a source, and a source to a document."""

from __future__ import annotations

import os
from dataclasses import replace

from linter import readers
from linter.document import Document
from linter.files.articles import Article, ReadOptions, read_content
from linter.source import Source
from linter.text import language

_LOST_LINK = "it is a broken symbolic link"
_NOT_TEXT = "it is not text, or its encoding is unknown"
_LOST = 50  # undecodable bytes; a file with at most this many is damaged text, and a file with more may not be text


def read_source(article: Article, encoding: str | None, data: bytes | None = None) -> Source:
    """Return the source of an article, decoded from `data` or, if `data` is None, from the file of the article.

    Raises OSError if the file cannot be read or is not text. A file is not text if it contains U+0000, or if more than
    50 of its bytes, and more than a tenth of its text, cannot be decoded. Raises LookupError if `encoding` is unknown.
    """
    try:
        data = read_content(article) if data is None else data
    except FileNotFoundError as error:
        raise OSError(_LOST_LINK) if os.path.islink(article.file) else error from None
    if article.kind == "html" and not encoding:
        from linter.readers.html_head import declared_charset  # most articles are not HTML

        encoding = declared_charset(data)
    source = Source.from_bytes(data, article.path, encoding)
    lost = sum(len(run) for _, run in source.undecodable)
    if lost > _LOST and lost * 10 > len(source.text):  # such as an image or an archive
        raise OSError(_NOT_TEXT)
    if (nul := source.text.find("\0")) >= 0:
        line, column = source.position(nul)
        raise OSError(f"it is not text: NUL character (U+0000) at {line}:{column}")
    return source


def document_of(source: Source, kind: str, options: ReadOptions) -> Document:
    """Return the document of a source.

    The document has the language in `options` or, if there is none, the language declared in the source or detected.
    """
    document = language.with_language(readers.read(source, kind), options.language)
    if not options.site and not options.dialect:
        return document
    return replace(document, site=options.site, dialect=options.dialect)


def read_document(article: Article, options: ReadOptions, data: bytes | None = None) -> Document:
    """Return the document of an article, created from `data` or, if `data` is None, from the file of the article.

    Raises the same errors as `read_source`.
    """
    return document_of(read_source(article, options.encoding, data), article.kind, options)
