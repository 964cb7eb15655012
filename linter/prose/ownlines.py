"""The lines of a story that stand for themselves: not the middle of a wrapped sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from linter.document import OBJECT, Block, Document, Link, Span

_APART = frozenset({"quote", "table", "caption", "code"})  # what shows the words of others, or is no line
# Bullets, bars, arrows, icons and pictograms around the words of a line; © stays, and so do quotation marks.
_SIGNS = rf"\s\p{{So}}\p{{Sk}}\p{{Sm}}\p{{Cf}}\p{{Mn}}\p{{Pd}}|»«›‹•·*_#:…{OBJECT}"
_BEFORE = regex.compile(rf"[{_SIGNS}--[©®]]*+", regex.VERSION1)
_BEHIND = regex.compile(rf"[{_SIGNS}!.--[©®]]++\Z", regex.VERSION1)
_ENDED = re.compile(r"[.!?…:;。！？：][\"”’»)\]]*\s*\Z")
_HARD = re.compile(r"  |\\|<br", re.IGNORECASE)
_BEGINS = re.compile(r"[a-zß-öø-ÿ]")
_TAIL = 12  # code points at the end of a line that may be signs
_RUNNING = 12  # words of a paragraph with an end mark that is a part of the story, no matter what it says


class OwnLine(NamedTuple):
    """A line of a block, without the white space around it; `words` is where its first letter and its last one are.

    `number` counts the lines of the article; what lies between two that do not follow each other is no such line.
    """

    block: Block
    start: int
    end: int
    words: tuple[int, int]
    number: int

    @property
    def text(self) -> str:
        """Its words, with single spaces between them."""
        return " ".join(self.block.text[slice(*self.words)].split())


@dataclass(frozen=True, eq=False)
class OwnLines:
    """Those of one article, in order, and where the running text lies between them."""

    document: Document
    lines: Sequence[OwnLine]
    running: Sequence[int]  # the numbers of lines that begin a paragraph of running text

    def before(self, line: OwnLine) -> int:
        """How many paragraphs of running text stand before a line."""
        return bisect_left(self.running, line.number)

    def behind(self, line: OwnLine) -> int:
        """How many paragraphs of running text stand behind a line, it and its own block not counted."""
        return len(self.running) - bisect_left(self.running, line.number + 1)

    def linked(self, line: OwnLine) -> int:
        """How many code points of the words of a line stand in links."""
        low, high = line.words
        return sum(max(0, min(high, link.end) - max(low, link.start)) for link in self.links(line.block))

    def links(self, block: Block) -> Sequence[Link]:
        """The links in a block."""
        return self._links.get(id(block), ())

    def span(self, line: OwnLine) -> Span:
        """Where a line stands in the source, with the marks of the links that it begins and ends with."""
        start, end = line.block.span(line.start, line.end)
        for link in self.links(line.block):
            if link.start == line.start and link.end <= line.end:
                start = min(start, link.span.start)
            if link.end == line.end and link.start >= line.start:
                end = max(end, link.span.end)
        return Span(start, end)

    @cached_property
    def _links(self) -> dict[int, list[Link]]:
        links: dict[int, list[Link]] = {}
        for link in self.document.links:
            links.setdefault(id(link.block), []).append(link)
        return links


@lru_cache(1)  # several rules ask for the lines of the same article
def own_lines(document: Document) -> OwnLines:
    """The lines of a document that stand for themselves."""
    lines: list[OwnLine] = []
    running: list[int] = []
    number = 0
    for block in document.flow:
        number += 1
        if not block.scopes.isdisjoint(_APART):
            continue
        if _is_running(block):
            running.append(number)
        rows = list(_lines(block, document))
        for row, (start, end) in enumerate(rows):
            if start < end:
                words = _words(block.text, start, end)
                lines.append(OwnLine(block, start, end, words, number + row))
        number += len(rows) - 1
    return OwnLines(document, lines, running)


def _is_running(block: Block) -> bool:
    text = block.text
    return len(text) > 5 * _RUNNING and len(text.split()) >= _RUNNING and _ENDED.search(text[-20:]) is not None


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the words begin and end between the signs around them."""
    before = _BEFORE.match(text, start, end)
    low = before.end() if before else start
    behind = _BEHIND.search(text, max(low, end - _TAIL), end)
    return low, behind.start() if behind else end


def _lines(block: Block, document: Document) -> Iterator[tuple[int, int]]:
    """The lines of a block; where one is part of a wrapped sentence an empty range stands for it."""
    text = block.text
    if "\n" not in text:
        yield _stripped(text, 0, len(text))
        return
    rows, at = [], 0
    for row in text.split("\n"):
        rows.append(_stripped(text, at, at + len(row)))
        at += len(row) + 1
    longest = max(end - start for start, end in rows)
    apart = [True, *(_apart(block, document, above, below, longest) for above, below in pairwise(rows)), True]
    for i, (start, end) in enumerate(rows):
        yield (start, end) if apart[i] and apart[i + 1] else (start, start)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    row = text[start:end]
    return start + len(row) - len(row.lstrip()), max(start + len(row) - len(row.lstrip()), start + len(row.rstrip()))


def _apart(block: Block, document: Document, above: tuple[int, int], below: tuple[int, int], longest: int) -> bool:
    """Whether the line end between two lines of a block was meant: a hard break, or the next word had room, or both
    are sentences of their own."""
    text = block.text
    if above[0] == above[1] or below[0] == below[1]:
        return True
    between = document.source.text[block.span(above[1] - 1, above[1]).end : block.span(below[0], below[0] + 1).start]
    if document.kind == "html" or _HARD.search(between):
        return True
    if _BEGINS.match(text, below[0]):
        return False
    room = above[1] - above[0] + 1 + len(text[below[0] : below[1]].split()[0])
    return room < longest or _ENDED.search(text[max(above[0], above[1] - 6) : above[1]]) is not None
