"""Broken, unpaired or visible HTML tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.document import Document, pair_tags, per_document
from linter.document import Tag as HtmlTag
from linter.readers.html_meaning import ELEMENTS, OPTIONAL_END, VOID
from linter.rule import Match

_NO_END = VOID | OPTIONAL_END
# Names of elements that are words too: without an attribute they may stand for a value to fill in (`at <time>`).
_WORDS = frozenset(
    """
    address article button code command content data dialog dir filter footer form frame header image input label
    legend link main map mark menu meter nav object option output param path picture progress search section select
    slot source style summary table template text textarea time title var video
    """.split()
)


@dataclass(frozen=True)
class Tag:
    """`state` is showing (the reader sees the tag), comment (sees the whole comment), broken (never finished),
    unopened (an end tag without its start) or unclosed (a start tag without its end).

    Start and end tags are paired by name alone, whatever lies between them, and in Markdown alone: what is odd in
    a whole page is for those who made its frame. The message may use {name}.
    """

    state: Literal["showing", "comment", "broken", "unopened", "unclosed"]

    values: ClassVar[frozenset[str]] = frozenset({"name"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def find(self, document: Document) -> Iterator[Match]:
        for tag in self._tags(document):
            yield Match(*tag.span, {"name": tag.name})

    def _tags(self, document: Document) -> Iterable[HtmlTag]:
        match self.state:
            case "showing":
                return [tag for tag in document.tags if tag.visible and tag.kind in ("open", "close")]
            case "comment":
                return [tag for tag in document.tags if tag.visible and tag.kind == "comment"]
            case "broken":
                return [tag for tag in document.tags if tag.kind == "broken"]
        unopened, unclosed = unpaired(document) if document.kind == "markdown" else ([], [])
        return unopened if self.state == "unopened" else unclosed


@per_document
def unpaired(document: Document) -> tuple[list[HtmlTag], list[HtmlTag]]:
    """The end tags without a start and the start tags without an end, of those that are not showing."""
    tags = [tag for tag in document.tags if not tag.visible and _has_partner(tag, document)]
    pairs = pair_tags(tags)
    single = [tag for i, tag in enumerate(tags) if i not in pairs]
    unopened = [tag for tag in single if tag.kind == "close" and tag.name not in _NO_END]
    unclosed = [tag for tag in single if tag.kind == "open" and not _is_slot(tag)]
    return unopened, sorted(unclosed, key=lambda tag: tag.span)


def _has_partner(tag: HtmlTag, document: Document) -> bool:
    """Whether a start or an end tag is due for this one."""
    if tag.name not in ELEMENTS or (tag.kind == "open" and tag.name in _NO_END) or _is_component(tag, document):
        return False
    return tag.kind != "open" or not _self_closing(tag, document)


def _is_component(tag: HtmlTag, document: Document) -> bool:
    """`<Canvas>` is a component of the site and no `<canvas>`; `<P>` is a paragraph of old."""
    start = tag.span.start
    if document.source.text[start + 1 : start + 3].islower():  # as nearly always
        return False
    written = document.source.text[tag.span.start : tag.span.end].lstrip("</")[: len(tag.name)]
    return written[:1].isupper() and not written.isupper()


def _is_slot(tag: HtmlTag) -> bool:
    return tag.name in _WORDS and not any(attribute.span for attribute in tag.attributes)


def _self_closing(tag: HtmlTag, document: Document) -> bool:
    value = tag.attributes[-1].span if tag.attributes else None
    slash = tag.span.end - 2
    return document.source.text[slash] == "/" and not (value and value.end > slash)  # <a href=https://x/>
