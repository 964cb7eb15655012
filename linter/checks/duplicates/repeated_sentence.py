"""Sentences that appear twice in an article."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.rule import Match
from linter.text.similarity import EXCLUDED_SCOPES
from linter.text.view import comparable_text

_ENDED = patterns.lazy(r"[.!…。！](?=[\"”’)\]]*+(?:[ \n]|\Z))")  # one that is no question, in a text with plain spaces
_END = patterns.lazy(r"[.!?…。！？](?=[\"”’)\]]*+(?:\s|\Z))")
_BETWEEN = patterns.lazy(r"[\s.!?…。！？,;)\]”’]*+")  # what may separate a sentence from the next
_QUESTION = frozenset("?？")
_OPENING, _STANDFIRST = 2, 5  # blocks before and behind a standfirst that the story says again
_NAMES = 3  # words for each comma, at most, in a list of names
_LETTER = patterns.lazy(r"\w")
_SPEECH = patterns.lazy(f'[{OBJECT}"“”„«»]')


class _Place(NamedTuple):
    """A sentence in a block: the index of the block, the number of headings before it, the range of the sentence."""

    block: Block
    number: int
    section: int
    start: int
    end: int

    @property
    def is_last(self) -> bool:
        return not _LETTER.search(self.block.text, self.end)

    def line(self, document: Document) -> int:
        return document.source.position(self.block.span(self.start, self.end).start)[0]


@dataclass(frozen=True)
class RepeatedSentence:
    """`words` is how many a sentence has, at least; `near` is how many paragraphs lie between the two, at most.

    At the start of a story, where a standfirst is, there may be some more. The second of two that are the same is a
    match; of several in one paragraph the first. A sentence that appears three times is a refrain; one under two
    headings, or at the end of two paragraphs, belongs to each. Whole repeated paragraphs are passed over, and so are
    lists, quotations, tables, code, and speech. The message may use {line}, the line of the first one.
    """

    words: int
    near: int

    values: ClassVar[frozenset[str]] = frozenset({"line"})

    def find(self, document: Document) -> Iterator[Match]:
        places: dict[str, list[_Place]] = defaultdict(list)
        for place in _sentences(document, _repeating(document, self.words)):
            words = place.block.text[place.start : place.end].casefold().split()
            if len(words) >= self.words and sum(word[-1] == "," for word in words) * _NAMES < len(words):
                places[" ".join(words)].append(place)
        done = set()
        for first, second in (found for found in places.values() if len(found) == 2):
            if second.number not in done and self._is_mistake(first, second):
                done.add(second.number)
                span = second.block.span(second.start, second.end)
                yield Match(*span, {"line": str(first.line(document))})

    def _is_mistake(self, first: _Place, second: _Place) -> bool:
        """Whether the repetition is a mistake: close by, in one section, and not the last words of each item."""
        near = _STANDFIRST if first.number <= _OPENING else self.near
        if second.number - first.number > near or first.section != second.section:
            return False
        if first.number == second.number:
            return True
        return not (first.is_last and second.is_last) and first.block.text.split() != second.block.text.split()


def _repeating(document: Document, least: int) -> frozenset[Block]:
    """Return the paragraphs in which a sentence ends as another one does: few, in most articles.

    Equal sentences of at least `least` words have at least `2 * least - 1` equal code points at their ends.
    """
    blocks = tuple(document.blocks_in(frozenset({"paragraph"}), EXCLUDED_SCOPES))
    texts = [comparable_text(document)[block] for block in blocks]
    text = "\n".join(texts)
    length = 2 * least - 1
    ends = [end.end() for end in _ENDED.finditer(text, max(0, length - 1))]
    tails = [text[end - length : end] for end in ends]
    if len({*tails}) == len(tails):
        return frozenset()
    often = Counter(tails)
    behind = [*accumulate(len(text) + 1 for text in texts)]
    repeated_ends = (end for end, tail in zip(ends, tails, strict=True) if often[tail] > 1)
    return frozenset(blocks[bisect_left(behind, end)] for end in repeated_ends)


def _sentences(document: Document, blocks: Set[Block]) -> Iterator[_Place]:
    """The sentences of some paragraphs, without those that hold speech, code or images."""
    section = 0
    for number, block in enumerate(document.prose if blocks else ()):
        section += "heading" in block.scopes
        if block in blocks:
            for start, end in _spans(block.text):
                if not _SPEECH.search(block.text, start, end):
                    yield _Place(block, number, section, start, end)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the sentences of a text, questions excluded, with their end marks."""
    start = behind = 0
    for end in _END.finditer(text):
        if behind >= start:  # else the mark before this one stands in the same run, whose end is known
            start = _BETWEEN.match(text, behind).end()  # type: ignore[union-attr]
        behind = end.end()
        if start < end.start() and end[0] not in _QUESTION:
            yield start, behind
