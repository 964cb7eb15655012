"""Articles that are too short or too long, and articles with unusually short or long words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.document import Document
from linter.rule import Limited, Match


@dataclass(frozen=True)
class ArticleLength(Limited):
    """Articles whose length is less than `at_least` or more than `at_most`. At least one of the two must be given.

    `unit` is `words`, the number of words, or `word-length`, the average number of code points per word. Articles of
    fewer than `words` words are not checked (default: 1). The match is the first block. The message may use {value},
    the length, and {limit}.
    """

    unit: Literal["words", "word-length"]
    at_least: float = 0
    at_most: float = 0
    words: int = 1

    values: ClassVar[frozenset[str]] = frozenset({"value", "limit"})

    def find_in(self, document: Document) -> Iterator[Match]:
        lengths = [len(word) for block in document.prose for word in block.text.split()]
        if not lengths or len(lengths) < self.words:
            return
        value = len(lengths) if self.unit == "words" else sum(lengths) / len(lengths)
        if limit := self.crossed(value):
            yield Match(*document.prose[0].source_span, {"value": self._shown(value), "limit": self._shown(limit)})

    def _shown(self, value: float) -> str:
        return str(int(value)) if self.unit == "words" else f"{value:.1f}"
