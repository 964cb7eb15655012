"""Addresses of links and images that match a regular expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, literals_of_pattern, texts_with
from linter.analysis.pattern_base import PatternCheck
from linter.analysis.syntax_tree import folded_addresses
from linter.document import Document, Image, Link, Span, per_document
from linter.matching import matches
from linter.rule import Match

_SEVERAL = 3  # links to one machine that make the article a guide to it; its images do not
_BARE = frozenset({"bare", "autolink"})
_TEXT = frozenset({"prose", "title", "metadata", "code"})


@dataclass(frozen=True)
class Address(PatternCheck):
    """`pattern` is a regular expression of the package `regex`; the address it fits is the match, as a whole.

    Its part is what the pattern fits, or the group `part` of that. `hidden: true` leaves out links whose words show
    the part, and so tell the reader where they lead. `alone: true` leaves out what the article speaks of: its text
    or its code has the part, too, or several links lead there. `bare: false` leaves out bare addresses in the
    text, `plain: false` those that are not in the scope `odd.url`. Nor do links count whose words begin
    as one of `spare` does. The message may use {anchor}, the words of the link or the text of the image, and {part}.
    """

    pattern: str
    hidden: bool = False
    alone: bool = False
    bare: bool = True
    plain: bool = True
    spare: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "part"})
    parts: ClassVar[frozenset[str]] = frozenset({"links", "images"})

    @cached_property
    def _literals(self) -> Literals | None:
        return literals_of_pattern(self.pattern, address=True)

    def find(self, document: Document) -> Iterator[Match]:
        for anchor, address, span in self._addresses(document):
            part = next((match[_part(match)] for match in matches(self.compiled, address)), "")
            if not part or (self.hidden and part.lower() in anchor.lower()) or anchor.startswith(self.spare):
                continue
            if not self.alone or not self._is_spoken_of(part.lower(), document):
                yield Match(*span, {"anchor": " ".join(anchor.split()), "part": part})

    def _addresses(self, document: Document) -> Iterator[tuple[str, str, Span]]:
        """(words, address, its span) of all links and images that count, and may fit."""
        for one in self._addressed(document, ["link.url", "image.url"] if self.plain else ["odd.url"]):
            if isinstance(one, Image):
                yield one.alt.text if one.alt else "", one.url, one.url_span
            elif self.bare or one.kind not in _BARE:
                yield one.text, one.url, one.url_span

    def _addressed(self, document: Document, scopes: Iterable[str]) -> Iterator[Link | Image]:
        """The links and images of some scopes whose addresses hold a literal of the pattern."""
        for scope in scopes:
            every = document.links_or_images(scope)
            if every:
                numbers = texts_with(self._literals, folded_addresses(document, scope))
                yield from (every[number] for number in numbers)

    def _is_spoken_of(self, part: str, document: Document) -> bool:
        """Whether the article says it, or has several links to it. It is in small letters."""
        if part in _searchable_text(document):
            return True
        links = self._addressed(document, ["link.url"])
        firsts = (match for link in links for match in islice(matches(self.compiled, link.url), 1))
        return sum(str(match[_part(match)]).lower() == part for match in firsts) >= _SEVERAL


def _part(match: regex.Match[str]) -> str | int:
    return "part" if "part" in match.re.groupindex else 0


@per_document
def _searchable_text(document: Document) -> str:
    """Return the text of the article, in lower case."""
    return "\n".join(block.text.lower() for block in document.blocks_in(_TEXT))
