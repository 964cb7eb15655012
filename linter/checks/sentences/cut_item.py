"""Items of lists that break off."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from linter import patterns
from linter.document import Document
from linter.record import record
from linter.rule import Match

_TAIL = 300  # code points at the end of an item that are looked at
_LAST_SENTENCE = patterns.lazy(r"[.!?:][”\"’)]?\s+[A-Z][^.!?]{6,200}[a-z],?\s(?P<last>[a-z]+)\Z")


@record
class CutItem:
    """`words` are those that no sentence ends with, in small letters.

    An item is cut if its last sentence, behind another one or a colon, ends in one of them without a mark. The match is
    this word.
    """

    words: tuple[str, ...]

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        return tuple(f" {word}" for word in self.words)

    def find(self, document: Document) -> Iterator[Match]:
        for block in document.blocks_in(frozenset({"list"})):
            text = block.text.rstrip()
            if text.endswith(self._ends):
                at = max(0, len(text) - _TAIL)
                if cut := _LAST_SENTENCE.search(text[at:]):
                    yield Match(*block.span(at + cut.start("last"), len(text)))
