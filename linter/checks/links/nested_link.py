"""Links within links."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.links import _anchors
from linter.document import Document
from linter.rule import Match

_AROUND = patterns.lazy(r"(?<![\\!])\[[^\[\]\n\ufffc]*\]\((?=https?://)")
_NESTED = ["open", "open", "close", "close"]


@dataclass(frozen=True)
class NestedLink:
    """In HTML a link that begins and ends before the one around it ends; in Markdown one whose words hold a link.

    The match is the start of the inner link, or what prints of the outer one: its brackets and words.
    """

    parts: ClassVar[frozenset[str]] = frozenset({"links", "tags"})

    def find(self, document: Document) -> Iterator[Match]:
        tags = [tag for tag in document.tags if tag.name == "a" and tag.kind in _NESTED and not tag.visible]
        for i in range(1, len(tags) - 2):
            pair = tags[i - 1 : i + 1]
            if [tag.kind for tag in tags[i - 1 : i + 3]] == _NESTED and all(tag.attribute("href") for tag in pair):
                yield Match(*tags[i].span)
        if document.kind == "markdown" and "](" in document.joined_text:
            yield from _written(document)


def _written(document: Document) -> Iterator[Match]:
    """Words in brackets, with a link in them, that an address follows: only the inner one was made a link."""
    blocks = [block for block in document.prose if "](" in block.text]
    links = sorted(document.links, key=lambda link: link.span) if blocks else []
    starts = [link.span.start for link in links]
    for block in blocks:
        for around in _AROUND.finditer(block.text):
            start, end = block.span(*around.span())
            inner = links[bisect_left(starts, start) : bisect_left(starts, end)]
            brackets = around.start(), around.end() - len("](")
            if any(link.span.end < end for link in inner) and not _anchors.escaped(block, document, *brackets):
                yield Match(start, end)
