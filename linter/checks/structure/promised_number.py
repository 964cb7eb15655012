"""Titles that promise more or fewer items than the article has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.document import Block, Document
from linter.rule import Match

_PROMISE = patterns.lazy(
    r"(?:The |Top |Our )?(?P<number>[2-9]|[1-9]\d)(?: [\w-]+){0,4} (?:ways|tips|reasons|steps|things|ideas|tools|apps"
    r"|books|examples|benefits|mistakes|facts|rules|lessons|signs|types|tricks|hacks|strategies|techniques|habits|places"
    r"|questions|practices|features|trends|plugins|myths|secrets|alternatives|methods|principles|quotes)\b",
    re.IGNORECASE,
)
_ITEM = patterns.lazy(
    r"(?:(?:Step|Tip|Reason|Rule|Lesson|Number|No\.|Way|Idea|Mistake) #?(?=\d+\b)|#(?=\d+\b)|(?=\d+[.):–-]))"
    r"(\d{1,2})[.):–-]? ?\S"
)
_MIN_NUMBERED = 3  # minimum number of numbered headings in a list


@dataclass(frozen=True)
class PromisedNumber:
    """A title that promises more or fewer items than there are numbered headings. The match is the number in the title.

    Titles are the title in the metadata and, if it is on the first level, the first heading. A title must begin with a
    number from 2 to 99, or with “The”, “Top” or “Our” and such a number. An English noun such as “ways” or “tips” must
    follow, with at most four words in between (“5 Easy Ways to Ride”). There must be at least three numbered headings
    on the same level, numbered 1, 2, 3 and so on without a gap. The message may use {number}, the number in the title,
    and {counted}, the number of numbered headings.
    """

    parts: ClassVar[frozenset[str]] = frozenset({"headings"})
    values: ClassVar[frozenset[str]] = frozenset({"number", "counted"})

    def find_in(self, document: Document) -> Iterator[Match]:
        counted = _counted(document)
        if counted < _MIN_NUMBERED:
            return
        for block in _titles(document):
            promise = _PROMISE.match(block.text)
            if promise and int(promise["number"]) != counted:
                yield Match(
                    *block.span(*promise.span("number")), {"number": promise["number"], "counted": str(counted)}
                )


def _titles(document: Document) -> list[Block]:
    titles = list(document.blocks_in(frozenset({"metadata.title"})))
    return titles + [heading.block for heading in document.headings[:1] if heading.level == 1]


def _counted(document: Document) -> int:
    """Return the number of numbered headings on one level, or 0 if they are not numbered 1, 2, 3 and so on."""
    found = [(heading.level, item) for heading in document.headings if (item := _ITEM.match(heading.block.text))]
    numbers = [int(item[1]) for level, item in found if level == found[0][0]]
    return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else 0
