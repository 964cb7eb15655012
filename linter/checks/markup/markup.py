"""Elements and attributes that have no place in an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.checks.markup._article_tags import article_tags
from linter.document import Document, Span, Tag, per_document
from linter.matching import matches
from linter.rule import Match


@dataclass(frozen=True)
class Markup:
    """A start tag in an article whose name is one of `names`, or whose `attribute` has a value that `pattern` fits.

    The match is the tag, or the first such part of the value; of those with one name the first in the article. What the
    reader sees as a tag is let pass, as is plain text. The message may use {name}, and {number}, how many there are.
    """

    names: tuple[str, ...] = ()
    attribute: str = ""
    pattern: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"name", "number"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def __post_init__(self) -> None:
        if bool(self.attribute) != bool(self.pattern) or not (self.names or self.attribute):
            raise ValueError("either “names” must be given, or “attribute” and “pattern”")

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"pattern": (self.pattern,)} if self.pattern else {}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.pattern or "(?!)")

    def find(self, document: Document) -> Iterator[Match]:
        found: dict[str, list[Span]] = defaultdict(list)
        for tag in article_tags(document) if self.names else ():
            if tag.name in self.names:
                found[tag.name].append(tag.span)
        for tag, written in _written(document) if self.attribute else ():
            if self.attribute in written and tag.name not in self.names and (span := self._part(tag, document)):
                found[tag.name].append(span)
        for name, spans in found.items():
            yield Match(*spans[0], {"name": name, "number": str(len(spans))})

    def _part(self, tag: Tag, document: Document) -> Span | None:
        """Return the span of the part of the attribute's value that matches."""
        value = tag.attribute(self.attribute)
        if not value or not value.span:
            return None
        start, end = value.span
        first = next(matches(self.compiled, document.source.text[start:end]), None)
        return Span(start + first.start(), start + first.end()) if first else None


@per_document
def _written(document: Document) -> list[tuple[Tag, str]]:
    """The same tags, as they are written but in small letters: what they have is read when somebody asks."""
    text = document.source.text
    return [(tag, text[tag.span.start : tag.span.end].lower()) for tag in article_tags(document)]
