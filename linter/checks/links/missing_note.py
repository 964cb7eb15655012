"""Numbered citations such as `[3]` in an article without notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Block, Document
from linter.patterns import lazy
from linter.rule import Match

_MARKS = lazy(r"(?<=[\w.,;:!?”\"’)%])\s?(?P<marks>(?:\[\d{1,2}\](?![(:])\s?)+)(?=[\s.,;:!?)]|\Z|(?<=\s))")
_NUMBER = lazy(r"\[(\d{1,2})\]")
_NOTE = lazy(r"\W*[\[(]?\d{1,2}[\]).:]\s*\S")
_NOTES = frozenset({"paragraph", "list", "quote", "table", "code"})
_TEXT = frozenset({"paragraph", "list"})
_MIN_NUMBERS = 3  # minimum citation numbers in an article


class _Place(NamedTuple):
    """Adjacent citation numbers at `block.text[start:end]`."""

    block: Block
    start: int
    end: int


@dataclass(frozen=True)
class MissingNote:
    """Citation numbers in brackets, such as `[3]`, in an article without notes.

    A citation number has one or two digits and follows a word or a punctuation mark. An article must have at least
    three citation numbers, including `[1]` and another number. Adjacent numbers are one match.

    `headings` lists regular expressions for headings of notes, such as “sources”; case is ignored. An article has notes
    in any of four cases: a heading or another whole line matches one of `headings`; a line begins with a number such as
    “1.” or “[1]”; the article ends in a list with at least as many items as the highest number; or the text of a link
    is a number such as “[1]”.
    """

    headings: tuple[str, ...]

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(("[1]",))

    @cached_property
    def _heading(self) -> re.Pattern[str]:
        return re.compile(rf"\W*(?:{'|'.join(self.headings)})\W*", re.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        places = [place for block in document.blocks_in(_TEXT) for place in _places(block)]
        numbers = [number for place in places for number in _NUMBER.findall(place.block.text, place.start, place.end)]
        if len(numbers) < _MIN_NUMBERS or len(set(numbers)) < 2 or "1" not in numbers:
            return
        if not self._has_notes(document, max(map(int, numbers))):
            for block, start, end in places:
                yield Match(*block.span(start, end))

    def _has_notes(self, document: Document, highest: int) -> bool:
        if any(_NUMBER.match(f"[{link.text.strip('[]')}]") for link in document.links):
            return True
        if all("list" in block.scopes for block in document.top_level_blocks[-highest:]):
            return True
        for block in document.blocks_in(_NOTES | {"heading"}):
            lines = block.text.splitlines()
            if any(_NOTE.match(line) or self._heading.fullmatch(line) for line in lines):
                return True
        return False


def _places(block: Block) -> Iterator[_Place]:
    if "[" in block.text:
        for found in _MARKS.finditer(block.text):
            yield _Place(block, found.start("marks"), found.start("marks") + len(found["marks"].rstrip()))
