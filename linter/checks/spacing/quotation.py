"""Pairs of quotation marks in which one mark is straight or faces the wrong way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal, NamedTuple

from linter import patterns
from linter.checks.spacing._junctions import junction, replacement
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.view import text_view
from linter.views import per_document

_MARK = patterns.lazy('[“”"]')
_OTHERS = "„‟″«»"  # marks of other conventions
_OPENS = patterns.lazy(r"(?:\A|[\s(\[—–-])\Z")
_CLOSES = patterns.lazy(r"[\s.,;:!?)\]…—–’'-]|\Z")
_CODE = patterns.lazy(r"[{}=<>\\`]")
_PAIRS = {"mixed": ('“"', '"”'), "turned": ("““", "””")}
_MAX_PAIR_LENGTH = 1000  # maximum code points between the two marks of a pair


class _Mark(NamedTuple):
    at: int
    char: str
    opens: bool  # whether the adjacent characters show that the mark opens a quotation
    closes: bool  # whether the adjacent characters show that the mark closes a quotation


@dataclass(frozen=True)
class Quotation:
    """Quotation marks that do not match their partner.

    `state` is `mixed` (one mark is curly, the other straight) or `turned` (both are curly and face the same way). The
    two marks must have no other mark between them. Blocks with marks of other conventions, such as „ and «, are
    ignored. With `mixed`, blocks with an even number of straight marks are also ignored, because these marks may be
    pairs. The message may use {wrong} and {right}: the mark and the word next to it as they are and as they should be.
    """

    state: Literal["mixed", "turned"]

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.state == "mixed" and '"' not in text_view(document).text:
            return
        for block in _curly(document):
            marks = [_mark(block.text, found) for found in _MARK.finditer(block.text)]
            if self.state == "mixed" and sum(mark.char == '"' for mark in marks) % 2 == 0:
                continue  # the straight marks may be pairs
            for mark, right in _wrong(marks, _PAIRS[self.state]):
                if not _CODE.search(block.text, max(0, mark.at - 30), mark.at + 30):
                    yield _match(document, block, mark, right)


@per_document
def _curly(document: Document) -> Sequence[Block]:
    """Return the blocks with curly quotation marks and without marks of other conventions."""
    view = text_view(document)
    if "“" not in view.text and "”" not in view.text:
        return ()
    some = [block for block in view.blocks if "“" in block.text or "”" in block.text]
    return [block for block in some if not any(mark in block.text for mark in _OTHERS)]


def _mark(text: str, match: re.Match[str]) -> _Mark:
    at, end = match.span()
    opens = _OPENS.search(text[max(0, at - 1) : at]) is not None and not text[end : end + 1].isspace()
    closes = _CLOSES.match(text, end) is not None and bool(at) and not text[at - 1].isspace()
    return _Mark(at, match[0], opens and not closes, closes and not opens)


def _wrong(marks: Sequence[_Mark], pairs: tuple[str, str]) -> Iterator[tuple[_Mark, str]]:
    """Yield the marks that do not match their partner, each with its replacement.

    `pairs` are two wrong pairs of marks: in the first pair, the closing mark is wrong; in the second, the opening mark.
    """
    for i, (one, other) in enumerate(pairwise(marks)):
        if not one.opens or not other.closes or other.at - one.at > _MAX_PAIR_LENGTH:
            continue
        pair = one.char + other.char
        if pair == pairs[0] and not (i + 2 < len(marks) and marks[i + 2].char == "”"):
            yield other, "”"
        elif pair == pairs[1] and (i == 0 or marks[i - 1].closes):
            yield one, "“"


def _match(document: Document, block: Block, mark: _Mark, right: str) -> Match:
    """Return a match for the mark and the word next to it."""
    at = mark.at
    if mark.closes:
        start, end = junction(block.text, at, at).start, at + 1
    else:
        start, end = at, max(junction(block.text, at + 1, at + 1).end, at + 1)
    return replacement(document, block, start, end, Edit(at, at + 1, right), (at, at + 1))
