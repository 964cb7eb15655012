"""Text that occurs too often or not often enough."""

from __future__ import annotations

from collections.abc import Iterator

from linter.document import Block, Document
from linter.matching import matches
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, selected_blocks
from linter.vale.selectors import SUMMARY

_START = Block("", frozenset(), (0, 0, 0))  # of the article


class Occurrence(ArticleRule):
    """Blocks in which `token` has more than `max` or fewer than `min` matches, if these are not 0.

    The hit is the first match with anything other than white space and the signs that represent code (`*` and `@`). If
    there is no match at all, the hit is the start of the block, or of the article if the block is its summary.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        self.most, self.least = options.get("max", 0), options.get("min", 0)
        text = ("(?i)" if options.get("ignorecase", False) else "") + f"(?:{options.get('token', '')})"
        self.token = Expression("token", text)

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        for block in selected_blocks(document, self.selectors).blocks:
            if self.least > 0 or len(block.text) > self.most:  # no match is empty
                for hit in self.hits(block):
                    is_missing = SUMMARY in block.scopes and hit.values == (0,)
                    yield _START if is_missing else block, hit

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        if self.least <= 0 and len(self.token.texts(text)) <= self.most:
            return
        found = [match.span() for match in matches(self.token.pattern, text)]
        count = len(found)
        if not (0 < self.most < count or count < self.least):
            return
        if not found:
            yield Hit(0, 0, (0,), ())
            return
        for start, end in found:
            if text[start:end].strip() and text[start:end].strip("*@"):
                yield self.hit(text, start, end)._replace(values=(count,))
                return


make = Occurrence
