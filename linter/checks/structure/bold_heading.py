"""Bold lines in place of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from linter import patterns
from linter.checks.structure._emphasis import is_bold
from linter.document import OBJECT, Block, Document
from linter.rule import Match

_PARAGRAPH = frozenset({"paragraph"})
_MARKS = ".,;:!?…。！？："  # at the end of what is no heading,
_CLOSING = '"”’»)]'  # before any of these
# “By Anna Smith”, “Monday, May 4th, 2024”, “Update: May 4”, a name of a file or of something in code.
_NONE = patterns.lazy(
    r"""(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or)\s+[A-Z]
    | (?:[A-Z][a-z]++,?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+\.?
      \s+\d\d?(?:[a-z]{2})?(?:,?\s+\d{4})?\Z
    | (?:Update|UPDATE|Correction|CORRECTION|Edit|EDIT)\b | \S*[\w)][._/\\:]\w\S*\Z""",
    re.VERBOSE,
)
_LETTER = patterns.lazy(r"[^\W\d_]")
_WORDS = 20  # of a paragraph that a heading may stand over, at least


@dataclass(frozen=True)
class BoldHeading:
    """A paragraph of one line, all bold, without a mark at its end, right above running text that is not bold.

    It has at most `words` words, and no link in it. What stands first in an article is its lead; a byline, a date and a
    file are no headings.
    """

    words: int

    def find(self, document: Document) -> Iterator[Match]:
        lines = [b for b in document.blocks_in(_PARAGRAPH) if "\n" not in b.text and b.text[-1:] not in _MARKS]
        bold = {id(block): block for block in lines if self._may_be(block, document)}
        for link in document.links if bold else ():
            bold.pop(id(link.block), None)
        for block, below in pairwise(document.top_level_blocks[1:]) if bold else ():
            runs = id(block) in bold and below.scopes == _PARAGRAPH and len(below.text.split()) >= _WORDS
            if runs and not is_bold(below, document):
                yield Match(*block.source_span)

    def _may_be(self, block: Block, document: Document) -> bool:
        text = block.text
        if block.scopes != _PARAGRAPH or OBJECT in text or text.rstrip(_CLOSING)[-1:] in _MARKS:
            return False
        if len(text.split()) > self.words or not is_bold(block, document):
            return False
        return _LETTER.search(text) is not None and not _NONE.match(text)
