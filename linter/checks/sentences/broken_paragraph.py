"""Paragraph breaks within a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from linter import patterns
from linter.checks.sentences._endings import last_words
from linter.checks.spelling._typos import is_known
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match

_PARAGRAPH = frozenset({"paragraph"})
_OPEN = patterns.lazy(r"(?:\A|[\s(“\"])[a-zà-ÿ][^\W\d_]*+(?:,|['’][a-z]{1,2})?\s*\Z")
_GOES_ON = patterns.lazy(r"\s*(?P<word>[^\W\d_]++(?:['’][^\W\d_]++)?),?\s+[^\W\d_]")
_ENDED = patterns.lazy(r"[.!?…:。！？][\"”’'»“)\]]*\s*\Z")
_GAP = patterns.lazy(r"[ \t\u00a0]*(?:(?>\r\n?|\n)[ \t\u00a0]*){2,}\Z|\s*</p>\s*<p\b[^<>]*>\s*\Z")
_MIN_LINE_WORDS = 5  # minimum words of a line that is not part of a verse, address or list
_MAX_WORD_LENGTH = 30  # maximum code points of the last word
_FORMULA = patterns.lazy(r" [=+*×/] ")
_MAX_GAP = 200  # maximum code points between two paragraphs


@dataclass(frozen=True)
class BrokenParagraph:
    """A paragraph that ends in the middle of a sentence and continues in the next paragraph.

    The first paragraph ends with a lowercase word, with or without a comma. The second paragraph starts with a known
    lowercase word and ends with an end mark or a colon. Only blank lines, or the tags of the paragraphs, are between
    the two. `words` is the minimum number of words of each paragraph (default: 8). Verse and formulas are ignored.

    The match is the words around the break; the fix joins the paragraphs.
    """

    words: int = 8

    def find_in(self, document: Document) -> Iterator[Match]:
        for first, second in pairwise(document.top_level_blocks):
            if first.scopes != _PARAGRAPH or second.scopes != _PARAGRAPH or not second.text[:1].islower():
                continue
            word = _GOES_ON.match(second.text)
            if not word or not _OPEN.search(first.text[-_MAX_WORD_LENGTH:]) or not _ENDED.search(second.text[-10:]):
                continue
            if not all(map(self._is_running, (first.text, second.text))) or not is_known(word["word"]):
                continue
            end, start = first.source_span.end, second.source_span.start
            gap = document.source.text[end : min(start, end + _MAX_GAP)]
            if _GAP.match(gap):
                tail = last_words(first.text, len(first.text.rstrip()))
                at = first.span(tail, len(first.text)).start
                yield Match(at, second.span(0, word.end("word")).end, edits=(Edit(end, start, " "),))

    def _is_running(self, text: str) -> bool:
        lines = text.strip().split("\n")
        if _FORMULA.search(text):
            return False
        return len(text.split()) >= self.words and all(len(line.split()) >= _MIN_LINE_WORDS for line in lines[:-1])
