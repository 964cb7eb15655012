"""Text that requires other text, such as an abbreviation that must be defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from linter.document import Block, Document
from linter.matching import holds
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import Exceptions
from linter.vale.definition import Context, Definition
from linter.vale.search import Expression, selected_blocks
from linter.views import TextView


class Conditional(ArticleRule):
    """Matches of `first` without a match of `second`.

    If `second` has a group, a match of `first` requires that the group has matched the same text, in the same block or
    a previous one. Otherwise, it requires a match of `second` anywhere in the same block.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        first, second = definition.options.get("first", ""), definition.options.get("second", "")
        self.exceptions = Exceptions(definition, context)
        self.first, self.second = Expression("first", first), Expression("second", second)
        self.literals = self.first.literals
        self.has_group = second.count("(") > second.count("(?") + second.count(r"\(")

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        view = selected_blocks(document, self.selectors)
        defined = self._defined(view)
        for number, start, end, _ in self.first.find_in(document, self.selectors):
            text = view.blocks[number].text
            if self.exceptions.allow(text, start, end):
                continue
            if self.has_group:
                is_defined = defined.get(text[start:end], number + 1) <= number
            else:
                is_defined = holds(self.second.pattern, text)
            if not is_defined:
                yield view.blocks[number], self.hit(text, start, end)

    def _defined(self, view: TextView) -> Mapping[str, int]:
        """Return the texts that a group of `second` matches, each with the index of the first block that defines it."""
        defined: dict[str, int] = {}
        for number, match, _ in self.second.matches_in(view) if self.has_group else ():
            for text in filter(None, match.groups()):
                defined.setdefault(text, number)
        return defined


make = Conditional
