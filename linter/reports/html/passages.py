"""An article as lines of marked and unmarked pieces: whole, or what stands around its findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from linter.finding import CONTEXT, Finding
from linter.reports.html.inert import shortened, shown, shown_marked
from linter.source import LINE_END, Source

_DEEP = 8  # findings at most that one piece is marked for; more of them no reader can tell apart
_MARKED, _UNMARKED = 1_200, 2_400  # code points of a piece that are shown; a page may be one line of a megabyte
_CUT = "…"

Piece = str | list[Any]
Mark = tuple[int, int, int]  # start and end in the source, and the number of the finding


class Passage(NamedTuple):
    """Consecutive text of an article: where it starts, by offset and by line, and whether its line was cut there."""

    start: int
    line: int
    text: str
    cut: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Row(NamedTuple):
    """A line: its number, its pieces, and the findings that begin on it, by their number.

    A piece is a text, or a marked one with the numbers of the findings it belongs to.
    """

    line: int
    pieces: list[Piece]
    begins: list[int]


def whole(source: Source, findings: Sequence[Finding]) -> list[Passage] | None:
    """All of a source, or None where it is no longer what was checked."""
    same = all(_surroundings(finding) == _now(source, finding) for finding in findings)
    return [Passage(0, 1, source.text)] if same else None


def around(findings: Sequence[Finding]) -> list[Passage]:
    """What the findings of an article, which are in order, know of it themselves."""
    found: list[Passage] = []
    for finding in findings:
        start = finding.start - len(finding.before)
        new = Passage(start, finding.line, _surroundings(finding), finding.column - 1 > len(finding.before))
        if found and new.start <= found[-1].end and _meet(found[-1], new):
            found[-1] = found[-1]._replace(text=found[-1].text + new.text[found[-1].end - new.start :])
        else:
            found.append(new)
    return found


def rows(passages: Sequence[Passage], findings: Sequence[Finding]) -> list[Row]:
    """The lines of passages with the findings of their article, which are in order, marked in them."""
    marks = [(finding.start, finding.end, number) for number, finding in enumerate(findings)]
    made: list[Row] = []
    active: list[Mark] = []
    at = 0
    for passage in passages:
        lines = [*_lines(passage)]
        for number, (start, end, text) in enumerate(lines):
            active = [mark for mark in active if mark[1] > start][:_DEEP]
            new, behind = at, end + (number == len(lines) - 1)
            while new < len(marks) and marks[new][0] < behind:
                new += 1
            fresh, at = marks[at:new], new
            pieces = _pieces(text, start, active + fresh)
            if passage.cut and not number:
                pieces.insert(0, _CUT)
            if len(passages) > 1 or passage.start:
                pieces += _tail(passage, end, findings, at)
            made.append(Row(passage.line + number, pieces, [mark[2] for mark in fresh]))
            active += fresh
    return made


def _surroundings(finding: Finding) -> str:
    return finding.before + finding.text + finding.after


def _now(source: Source, finding: Finding) -> str:
    return source.text[finding.start - len(finding.before) : finding.end + len(finding.after)]


def _meet(one: Passage, other: Passage) -> bool:
    """Whether they say the same where both say something, as they do but for a folder of articles of one name."""
    both = min(one.end, other.end) - other.start
    at = other.start - one.start
    return one.text[at : at + both] == other.text[:both]


def _lines(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """(offset, offset behind its line end, text without it) of each line."""
    at = 0
    for end in LINE_END.finditer(passage.text):
        yield passage.start + at, passage.start + end.end(), passage.text[at : end.start()]
        at = end.end()
    yield passage.start + at, passage.end, passage.text[at:]


def _tail(passage: Passage, end: int, findings: Sequence[Finding], at: int) -> list[Piece]:
    """A sign that the line goes on where an excerpt ends, as far as that can be told."""
    full = end >= passage.end and at and len(findings[at - 1].after) == CONTEXT
    return [_CUT] if full else []


def _pieces(text: str, start: int, marks: Sequence[Mark]) -> list[Piece]:
    """A line that begins at the offset `start`, cut where marks begin and end."""
    end = start + len(text)
    cuts = {start, end}
    for mark in marks:
        cuts |= {min(max(place, start), end) for place in mark[:2]}
    points = sorted(cuts)
    pieces: list[Piece] = []
    active: dict[int, int] = {}  # number of a finding → where it ends
    waiting = iter(sorted(marks))
    coming = next(waiting, None)
    for point, following in zip(points, [*points[1:], end], strict=True):
        active = {number: stop for number, stop in active.items() if stop > point}
        empty = []
        while coming and coming[0] <= point:
            if min(coming[1], end) > point:
                active[coming[2]] = coming[1]
            elif coming[0] == point:
                empty.append(coming[2])
            coming = next(waiting, None)
        if empty:
            pieces.append(["", empty[:_DEEP]])
        if following > point:
            pieces.append(_piece(text[point - start : following - start], [*islice(active, _DEEP)]))
    late = [mark[2] for mark in ([coming, *waiting] if coming else [])]
    return [*pieces, ["", late[:_DEEP]]] if late else pieces


def _piece(text: str, numbers: list[int]) -> Piece:
    if not numbers:
        return shown(shortened(text, _UNMARKED))
    return [shown_marked(shortened(text, _MARKED)), numbers]
