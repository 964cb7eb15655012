"""Where direct speech stands in a text."""

from __future__ import annotations

import re

# Opening mark → its closing ones. A straight mark opens behind white space or an opening bracket only.
_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", '"': '"', "‘": "’"}
_MARK = re.compile("[" + "".join(sorted(set("".join(_PAIRS) + "".join(_PAIRS.values())))) + "]")


def spans(text: str) -> list[tuple[int, int]]:
    """The outermost quotations of one block as half-open spans, marks included; an unclosed one is none."""
    found: list[tuple[int, int]] = []
    opened, closers = -1, ""
    for mark in _MARK.finditer(text):
        at, char = mark.start(), mark[0]
        if opened >= 0:
            if char in closers and not _apostrophe(text, at):
                found.append((opened, at + 1))
                opened = -1
        elif char in _PAIRS and _opens(text, at):
            opened, closers = at, _PAIRS[char]
    return found


def _opens(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and at > 0 and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()
