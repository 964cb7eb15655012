"""Tags with an attribute given twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.markup._article_tags import article_tags
from linter.document import Document
from linter.rule import Match

_GAP = patterns.lazy(r"[\s/]+")
_NAMES = 2  # before the first value: that of the element, and that of an attribute
_TEMPLATE = patterns.lazy(r"\{\{|\{%|<[?%]")


@dataclass(frozen=True)
class RepeatedAttribute:
    """The second of two attributes of one name in a start tag of the article; browsers take the first.

    What a template fills is let pass. The match is its value. The message may use {attribute} and {name}, that of the
    element.
    """

    values: ClassVar[frozenset[str]] = frozenset({"attribute", "name"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def find(self, document: Document) -> Iterator[Match]:
        for tag in article_tags(document):
            known = set()
            if not _may_have_two(document.source.text[tag.span.start : tag.span.end]) or _TEMPLATE.search(
                document.source.text, *tag.span
            ):
                continue
            for attribute in tag.attributes:
                if attribute.name in known and attribute.span:
                    yield Match(*attribute.span, {"attribute": attribute.name, "name": tag.name})
                known.add(attribute.name)


def _may_have_two(written: str) -> bool:
    """Whether a tag, as it is written, may have two attributes, the second of them with a value."""
    before, equals, behind = written.partition("=")
    return bool(equals) and ("=" in behind or len(_GAP.split(before)) > _NAMES)
