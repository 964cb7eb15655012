"""Text that requires other text, such as an abbreviation that must be defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from linter.document import Block
from linter.matching import holds, matches
from linter.vale import patterns
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import Exceptions
from linter.vale.definition import Context, Definition


class Conditional(ArticleRule):
    """Matches of `first` without a match of `second`.

    If `second` has a group, a match of `first` requires that the group has matched the same text, in the same block or
    a previous one. Otherwise, it requires a match of `second` anywhere in the same block.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        first, second = definition.options.get("first", ""), definition.options.get("second", "")
        self.exceptions = Exceptions(definition, context)
        self.first, self.second = patterns.expression("first", first), patterns.expression("second", second)
        self.literals = patterns.literals(patterns.translated("first", first))
        self.has_group = second.count("(") > second.count("(?") + second.count(r"\(")

    def article_hits(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, Hit]]:
        defined: set[str] = set()
        for block in blocks:
            if self.has_group:
                for found in matches(self.second, block.text):
                    defined.update(filter(None, found.groups()))
            elif holds(self.second, block.text):
                continue
            for hit in self._undefined(block.text, defined.__contains__):
                yield block, hit

    def _undefined(self, text: str, is_defined: Callable[[str], bool]) -> Iterator[Hit]:
        for found in matches(self.first, text):
            if not is_defined(found[0]) and not self.exceptions.allow(text, *found.span()):
                yield self.hit(text, *found.span())


make = Conditional
