"""An article as lines of marked and unmarked pieces: whole, or what stands around its findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from linter import patterns
from linter.finding import CONTEXT, Finding, Fix
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


def whole_article(source: Source, findings: Sequence[Finding]) -> list[Passage] | None:
    """All of a source, or None where it is no longer what was checked."""
    same = all(_known_text(finding) == _current_text(source, finding) for finding in findings)
    return [Passage(0, 1, source.text)] if same else None


def known_passages(findings: Sequence[Finding]) -> list[Passage]:
    """What the findings of an article, which are in order, know of it themselves."""
    found: list[Passage] = []
    for finding in findings:
        start = finding.start - len(finding.before)
        new = Passage(start, finding.line, _known_text(finding), finding.column - 1 > len(finding.before))
        if found and new.start <= found[-1].end and _agree(found[-1], new):
            found[-1] = found[-1]._replace(text=found[-1].text + new.text[found[-1].end - new.start :])
        else:
            found.append(new)
    return found


def passage_rows(passages: Sequence[Passage], findings: Sequence[Finding]) -> list[Row]:
    """The lines of passages with the findings of their article, which are in order, marked in them."""
    marks = [(finding.start, finding.end, number) for number, finding in enumerate(findings)]
    rows: list[Row] = []
    active: list[Mark] = []
    at = 0
    for passage in passages:
        lines = [*_lines(passage)]
        for number, (start, end, text) in enumerate(lines):
            active = [mark for mark in active if mark[1] > start][:_DEEP]
            new, behind = at, end + (number == len(lines) - 1)
            while new < len(marks) and marks[new][0] < behind:
                new += 1
            new_marks, at = marks[at:new], new
            pieces = _pieces(text, start, active + new_marks)
            if passage.cut and not number:
                pieces.insert(0, _CUT)
            if len(passages) > 1 or passage.start:
                pieces += _tail(passage, end, findings, at)
            rows.append(Row(passage.line + number, pieces, [mark[2] for mark in new_marks]))
            active += new_marks
    return rows


def _known_text(finding: Finding) -> str:
    return finding.before + finding.text + finding.after


def _current_text(source: Source, finding: Finding) -> str:
    return source.text[finding.start - len(finding.before) : finding.end + len(finding.after)]


def _agree(one: Passage, other: Passage) -> bool:
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
    upcoming = next(waiting, None)
    for point, following in zip(points, [*points[1:], end], strict=True):
        active = {number: stop for number, stop in active.items() if stop > point}
        empty = []
        while upcoming and upcoming[0] <= point:
            if min(upcoming[1], end) > point:
                active[upcoming[2]] = upcoming[1]
            elif upcoming[0] == point:
                empty.append(upcoming[2])
            upcoming = next(waiting, None)
        if empty:
            pieces.append(["", empty[:_DEEP]])
        if following > point:
            pieces.append(_piece(text[point - start : following - start], [*islice(active, _DEEP)]))
    trailing = [mark[2] for mark in ([upcoming, *waiting] if upcoming else [])]
    return [*pieces, ["", trailing[:_DEEP]]] if trailing else pieces


def _piece(text: str, numbers: list[int]) -> Piece:
    if not numbers:
        return shown_text(shortened(text, _UNMARKED))
    return [shown_marked(shortened(text, _MARKED)), numbers]


# Text of an article as a page can show it: nothing invisible steers the reader's eye.

# C0 but for the tab, C1, line and paragraph separators, marks of writing direction, tag characters, lone surrogates.
_STEERING = patterns.lazy(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\U000e0000-\U000e007f\ud800-\udfff]"
)
_INVISIBLE = patterns.lazy("[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u3164\ufe00-\ufe0f\ufeff\uffa0]")
_SPACES = {"\t": "⇥", "\u00a0": "⍽", "\u202f": "⍽"}
_OPEN, _CLOSE = "⟨", "⟩"


def shown_text(text: str) -> str:
    """`text` with characters that would steer the text around them as their numbers: ⟨U+202E⟩."""
    return _STEERING.sub(_named, text)


def shown_marked(text: str) -> str:
    """Marked text, in which what nobody sees is shown too: it may be what the mark is about."""
    if text.isspace():
        return "".join(_SPACES.get(character, "␣") for character in text)
    return shown_text(_INVISIBLE.sub(_named, text))


def shortened(text: str, most: int) -> str:
    """`text`, or its two ends and how much lies between them where it has more than `most` code points."""
    if len(text) <= most:
        return text
    end = most // 2
    return f"{text[:end]} {_OPEN}… {len(text) - 2 * end:,} characters …{_CLOSE} {text[-end:]}"


def _named(character: re.Match[str]) -> str:
    return f"{_OPEN}U+{ord(character[0]):04X}{_CLOSE}"


# What a fix makes of the words around it, short enough to be read at a glance.

_WORD = 24  # code points of a word on either side that are shown with an edit inside or beside it
_MOST = 120  # code points of what stands there now, and of what will


class ShownFix(NamedTuple):
    """What stands there and what the fix writes in its place.

    `safe` says that it cannot change the meaning, `in_message` that the message of the finding says it already.
    """

    old: str
    new: str
    safe: bool
    in_message: bool


def shown_fix(finding: Finding) -> ShownFix | None:
    """What the fix of a finding changes, or None where there is none or it reaches far from the finding."""
    text, start = finding.before + finding.text + finding.after, finding.start - len(finding.before)
    if not finding.fix or not finding.fix.edits or not _is_within(finding.fix, start, start + len(text)):
        return None
    first, last = _around(finding.fix, text, start)
    new = _fixed_text(finding.fix, text, start, first, last)
    return ShownFix(_short(text[first:last]), _short(new), finding.fix.safe, _is_in_message(finding, finding.fix, new))


def _is_in_message(finding: Finding, fix: Fix, new: str) -> bool:
    """Whether the message quotes what is to be written, or all that is marked is deleted."""
    written = {new, fix.edits[0].text or new}
    if _is_within(fix, finding.start, finding.end):
        written.add(_fixed_text(fix, finding.text, finding.start, 0, len(finding.text)))
    return "" in written or any(f"“{text}”" in finding.message for text in written)


def _is_within(fix: Fix, start: int, end: int) -> bool:
    return all(start <= edit.start and edit.end <= end for edit in fix.edits)


def _around(fix: Fix, text: str, start: int) -> tuple[int, int]:
    """The span in `text`, which begins at the offset `start`, of all edits and of the words that they touch."""
    first = min(edit.start for edit in fix.edits) - start
    last = max(edit.end for edit in fix.edits) - start
    low, high = max(0, first - _WORD), min(len(text), last + _WORD)
    while first > low and not text[first - 1].isspace():
        first -= 1
    while last < high and not text[last].isspace():
        last += 1
    return first, last


def _fixed_text(fix: Fix, text: str, start: int, first: int, last: int) -> str:
    parts, at = [], first
    for edit in sorted(fix.edits):
        parts += [text[at : edit.start - start], edit.text]
        at = max(at, edit.end - start)
    return "".join([*parts, text[at:last]])


def _short(text: str) -> str:
    return shown_text(shortened(" ".join(text.splitlines()), _MOST))
