"""Start tags inside an article, without the tags of the page around the article."""

from __future__ import annotations

from linter.document import Document, Tag
from linter.views import per_document


@per_document
def article_tags(document: Document) -> list[Tag]:
    """Return the start tags between the first and last words of an article, and right before the first words.

    Tags that readers see are left out. The result is empty for plain text.
    """
    if not document.tags or not document.prose or document.kind == "text":
        return []
    first, last = document.prose[0].source_span.start, document.prose[-1].source_span.end
    behind = [tag for tag in document.tags if tag.span.end <= first]
    while behind and document.source.text[behind[-1].span.end : first].isspace() | (behind[-1].span.end == first):
        first = behind.pop().span.start
    return [tag for tag in document.tags if tag.kind == "open" and not tag.visible and first <= tag.span.start < last]
