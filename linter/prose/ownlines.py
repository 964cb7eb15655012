"""The lines of a story that stand for themselves: not the middle of a wrapped sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import regex

from linter import late
from linter.document import OBJECT, Block, Document, Link, Span, partners
from linter.matching import matches
from linter.planning import beginnings

_APART = frozenset({"quote", "table", "caption", "code"})  # what shows the words of others, or is no line
# Bullets, bars, arrows, icons and pictograms around the words of a line; © stays, and so do quotation marks.
_SIGNS = rf"\s\p{{So}}\p{{Sk}}\p{{Sm}}\p{{Cf}}\p{{Mn}}\p{{Pd}}|»«›‹•·*_#:…{OBJECT}"
_BEFORE = late.regex(rf"[{_SIGNS}--[©®]]*+", regex.VERSION1)
_BEHIND = late.regex(rf"[{_SIGNS}!.--[©®]]++\Z", regex.VERSION1)
_TAIL = 12  # code points at the end of a line that may be signs
_SHORT = 2 * _TAIL + 1  # of a line whose end may be its beginning
_ENDED = late.pattern(r"[.!?…:;。！？：][\"”’»)\]]*\s*\Z")
_HARD = late.pattern(r"  |\\|<br", re.IGNORECASE)
_SMALL = late.pattern(r"[a-zß-öø-ÿ]")
_PAGE = frozenset({"html", "body"})
_PLAYERS = frozenset({"video", "audio", "object", "iframe", "canvas", "noscript", "picture"})
_RUNNING = 12  # words of a paragraph with an end mark that is a part of the story, no matter what it says
_BESIDE = 20  # letters that may stand beside the links of a line of buttons: “Share this page:”
_LEADING = 3  # words of a line that leads to a list
_LONGEST = 400  # code points of a line that anybody asks for


class OwnLine(NamedTuple):
    """A line of a block, without the white space around it; `words` is where its words begin.

    `number` counts the lines of the article; what lies between two that do not follow each other is no such line.
    """

    block: Block
    start: int
    end: int
    words: int
    number: int

    @property
    def text(self) -> str:
        """Its words, with single spaces between them, without the signs around them."""
        return " ".join(self.block.text[self.words : self.words_end].split())

    @property
    def words_end(self) -> int:
        """Where its words end."""
        if self.block.text[self.end - 1].isalnum():
            return self.end
        behind = _BEHIND.search(self.block.text, max(self.words, self.end - _TAIL), self.end)
        return behind.start() if behind else self.end


@dataclass(frozen=True, eq=False)
class OwnLines:
    """Those of one article, in order, and where the running text lies between them."""

    document: Document
    lines: Sequence[OwnLine]
    running: Sequence[int]  # the numbers of lines that begin a paragraph of running text

    def beginning(self, some: frozenset[str]) -> Iterator[OwnLine]:
        """The lines that begin in one of `some` ways (planning.beginnings), in no order."""
        for form in self._beginnings & some:
            yield from self._by_beginning[form]

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(self._by_beginning)

    @cached_property
    def _by_beginning(self) -> Mapping[str, Sequence[OwnLine]]:
        found = defaultdict(list)
        for line in self.lines:
            text = line.text if line.end - line.words < _SHORT else line.block.text[line.words : line.end]
            for form in beginnings.forms(beginnings.of_text(text)):
                found[form].append(line)
        return found

    def before(self, line: OwnLine) -> int:
        """How many paragraphs of running text stand before a line."""
        return bisect_left(self.running, line.number)

    def behind(self, line: OwnLine) -> int:
        """How many paragraphs of running text stand behind a line, it and its own block not counted."""
        return len(self.running) - bisect_left(self.running, line.number + 1)

    def is_link(self, line: OwnLine) -> bool:
        """Whether nearly all of its words are links."""
        return line.words < line.words_end and self.linked(line) >= 0.9 * (line.words_end - line.words)

    def leading(self, address: regex.Pattern[str]) -> Iterator[OwnLine]:
        """The lines that hold a link to an address which the pattern fits, and hardly a letter outside of links."""
        for link in self.document.links:
            if any(matches(address, link.url)) and (line := self._with(link)) and self._beside(line) <= _BESIDE:
                yield line

    def _with(self, link: Link) -> OwnLine | None:
        """The line that holds a link."""
        own = self._of_block.get(id(link.block), ())
        return next((line for line in own if line.start <= link.start < line.end), None)

    def _beside(self, line: OwnLine) -> int:
        """How many letters of a line stand outside of links."""
        links = self._links.get(id(line.block), ())
        text = line.block.text
        return sum(
            text[at].isalnum() and not any(link.start <= at < link.end for link in links)
            for at in range(line.start, line.end)
        )

    @cached_property
    def _of_block(self) -> dict[int, list[OwnLine]]:
        lines: dict[int, list[OwnLine]] = {}
        for line in self.lines:
            lines.setdefault(id(line.block), []).append(line)
        return lines

    def linked(self, line: OwnLine) -> int:
        """How many code points of the words of a line stand in links."""
        low, high = line.words, line.words_end
        return sum(max(0, min(high, link.end) - max(low, link.start)) for link in self._links.get(id(line.block), ()))

    def is_led_to(self, number: int) -> bool:
        """Whether the line before leads to the line of this number, as a sentence with a colon does to a list."""
        at = bisect_left(self.lines, number, key=lambda line: line.number)
        if not at or number - self.lines[at - 1].number > 1:
            return False
        above = self.lines[at - 1]
        said = above.block.text[above.start : above.end]
        return said.endswith((":", "：")) and len(said.split()) >= _LEADING

    def span(self, line: OwnLine) -> Span:
        """Where a line stands in the source, with the marks of the links that it begins and ends with."""
        start, end = line.block.span(line.start, line.end)
        for link in self._links.get(id(line.block), ()):
            if link.start == line.start and link.end <= line.end:
                start = min(start, link.span.start)
            if link.end == line.end and link.start >= line.start:
                end = max(end, link.span.end)
        return Span(start, end)

    def is_own(self, line: OwnLine) -> bool:
        """Whether the line ends around it were meant: hard breaks, or the next word had room, or sentences end."""
        text = line.block.text
        if "\n" not in text:
            return True
        longest = max(map(len, text.split("\n")))
        above = text.rfind("\n", 0, line.start)
        below = text.find("\n", line.end)
        return (above < 0 or self._was_meant(line.block, above, longest)) and (
            below < 0 or self._was_meant(line.block, below, longest)
        )

    def _was_meant(self, block: Block, at: int, longest: int) -> bool:
        text, source = block.text, self.document.source.text
        above = text[text.rfind("\n", 0, at) + 1 : at].strip()
        below = text[at + 1 : (text.find("\n", at + 1) + 1 or len(text) + 1) - 1].strip()
        if not above or not below or self.document.kind == "html":
            return True
        start = at + 1 + len(text[at + 1 :]) - len(text[at + 1 :].lstrip())
        if _HARD.search(source[block.span(at - 1, at).end : block.span(start, start + 1).start]):
            return True
        if _SMALL.match(below):
            return False
        return len(above) + 1 + len(below.split()[0]) < longest or _ENDED.search(above) is not None

    @cached_property
    def _links(self) -> dict[int, list[Link]]:
        links: dict[int, list[Link]] = {}
        for link in self.document.links:
            links.setdefault(id(link.block), []).append(link)
        return links


@lru_cache(1)  # several rules ask for the lines of the same article
def own_lines(document: Document) -> OwnLines:
    """The lines of a document; those that are long are left out, and whether one `is_own` must be asked."""
    lines: list[OwnLine] = []
    running: list[int] = []
    number = 0
    unseen = _unseen(document)
    for block in () if _is_page(document) else document.flow:
        number += 1
        if not block.scopes.isdisjoint(_APART) or any(low <= block.outer.start < high for low, high in unseen):
            continue
        text = block.text
        if text.count(" ") >= _RUNNING and _ENDED.search(text[-20:]):
            running.append(number)
        if "\n" not in text:
            _add(lines, block, 0, len(text), number)
            continue
        at = 0
        for row in text.split("\n"):
            _add(lines, block, at, at + len(row), number)
            at += len(row) + 1
            number += 1
        number -= 1
    return OwnLines(document, lines, running)


def _is_page(document: Document) -> bool:
    """Whether it is a whole page, or a template of a part of one: these have their furniture where it belongs."""
    if document.kind != "html":
        return False
    text = document.source.text
    return "{{" in text or "{%" in text or any(tag.name in _PAGE for tag in document.tags)


def _unseen(document: Document) -> list[Span]:
    """What stands in players and frames, for browsers that cannot show them."""
    tags = document.tags
    if not any(tag.name in _PLAYERS for tag in tags):
        return []
    pairs = partners(tags).items()
    return [Span(tags[i].span.end, tags[j].span.start) for i, j in pairs if i < j and tags[i].name in _PLAYERS]


def _add(lines: list[OwnLine], block: Block, start: int, end: int, number: int) -> None:
    """Add the line at `[start, end)` of a block, if it has words and is not too long."""
    text = block.text
    if start == end or end - start > _LONGEST:
        return
    if text[start].isspace() or text[end - 1].isspace():
        row = text[start:end]
        end -= len(row) - len(row.rstrip())
        start += len(row) - len(row.lstrip())
        if start >= end:
            return
    words = start
    if not text[start].isalnum() and (signs := _BEFORE.match(text, start, end)):
        words = signs.end()
    lines.append(OwnLine(block, start, end, words, number))
