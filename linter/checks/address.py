"""Addresses of links and images that fit a regular expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

import regex

from linter.document import Document, Image, Span
from linter.matching import matches
from linter.planning.patterned import Patterned
from linter.rule import Match

_SEVERAL = 3  # links to one machine that make the article a guide to it; its images do not
_BARE = frozenset({"bare", "autolink"})
_TEXT = frozenset({"prose", "title", "metadata", "code"})


@dataclass(frozen=True)
class Address(Patterned):
    """`pattern` is a regular expression of the package `regex`; the address it fits is the match, as a whole.

    Its part is what the pattern fits, or the group `part` of that. `hidden: true` leaves out links whose words show
    the part, and so tell the reader where they lead. `alone: true` leaves out what the article speaks of: its text
    or its code has the part, too, or several links lead there. `bare: false` leaves out addresses that stand in the
    text by themselves, `plain: false` those that are not in the scope `odd.url`. Nor do links count whose words begin
    as one of `spare` does. The message may use {anchor}, the words of the link or the text of the image, and {part}.
    """

    pattern: str
    hidden: bool = False
    alone: bool = False
    bare: bool = True
    plain: bool = True
    spare: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "part"})

    @property
    def within(self) -> frozenset[str]:
        return frozenset({"link.url", "image.url"} if self.plain else {"odd.url"})

    def find(self, document: Document) -> Iterator[Match]:
        said = None
        guide = _repeated(self.compiled, document) if self.alone else frozenset()
        for anchor, address, span in self._addresses(document):
            part = next((match[_part(match)] for match in matches(self.compiled, address)), "")
            if not part or (self.hidden and part.lower() in anchor.lower()) or anchor.startswith(self.spare):
                continue
            said = said if said is not None else _said(document) if self.alone else ""
            if part.lower() not in said and part.lower() not in guide:
                yield Match(*span, {"anchor": " ".join(anchor.split()), "part": part})

    def _addresses(self, document: Document) -> Iterator[tuple[str, str, Span]]:
        """(words, address, its span) of all links and images that count."""
        for one in (one for scope in sorted(self.within) for one in document.addressed(scope)):
            if isinstance(one, Image):
                yield one.alt.text if one.alt else "", one.url, one.url_span
            elif self.bare or one.kind not in _BARE:
                yield one.text, one.url, one.url_span


def _part(match: regex.Match[str]) -> str | int:
    return "part" if "part" in match.re.groupindex else 0


def _repeated(pattern: regex.Pattern[str], document: Document) -> frozenset[str]:
    """The parts, in small letters, that several links have."""
    found = (match for link in document.links for match in islice(matches(pattern, link.url), 1))
    parts = Counter(str(match[_part(match)]).lower() for match in found)
    return frozenset(part for part, count in parts.items() if count >= _SEVERAL)


def _said(document: Document) -> str:
    """What the article says, in small letters."""
    return "\n".join(block.text.lower() for block in document.blocks_in(_TEXT))
