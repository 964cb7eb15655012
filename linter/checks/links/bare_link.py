"""Bare addresses in a sentence, where words should be the link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.links._linking import address, lies_in
from linter.document import PROSE, Block, Document, Link
from linter.finding import Edit
from linter.rule import Match

_WORD = patterns.lazy(r"[^\W\d_]{2,}")
_SENTENCE = patterns.lazy(r"[.!?:…][”\"’')]*(?:\s|\Z)")
_BRACKET = patterns.lazy(r"\]\s?(?:\(|:\s*)\Z")  # of a link that was meant to be one
_BEFORE = patterns.lazy(
    r"(?:\A|[\s(:,;\u2013\u2014–—])\Z"
)  # what may stand before it, so that it is no part of something


@dataclass(frozen=True)
class BareLink:
    """A block of text must have at least `words` besides its addresses, and a sentence must end in it. Those of `hosts`
    are passed over: they are shown, not linked to.

    The fix makes a link of the address, in Markdown by angle brackets. The message may use {host}.
    """

    words: int
    hosts: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"host"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        bare = [link for link in document.links if link.kind == "bare" and not link.block.scopes.isdisjoint(PROSE)]
        telling = self._telling(bare) if bare else frozenset()
        for link in bare if telling else ():
            place = address(link.url if "//" in link.url else f"//{link.url}")
            if (
                place
                and not lies_in(place.host, self.hosts)
                and id(link.block) in telling
                and _is_separate(link, document)
            ):
                yield Match(*link.url_span, {"host": place.host}, _linked(link, document))

    def _telling(self, bare: Iterable[Link]) -> frozenset[int]:
        """The blocks, by their ids, in which enough is said besides these links."""
        own: Counter[int] = Counter()
        blocks: dict[int, Block] = {}
        for link in bare:
            blocks[id(link.block)] = link.block
            own[id(link.block)] += len(_WORD.findall(link.text))
        return frozenset(
            key
            for key, block in blocks.items()
            if _SENTENCE.search(block.text) and len(_WORD.findall(block.text)) - own[key] >= self.words
        )


def _is_separate(link: Link, document: Document) -> bool:
    """Whether an address is separate, and not part of a word or of a link with broken syntax."""
    if not _BEFORE.search(link.block.text[max(0, link.start - 1) : link.start]):
        return False
    return not _BRACKET.search(document.source.text[max(0, link.span.start - 5) : link.span.start])


def _linked(link: Link, document: Document) -> tuple[Edit, ...]:
    """The edits that make a link of an address, if it has its scheme and the format is Markdown."""
    if document.kind != "markdown" or "//" not in link.url or link.url != document.source.text[slice(*link.url_span)]:
        return ()
    start, end = link.url_span
    return (Edit(start, start, "<"), Edit(end, end, ">"))
