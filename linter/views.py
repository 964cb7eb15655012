"""View the texts of blocks as one string, so that a rule searches all of them at once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from linter.document import Block, Document, join_texts, per_document

NUL = "\x00"  # in a separator: it appears nowhere else in the view, since U+001A replaces it in the blocks


class Place(NamedTuple):
    """`block.text[start:end]`."""

    block: Block
    start: int
    end: int


class TextView:
    """The texts of `blocks` as one string, `text`: joined by `separator`, then changed by `transform`.

    A transform either leaves all offsets as they are, or keeps the U+0000 that the separator must then contain.
    """

    def __init__(
        self, blocks: Sequence[Block], separator: str = "\n", transform: Callable[[str], str] | None = None
    ) -> None:
        self.blocks = blocks
        self.separator = separator
        texts = [block.text for block in blocks]
        joined = join_texts(texts, separator) if NUL in separator else separator.join(texts)
        self.text = transform(joined) if transform else joined

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset in `text` at which each block begins; with U+0000 as separator, the offset after it."""
        if NUL in self.separator:
            lengths = [len(part) + 1 for part in self.text.split(NUL)]
        else:
            lengths = [len(block.text) + len(self.separator) for block in self.blocks]
        return tuple(accumulate(lengths[:-1], initial=0))

    def number(self, at: int) -> int:
        """Return the index of the block that contains `text[at]`, or the separator after it."""
        return bisect_right(self.starts, at) - 1

    def places(self, matches: Iterable[re.Match[str]]) -> Iterator[Place]:
        """Yield the places of matches in `text`, without those that reach into another block.

        The transform must leave offsets as they are.
        """
        for match in matches:
            number = self.number(match.start())
            block, first = self.blocks[number], self.starts[number]
            if match.end() - first <= len(block.text):
                yield Place(block, match.start() - first, match.end() - first)


@per_document
def view_blocks(
    document: Document,
    scopes: frozenset[str] | None = None,
    separator: str = "\n",
    transform: Callable[[str], str] | None = None,
) -> TextView:
    """Return the view of the blocks of a document that lie in any of `scopes`; None stands for all blocks."""
    blocks = document.blocks if scopes is None else tuple(document.blocks_in(scopes))
    return TextView(blocks, separator, transform)
