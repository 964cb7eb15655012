"""Spaces on the inner side of quotation marks, and missing spaces on the outer side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, Literal

from linter import patterns
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import find_odd

_SPACE = " \u00a0"
_CODE = patterns.lazy(r"[{}=<>\\`|$;]|\d[\"”]")  # code, and measurements in inches
_MAX_PAIR_LENGTH = 300  # maximum code points between two marks
_MAX_NEUTRAL_LENGTH = 60  # maximum code points between two marks with a space on both inner sides
_MAY_BE = {  # straight marks that may have a missing or extra space
    "inside": patterns.lazy(r"\"(?:[ \u00a0](?:(?<=[\s(]..)|(?<=\n..))|(?<=[ \u00a0].)(?=[\s.,;:!?)]|\Z))"),
    "outside": patterns.lazy(r"\"(?:(?<=[a-zà-ÿ]{3}.)[^\W\d_ ]|[a-z]{3}(?<=\w....))"),
}
_ANY = patterns.lazy(".")
_CURLY_OPEN = patterns.lazy(r"(?<![^\s(])“[ \u00a0](?=[^\W\d_][^“”]{1,300}”)")
_CURLY_CLOSE = patterns.lazy(r"(?<=[^\W_.,!?…][^\W_.,!?…])[ \u00a0]”(?=[\s.,;:!?)]|\Z)")
_GLUED = patterns.lazy(r"[a-zà-ÿ]{3}\Z")
_WORD = patterns.lazy(r"[a-z]{3}")
_PUNCTUATION = tuple(".,;:!?)…—–")


@dataclass(frozen=True)
class QuoteSpacing:
    """Quotation marks with an extra space inside or a missing space outside.

    `side` is `inside` (a space between a quotation mark and the quoted text) or `outside` (a word that touches the mark
    from outside). Code, measurements in inches, tables and French articles are ignored.

    Straight marks are paired in order, in blocks with an even number of straight marks. If several pairs in a block
    have a space inside, the marks may be paired wrongly. Then, with `inside`, a pair matches only if a space, a bracket
    or the start of the block precedes it, and a space, a punctuation mark or the end of the block follows it. Curly
    marks match only with `inside`.

    The fix deletes or inserts the space. The message may use {text}: the quoted words or, for curly marks, the word
    next to the mark. It is cut off after 40 characters.
    """

    side: Literal["inside", "outside"]

    values: ClassVar[frozenset[str]] = frozenset({"text"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if document.language == "fr":
            return
        marks = '"“”' if self.side == "inside" else '"'
        places = chain.from_iterable(find_odd(document, mark, _ANY) for mark in marks)
        for block in dict.fromkeys(block for block, _, _ in places):
            if "table" not in block.scopes and "code" not in block.scopes:
                if self.side == "inside":
                    yield from _curly(document, block)
                yield from self._straight(document, block)

    def _straight(self, document: Document, block: Block) -> Iterator[Match]:
        text = block.text
        if text.count('"') % 2 or not _MAY_BE[self.side].search(text) or _CODE.search(text):
            return
        marks = [mark.start() for mark in re.finditer('"', text)]
        pairs = list(zip(marks[::2], marks[1::2], strict=True))
        is_sure = sum(text[at + 1 : end].strip() != text[at + 1 : end] for at, end in pairs) < 2
        for at, end in pairs:
            if not 2 < end - at <= _MAX_PAIR_LENGTH or "\n" in text[at:end]:
                continue
            found = _inside if self.side == "inside" else _outside
            for start, stop, new in found(text, at, end, is_sure):
                if start > end and document.language != "en":  # the word may be an ending
                    continue
                yield _match(document, block, (start, stop), new, text[at + 1 : end].strip())


def _curly(document: Document, block: Block) -> Iterator[Match]:
    text = block.text
    if "„" in text or "”" not in text:
        return
    for found in _CURLY_OPEN.finditer(text):
        yield _match(document, block, (found.start() + 1, found.end()), "", text[found.end() :].split()[0])
    for found in _CURLY_CLOSE.finditer(text):
        if "“" in text[: found.start()]:
            yield _match(document, block, (found.start(), found.end() - 1), "", text[: found.start()].split()[-1])


def _inside(text: str, at: int, end: int, is_sure: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the ranges of the extra spaces just inside the marks at `at` and `end`, each with the replacement "".

    `is_sure` is true if at most one pair in the paragraph has a space inside.
    """
    opens = not text[:at] or text[at - 1].isspace() or text[at - 1] in "(["
    closes = _ends(text, end)
    gap, tail = text[at + 1] in _SPACE, text[end - 1] in _SPACE
    if not (opens or (is_sure and closes)) or not (closes or (is_sure and opens)):
        return
    if (gap and tail and end - at > _MAX_NEUTRAL_LENGTH and not is_sure) or not text[at + 1 : end].strip()[
        :1
    ].isalnum():
        return
    if gap:
        yield at + 1, at + 2, ""
    if tail and text[end - 2] != ":":  # a prefix: "Note: "
        yield end - 1, end, ""


def _outside(text: str, at: int, end: int, is_sure: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the empty ranges where a word touches the marks at `at` and `end` from outside, each with the space to add.

    `is_sure` is true if at most one pair in the paragraph has a space inside.
    """
    first, before = text[at + 1], text[at - 1 : at]
    if text[end - 1].isspace():
        return
    may_open = first.isalpha() or (first.isspace() and is_sure)
    if may_open and _ends(text, end) and _GLUED.search(text[max(0, at - 3) : at]):
        yield at, at, " "
    may_close = not first.isspace() and (not before or before.isspace() or before == "(")
    if may_close and _WORD.match(text, end + 1):
        yield end + 1, end + 1, " "


def _ends(text: str, mark: int) -> bool:
    """Whether the mark at the offset `mark` is at the end of `text`, or before a space or punctuation mark."""
    behind = text[mark + 1 : mark + 2]
    return not behind or behind.isspace() or behind in _PUNCTUATION


def _match(document: Document, block: Block, place: tuple[int, int], new: str, quoted: str) -> Match:
    start, end = place
    edit = source_edit(Edit(start, end, new), block, document)
    span = block.span(max(0, start - 1), end + 1 if end < len(block.text) else end)
    return Match(*span, {"text": quoted[:40]}, (edit,) if edit else ())
