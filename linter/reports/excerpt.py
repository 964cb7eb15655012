"""The line of an article that a finding stands on, cut to fit, and where the mark under the finding goes."""

from __future__ import annotations

from typing import NamedTuple

from linter.finding import CONTEXT, Finding
from linter.reports.cells import ELLIPSIS, STAND_IN, cells, head, tail, visible

_READ = 512  # code points looked at on either end of a long finding: more than any terminal shows
_BEFORE = 2, 5  # share of the context that stands before the finding, where both sides are long
_WORD = 16  # cells; a word is kept whole at a cut unless it is longer


class Excerpt(NamedTuple):
    """`text` is safe to print; the finding lies `offset` cells from its start and is `length` ≥ 1 cells wide."""

    text: str
    offset: int
    length: int


def excerpt(finding: Finding, room: int) -> Excerpt:
    """The finding on its line in at most `room` cells (≥ 10).

    A long finding shows both of its ends; what is left of the line is cut to … around a short one. Of a
    finding over several lines the line ends are shown.
    """
    before, more_before = visible(finding.before), finding.column - 1 > len(finding.before)
    after, more_after = visible(finding.after), len(finding.after) >= CONTEXT
    before = before if more_before else before.lstrip()
    after = after if more_after else after.rstrip()
    left_least, right_least = int(more_before or bool(before)), int(more_after or bool(after))
    match = _shown(finding.text)
    spare = room - max(1, cells(match))
    if spare < left_least + right_least:
        left, right = ELLIPSIS * left_least, ELLIPSIS * right_least
        match = _both_ends(match, room - left_least - right_least)
    else:
        share = max(left_least, spare * _BEFORE[0] // _BEFORE[1], spare - cells(after) - more_after)
        left = _left(before, more_before, min(share, spare - right_least))
        right = _right(after, more_after, spare - cells(left))
    return Excerpt(left + match + right, cells(left), max(1, cells(match)))


def _shown(text: str) -> str:
    if len(text) > 2 * _READ:
        text = text[:_READ] + ELLIPSIS + text[-_READ:]
    return visible(text) or STAND_IN * bool(text)


def _both_ends(match: str, room: int) -> str:
    size = (room - 1) // 2
    return f"{head(match, size)}{ELLIPSIS}{tail(match, room - 1 - size)}"


def _left(text: str, more: bool, room: int) -> str:
    """The end of `text` in `room` cells, from the start of a word; … for what does not show."""
    if not more and cells(text) <= room:
        return text
    kept = tail(text, room - 1)
    space = kept.find(" ", 0, _WORD)
    at_word = text[: len(text) - len(kept)].endswith(" ")
    if space >= 0 and not at_word:
        kept = kept[space + 1 :]
    return ELLIPSIS + kept.lstrip()


def _right(text: str, more: bool, room: int) -> str:
    """The start of `text` in `room` cells, up to the end of a word; … for what does not show."""
    if not more and cells(text) <= room:
        return text
    kept = head(text, room - 1)
    space = kept.rfind(" ", max(0, len(kept) - _WORD))
    at_word = text[len(kept) :].startswith(" ")
    if space >= 0 and not at_word:
        kept = kept[:space]
    return kept.rstrip() + ELLIPSIS
