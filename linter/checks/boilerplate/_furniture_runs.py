"""Find the runs of lines in an article that look like parts of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Literal, NamedTuple

from linter.checks.boilerplate._line_shapes import EVIDENCE, may_have_label, shapes, weights
from linter.checks.boilerplate._standalone_lines import StandaloneLine, StandaloneLines, standalone_lines
from linter.document import Document
from linter.text.language import guess_language
from linter.text.view import comparable_words
from linter.views import per_document

Position = Literal["head", "middle", "tail"]
_TITLE = frozenset({"title"})
_HEADING, _STRUCTURE = frozenset({"heading"}), frozenset({"heading", "list"})
_NO_TITLE = frozenset(EVIDENCE) | {f"ended-{size}" for size in range(7)}
# What may be a title in plain text, best first: its words, at least and at most, and what it does not look like.
_TITLES = ((6, 20, _NO_TITLE - {"page"}), (4, 5, _NO_TITLE))
_LINKS = frozenset({"link", "links", "address"})
_ITEMS = frozenset({"item", "linked-item"})
_STRUCTURE_SHAPES = _ITEMS | _HEADING
_NOT_IN_LISTS = frozenset(EVIDENCE) - {"page", "title", "link", "links"}  # writers list dates, files, addresses, too
_IN_BARS = frozenset({"date", "stamp", "count"})
_SHORT = frozenset({"open-0", "open-1", "open-2", "open-3"})  # lines of up to four words
_LISTED = frozenset({"item", "linked-item", "heading", "event"})
_ROW_SIZES = (3, 6, 12)  # short lines in a row; rows between two of these numbers have the same weight
_ROW = 8  # short lines in a row that are evidence
_FAR = 3  # lines on either side that are near
_LONGEST = 80  # lines between two paragraphs; more are a list or a table
_ENOUGH, _PARAGRAPHS = 12, 5  # words and number of the paragraphs by which its language is guessed
_SAMPLE = 1500  # code points of them


class MarkedLine(NamedTuple):
    """A line that is no running text, what it looks like, and its weight: positive for page furniture."""

    line: StandaloneLine
    shapes: frozenset[str]
    weight: float

    @property
    def evidence(self) -> list[str]:
        return [name for name in EVIDENCE if name in self.shapes]

    @property
    def is_sure(self) -> bool:
        """Whether it is a label that only pages have, neither a heading nor an item of a list."""
        return "sure" in self.shapes and _STRUCTURE_SHAPES.isdisjoint(self.shapes)

    @property
    def is_plain(self) -> bool:
        """Whether it has evidence besides being a link or an address, and is no item of a list."""
        return self.shapes.isdisjoint(_ITEMS) and any(name not in _LINKS for name in self.evidence)


class Run(NamedTuple):
    """Lines that follow each other, where they are in the article, and the sum of their weights."""

    lines: Sequence[MarkedLine]
    position: Position

    @property
    def weight(self) -> float:
        return sum(line.weight for line in self.lines)


@per_document
def furniture_runs(document: Document) -> Sequence[Run]:
    """Return the heaviest run of lines in each passage between two pieces of running text, if that is English."""
    return [run for passage in weighed_passages(document) if (run := _heaviest(passage)).lines]


def weighed_passages(document: Document) -> list[Run]:
    """Return the lines between two pieces of running text, with their weights; the title divides them."""
    story = standalone_lines(document)
    chosen = _chosen(story)
    if not chosen or guess_language(_sample(document)) != "en":
        return []
    passages = [(position, story.lines(numbers)) for position, numbers in chosen]
    title = _title(document, [line for position, lines in passages if position == "head" for line in lines], story)
    parts = ((position, part) for position, lines in passages for part in _divided(lines, title, story))
    return [
        Run([*_weighed([*_looks(part, story, title, position)], position)], position)
        for position, part in parts
        if len(part) > 1
    ]


def _chosen(story: StandaloneLines) -> list[tuple[Position, list[int]]]:
    """Return the numbers of the lines in each passage, without single lines, lists and headings.

    In the middle of the article only those with a word of pages are returned.
    """
    every = story.passages()
    last = len(every) - 1
    if not last:
        return []  # no running text
    return [
        (_position(number, last), numbers)
        for number, numbers in enumerate(every)
        if 1 < len(numbers) <= _LONGEST
        and story.has_block(numbers, _STRUCTURE)
        and (number in (0, last) or may_have_label(story.joined(numbers)))
    ]


def _position(number: int, last: int) -> Position:
    return "head" if not number else "tail" if number == last else "middle"


def _sample(document: Document) -> str:
    """Return the beginning of the running text."""
    long = (block.text for block in document.top_level_blocks if block.text.count(" ") >= _ENOUGH)
    return " ".join(islice(long, _PARAGRAPHS))[:_SAMPLE]


def _title(document: Document, opening: Sequence[StandaloneLine], story: StandaloneLines) -> str:
    """Return the title: that of the metadata, the first heading, or in plain text the first line that may be one."""
    for block in document.blocks_in(_TITLE):
        return comparable_words(block.text)
    if document.headings:
        return comparable_words(document.headings[0].block.text)
    lengths = [line.text.count(" ") + 1 for line in opening]
    for low, high, unlike in _TITLES:
        for line, length in zip(opening, lengths, strict=True):
            if low <= length <= high and unlike.isdisjoint(shapes(line, story)):
                return comparable_words(line.text)
    return ""


def _divided(lines: Sequence[StandaloneLine], title: str, story: StandaloneLines) -> Iterator[list[StandaloneLine]]:
    """Divide lines at the first one that is the title, and at the middle of sentences."""
    part: list[StandaloneLine] = []
    for line in lines:
        is_title = bool(title) and comparable_words(line.text) == title
        if is_title or story.is_wrapped(line):
            yield part
            part, title = [], "" if is_title else title
        else:
            part.append(line)
    yield part


def _looks(
    lines: Sequence[StandaloneLine], story: StandaloneLines, title: str, position: Position
) -> Iterator[tuple[StandaloneLine, set[str]]]:
    """Yield the lines with their shapes. Above the article an item that is a date is one of a bar, not of a list."""
    for line in lines:
        found = {*shapes(line, story)}
        if not found.isdisjoint(_ITEMS):
            found -= _ITEMS if position == "head" and not found.isdisjoint(_IN_BARS) else _NOT_IN_LISTS
        if title and comparable_words(line.text) == title:
            found.add("title")
        yield line, found


def _weighed(part: Sequence[tuple[StandaloneLine, set[str]]], position: Position) -> Iterator[MarkedLine]:
    table = weights()
    known = [{*found, *row} for (_, found), row in zip(part, _rows(part), strict=True)]
    marked = [not found.isdisjoint(EVIDENCE) for found in known]
    for number, (line, _) in enumerate(part):
        found = frozenset(known[number] | {position, *_nearby(marked, number)})
        yield MarkedLine(line, found, sum(table.get(name, 0.0) for name in found) + table["bias"])


def _rows(part: Sequence[tuple[StandaloneLine, set[str]]]) -> Iterator[Sequence[str]]:
    """Yield for each line how many lines in a row are as short as it, if it is one."""
    for is_short, lines in groupby(
        part, key=lambda line: not line[1].isdisjoint(_SHORT) and line[1].isdisjoint(_LISTED)
    ):
        many = sum(1 for _ in lines)
        names = (f"row-{sum(many >= size for size in _ROW_SIZES)}", *(("row",) if many >= _ROW else ()))
        yield from [names if is_short else ()] * many


def _nearby(marked: Sequence[bool], number: int) -> Iterator[str]:
    """Yield how many lines near one have evidence, right beside it and further away."""
    near = sum(marked[max(0, number - 1) : number + 2]) - marked[number]
    far = sum(marked[max(0, number - _FAR) : number + _FAR + 1]) - marked[number] - near
    yield f"near-{near}"
    yield f"around-{min(far, _FAR)}"


def _heaviest(passage: Run) -> Run:
    """Return the lines in a row whose weights have the highest sum."""
    best, best_sum, start, total = (0, 0), 0.0, 0, 0.0
    for number, line in enumerate(passage.lines):
        if total <= 0:
            start, total = number, 0.0
        total += line.weight
        if total > best_sum:
            best, best_sum = (start, number + 1), total
    return Run(_trimmed(passage.lines[slice(*best)], passage.position), passage.position)


def _trimmed(lines: Sequence[MarkedLine], position: Position) -> Sequence[MarkedLine]:
    """Leave out lines without evidence next to running text."""
    marked = [number for number, line in enumerate(lines) if line.evidence]
    if not marked:
        return ()
    start = 0 if position == "head" else marked[0]
    return lines[start : None if position == "tail" else marked[-1] + 1]
