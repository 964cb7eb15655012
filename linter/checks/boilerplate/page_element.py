"""HTML elements of the page around the article, found by their classes and ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.document import Document, Span, Tag, pair_tags
from linter.matching import fits
from linter.rule import Match

_PAGE = frozenset({"html", "body", "main", "template"})
_INLINE = frozenset("a abbr b code em font i img input kbd li mark small span strong sub sup td th u".split())
_NAMED = ("class", "id")
# Maximum code points of an element that is one match; of a longer one, the match is the start tag.
_MAX_MATCH_LENGTH = 4000


@dataclass(frozen=True)
class PageElement:
    """HTML elements with a class or id that one of `names` matches.

    `names` are case-insensitive regular expressions for the `regex` package. They must match a whole class or id, or
    its beginning up to a hyphen or underscore, such as “share” in “share-bar”. `pages` are additional expressions of
    this kind, which are used only in HTML and never for inline elements, list items or table cells.

    The match is the element, or only the start tag if the element has no end tag or is longer than 4,000 characters.
    Elements inside a match are part of it. Whole HTML pages and templates are ignored. The message may use {name}, the
    class or id.
    """

    names: tuple[str, ...]
    pages: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"name"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"names": self.names, "pages": self.pages}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return _tokens(self.names + self.pages)

    @cached_property
    def _in_markdown(self) -> regex.Pattern[str]:
        return _tokens(self.names)

    def find_in(self, document: Document) -> Iterator[Match]:
        tags = document.tags
        text = document.source.text
        if document.kind == "text" or not ("class=" in text or "id=" in text) or _is_page(document):
            return
        pairs, end = pair_tags(tags), 0
        for at, tag in enumerate(tags):
            if not tag.attributes or tag.kind != "open" or tag.visible or tag.span.start < end:
                continue
            is_in_page = document.markup == "html" and tag.name not in _INLINE
            if not (name := self._name(tag, is_in_page)):
                continue
            span = _element(at, tags, pairs)
            end = span.end
            yield Match(*span, {"name": name})

    def _name(self, tag: Tag, is_in_page: bool) -> str:
        """Return the first unwanted class or id in a start tag, or "" if there is none."""
        pattern = self.compiled if is_in_page else self._in_markdown
        for attribute in tag.attributes:
            if attribute.name in _NAMED and attribute.value:
                for token in attribute.value.split():
                    if fits(pattern, token):
                        return token
        return ""


def _tokens(names: Sequence[str]) -> regex.Pattern[str]:
    return compile_pattern(f"(?:{'|'.join(names) or '(?!)'})(?:[-_].*)?", regex.IGNORECASE)


def _is_page(document: Document) -> bool:
    """Whether the document is a whole page or a template, where elements of the page are legitimate."""
    text = document.source.text
    return not _PAGE.isdisjoint(document.tags_by_name) or (document.markup == "html" and ("{{" in text or "{%" in text))


def _element(at: int, tags: Sequence[Tag], pairs: Mapping[int, int]) -> Span:
    """Return the span of the element at `tags[at]`, or of its start tag if the element is unclosed or too long."""
    start = tags[at].span
    end = tags[pairs[at]].span.end if at in pairs else start.end
    return Span(start.start, end) if end - start.start <= _MAX_MATCH_LENGTH else start
