"""Links that begin and end within words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter.checks.spacing._junctions import junction, place
from linter.document import Document, Link
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_BEFORE = lazy(r"[a-zA-Zà-ÿ](?=[a-zà-ÿ])")
_AFTER = lazy(r"[a-zà-ÿ]{2}")


@record
class SplitWord:
    """A link that has a small letter right before and right behind it. The match is the link if it is one word, or else
    the words at both of its ends. The message may use {words}, the word that the link cuts.
    """

    values: ClassVar[frozenset[str]] = frozenset({"words"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        for link in document.links:
            if link.kind not in ("inline", "reference", "html") or not _is_within(link):
                continue
            text = link.block.text
            first, last = junction(text, link.start, link.start), junction(text, link.end, link.end)
            if first.end >= link.end:
                yield Match(*link.span, {"words": text[first.start : last.end]})
                continue
            for found, at in ((first, link.start), (last, link.end)):
                span = place(link.block, (found.start, found.end), (at, found.end))
                yield Match(*span, {"words": text[found.start : found.end]})


def _is_within(link: Link) -> bool:
    text = link.block.text
    if not link.start or not _AFTER.match(text, link.end - 1):
        return False
    return _BEFORE.match(text, link.start - 1) is not None
