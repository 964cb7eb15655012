"""Text that occurs too often or not often enough."""

from __future__ import annotations

from collections.abc import Iterator

from linter.document import Block
from linter.matching import matches
from linter.vale import patterns
from linter.vale.checks._base import BlockRule, Hit, Limited
from linter.vale.definition import Context, Definition
from linter.vale.selectors import SUMMARY


class Occurrence(BlockRule):
    """Blocks in which `token` has more than `max` or fewer than `min` matches, if these are not 0.

    The hit is the first match with anything other than white space and the signs that represent code (`*` and `@`). If
    there is no match at all, the hit is the start of the block, or of the article if the block is its summary.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        self.most, self.least = options.get("max", 0), options.get("min", 0)
        text = ("(?i)" if options.get("ignorecase", False) else "") + f"(?:{options.get('token', '')})"
        self.pattern = patterns.expression("token", text)
        if self.least <= 0:
            self.literals = patterns.literals(patterns.translated("token", text))

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        if self.least <= 0 and len(text) <= self.most:
            return  # no match is empty
        found = [match.span() for match in matches(self.pattern, text)]
        count = len(found)
        if not (0 < self.most < count or count < self.least):
            return
        if not found:
            yield Hit(0, 0, (0,), (), whole=SUMMARY in block.scopes)
            return
        for start, end in found:
            if text[start:end].strip() and text[start:end].strip("*@"):
                yield self.hit(text, start, end)._replace(values=(count,))
                return


def make(definition: Definition, context: Context) -> BlockRule:
    """Return the check. Raises BadOption if the token is not a regular expression."""
    check = Occurrence(definition, context)
    return Limited(check) if SUMMARY in check.selectors.views else check
