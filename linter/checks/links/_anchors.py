"""Find the source of link texts, and recognize escaped brackets."""

from __future__ import annotations

from linter.document import Block, Document, Link, Span

_END = "</a>"


def escaped(block: Block, document: Document, *places: int) -> bool:
    """Whether any of the characters of `block` at the offsets `places` is escaped in the source."""
    text = document.source.text
    for at in places:
        start = block.span(at, at + 1).start
        if text[max(0, start - 1) : start] == "\\" or any(block.atoms(at, at + 1)):  # a backslash or an entity
            return True
    return False


def inside(link: Link, document: Document) -> Span | None:
    """Return the source span between the brackets or tags of a link, or None if the span is not known."""
    text, (start, end) = document.source.text, link.span
    if link.kind == "inline":
        close = text.rfind("](", start, max(start, link.url_span.start))
        return Span(start + 1, close) if close > start else None
    if link.kind == "html" and text[max(start, end - len(_END)) : end].lower() == _END:
        opened = text.find(">", max(start, link.url_span.end), end - len(_END))
        return Span(opened + 1, end - len(_END)) if opened >= 0 else None
    return None
