"""Start tags inside an article, without the tags of the page around the article."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import attrgetter

from linter.document import Document, Span, Tag
from linter.views import per_document

_START = attrgetter("span.start")


@per_document
def article_tags(document: Document) -> list[Tag]:
    """Return the start tags in `_article_span`. Tags that readers see are left out."""
    return in_article([tag for tag in document.tags if tag.kind == "open" and not tag.visible], document)


def in_article(tags: Sequence[Tag], document: Document) -> list[Tag]:
    """Return those of `tags` that begin in `_article_span`."""
    start, end = _article_span(document) if tags else (0, 0)
    return [tag for tag in tags if start <= tag.span.start < end]


@per_document
def _article_span(document: Document) -> Span:
    """Return the span from the first to the last words of an article, with the tags right before the first words.

    The span is empty for plain text, and for a document without tags or prose.
    """
    if not document.tags or not document.prose or document.kind == "text":
        return Span(0, 0)
    first, last = document.prose[0].source_span.start, document.prose[-1].source_span.end
    started = bisect_left(document.tags, first, key=_START)
    behind = [tag for tag in document.tags[:started] if tag.span.end <= first]
    while behind and document.source.text[behind[-1].span.end : first].isspace() | (behind[-1].span.end == first):
        first = behind.pop().span.start
    return Span(first, last)


@per_document
def attribute_tags(document: Document) -> Mapping[str, Sequence[Tag]]:
    """Map the names of attributes to the start tags with them that readers do not see, in order."""
    named: dict[str, list[Tag]] = {}
    for tag in document.tags:
        if tag.attributes and tag.kind == "open" and not tag.visible:
            for name in dict.fromkeys([attribute.name for attribute in tag.attributes]):
                named.setdefault(name, []).append(tag)
    return named
