"""Articles with abnormal figures: too short, mostly links, without sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.checks.duplicates import _measures
from linter.document import Document
from linter.rule import Match


@dataclass(frozen=True)
class Measure:
    """What an article measures is less than `at_least`, or more than `at_most`.

    `of` is words, word-length (code points), or a share from 0 to 1: lists, ends, short (of thirty characters or fewer)
    and dots (an ellipsis at the end) of the blocks, symbols (words without a letter) and marks (number signs and
    ellipses) of the words; links, repeated (blocks that repeat an earlier one), digits, signs, addresses and brackets
    of the characters. An article of fewer than `words` words is not judged. The match is the first block. The message
    may use {value} and {limit}, a share in per cent.
    """

    of: Literal[
        "words",
        "word-length",
        "lists",
        "symbols",
        "marks",
        "links",
        "ends",
        "short",
        "dots",
        "repeated",
        "digits",
        "signs",
        "addresses",
        "brackets",
    ]
    at_least: float = 0
    at_most: float = 0
    words: int = 1

    values: ClassVar[frozenset[str]] = frozenset({"value", "limit"})

    def __post_init__(self) -> None:
        if not self.at_least and not self.at_most:
            raise ValueError("either “at_least” or “at_most” must be given")

    def find(self, document: Document) -> Iterator[Match]:
        if not document.prose or _measures.words(document) < self.words:
            return
        value = {**_measures.COUNTS, **_measures.SHARES}[self.of](document)
        if value < self.at_least or 0 < self.at_most < value:
            limit = self.at_least if value < self.at_least else self.at_most
            yield Match(*document.prose[0].source_span, {"value": self._shown(value), "limit": self._shown(limit)})

    def _shown(self, value: float) -> str:
        """A number as the message has it: of a share so many digits that it does not look like its limit."""
        if self.of == "words":
            return str(int(value))
        return f"{value:.1f}" if self.of == "word-length" else f"{100 * value:.3g}"
