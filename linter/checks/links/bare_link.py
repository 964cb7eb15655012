"""Bare addresses in a sentence, where words should be the link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from linter import patterns
from linter.checks.links._linking import address, lies_in
from linter.document import PROSE, Block, Document, Link
from linter.finding import Edit
from linter.record import record
from linter.rule import Match

_WORD = patterns.lazy(r"[^\W\d_]{2,}")
_SENTENCE = patterns.lazy(r"[.!?:…][”\"’')]*(?:\s|\Z)")
_BRACKET = patterns.lazy(r"\]\s?(?:\(|:\s*)\Z")  # of a link that was meant to be one
_BEFORE = patterns.lazy(r"(?:\A|[\s(:,;–—])\Z")  # before an address that is no part of something


@record
class BareLink:
    """A block of text must have at least `words` besides its addresses, and a sentence must end in it. Addresses at
    `hosts` are left out: articles show them, and do not link to them.

    The fix makes a link of the address, in Markdown by angle brackets. The message may use {host}.
    """

    words: int
    hosts: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"host"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        bare = [link for link in document.links if link.kind == "bare" and not link.block.scopes.isdisjoint(PROSE)]
        own: Counter[Block] = Counter()  # the words of these links, by block
        for link in bare:
            own[link.block] += len(_WORD.findall(link.text))
        telling = {block for block, words in own.items() if self._is_telling(block, words)}
        for link in bare if telling else ():
            place = address(link.url if "//" in link.url else f"//{link.url}")
            if place and link.block in telling and not lies_in(place.host, self.hosts) and _is_separate(link, document):
                yield Match(*link.url_span, {"host": place.host}, _linked(link, document))

    def _is_telling(self, block: Block, own: int) -> bool:
        """Whether a block says enough besides the `own` words of its addresses."""
        return bool(_SENTENCE.search(block.text)) and len(_WORD.findall(block.text)) - own >= self.words


def _is_separate(link: Link, document: Document) -> bool:
    """Whether an address is separate, and not part of a word or of a link with broken syntax."""
    if not _BEFORE.search(link.block.text[max(0, link.start - 1) : link.start]):
        return False
    return not _BRACKET.search(document.source.text[max(0, link.span.start - 5) : link.span.start])


def _linked(link: Link, document: Document) -> tuple[Edit, ...]:
    """Return the edits that make a link of an address, if it has its scheme and the format is Markdown."""
    if document.kind != "markdown" or "//" not in link.url or link.url != document.source.text[slice(*link.url_span)]:
        return ()
    start, end = link.url_span
    return (Edit(start, start, "<"), Edit(end, end, ">"))
