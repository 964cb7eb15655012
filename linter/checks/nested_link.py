"""Links within links."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from linter.document import Block, Document
from linter.rule import Match

_AROUND = re.compile(r"(?<![\\!])\[[^\[\]\n\ufffc]*\]\((?=https?://)")


@dataclass(frozen=True)
class NestedLink:
    """In HTML a link that begins before the one around it ends; in Markdown one whose words hold a link.

    The match is the start of the inner link, or what prints of the outer one: its brackets and words.
    """

    def find(self, document: Document) -> Iterator[Match]:
        opened = False
        for tag in document.tags:
            if tag.name != "a" or tag.showing or tag.kind not in ("open", "close"):
                continue
            if tag.kind == "open" and opened and tag.attribute("href"):
                yield Match(*tag.span)
            opened = tag.kind == "open" and tag.attribute("href") is not None
        if document.kind == "markdown":
            yield from _written(document)


def _written(document: Document) -> Iterator[Match]:
    """Words in brackets, with a link in them, that an address follows: only the inner one was made a link."""
    links = sorted(document.links, key=lambda link: link.span)
    starts = [link.span.start for link in links]
    for block in document.prose:
        for around in _AROUND.finditer(block.text) if "](" in block.text else ():
            start, end = block.span(*around.span())
            inner = links[bisect_left(starts, start) : bisect_left(starts, end)]
            if any(link.span.end < end for link in inner) and not _escaped(block, around):
                yield Match(start, end)


def _escaped(block: Block, around: re.Match[str]) -> bool:
    """Whether one of the brackets is written so that it makes no link."""
    first, last = around.start(), around.end() - len("](")
    return any(block.atoms(first, first + 1)) or any(block.atoms(last, around.end()))
