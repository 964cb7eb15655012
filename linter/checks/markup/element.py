"""HTML elements with certain attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.document import Document, Tag
from linter.matching import matches
from linter.rule import Match


@dataclass(frozen=True)
class Element:
    """`element` is the name of a tag, `having` maps names of attributes to what their values must fit as a whole, a
    regular expression of the package `regex`, in any case; one that is not there fits nothing.

    `address` is the attribute that the message may use as {address}. The match is the tag.
    """

    element: str
    having: Mapping[str, str]
    address: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"address"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"having": tuple(self.having.values())}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        """All patterns as one, to validate them."""
        return compile_pattern("|".join(rf"(?:{pattern})(?!\n)." for pattern in self.having.values()))

    @cached_property
    def _patterns(self) -> Mapping[str, regex.Pattern[str]]:
        return {name: compile_pattern(rf"\A(?:{pattern})\Z", regex.IGNORECASE) for name, pattern in self.having.items()}

    def find(self, document: Document) -> Iterator[Match]:
        for tag in document.tags:
            if tag.name == self.element and tag.kind == "open" and not tag.visible and self._fits(tag):
                address = tag.attribute(self.address)
                yield Match(*tag.span, {"address": address.value if address else ""})

    def _fits(self, tag: Tag) -> bool:
        for name, pattern in self._patterns.items():
            attribute = tag.attribute(name)
            if not attribute or not any(matches(pattern, attribute.value)):
                return False
        return True
