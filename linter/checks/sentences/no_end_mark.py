"""Paragraphs without an end mark, in an article where the others have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.checks.sentences._endings import open_endings
from linter.document import Document
from linter.rule import Match

_WORDS = 25  # of a paragraph of several sentences that is no caption and no line with a link
_FEWEST = 5  # others of that size
_SHARE = 0.1  # of them that may lack it, too, or one
_SENTENCE = patterns.lazy(r"[^\W\d_]{2}[.!?][”\"’)]? [“\"‘(]?[A-Z]")
_SIGNATURE = patterns.lazy(r"[”\"][^.!?]{0,60}\Z|[—–|/@=<>{}][^.!?]{0,40}\Z| - [^.!?]{0,40}\Z")
_LAST = patterns.lazy(r"[^\W\d_A-Z]['’\w,;.-]* (?P<word>[A-Z]?[a-z][a-z'’-]*)\Z")
_LEFT_OVER = frozenset({"More"})  # of a link to more


@dataclass(frozen=True)
class NoEndMark:
    """A paragraph of several sentences that ends in a small word, without a mark.

    There are five others of 25 words and more, and one of them at most, or a tenth, ends so. Signed quotations and
    lists of items are passed over. The match is the last words.
    """

    def find(self, document: Document) -> Iterator[Match]:
        if not (found := [one for one in open_endings(document, _WORDS) if _is_cut(one.block.text[: one.end])]):
            return
        others = [
            block.text for block in document.top_level_blocks if block.scopes == {"paragraph"} and _is_long(block.text)
        ]
        lacking = sum(text.rstrip()[-1].isalnum() for text in others)
        if len(others) <= _FEWEST or lacking > max(1, _SHARE * len(others)):
            return
        for one in found:
            yield Match(*one.block.span(one.start, one.end))


def _is_long(text: str) -> bool:
    return len(text.split()) >= _WORDS and _SENTENCE.search(text) is not None


def _is_cut(text: str) -> bool:
    if not _SENTENCE.search(text) or _SIGNATURE.search(text[-100:]):
        return False
    last = _LAST.search(text[-60:])
    return last is not None and (last["word"].islower() or last["word"] in _LEFT_OVER)
