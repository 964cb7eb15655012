"""Punctuation marks with a space before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import CLOSERS, OTHER, is_seen, junction, replacement
from linter.document import Document
from linter.finding import Edit
from linter.record import record
from linter.rule import Match
from linter.text.view import SPACES, find_odd

_MOST = 20  # spaces looked at
_AROUND = 40  # code points on each side in which signs of code tell
_OTHER = patterns.lazy(OTHER)
# Formulas, code, and code that was torn apart by a space around each sign.
_CODE = patterns.lazy(r"[\\$={}<>|_^~]|\( \w|-> | \. [a-z]| : (?:str|int|float|bool|string|number|any)\b")
_MACHINE = patterns.lazy(r"[@/#:]|[^\W\d_]\.[^\W\d_]")


@record
class BeforeMark:
    """One of `marks` after a word and a space; a mark that opens a line, is in code or follows a gap in the text (an
    image, a footnote) is passed over. The message may use {wrong} and {right}.
    """

    marks: str

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right"})

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {
            mark: patterns.lazy(rf"{re.escape(mark)}(?<=[{SPACES}].)(?=[\s\"”’{'' if mark in ';:' else ')'}]|\Z)")
            for mark in self.marks
        }

    def find(self, document: Document) -> Iterator[Match]:
        for mark, pattern in self._patterns.items():
            for block, at, _ in find_odd(document, mark, pattern):
                head = block.text[max(0, at - _MOST) : at]
                gap = at - len(head) + len(head.rstrip(SPACES))
                if _is_mistake(block.text, gap, at) and is_seen(document, block, gap - 1, at):
                    start, end = junction(block.text, gap, at).start, at + 1
                    narrower = (start, at), (gap, end), (at, end)
                    yield replacement(document, block, start, end, Edit(gap, at, ""), *narrower)


def _is_mistake(text: str, gap: int, at: int) -> bool:
    """Whether `text[gap:at]` is a space before a mark that belongs to the word before."""
    found = junction(text, gap, at)
    word = found.left
    before = text[gap - 1] if gap else ""
    if not word or _OTHER.match(word[-1]) or not (before.isalnum() or before in CLOSERS):
        return False
    if word.isdigit() and _opens_line(text, found.start):
        return False
    if len(word) < 2 and before not in CLOSERS and not word.isdigit():
        return False
    glued = text[max(0, gap - _AROUND) : gap].split()[-1]
    if _MACHINE.search(glued) or _CODE.search(text[max(0, gap - _AROUND) : at + _AROUND]):
        return False
    if text[at] == ":" and (before == '"' or before.isdigit()):  # a key, a ratio
        return False
    if text[at] in ",;:":
        return True
    behind = text[at + 1 : at + _AROUND].lstrip('"”’) \n\u00a0“(¿¡')
    return not behind or behind[0].isupper() or (text[at] in "!?" and not behind[0].isalnum())


def _opens_line(text: str, at: int) -> bool:
    return not at or text[at - 1] == "\n"
