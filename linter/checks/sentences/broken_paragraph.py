"""Paragraphs that were broken in two within a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from linter import patterns
from linter.checks.sentences._endings import last_words
from linter.checks.spelling._typos import is_known
from linter.document import Document
from linter.finding import Edit
from linter.record import record
from linter.rule import Match

_PARAGRAPH = frozenset({"paragraph"})
_OPEN = patterns.lazy(r"(?:\A|[\s(“\"])[a-zà-ÿ][^\W\d_]*+(?:,|['’][a-z]{1,2})?\s*\Z")
_GOES_ON = patterns.lazy(r"\s*(?P<word>[^\W\d_]++(?:['’][^\W\d_]++)?),?\s+[^\W\d_]")
_ENDED = patterns.lazy(r"[.!?…:。！？][\"”’'»“)\]]*\s*\Z")
_GAP = patterns.lazy(r"[ \t\u00a0]*(?:(?>\r\n?|\n)[ \t\u00a0]*){2,}\Z|\s*</p>\s*<p\b[^<>]*>\s*\Z")
_LINE = 5  # words of a line that is no verse, address or item
_WORD = 30  # code points of the longest last word
_FORMULA = patterns.lazy(r" [=+*×/] ")
_MOST = 5  # places of one article that are shown
_LONGEST = 200  # code points between two paragraphs


@record
class BrokenParagraph:
    """A paragraph of `words` words or more ends with a word in small letters, or a comma, and the next one goes on so.

    It must begin with a known word and end with a mark, and nothing may be between both. Verses and formulas are passed
    over. The match are the words around the gap; the fix makes one paragraph of both. Of more than 5 places in an
    article the first one stands for all, without a fix. The message may use {more}, which says how many others there
    are, or is empty.
    """

    words: int = 8

    values: ClassVar[frozenset[str]] = frozenset({"more"})

    def find(self, document: Document) -> Iterator[Match]:
        found = list(self._places(document))
        if len(found) > _MOST:
            more = f" (and {len(found) - 1} more in this article)"
            yield Match(*found[0][0], {"more": more})
            return
        for span, edit in found:
            yield Match(*span, {"more": ""}, (edit,))

    def _places(self, document: Document) -> Iterator[tuple[tuple[int, int], Edit]]:
        """Yield the words around each gap, and the edit that closes it."""
        for first, second in pairwise(document.top_level_blocks):
            if first.scopes != _PARAGRAPH or second.scopes != _PARAGRAPH or not second.text[:1].islower():
                continue
            word = _GOES_ON.match(second.text)
            if not word or not _OPEN.search(first.text[-_WORD:]) or not _ENDED.search(second.text[-10:]):
                continue
            if not all(map(self._is_running, (first.text, second.text))) or not is_known(word["word"]):
                continue
            end, start = first.source_span.end, second.source_span.start
            gap = document.source.text[end : min(start, end + _LONGEST)]
            if _GAP.match(gap):
                tail = last_words(first.text, len(first.text.rstrip()))
                span = first.span(tail, len(first.text)).start, second.span(0, word.end("word")).end
                yield span, Edit(end, start, " ")

    def _is_running(self, text: str) -> bool:
        lines = text.strip().split("\n")
        if _FORMULA.search(text):
            return False
        return len(text.split()) >= self.words and all(len(line.split()) >= _LINE for line in lines[:-1])
