"""The base classes of checks for Vale rules: checks of single blocks, and checks of all blocks of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from linter.analysis.literals import Literals
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.source_edits import source_edit
from linter.vale import messages
from linter.vale.actions import replacements
from linter.vale.definition import Definition
from linter.vale.selectors import Selectors


class Hit(NamedTuple):
    """What a check finds in the text of a block: `text[start:end]`, and values for `%s` in the message, in order.

    `replacements` are the texts that may replace the match, or None if the action of the rule decides. `whole` is true
    if the hit is about the whole article; it is then reported at the start of the article.
    """

    start: int
    end: int
    values: tuple[str | int, ...]
    replacements: tuple[str, ...] | None = None
    whole: bool = False


class BlockRule:
    """A check of one block at a time. Subclasses define `hits`, and `literals` if text must contain certain strings."""

    literals: Literals | None = None  # see `linter.rule.Needs`

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.selectors = Selectors(definition.scope)

    def hits(self, block: Block) -> Iterator[Hit]:
        """Yield the hits in a block that the scope of the rule selects."""
        raise NotImplementedError

    def find(self, block: Block) -> Iterator[Match]:
        if self.selectors.fit(block.scopes):
            for hit in self.hits(block):
                yield self.match(hit, block.text)

    def match(self, hit: Hit, text: str) -> Match:
        """Return the match for a hit in a block with the text `text`. Its offsets are those of the hit."""
        given = hit.replacements
        if given is None:
            given = replacements(self.definition.action, text[hit.start : hit.end])
        values = {"message": messages.fill(self.definition.message, *hit.values)}
        edits = tuple(self._edits(hit, given[0], text)) if given and not hit.whole else ()
        return Match(hit.start, hit.end, values, edits, sure=len(given) == 1)

    def _edits(self, hit: Hit, new: str, text: str) -> Iterator[Edit]:
        """Yield the edit that replaces a hit. If nothing remains of it, one of two spaces around it is deleted too."""
        start, end = hit.start, hit.end
        if not new and text[end : end + 1] == " " and text[max(0, start - 1) : start] in ("", " "):
            end += 1
        if new != text[start:end]:
            yield Edit(start, end, new)


class ArticleRule(BlockRule):
    """A check of all blocks of an article that the scope of the rule selects, in order, and not of single blocks."""

    def article_hits(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, Hit]]:
        """Yield the hits in `blocks`, each with its block."""
        for block in blocks:
            for hit in self.hits(block):
                yield block, hit

    def find(self, document: Document) -> Iterator[Match]:  # type: ignore[override]
        blocks = [block for block in document.blocks_in(self.selectors.views) if self.selectors.fit(block.scopes)]
        for count, (block, hit) in enumerate(self.article_hits(blocks)):
            if self.definition.limit and count >= self.definition.limit:
                return
            yield self._in_source(self.match(hit, block.text), hit, block, document)

    def _in_source(self, match: Match, hit: Hit, block: Block, document: Document) -> Match:
        """Return a match with offsets and edits that refer to the source."""
        if hit.whole:
            return match._replace(start=0, end=0)
        placed = [source_edit(edit, block, document) for edit in match.edits]
        start, end = block.span(match.start, match.end)
        return match._replace(start=start, end=end, edits=tuple(each for each in placed if each is not None))


class Limited(ArticleRule):
    """A check of single blocks that reports at most as many matches of an article as the rule allows."""

    def __init__(self, check: BlockRule) -> None:
        super().__init__(check.definition)
        self.check = check
        self.literals = check.literals

    def hits(self, block: Block) -> Iterator[Hit]:
        return self.check.hits(block)
