"""Bold type instead of structure: bold lines that look like headings, and lists of bold labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Literal

import regex

from linter import matching, patterns
from linter.analysis.pattern_base import compile_pattern
from linter.document import OBJECT, Block, Document
from linter.rule import Match
from linter.views import per_document

_PARAGRAPH = frozenset({"paragraph"})
_MARKS = frozenset(".,;:!?…。！？：")  # punctuation marks at the end of a line that is not a heading
_CLOSING = '"”’»)]'  # marks that may follow one of _MARKS at the end of a line
_LETTER = patterns.lazy(r"[^\W\d_]")
_MIN_PARAGRAPH_WORDS = 20  # minimum words of the paragraph below a heading
_TAG = r"(?:\s[^<>]{0,200})?>"
_OPENED = patterns.lazy(
    rf"(?:\*\*|__|<(?:strong|b){_TAG})(?:[*_\s]|<(?:em|i|u|span|font|a){_TAG})*+\Z",
    re.IGNORECASE,
)
_LAST = ("*", "_", ">")  # last characters of the opening marks
_MARKUP_REACH = 500  # code points before a block that are searched for its markup
_CLOSES = patterns.lazy(r"\*(?=\*)|_(?=_)|</(?:strong|b)>", re.IGNORECASE)
_COLON = patterns.lazy(r"(?:[*_]{1,3}|</\w{1,10}>){1,3}[ \u00a0]?:")


@dataclass(frozen=True)
class Bold:
    """Bold type that replaces structure.

    `problem` is `heading` (a bold line that looks like a heading) or `labels` (a list of bold labels).

    With `heading`, the match is a bold paragraph of one line that contains no links, images or code and does not end
    with a punctuation mark such as a period or colon. The next block must be a paragraph of at least 20 words that is
    not bold. `words` is the maximum number of words of the line (default: 12). `ignored` is a regular expression for
    the `regex` package; lines in which it matches are ignored. The first block of an article is also ignored, because
    it may be the lead.

    With `labels`, a label is bold text and a colon at the start of a list item. The colon may also be bold. `items` is
    the minimum number of items of the list (default: 3); all items must begin with a label. The match is the first
    label.
    """

    problem: Literal["heading", "labels"]
    words: int = 12
    ignored: str = ""
    items: int = 3

    def __post_init__(self) -> None:
        if self.items < 1:
            raise ValueError("“items” must be at least 1")

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"ignored": (self.ignored,)} if self.ignored else {}

    @cached_property
    def _ignored(self) -> regex.Pattern[str]:
        return compile_pattern(self.ignored or "(?!)")

    def find_in(self, document: Document) -> Iterator[Match]:
        return self._headings(document) if self.problem == "heading" else self._labels(document)

    def _headings(self, document: Document) -> Iterator[Match]:
        lines = [b for b in document.blocks_in(_PARAGRAPH) if "\n" not in b.text and b.text[-1:] not in _MARKS]
        bold = {block for block in lines if self._may_be_heading(block, document)}
        if bold:
            bold.difference_update(link.block for link in document.links)
        for block, below in pairwise(document.top_level_blocks[1:]) if bold else ():
            runs = block in bold and below.scopes == _PARAGRAPH and len(below.text.split()) >= _MIN_PARAGRAPH_WORDS
            if runs and not is_bold(below, document):
                yield Match(*block.source_span)

    def _may_be_heading(self, block: Block, document: Document) -> bool:
        text = block.text
        if block.scopes != _PARAGRAPH or OBJECT in text or text.rstrip(_CLOSING)[-1:] in _MARKS:
            return False
        if len(text.split()) > self.words or not is_bold(block, document):
            return False
        return _LETTER.search(text) is not None and not matching.holds(self._ignored, text)

    def _labels(self, document: Document) -> Iterator[Match]:
        for is_list, group in groupby(document.top_level_blocks, key=lambda block: "list" in block.scopes):
            blocks = list(group) if is_list else []
            if len(blocks) >= self.items and all(_is_labelled(block, document) for block in blocks):
                yield Match(blocks[0].source_span.start, _bold_until(blocks[0], document))


def _is_labelled(block: Block, document: Document) -> bool:
    end = _bold_until(block, document)
    text = document.source.text
    return 0 < end < block.source_span.end and (text[end - 1] == ":" or _COLON.match(text, end) is not None)


def is_bold(block: Block, document: Document) -> bool:
    """Whether a block is bold from its start to its end."""
    return _bold_until(block, document) >= block.source_span.end


def _bold_until(block: Block, document: Document) -> int:
    """Return the source offset where the bold type at the start of a block ends, or 0 if no end is found."""
    text, start = document.source.text, block.source_span.start
    before = text[max(0, start - _MARKUP_REACH) : start]
    if before.rstrip()[-1:] not in _LAST or not _OPENED.search(before):
        return 0
    closings = _closings(document)
    at = bisect_left(closings, start)
    return closings[at] if at < len(closings) else 0


@per_document
def _closings(document: Document) -> Sequence[int]:
    """Return the source offsets of the marks and tags that may end bold type, in order."""
    return [mark.start() for mark in _CLOSES.finditer(document.source.text)]
