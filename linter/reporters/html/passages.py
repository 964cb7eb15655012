"""Prepare passages of articles for HTML pages: lines with marked and unmarked pieces, and previews of fixes.

Visible codes replace control characters and marks of writing direction. In marked text, codes also replace other
invisible characters, which may be the defect.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from linter import patterns
from linter.finding import CONTEXT, Finding, Fix
from linter.source import LINE_END, Source

MAX_OVERLAPS = 8  # findings marked in one piece; readers could not distinguish more findings
_MAX_MARKED, _MAX_UNMARKED = 1_200, 2_400  # code points shown of one piece; a page may be a single line of a megabyte
_CUT = "…"
Piece = str | list[Any]
Mark = tuple[int, int, int]  # start and end in the source, and index of the finding

# C0 without the tab, C1, line and paragraph separators, marks of writing direction, tag characters, lone surrogates.
_STEERING = patterns.lazy(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\U000e0000-\U000e007f\ud800-\udfff]"
)
_INVISIBLE = patterns.lazy("[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u3164\ufe00-\ufe0f\ufeff\uffa0]")
_SPACES = {"\t": "⇥", "\u00a0": "⍽", "\u202f": "⍽"}
_OPEN, _CLOSE = "⟨", "⟩"

_MAX_WORD = 24  # code points of a word shown on either side of an edit
_MAX_FIX_TEXT = 120  # code points of the text before a fix, and of the text after it


class Passage(NamedTuple):
    """Consecutive text of an article.

    `start` is its 0-based offset in the source, and `line` is the 1-based number of its first line. `cut` is true if
    the beginning of that line is missing.
    """

    start: int
    line: int
    text: str
    cut: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Row(NamedTuple):
    """A line: its number, its pieces, and the indexes of the findings that begin on it.

    A piece is either unmarked text, or a list of two items: marked text, and the indexes of the findings that contain
    this text.
    """

    line: int
    pieces: list[Piece]
    begins: list[int]


def whole_article(source: Source, findings: Sequence[Finding]) -> list[Passage] | None:
    """Return the whole source as one passage, or None if the text at or around a finding has changed."""
    same = all(_known_text(finding) == _current_text(source, finding) for finding in findings)
    return [Passage(0, 1, source.text)] if same else None


def known_passages(findings: Sequence[Finding]) -> list[Passage]:
    """Return passages of an article, composed of the text stored in its findings. `findings` must be in order.

    Findings share a passage if their stored texts overlap or touch, and are the same where they overlap.
    """
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
    """Return the lines of `passages` as rows in which the findings are marked.

    `findings` are all findings of the article, in order.
    """
    marks = [(finding.start, finding.end, number) for number, finding in enumerate(findings)]
    rows: list[Row] = []
    active: list[Mark] = []
    at = 0
    for passage in passages:
        lines = [*_lines(passage)]
        for number, (start, end, text) in enumerate(lines):
            active = [mark for mark in active if mark[1] > start][:MAX_OVERLAPS]
            new, behind = at, end + (number == len(lines) - 1)
            while new < len(marks) and marks[new][0] < behind:
                new += 1
            new_marks, at = marks[at:new], new
            pieces = _pieces(text, start, active + new_marks)
            if passage.cut and not number:
                pieces.insert(0, _CUT)
            is_excerpt = len(passages) > 1 or passage.start
            if is_excerpt and end >= passage.end and at and len(findings[at - 1].after) == CONTEXT:
                pieces.append(_CUT)  # the line may continue
            rows.append(Row(passage.line + number, pieces, [mark[2] for mark in new_marks]))
            active += new_marks
    return rows


def _known_text(finding: Finding) -> str:
    return finding.before + finding.text + finding.after


def _current_text(source: Source, finding: Finding) -> str:
    return source.text[finding.start - len(finding.before) : finding.end + len(finding.after)]


def _agree(one: Passage, other: Passage) -> bool:
    # the texts may differ if several articles have the same path and record
    both = min(one.end, other.end) - other.start
    at = other.start - one.start
    return one.text[at : at + both] == other.text[:both]


def _lines(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Yield, for each line, its offset, the offset after its line end, and its text without the line end."""
    at = 0
    for end in LINE_END.finditer(passage.text):
        yield passage.start + at, passage.start + end.end(), passage.text[at : end.start()]
        at = end.end()
    yield passage.start + at, passage.end, passage.text[at:]


def _pieces(text: str, start: int, marks: Sequence[Mark]) -> list[Piece]:
    """Split a line, which begins at the offset `start`, into pieces at the starts and ends of `marks`."""
    return [
        shown_piece(text[first - start : last - start], numbers)
        for first, last, numbers in stretches(text, start, marks)
    ]


