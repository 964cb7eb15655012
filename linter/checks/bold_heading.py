"""Lines in bold that stand where a heading is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from linter.document import OBJECT, Block, Document
from linter.prose.emphasis import is_bold
from linter.rule import Match

_MARK = re.compile(r"[.,;:!?…。！？：][\"”’»)\]]*\Z")
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = 20  # of a paragraph that a heading may stand over, at least


@dataclass(frozen=True)
class BoldHeading:
    """A paragraph of one line, all bold, without a mark at its end, right above running text that is not bold.

    It has at most `words` words. What stands first in an article is its lead.
    """

    words: int

    def find(self, document: Document) -> Iterator[Match]:
        for block, below in pairwise(document.flow[1:]):
            runs = below.scopes == {"paragraph"} and len(below.text.split()) >= _WORDS
            if runs and self._may_be(block) and is_bold(block, document) and not is_bold(below, document):
                yield Match(*block.outer)

    def _may_be(self, block: Block) -> bool:
        if block.scopes != {"paragraph"} or "\n" in block.text or OBJECT in block.text or _MARK.search(block.text):
            return False
        return len(block.text.split()) <= self.words and _LETTER.search(block.text) is not None
