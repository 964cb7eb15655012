"""Find runs of lines in an article that look like page boilerplate."""

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
# Lines that may be the title, most likely first: minimum and maximum number of words, and shapes that no title has.
_TITLES = ((6, 20, _NO_TITLE - {"page"}), (4, 5, _NO_TITLE))
_LINKS = frozenset({"link", "links", "address"})
_ITEMS = frozenset({"item", "linked-item"})
_STRUCTURE_SHAPES = _ITEMS | _HEADING
_NOT_IN_LISTS = frozenset(EVIDENCE) - {"page", "title", "link", "links"}  # authors also list dates, files and URLs
_IN_BARS = frozenset({"date", "stamp", "count"})
_SHORT = frozenset({"open-0", "open-1", "open-2", "open-3"})  # lines of up to four words
_LISTED = frozenset({"item", "linked-item", "heading", "event"})
_ROW_SIZES = (3, 6, 12)  # minimum short lines in a row for the shapes row-1, row-2 and row-3
_MIN_ROW = 8  # minimum short lines in a row that are evidence
_NEARBY_LINES = 3  # lines on either side that count as near
_MAX_RUN_LINES = 80  # maximum number of lines between two paragraphs; more are a list or a table
# Words per paragraph, and number of paragraphs, used to detect the language.
_MIN_SAMPLE_WORDS, _MAX_SAMPLE_PARAGRAPHS = 12, 5
_MAX_SAMPLE = 1500  # maximum length of the sample for detecting the language, in code points


class MarkedLine(NamedTuple):
    """A line outside running text, its shapes, and its weight.

    A positive weight indicates page boilerplate.
    """

    line: StandaloneLine
    shapes: frozenset[str]
    weight: float

    @property
    def evidence(self) -> list[str]:
        return [name for name in EVIDENCE if name in self.shapes]

    @property
    def is_sure(self) -> bool:
        """Whether the line has a label found only on web pages and is neither a heading nor a list item."""
        return "sure" in self.shapes and _STRUCTURE_SHAPES.isdisjoint(self.shapes)

    @property
    def is_plain(self) -> bool:
        """Whether the line is not a list item and has evidence other than a link or URL."""
        return self.shapes.isdisjoint(_ITEMS) and any(name not in _LINKS for name in self.evidence)


class Run(NamedTuple):
    """Consecutive lines and their position in the article. `weight` is the sum of the weights of the lines."""

    lines: Sequence[MarkedLine]
    position: Position

    @property
    def weight(self) -> float:
        return sum(line.weight for line in self.lines)


@per_document
def furniture_runs(document: Document) -> Sequence[Run]:
    """Return the heaviest run of lines in each of `weighed_passages`.

    A passage is left out if its heaviest run has no positive weight or no evidence. The result is empty unless the
    article is in English.
    """
    runs = [run for passage in weighed_passages(document) if (run := _heaviest(passage)).lines]
    return runs if runs and is_english(document) else []


def is_english(document: Document) -> bool:
    """Whether the first long blocks of an article are in English."""
    long = (block.text for block in document.top_level_blocks if block.text.count(" ") >= _MIN_SAMPLE_WORDS)
    return guess_language(" ".join(islice(long, _MAX_SAMPLE_PARAGRAPHS))[:_MAX_SAMPLE]) == "en"


def weighed_passages(document: Document) -> list[Run]:
    """Return the passages before, after and between paragraphs of running text, with a weight for each line.

    The title and wrapped lines split passages; parts of only one line are left out. Passages that cannot be page
    boilerplate in English are left out, too (see `_chosen`).
    """
    story = standalone_lines(document)
    chosen = _chosen(story)
    if not chosen:
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
    """Return the position and line numbers of each passage that may be page boilerplate."""
    every = story.passages()
    last = len(every) - 1
    if not last:
        return []  # no running text
    return [
        ("head" if number == 0 else "tail" if number == last else "middle", numbers)
        for number, numbers in enumerate(every)
        if 1 < len(numbers) <= _MAX_RUN_LINES
        and story.has_block(numbers, _STRUCTURE)
        and (number in (0, last) or may_have_label(story.joined(numbers)))
    ]


def _title(document: Document, opening: Sequence[StandaloneLine], story: StandaloneLines) -> str:
    """Return the probable title in the form of `comparable_words`, or "" if there is none."""
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
    """Yield the parts of `lines` between wrapped lines and the first line with the title; a part may be empty."""
    part: list[StandaloneLine] = []
    for line in lines:
        is_title = _is_title(line, title)
        if is_title or story.is_wrapped(line):
            yield part
            part, title = [], "" if is_title else title
        else:
            part.append(line)
    yield part


def _is_title(line: StandaloneLine, title: str) -> bool:
    """Whether a line with words consists of `title`, which is in the form of `comparable_words`."""
    return title.startswith(line.block.text[line.words].casefold()) and comparable_words(line.text) == title


def _looks(
    lines: Sequence[StandaloneLine], story: StandaloneLines, title: str, position: Position
) -> Iterator[tuple[StandaloneLine, set[str]]]:
    """Yield each line with its shapes, adjusted for list items and repetitions of the title."""
    for line in lines:
        found = {*shapes(line, story)}
        if not found.isdisjoint(_ITEMS):
            # In a bar at the top of the page, a list item counts as an ordinary line.
            found -= _ITEMS if position == "head" and not found.isdisjoint(_IN_BARS) else _NOT_IN_LISTS
        if _is_title(line, title):
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
    """For each line, yield the shapes for its row of short lines, or () if the line does not count as short."""
    for is_short, lines in groupby(
        part, key=lambda line: not line[1].isdisjoint(_SHORT) and line[1].isdisjoint(_LISTED)
    ):
        many = sum(1 for _ in lines)
        names = (f"row-{sum(many >= size for size in _ROW_SIZES)}", *(("row",) if many >= _MIN_ROW else ()))
        yield from [names if is_short else ()] * many


def _nearby(marked: Sequence[bool], number: int) -> Iterator[str]:
    """Yield two shapes for how many lines next to the line `number`, and slightly farther away, have evidence."""
    near = sum(marked[max(0, number - 1) : number + 2]) - marked[number]
    far = sum(marked[max(0, number - _NEARBY_LINES) : number + _NEARBY_LINES + 1]) - marked[number] - near
    yield f"near-{near}"
    yield f"around-{min(far, _NEARBY_LINES)}"


def _heaviest(passage: Run) -> Run:
    """Return the run that has the highest total weight in a passage, trimmed by `_trimmed`; it may be empty."""
    best, best_sum, start, total = (0, 0), 0.0, 0, 0.0
    for number, line in enumerate(passage.lines):
        if total <= 0:
            start, total = number, 0.0
        total += line.weight
        if total > best_sum:
            best, best_sum = (start, number + 1), total
    return Run(_trimmed(passage.lines[slice(*best)], passage.position), passage.position)


def _trimmed(lines: Sequence[MarkedLine], position: Position) -> Sequence[MarkedLine]:
    """Trim lines that lack evidence from `lines`; return () if no line has evidence."""
    marked = [number for number, line in enumerate(lines) if line.evidence]
    if not marked:
        return ()
    start = 0 if position == "head" else marked[0]  # the start of the head and the end of the tail are kept
    return lines[start : None if position == "tail" else marked[-1] + 1]
