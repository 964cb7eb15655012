"""Articles in which too much or too little text matches a pattern, such as articles that are mostly links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter import matching
from linter.analysis.pattern_base import PatternCheck
from linter.document import Block, Document
from linter.rule import Limited, Match


@dataclass(frozen=True)
class Share(PatternCheck, Limited):
    """Articles in which the share of text that matches `pattern` is less than `at_least` or more than `at_most`.

    At least one of the two limits must be given, as a fraction: 0.25 is 25 percent. `pattern` is a regular expression
    for the `regex` package; without it, everything matches. `unit` says how the share is calculated. With `characters`,
    it is the number of characters in matches, divided by the number of all characters. With `words`, it is the number
    of matches, divided by the number of all words. With `blocks`, it is the number of blocks that contain a match,
    divided by the number of all blocks; headings are not counted, unless all blocks are headings. With `blocks` and
    `only: links`, links that contain a match are counted instead of blocks that contain one.

    `only` limits the matches to list items (`lists`), to the text of links (`links`), or to blocks that repeat an
    earlier block (`repeats`); the default is `text`, all blocks. Articles of fewer than `words` words are not checked
    (default: 1). The match is the first block. The message may use {value} and {limit}, in percent.
    """

    unit: Literal["characters", "words", "blocks"]
    pattern: str = r"(?s).+"
    only: Literal["text", "lists", "links", "repeats"] = "text"
    at_least: float = 0
    at_most: float = 0
    words: int = 1

    values: ClassVar[frozenset[str]] = frozenset({"value", "limit"})

    def find_in(self, document: Document) -> Iterator[Match]:
        words = sum(len(block.text.split()) for block in document.prose)
        if not document.prose or words < self.words:
            return
        value = self._share(document, words)
        if limit := self.crossed(value):
            # Three digits are enough to distinguish the value from the limit.
            shown = {"value": f"{100 * value:.3g}", "limit": f"{100 * limit:.3g}"}
            yield Match(*document.prose[0].source_span, shown)

    def _share(self, document: Document, words: int) -> float:
        texts = [block.text for block in self._blocks(document)]
        if self.unit == "words":
            return sum(len(self._matches(text)) for text in texts) / words
        if self.unit == "characters":
            matched = sum(len(found) for text in texts for found in self._matches(text))
            return matched / sum(len(block.text) for block in document.prose)
        return sum(1 for text in texts if self._matches(text)) / len(_without_headings(document.prose))

    def _blocks(self, document: Document) -> Iterable[Block]:
        blocks: Sequence[Block] = document.prose
        if self.only == "links":
            own = set(blocks)
            return [link.block.part(link.start, link.end) for link in document.links if link.block in own]
        if self.only == "repeats":
            first = {block.text: block for block in reversed(blocks)}
            blocks = [block for block in blocks if first[block.text] is not block]
        if self.unit == "blocks":
            blocks = _without_headings(blocks)
        return [block for block in blocks if self.only != "lists" or "list" in block.scopes]

    def _matches(self, text: str) -> list[str]:
        return [match[0] for match in matching.matches(self.compiled, text)]


def _without_headings(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks that are not headings, or all blocks if every block is a heading."""
    return [block for block in blocks if "heading" not in block.scopes] or blocks
