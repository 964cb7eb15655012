"""Brackets and quotation marks without their partner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, repeat
from operator import ne
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.checks.spacing._junctions import OTHER, junction, place
from linter.document import OBJECT, Block, Document
from linter.record import record
from linter.rule import Match
from linter.text.view import text_view

_AROUND = 60  # code points on each side in which signs of code tell
_SHORT = 4  # words of a block that is no sentence
# One of these may be the partner: a mark of another kind, or one that is turned the wrong way.
_OTHER_QUOTES = patterns.lazy(r"[\"„‟″]|“(?=[\s.,;:!?)]|\Z)|”(?=\w)")
_INCH = patterns.lazy(r"\d\Z")
# Faces: :) ;-( =] and (: as well.
_FACE = patterns.lazy(r"(?:[:;=][-–o'^*]|(?<!\w)[:;=8xX])\Z")
_FACE_CLOSED = patterns.lazy(r"[:;]\Z")
_FACE_BEHIND = patterns.lazy(r"[-o'^*]?[:;=]")
_QUOTES = "'\"‘’“”"
# What numbers an item of a list: a), iv), 2.1).
_ITEM = patterns.lazy(
    rf"(?:\A|[\s({OBJECT}“\"/.,;:*_])(?:\w{{1,2}}|[ivxlcIVXLC]{{1,6}}|\d{{1,3}}(?:\.\d+)*\.?|\w'|\*|…)\Z"
)
_PARAGRAPH = frozenset({"paragraph"})
_INEXACT = patterns.lazy(r"\d\"|[{}<>=\\`|“”]")  # inches, code, or other marks that may be partners
_BEFORE = " \t\n\u00a0([—–-/"
_OPENS = patterns.lazy(r"\"(?=[\w‘'$*])")
_CLOSES = patterns.lazy(r"[\s.,;:!?)\]—–/-]|\Z|'s\b")
_CODE = patterns.lazy(rf"[{{}}=<>\\$|_^~@#+]|{OTHER}|->|::|//|\w\(\)")
_INTERVAL = patterns.lazy(r"\[-?[\d∞]|\[[^\[\]()]{1,20}, ?[^\[\]()]{1,20}\)|\([^\[\]()]{1,20}, ?[^\[\]()]{1,20}\]")


class _Unpaired(NamedTuple):
    """A mark without its partner: the number of its block, the block, its offset there, and whether it opens."""

    number: int
    block: Block
    at: int
    opens: bool


@record
class Unbalanced:
    """`pairs` are opening and closing marks, such as “()”; `reach` counts the blocks over which one may go on.

    Letters and numbers of a list, faces, intervals and code are passed over, and texts that break off with an
    ellipsis. A quotation may open each of its paragraphs. Straight quotation marks open or close by what is beside
    them; if one of them is beside words or spaces on both sides, the paragraph is passed over, and so is one that the
    next one goes on with. The message may use {shown} and {problem}.
    """

    pairs: tuple[str, ...]
    reach: int

    values: ClassVar[frozenset[str]] = frozenset({"shown", "problem"})

    def __post_init__(self) -> None:
        if any(len(pair) != 2 for pair in self.pairs):
            raise ValueError("each of “pairs” must have two characters, an opening and a closing mark, such as “()”")

    def find(self, document: Document) -> Iterator[Match]:
        text, texts = text_view(document).text, [block.text for block in document.prose]
        for pair in self.pairs:
            opener, closer = pair[0], pair[1]
            if opener not in text and closer not in text:
                continue
            if opener == closer:
                yield from _straight(document, opener)
                continue
            opened, closed = (map(str.count, texts, repeat(mark)) for mark in pair)
            unpaired = [
                _Unpaired(number, block, *mark)
                for number, block in compress(enumerate(document.prose), map(ne, opened, closed))
                if opener != "“" or not _OTHER_QUOTES.search(block.text)
                for mark in _unmatched(block.text, opener, closer)
            ]
            for _, block, at, opens in self._without_partner(unpaired):
                if _is_sentence(block.text, at, opens):
                    yield _match(document, block, at, opens)

    def _without_partner(self, unpaired: list[_Unpaired]) -> Iterator[_Unpaired]:
        """Those that have no partner in a block nearby either."""
        waiting: list[_Unpaired] = []
        for one in unpaired:
            if not one.opens and waiting and one.number - waiting[-1].number <= self.reach:
                waiting.pop()
            elif not one.opens:
                yield one
            elif waiting and not one.at and one.number - waiting[-1].number <= self.reach:
                waiting[-1] = one  # the next paragraph of the same speech
            else:
                waiting.append(one)
        yield from waiting


def _straight(document: Document, mark: str) -> Iterator[Match]:
    """Yield the straight quotation marks that are not paired in their paragraph."""
    blocks = document.top_level_blocks
    for number, block in enumerate(blocks):
        if block.text.count(mark) % 2 == 0 or block.scopes != _PARAGRAPH or _INEXACT.search(block.text):
            continue
        marks = _directions(block.text, mark)
        around = (*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2])
        goes_on = (
            around[-1].text.startswith(mark) or any(one.text.count(mark) % 2 for one in around) if around else False
        )
        if not marks or goes_on or block.text.rstrip().endswith(":"):
            continue
        at, opens = _lone(marks)
        if block.is_verbatim(at, at + 1) and _is_sentence(block.text, at, opens):
            yield _match(document, block, at, opens)


def _directions(text: str, mark: str) -> list[tuple[int, bool]]:
    """Return the offsets of the marks and whether they open; nothing if that is not clear of all."""
    marks = []
    for found in re.finditer(re.escape(mark), text):
        at = found.start()
        opens = _OPENS.match(text, at) is not None and (not at or text[at - 1] in _BEFORE)
        closes = _CLOSES.match(text, at + 1) is not None and at > 0 and not text[at - 1].isspace()
        if opens == closes:
            return []
        marks.append((at, opens))
    return marks


def _lone(marks: Sequence[tuple[int, bool]]) -> tuple[int, bool]:
    """Return the first of an odd number of marks that has no partner."""
    opened: int | None = None
    for at, opens in marks:
        if not opens and opened is None:
            return at, False
        if opens and opened is not None:
            return opened, True
        opened = at if opens else None
    return marks[-1]


def _unmatched(text: str, opener: str, closer: str) -> Iterator[tuple[int, bool]]:
    """Yield the offsets of unpaired marks in one text, and whether they open; none where a face may be a partner."""
    opened: list[int] = []
    alone: list[tuple[int, bool]] = []
    for mark in re.finditer(f"[{re.escape(opener + closer)}]", text):
        at, opens = mark.start(), mark[0] == opener
        before = text[max(0, at - 12) : at]
        if opener in "([" and _is_face(text, at, before, opens):
            return
        if opens:
            opened.append(at)
        elif opened:
            opened.pop()
        elif not (_ITEM if opener == "(" else _INCH).search(before) and before[-1:] != closer:  # one of a run is enough
            alone.append((at, False))
    yield from sorted([*((at, True) for at in opened), *alone])


def _is_face(text: str, at: int, before: str, opens: bool) -> bool:
    if _FACE.search(before) or (not opens and _FACE_CLOSED.search(before)):
        return True
    return opens and text[at] == "(" and _FACE_BEHIND.match(text, at + 1) is not None


def _is_sentence(text: str, at: int, opens: bool) -> bool:
    """Whether a mark is in a complete sentence."""
    around = text[max(0, at - _AROUND) : at + _AROUND]
    if _CODE.search(around) or _INTERVAL.search(around) or _is_short(text):
        return False
    if at and text[at - 1] in _QUOTES and text[at + 1 : at + 2] in _QUOTES and at + 1 < len(text):
        return False
    if opens:
        return not text.endswith(("…", "...", "[…]", "[...]")) and text[at + 1 : at + 2] not in ("", "/", "*")
    return True


@lru_cache(8)  # called for each mark of a text
def _is_short(text: str) -> bool:
    return len(text.split(maxsplit=_SHORT)) <= _SHORT


def _match(document: Document, block: Block, at: int, opens: bool) -> Match:
    """Return a match of the mark with its word."""
    found = junction(block.text, at, at + 1)
    start, end = (at, max(found.end, at + 1)) if opens else (found.start, at + 1)
    problem = "opens something that is never closed" if opens else "closes something that was never opened"
    return Match(*place(block, (start, end), (at, at + 1)), {"shown": block.text[start:end], "problem": problem})
