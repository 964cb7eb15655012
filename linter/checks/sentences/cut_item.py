"""List items that are cut off in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.document import Document
from linter.rule import Match

_SENTENCE = patterns.lazy(r"[.!?:][”\"’)]?\s+[A-Z][^.!?]{8,200}[a-z],? [a-z]+\Z")  # after another sentence or a label
_LIST = frozenset({"list"})


@dataclass(frozen=True)
class CutItem:
    """A list item whose last sentence ends in one of `words`, without an end mark. The match is the last word.

    `words` are in lowercase, such as “the”. The sentence must follow another sentence or a label, and must start with
    a capital.
    """

    words: tuple[str, ...]

    def find_in(self, document: Document) -> Iterator[Match]:
        for block in document.blocks_in(_LIST):
            text = block.text.rstrip()
            start = text.rfind(" ") + 1
            if text[start:] in self.words and _SENTENCE.search(text):
                yield Match(*block.span(start, len(text)))
