"""Find quotations in text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from linter import patterns

# Opening marks and their closing marks, for all languages.
_PAIRS = {
    "“": "”",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
}
_CLEAR = frozenset("“„«‹「『‘‚")  # marks that open a quotation unless a word precedes them
_MARK = patterns.lazy("[" + "".join(sorted(set("".join(_PAIRS) + "".join(_PAIRS.values())))) + "]")


@lru_cache(2)  # called for every match in the same text
def quote_spans(text: str) -> Sequence[tuple[int, int]]:
    """Return the outermost quotations in the text of a block, in order, as half-open ranges.

    The ranges include the quotation marks. An unclosed quotation counts only if it starts the block, because it may be
    closed in the next paragraph. Its range extends to the end of the block.
    """
    found: list[tuple[int, int]] = []
    opened = -1
    for mark in _MARK.finditer(text):
        at, char = mark.start(), mark[0]
        if opened >= 0 and char in _PAIRS[text[opened]]:
            if not _is_apostrophe(text, at):
                found.append((opened, at + 1))
                opened = -1
        elif (opened < 0 or char == text[opened]) and char in _PAIRS and _opens(text, at):
            opened = at  # if a quotation was already open, it was never closed
    if opened >= 0 and not text[:opened].strip():
        found.append((opened, len(text)))
    return found


def is_quoted(text: str, at: int) -> bool:
    """Whether `text[at]` is in a quotation or is one of its quotation marks."""
    spans = quote_spans(text)
    number = bisect_right(spans, (at, len(text))) - 1
    return number >= 0 and at < spans[number][1]


def _opens(text: str, at: int) -> bool:
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if text[at] != "«" and (not after or after.isspace()):
        return False
    if text[at] in _CLEAR:
        return not before.isalnum() or before > "\u2e80"  # East Asian scripts put no space before the mark
    return not before or before.isspace() or before in "([{—–-/" or before in _CLEAR


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and at > 0 and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()
