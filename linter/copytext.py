"""The copy of an article as one text, so that a rule looks through all of it in one go."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from linter.document import Block, Document
from linter.prose.tokens import COPY


class CopyText(NamedTuple):
    """The blocks of copy, and their texts joined by line ends; block `i` begins at `starts[i]` in `text`."""

    text: str
    blocks: tuple[Block, ...]
    starts: tuple[int, ...]


class Place(NamedTuple):
    """`block.text[start:end]`."""

    block: Block
    start: int
    end: int


@lru_cache(1)  # several rules ask
def copy_text(document: Document) -> CopyText:
    """The copy of an article, joined."""
    blocks = tuple(document.blocks_in(COPY))
    texts = [block.text for block in blocks]
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    return CopyText("\n".join(texts), blocks, tuple(starts))


def find(document: Document, *patterns: re.Pattern[str]) -> Iterator[Place]:
    """What fits any of `patterns` in the copy of an article, pattern by pattern.

    A pattern is fast if it begins with a literal character; the end of a block looks to it like a line end. What
    reaches over one is left out.
    """
    copy = copy_text(document)
    for pattern in patterns:
        for match in pattern.finditer(copy.text):
            i = bisect_right(copy.starts, match.start()) - 1
            block, start = copy.blocks[i], match.start() - copy.starts[i]
            end = start + match.end() - match.start()
            if end <= len(block.text):
                yield Place(block, start, end)
