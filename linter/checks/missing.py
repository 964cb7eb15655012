"""Fields of the metadata that are not there, or are empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from linter.document import Document, Span
from linter.rule import Match

_TEMPLATE = re.compile(r"\{\{|\{%|<\?(?:php|=)|<%")
_WORDS = 20  # of a story; what has fewer leads elsewhere, or is made by a template


@dataclass(frozen=True)
class Missing:
    """None of `keys` has a value, in an article that has metadata at all, or is a whole page.

    Keys are in small letters, dotted where nested. With `heading: true` the first heading stands for the field, but on
    a page. The match is the key that is empty, or what the metadata begin with. A head that a template fills is let
    pass, as is an article of a few words.
    """

    keys: tuple[str, ...]
    heading: bool = False

    def find(self, document: Document) -> Iterator[Match]:
        fields, place = document.metadata.fields, _place(document)
        if not place or any(map(_says, map(fields.get, self.keys))) or not _has_story(document):
            return
        page = document.source.text.startswith("<", place.start)
        if page or not self.heading or not any(heading.level == 1 for heading in document.headings):
            empty = (document.metadata.places[key] for key in self.keys if key in document.metadata.places)
            yield Match(*next(empty, place))


def _says(value: Any) -> bool:
    """Whether a value is one."""
    return value not in (None, False, [], "") and bool(str(value).strip())


def _place(document: Document) -> Span | None:
    """What the metadata begin with, the mark of front matter or the tag of a page's head; None without metadata."""
    text, whole = document.source.text, document.metadata.span
    if whole is None or not (document.metadata.fields or text.startswith("<", whole.start)):
        return None
    if document.kind == "html" and text.startswith("<", whole.start):
        if _TEMPLATE.search(text, *whole):
            return None
        return next((tag.span for tag in document.tags if tag.span.start == whole.start), None)
    start = whole.end - len(text[: whole.end].lstrip())
    return Span(start, start + (1 if text[start] == "{" else 3))


def _has_story(document: Document) -> bool:
    words = 0
    for block in document.prose:
        words += block.text.count(" ") + 1
        if words >= _WORDS:
            return True
    return False
