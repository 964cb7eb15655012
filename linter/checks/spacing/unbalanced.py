"""Brackets and quotation marks without their partner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby, repeat
from operator import attrgetter, ne
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.checks.spacing._junctions import OTHER, junction, place
from linter.document import OBJECT, Block, Document
from linter.rule import Match
from linter.text.view import text_view

_CODE_REACH = 60  # code points on each side that are searched for code
_MAX_SHORT_WORDS = 4  # maximum words of a block that is not a sentence
# Possible partners: marks of another kind, or marks that face the wrong way.
_OTHER_QUOTES = patterns.lazy(r"[\"„‟″]|“(?=[\s.,;:!?)]|\Z)|”(?=\w)")
_INCH = patterns.lazy(r"\d\Z")
# Smileys such as :) ;-( =] and (:
_FACE = patterns.lazy(r"(?:[:;=][-–o'^*]|(?<!\w)[:;=8xX])\Z")
_FACE_CLOSED = patterns.lazy(r"[:;]\Z")
_FACE_BEHIND = patterns.lazy(r"[-o'^*]?[:;=]")
_QUOTES = "'\"‘’“”"
# The number or letter of a list item: a), iv), 2.1).
_ITEM = patterns.lazy(
    rf"(?:\A|[\s({OBJECT}“\"/.,;:*_])(?:\w{{1,2}}|[ivxlcIVXLC]{{1,6}}|\d{{1,3}}(?:\.\d+)*\.?|\w'|\*|…)\Z"
)
_PARAGRAPH = frozenset({"paragraph"})
_INEXACT = patterns.lazy(r"\d\"|[{}<>=\\`|“”]")  # inches, code, or possible partners
_MIN_JOINED_SPACE = 20  # code points of space between two paragraphs that an import has joined
_STOPS = (".", "!", "?", "…")
_BEFORE = " \t\n\u00a0([—–-/"
_OPENS = patterns.lazy(r"\"(?=[\w‘'$*])")
_CLOSES = patterns.lazy(r"[\s.,;:!?)\]—–/-]|\Z|'s\b")
_CODE = patterns.lazy(rf"[{{}}=<>\\$|_^~@#+]|{OTHER}|->|::|//|\w\(\)")
_INTERVAL = patterns.lazy(r"\[-?[\d∞]|\[[^\[\]()]{1,20}, ?[^\[\]()]{1,20}\)|\([^\[\]()]{1,20}, ?[^\[\]()]{1,20}\]")


class _Unpaired(NamedTuple):
    """A mark without its partner in its block.

    `number` is the index of the block in `Document.prose`. `at` is the offset of the mark in the block. `opens` is true
    for an opening mark.
    """

    number: int
    block: Block
    at: int
    opens: bool


@dataclass(frozen=True)
class Unbalanced:
    """Opening and closing marks that lack their partner.

    `pairs` lists pairs of an opening and a closing mark, such as “()”. `reach` is the maximum number of blocks from an
    opening mark to its closing mark. An unpaired opening mark at the start of a block may continue a quotation that
    begins in an earlier block.

    If both marks of a pair are the straight quotation mark, `reach` does not apply, and the adjacent characters show
    whether a mark opens or closes a quotation. Paragraphs in which that is unclear are ignored, and so are paragraphs
    whose quotation may continue in an adjacent paragraph. In a quotation of several paragraphs, each begins with an
    opening mark, and only the last one is closed, even if an import has joined them.

    Blocks of four words or fewer, code, smileys, intervals (“[0, 1)”) and the brackets after the letters and numbers of
    list items (“a)”) are ignored. An opening mark is also ignored if its block breaks off with an ellipsis.

    The message may use {where}, which is a phrase such as “before “the”” or empty, and {problem}, which is “is never
    closed” or “was never opened”.
    """

    pairs: tuple[str, ...]
    reach: int

    values: ClassVar[frozenset[str]] = frozenset({"where", "problem"})

    def __post_init__(self) -> None:
        if any(len(pair) != 2 for pair in self.pairs):
            raise ValueError("each of “pairs” must have two characters, an opening and a closing mark, such as “()”")

    def find_in(self, document: Document) -> Iterator[Match]:
        for pair in self.pairs:
            opener, closer = pair[0], pair[1]
            if opener == closer:
                yield from _straight(document, opener)
                continue
            if not any(map(text_view(document).text.__contains__, pair)):
                continue
            texts = [block.text for block in document.prose]
            opened, closed = (map(str.count, texts, repeat(mark)) for mark in pair)
            unpaired = [
                _Unpaired(number, block, *mark)
                for number, block in compress(enumerate(document.prose), map(ne, opened, closed))
                if opener != "“" or not _OTHER_QUOTES.search(block.text)
                for mark in _unmatched(block.text, opener, closer)
            ]
            for block, marks in groupby(self._without_partner(unpaired), attrgetter("block")):
                if _is_short(block.text):
                    continue
                for _, _, at, opens in marks:
                    if _is_in_sentence(block.text, at, opens):
                        yield _match(document, block, at, opens)

    def _without_partner(self, unpaired: list[_Unpaired]) -> Iterator[_Unpaired]:
        """Yield the marks in `unpaired` that have no partner in other blocks either.

        A closing mark is paired with the last unpaired opening mark if that is at most `reach` blocks before it.
        """
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
    """Yield matches for straight quotation marks that clearly lack a partner, at most one in each paragraph."""
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
        lone = _lone(block.text, marks)
        if not lone or _is_short(block.text):
            continue
        if block.is_verbatim(lone[0], lone[0] + 1) and _is_in_sentence(block.text, *lone):
            yield _match(document, block, *lone)


def _directions(text: str, mark: str) -> list[tuple[int, bool]]:
    """Return the offset of each `mark` in `text`, and whether it opens a quotation.

    Return [] if it is unclear for any of the marks whether it opens or closes a quotation.
    """
    marks = []
    for found in re.finditer(re.escape(mark), text):
        at = found.start()
        opens = _OPENS.match(text, at) is not None and (not at or text[at - 1] in _BEFORE)
        closes = _CLOSES.match(text, at + 1) is not None and at > 0 and not text[at - 1].isspace()
        if opens == closes:
            return []
        marks.append((at, opens))
    return marks


def _lone(text: str, marks: Sequence[tuple[int, bool]]) -> tuple[int, bool] | None:
    """Return the offset of the first mark without a partner, and whether it opens a quotation; None if there is none.

    The number of `marks` must be odd, unless a quotation of several paragraphs opens more than once.
    """
    opened: int | None = None
    for at, opens in marks:
        if not opens and opened is None:
            return at, False
        if opens and opened is not None and not _goes_on(text, at):
            return opened, True
        opened = at if opens else None
    return None if opened is None else (opened, True)


def _goes_on(text: str, at: int) -> bool:
    """Whether a quotation that is still open goes on in a new paragraph at `at`, after a sentence that has ended.

    Each paragraph of a quotation begins with an opening mark, and only the last one ends with a closing mark. Imports
    join such paragraphs.
    """
    before = text[max(0, at - _MIN_JOINED_SPACE) : at]
    return before[-1:].isspace() and before.rstrip().endswith(_STOPS)


def _unmatched(text: str, opener: str, closer: str) -> Iterator[tuple[int, bool]]:
    """Yield the offset of each mark that probably lacks a partner, in order, and whether it is an opening mark."""
    opened: list[int] = []
    continued: set[int] = set()  # opening marks of paragraphs after which the quotation goes on
    alone: list[tuple[int, bool]] = []
    for mark in re.finditer(f"[{re.escape(opener + closer)}]", text):
        at, opens = mark.start(), mark[0] == opener
        before = text[max(0, at - 12) : at]
        if opener in "([" and _is_face(text, at, before, opens):
            return
        if opens:
            if opened and opener == "“" and _goes_on(text, at):
                continued.add(opened[-1])
            opened.append(at)
        elif opened:
            opened.pop()
        elif not (_ITEM if opener == "(" else _INCH).search(before) and before[-1:] != closer:  # one of "))"
            alone.append((at, False))
    yield from sorted([*((at, True) for at in opened if at not in continued), *alone])


def _is_face(text: str, at: int, before: str, opens: bool) -> bool:
    if _FACE.search(before) or (not opens and _FACE_CLOSED.search(before)):
        return True
    return opens and text[at] == "(" and _FACE_BEHIND.match(text, at + 1) is not None


def _is_short(text: str) -> bool:
    return len(text.split(maxsplit=_MAX_SHORT_WORDS)) <= _MAX_SHORT_WORDS


def _is_in_sentence(text: str, at: int, opens: bool) -> bool:
    """Whether the mark at the offset `at` is probably in a sentence, and not in code."""
    around = text[max(0, at - _CODE_REACH) : at + _CODE_REACH]
    if _CODE.search(around) or _INTERVAL.search(around):
        return False
    if at and text[at - 1] in _QUOTES and text[at + 1 : at + 2] in _QUOTES and at + 1 < len(text):
        return False
    if opens:
        return not text.endswith(("…", "...", "[…]", "[...]")) and text[at + 1 : at + 2] not in ("", "/", "*")
    return True


def _match(document: Document, block: Block, at: int, opens: bool) -> Match:
    """Return a match for the mark and the word next to it."""
    found = junction(block.text, at, at + 1)
    start, end = (at, max(found.end, at + 1)) if opens else (found.start, at + 1)
    word = block.text[at + 1 : end] if opens else block.text[start:at]
    where = f"{'before' if opens else 'after'} “{word}”" if word else ""
    problem = "is never closed" if opens else "was never opened"
    return Match(*place(block, (start, end), (at, at + 1)), {"where": where, "problem": problem})
