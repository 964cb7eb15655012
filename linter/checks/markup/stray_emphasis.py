"""Emphasis marks that show as text because they are unpaired or have a space just inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.analysis.literals import Literals
from linter.checks.spacing._junctions import place
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.rule import Match

_STRONG = patterns.lazy(r"(?<![*\\])\*\*(?!\*)")
# A mark, words, a space and the mark; or a mark, a space, words and the mark.
_SINGLE = (
    patterns.lazy(
        r"(?<![^\s(\[“—–])(?P<mark>[*_])(?P<head>)[^\W\d_][^*_\n\"'`]{0,100}?"
        r"(?P<tail>[ \u00a0]+)(?P=mark)(?![*_\w\"'/])"
    ),
    patterns.lazy(
        r"(?<=[^\n\"'][ —–])(?P<mark>\*)(?P<head> )(?=[^\W\d_])[^*\n\"'`]{1,100}?"
        r"(?P<tail>)(?<=\w)\*(?![\w*])"
    ),
)
_MAX_PAIR_LENGTH = 160  # maximum code points between the marks of a pair
_CODE_REACH = 12  # code points on each side that are searched for signs of code
_CODE = patterns.lazy(r"[{}<>=|\\`^]")
_KEYWORDS = patterns.lazy(r"\w*(?:kw|kwargs|kwds|kwarg|opts|options|params)\b")
_NAME = patterns.lazy(r"\w+[_(\[./]|[*./\\]")
_WORD = patterns.lazy(r"[^\W\d_]{2}")
_CLOSERS = ".,;:!?…)]”’\"'"
_OPENERS = "(“‘[\"'—–-"
_OPENER_OF = {'"': '"', "”": "“", ")": "(", "]": "["}
_QUOTES = "\"'“”‘’"


class _Mark(NamedTuple):
    """A double asterisk at the offset `at`.

    `opens` is true if it can begin emphasis but not end it, and `closes` if it can end emphasis but not begin it.
    """

    at: int
    opens: bool
    closes: bool


@dataclass(frozen=True)
class StrayEmphasis:
    """Emphasis marks in Markdown that show as text.

    Two marks (asterisks, double asterisks or underscores) are a match if there is a space just inside them, as in
    `** late**`. The fix moves the space out of the pair. An unpaired double asterisk is a match together with the word
    next to it, without a fix. Globs, keyword arguments, powers, formulas, masked words and footnote marks are ignored.

    The message may use {problem}, which is “has a space inside”, “is never closed” or “was never opened”.
    """

    values: ClassVar[frozenset[str]] = frozenset({"problem"})
    literals: ClassVar[Literals] = (frozenset({"**", " *", "* ", " _"}),)

    def find_in(self, document: Document) -> Iterator[Match]:
        if document.kind == "markdown":
            blocks = [block for block in document.prose if "*" in block.text or "_" in block.text]
            strong = [(block, *_strong(block)) for block in blocks if "**" in block.text]
            noted = _have_notes([(block, strays) for block, _, strays in strong])
            for block, pairs, strays in strong:
                yield from (_pair(block, low, high, 2) for low, high in pairs)
                yield from () if noted else (_stray(block, mark) for mark in strays)
            yield from _single_pairs(blocks)


def _strong(block: Block) -> tuple[Sequence[tuple[int, int]], Sequence[_Mark]]:
    """Return the ranges of pairs of double asterisks with a space just inside, and the unpaired double asterisks."""
    pairs, strays = [], []
    marks = [_mark(block.text, found.start()) for found in _STRONG.finditer(block.text) if _is_plain(block, found)]
    while marks:
        mark = marks.pop(0)
        if marks and not _WORD.search(between := block.text[mark.at + 2 : marks[0].at]) and not between.count(" "):
            marks.pop(0)  # around a punctuation mark: some parsers read it as emphasis
        elif marks and _is_pair(block.text, mark, marks[0]):
            after = marks.pop(0)
            if block.text[mark.at + 2].isspace() or block.text[after.at - 1].isspace():
                pairs.append((mark.at, after.at + 2))
        elif mark.opens != mark.closes and not _is_code(block.text, mark):
            strays.append(mark)
    return pairs, strays


def _is_plain(block: Block, found: re.Match[str]) -> bool:
    """Whether a double asterisk may be a mark of emphasis."""
    if _KEYWORDS.match(block.text, found.end()) or not block.is_verbatim(*found.span()):
        return False
    return block.text.count("$", 0, found.start()) % 2 == 0


def _mark(text: str, at: int) -> _Mark:
    before, after = text[max(0, at - 1) : at], text[at + 2 : at + 3]
    left = not before or before.isspace() or before in _OPENERS
    right = not after or after.isspace() or after in _CLOSERS
    return _Mark(at, left and not right, right and not left)


def _is_pair(text: str, one: _Mark, other: _Mark) -> bool:
    words = text[one.at + 2 : other.at]
    if len(words) > _MAX_PAIR_LENGTH or "\n" in words or not _WORD.search(words):
        return False
    return not one.closes or not other.opens


def _is_code(text: str, mark: _Mark) -> bool:
    """Whether a mark is probably code or quoted rather than emphasis."""
    before, after = text[max(0, mark.at - 1) : mark.at], text[mark.at + 2 : mark.at + 3]
    if before == "/" or (mark.opens and _NAME.match(text, mark.at + 2)):
        return True
    if before and after and before in _QUOTES and after in _QUOTES:
        return True
    opener = _OPENER_OF.get(after)  # (line**), "Tram**"
    if opener and opener in text[: mark.at].split()[-1]:
        return True
    return _CODE.search(text, max(0, mark.at - _CODE_REACH), mark.at + 2 + _CODE_REACH) is not None


def _have_notes(found: Sequence[tuple[Block, Sequence[_Mark]]]) -> bool:
    """Whether the unpaired marks in `found` are probably footnote marks."""
    referred = False
    for block, marks in found:
        if referred and marks and block.text.lstrip().startswith("**"):
            return True
        referred = referred or any(mark.closes for mark in marks)
        if marks and "table" in block.scopes:
            return True
    return False


def _single_pairs(blocks: Sequence[Block]) -> Iterator[Match]:
    for block in blocks:
        for pattern in _SINGLE:
            for found in pattern.finditer(block.text):
                ends = found.start("mark"), found.end() - 1
                verbatim = all(block.is_verbatim(at, at + 1) for at in ends)
                alone = block.text.count(found["mark"]) == len(ends)  # more than one pair may be footnote marks
                if alone and verbatim and not _CODE.search(found[0]) and OBJECT not in found[0]:
                    yield _pair(block, found.start("mark"), found.end(), 1)


def _pair(block: Block, low: int, high: int, width: int) -> Match:
    """Return a match for the pair of marks at `text[low:high]`, with the edits that move the spaces out of the pair.

    `width` is the length of each mark. There may be no edits if other markup is inside the pair.
    """
    text = block.text
    inner = text[low + width : high - width]
    head, tail = len(inner) - len(inner.lstrip()), len(inner) - len(inner.rstrip())
    gap = " " if tail and text[high : high + 1].isalnum() else ""
    lead = " " if head and text[max(0, low - 1) : low].isalnum() else ""
    mark = text[low : low + width]
    edits = (
        Edit(*block.span(low, low + width + head), lead + mark),
        Edit(*block.span(high - width - tail, high), mark + gap),
    )
    whole = block.is_contiguous(low, high)
    return Match(
        *place(block, (low, high), (low, low + width)), {"problem": "has a space inside"}, edits if whole else ()
    )


def _stray(block: Block, mark: _Mark) -> Match:
    """Return a match for an unpaired mark and the word next to it."""
    text, end = block.text, mark.at + 2
    if mark.opens:
        span = mark.at, end + len(text[end:].split(maxsplit=1)[0])
    else:
        span = mark.at - len(text[: mark.at].split()[-1]), end
    problem = "is never closed" if mark.opens else "was never opened"
    return Match(*place(block, span, (mark.at, end)), {"problem": problem})
