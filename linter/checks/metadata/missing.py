"""Metadata fields that are missing or empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import Match


@dataclass(frozen=True)
class Missing:
    """None of `keys` has a value, in an article that has metadata at all, or is a whole page.

    Keys are in small letters, dotted where nested. With `heading: true` a heading of the first level stands for the
    field; with `written: true` front matter must have one of the keys, and nothing behind it, or one of `besides`. None
    of that holds for a page. The match is the key that is empty, or what the metadata begin with. A page that a
    template fills is let pass, as is an article of a few words.
    """

    keys: tuple[str, ...]
    heading: bool = False
    written: bool = False
    besides: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.besides)

    def find(self, document: Document) -> Iterator[Match]:
        metadata = document.metadata
        has = metadata.fields
        if any(_fields.has_value(has[key]) for key in self.keys if key in has):
            return
        places = metadata.places
        empty = [places[key] for key in self.keys if key in places]
        place = _fields.beginning(document)
        if place and (_fields.is_page(document) or not self._may_lack(document, bool(empty))):
            yield Match(*(empty or [place])[0])

    def _may_lack(self, document: Document, empty: bool) -> bool:
        if self.heading and any(heading.level == 1 for heading in document.headings):
            return True
        return self.written and not empty and self._known.isdisjoint(document.metadata.fields)
