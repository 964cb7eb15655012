"""Find how far a block is bold from its first word on."""

from __future__ import annotations

import re
import sys

from linter import patterns
from linter.document import Block, Document, per_document

_TAG = r"(?:\s[^<>]{0,200})?>"
_OPENED = patterns.lazy(
    rf"(?:\*\*|__|<(?:strong|b){_TAG})(?:[*_\s]|<(?:em|i|u|span|font|a){_TAG})*+\Z",
    re.IGNORECASE,
)
_CLOSES = patterns.lazy(r"\*\*|__|</(?:strong|b)>", re.IGNORECASE)
_LAST = ("*", "_", ">")  # of what opens it
_REACH = 500  # code points before a block in which its markup stands


def bold_until(block: Block, document: Document) -> int:
    """Where in the source the bold type ends that the block begins with, before the mark; 0 where there is none."""
    text, start = document.source.text, block.source_span.start
    before = text[max(0, start - _REACH) : start]
    if before.rstrip()[-1:] not in _LAST or not _OPENED.search(before):
        return 0
    return _closings(document).next(start) or 0


class _Closings:
    """Where bold type ends in a text. The last answer is kept: the next place to ask about often lies before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._searched_from, self._found = -1, -1

    def next(self, at: int) -> int | None:
        """Where the first mark begins that ends bold type at `at` or behind it."""
        if not self._searched_from <= at <= self._found:
            closed = _CLOSES.search(self._text, at)
            self._searched_from, self._found = at, closed.start() if closed else sys.maxsize
        return self._found if self._found < sys.maxsize else None


@per_document
def _closings(document: Document) -> _Closings:
    return _Closings(document.source.text)


def is_bold(block: Block, document: Document) -> bool:
    """Whether it is bold to its last word."""
    return bold_until(block, document) >= block.source_span.end