def stretches(text: str, start: int, marks: Sequence[Mark]) -> list[tuple[int, int, list[int]]]:
    """Split a line, which begins at the offset `start`, at the starts and ends of `marks`.

    Return the start and end of each stretch in the source, and the indexes of the findings that contain it. The
    stretches of empty marks are empty.
    """
    end = start + len(text)
    begins: dict[int, list[Mark]] = defaultdict(list)
    for mark in sorted(marks):
        begins[max(mark[0], start)].append(mark)
    points = sorted({start, end, *(min(max(place, start), end) for mark in marks for place in mark[:2])})
    found: list[tuple[int, int, list[int]]] = []
    active: dict[int, int] = {}  # number of a finding → its end
    for point, following in zip(points, [*points[1:], end], strict=True):
        active = {number: stop for number, stop in active.items() if stop > point}
        empty = []
        for begin, stop, number in begins[point]:
            if min(stop, end) > point:
                active[number] = stop
            elif begin == point:
                empty.append(number)
        if empty:
            found.append((point, point, empty[:MAX_OVERLAPS]))
        if following > point:
            found.append((point, following, [*islice(active, MAX_OVERLAPS)]))
    trailing = [number for begin, _, number in sorted(marks) if begin > end]
    return [*found, (end, end, trailing[:MAX_OVERLAPS])] if trailing else found


def shown_piece(text: str, numbers: list[int]) -> Piece:
    """Return a piece: `text`, shortened if it is long, and the indexes in `numbers` of the findings that contain it."""
    if not numbers:
        return shown_text(shortened(text, _MAX_UNMARKED))
    return [shown_marked(shortened(text, _MAX_MARKED)), numbers]


def shown_text(text: str) -> str:
    """Return `text` with control characters and marks of writing direction replaced by codes such as ⟨U+202E⟩."""
    return _STEERING.sub(_named, text)


def shown_marked(text: str) -> str:
    """Return the text of a finding as `shown_text` does, but with codes for other invisible characters, too.

    If the text consists only of white space, a symbol such as “␣” replaces each character.
    """
    if text.isspace():
        return "".join(_SPACES.get(character, "␣") for character in text)
    return shown_text(_INVISIBLE.sub(_named, text))


def shortened(text: str, max_length: int) -> str:
    """Return `text` or, if it has more than `max_length` code points, its two ends and how many are left out."""
    if len(text) <= max_length:
        return text
    end = max_length // 2
    return f"{text[:end]} {_OPEN}… {len(text) - 2 * end:,} characters …{_CLOSE} {text[-end:]}"


def _named(character: re.Match[str]) -> str:
    return f"{_OPEN}U+{ord(character[0]):04X}{_CLOSE}"


class ShownFix(NamedTuple):
    """The preview of a fix: `old` is the current text, and `new` is the text after the fix.

    `safe` is true if the fix is safe. `in_message` is true if the message of the finding already shows the new text, or
    if there is no new text to show because the fix deletes the old text.
    """

    old: str
    new: str
    safe: bool
    in_message: bool


def shown_fix(finding: Finding) -> ShownFix | None:
    """Return a preview of the fix of a finding.

    Return None if there is no fix, or if the fix edits text that is not stored in the finding (`before`, `text`,
    `after`).
    """
    text, start = finding.before + finding.text + finding.after, finding.start - len(finding.before)
    if not finding.fix or not finding.fix.edits or not _is_within(finding.fix, start, start + len(text)):
        return None
    first, last = _edited_span(finding.fix, text, start)
    new = _fixed_text(finding.fix, text, start, first, last)
    return ShownFix(_short(text[first:last]), _short(new), finding.fix.safe, _is_in_message(finding, finding.fix, new))


def _is_in_message(finding: Finding, fix: Fix, new: str) -> bool:
    """Whether the message quotes the new text, or the fix only deletes text."""
    written = {new, fix.edits[0].text or new}
    if _is_within(fix, finding.start, finding.end):
        written.add(_fixed_text(fix, finding.text, finding.start, 0, len(finding.text)))
    return "" in written or any(f"“{text}”" in finding.message for text in written)


def _is_within(fix: Fix, start: int, end: int) -> bool:
    return all(start <= edit.start and edit.end <= end for edit in fix.edits)


def _edited_span(fix: Fix, text: str, start: int) -> tuple[int, int]:
    """Return a span in `text` that contains all edits and, usually, the whole words at their edges.

    `start` is the offset of `text` in the source.
    """
    first = min(edit.start for edit in fix.edits) - start
    last = max(edit.end for edit in fix.edits) - start
    low, high = max(0, first - _MAX_WORD), min(len(text), last + _MAX_WORD)
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
    return shown_text(shortened(" ".join(text.splitlines()), _MAX_FIX_TEXT))
