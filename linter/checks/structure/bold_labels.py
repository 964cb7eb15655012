"""Lists in which every item opens with a bold label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from linter import patterns
from linter.checks.structure._emphasis import bold_until
from linter.document import Block, Document
from linter.rule import Match

_COLON = patterns.lazy(r"(?:[*_]{1,3}|</\w{1,10}>){1,3}[ \u00a0]?:")


@dataclass(frozen=True)
class BoldLabels:
    """A list of `items` items or more, all of which open with bold words and a colon. The match is the first label."""

    items: int = 3

    def __post_init__(self) -> None:
        if self.items < 1:
            raise ValueError("“items” must be at least 1")

    def find(self, document: Document) -> Iterator[Match]:
        for is_list, group in groupby(document.top_level_blocks, key=lambda block: "list" in block.scopes):
            blocks = list(group) if is_list else []
            if len(blocks) >= self.items and all(_is_labelled(block, document) for block in blocks):
                yield Match(blocks[0].source_span.start, bold_until(blocks[0], document))


def _is_labelled(block: Block, document: Document) -> bool:
    """Whether a colon stands before or behind the end of the bold words, and more words behind it."""
    end = bold_until(block, document)
    text = document.source.text
    return 0 < end < block.source_span.end and (text[end - 1] == ":" or _COLON.match(text, end) is not None)
