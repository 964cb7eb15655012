"""What a fix makes of the words around it, short enough to be read at a glance."""

from __future__ import annotations

from typing import NamedTuple

from linter.finding import Finding, Fix
from linter.reports.html.inert import shortened, shown

_WORD = 24  # code points of a word on either side that are shown with an edit inside or beside it
_MOST = 120  # code points of what stands there now, and of what will


class Change(NamedTuple):
    """What stands there and what the fix writes in its place.

    `safe` says that it cannot change the meaning, `said` that the message of the finding says it already.
    """

    old: str
    new: str
    safe: bool
    said: bool


def change(finding: Finding) -> Change | None:
    """What the fix of a finding changes, or None where there is none or it reaches far from the finding."""
    text, start = finding.before + finding.text + finding.after, finding.start - len(finding.before)
    if not finding.fix or not finding.fix.edits or not _reaches(finding.fix, start, start + len(text)):
        return None
    first, last = _around(finding.fix, text, start)
    new = _mended(finding.fix, text, start, first, last)
    return Change(_short(text[first:last]), _short(new), finding.fix.safe, _said(finding, finding.fix, new))


def _said(finding: Finding, fix: Fix, new: str) -> bool:
    """Whether the message quotes what is to be written, or all that is marked is deleted."""
    written = {new, fix.edits[0].text or new}
    if _reaches(fix, finding.start, finding.end):
        written.add(_mended(fix, finding.text, finding.start, 0, len(finding.text)))
    return "" in written or any(f"“{text}”" in finding.message for text in written)


def _reaches(fix: Fix, start: int, end: int) -> bool:
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


def _mended(fix: Fix, text: str, start: int, first: int, last: int) -> str:
    parts, at = [], first
    for edit in sorted(fix.edits):
        parts += [text[at : edit.start - start], edit.text]
        at = max(at, edit.end - start)
    return "".join([*parts, text[at:last]])


def _short(text: str) -> str:
    return shown(shortened(" ".join(text.splitlines()), _MOST))
