"""Paragraphs that break off in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from linter.checks.sentences._endings import open_endings
from linter.document import Document
from linter.rule import Match

_WORDS = 12  # of a paragraph that is no label


@dataclass(frozen=True)
class CutOff:
    """A paragraph of twelve words and more that ends without a mark, in a word that cannot end a sentence.

    `words` are those, in small letters; `before_headings` can, but not where a heading follows, or nothing. An article
    that does not say its language is judged paragraph by paragraph. The match is the last words.
    """

    words: tuple[str, ...]
    before_headings: tuple[str, ...]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def _more(self) -> frozenset[str]:
        return self._words | frozenset(self.before_headings)

    def find(self, document: Document) -> Iterator[Match]:
        for ending in open_endings(document, _WORDS):
            last = ending.last if len(ending.last) == 1 else ending.last.lower()  # Phase A
            if last.replace("’", "'") in (self._words if ending.before == "paragraph" else self._more):
                yield Match(*ending.block.span(ending.start, ending.end))
