"""Words without a space between them where emphasis or a link begins or ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import Junction, is_known, junction, known, place, space
from linter.document import Block, Document
from linter.record import record
from linter.rule import Match

# What begins or ends emphasis and links; other tags may be boxes that stand apart on the page.
_LINK = r"\[|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|\]\[[^\[\]]*\]"
_MARKUP = patterns.lazy(rf"(?:\*++|_++|~~|{_LINK}|</?(?:a|b|i|u|em|strong)(?: [^<>]*)?>)+")


@record
class AroundMarkup:
    """One of both words is among `words`, frequent ones that are no part of others; the other one is known or a name,
    and both together make no word. The message may use {left} and {right}.
    """

    words: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})
    vocabulary: ClassVar[bool] = True

    def find(self, document: Document) -> Iterator[Match]:
        for block, at in _seams(document.prose):
            found = junction(block.text, at, at)
            if found.is_prose and self._is_mistake(found, block.text) and _is_markup(document, block, at):
                yield _match(found, block, document)

    def _is_mistake(self, found: Junction, text: str) -> bool:
        pair = found.left, found.right
        if {word.lower() for word in pair}.isdisjoint(self.words) or all(len(word) == 1 for word in pair):
            return False
        if len(found.right) == 1 and (found.right == "A" or text[found.end : found.end + 1] != " "):  # a note, a list
            return False
        together = known("".join(pair))
        if together.docs or together.dictionary:
            return False
        return all(word.lower() in self.words or word[0].isupper() or is_known(word) for word in pair)


def _seams(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Yield the places of two adjacent letters that are not adjacent in the source."""
    for block in blocks:
        text, places = block.text, block.places
        if len(places) > 3:  # else it is all one piece
            for at, end, start in zip(places[3::3], places[2::3], places[4::3], strict=False):
                if end < start and text[at - 1].isalpha() and text[at : at + 1].isalpha():
                    yield block, at


def _is_markup(document: Document, block: Block, at: int) -> bool:
    between = document.source.text[block.span(at - 1, at).end : block.span(at, at + 1).start]
    return _MARKUP.fullmatch(between) is not None


def _match(found: Junction, block: Block, document: Document) -> Match:
    span = place(block, (found.start, found.end), (found.at, found.end))
    return Match(*span, {"left": found.left, "right": found.right}, space(block, document, found.at))
