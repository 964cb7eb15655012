"""Addresses that stand in a sentence by themselves, where words should be the link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.document import PROSE, Document, Link
from linter.finding import Edit
from linter.prose.linking import address, lies_in
from linter.rule import Match

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[.!?:…][”\"’')]*(?:\s|\Z)")
_BRACKET = re.compile(r"\]\s?(?:\(|:\s*)\Z")  # of a link that was meant to be one
_BEFORE = re.compile(r"(?:\A|[\s(:,;\u2013\u2014–—])\Z")  # what may stand before it, so that it is no part of something


@dataclass(frozen=True)
class BareLink:
    """A block of text must have at least `words` besides its addresses, and a sentence must end in it. Those of `hosts`
    are passed over: they are shown, not linked to.

    The fix makes a link of the address, in Markdown by angle brackets. The message may use {host}.
    """

    words: int
    hosts: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"host"})

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(self.hosts)

    def find(self, document: Document) -> Iterator[Match]:
        if document.kind == "text":
            return
        bare = [link for link in document.links if link.kind == "bare"]
        for link in bare:
            place = address(link.url if "//" in link.url else f"//{link.url}")
            if place and not lies_in(place.host, self._hosts) and self._in_sentence(link, bare, document):
                yield Match(*link.url_span, {"host": place.host}, _linked(link, document))

    def _in_sentence(self, link: Link, bare: list[Link], document: Document) -> bool:
        text = link.block.text
        if link.block.scopes.isdisjoint(PROSE) or not _BEFORE.search(text[max(0, link.start - 1) : link.start]):
            return False
        if _BRACKET.search(document.source.text[max(0, link.span.start - 5) : link.span.start]) or not _SENTENCE.search(
            text
        ):
            return False
        own = sum(len(_WORD.findall(other.text)) for other in bare if other.block is link.block)
        return len(_WORD.findall(text)) - own >= self.words


def _linked(link: Link, document: Document) -> tuple[Edit, ...]:
    """The edits that make a link of an address, if it has its scheme and the format is Markdown."""
    if document.kind != "markdown" or "//" not in link.url or link.url != document.source.text[slice(*link.url_span)]:
        return ()
    start, end = link.url_span
    return (Edit(start, start, "<"), Edit(end, end, ">"))
