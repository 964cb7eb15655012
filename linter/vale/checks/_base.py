"""The base classes of checks for Vale rules: checks of single blocks, and checks of all blocks of an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from linter.analysis.literals import Literals
from linter.document import Block, Document
from linter.finding import Edit
from linter.matching import holds
from linter.rule import Match
from linter.source_edits import source_edit
from linter.vale import messages
from linter.vale.actions import replacements
from linter.vale.definition import Definition
from linter.vale.search import Alternatives, Expression, selected_blocks
from linter.vale.selectors import selectors_of

_OPENING = "([{“‘«"  # punctuation that has no space after it
_CLOSING = ".,;:!?)]}”’»…"  # punctuation that has no space before it


class Hit(NamedTuple):
    """A match in the text of a block, `text[start:end]`, with values for `%s` in the message, in order.

    `replacements` are the texts that may replace the match, or None if the action of the rule decides. If `sure` is
    false, even a single replacement is an unsafe fix.
    """

    start: int
    end: int
    values: tuple[str | int, ...]
    replacements: tuple[str, ...] | None = None
    sure: bool = True


class BlockRule:
    """A check of one block at a time. Subclasses define `hits`, and `literals` if text must contain certain strings."""

    literals: Literals | None = None  # see `linter.rule.Needs`

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.selectors = selectors_of(definition.scope)

    def hits(self, block: Block) -> Iterator[Hit]:
        """Yield the hits in a block that the scope of the rule selects."""
        raise NotImplementedError

    def find(self, block: Block) -> Iterator[Match]:
        if self.selectors.fit(block.scopes):
            for hit in self.hits(block):
                yield self.match(hit, block.text)

    def hit(self, text: str, start: int, end: int) -> Hit:
        """Return the hit `text[start:end]`. Its values are the match and, if the rule has an action, what replaces it.

        If there are several replacements, the second value lists them, such as “'large' or 'huge'”.
        """
        match = text[start:end]
        if not self.definition.action.name:
            return Hit(start, end, (match,))
        new = replacements(self.definition.action, match)
        shown = messages.as_sentence(new) if len(new) > 1 else new[0] if new else match
        return Hit(start, end, (match, shown), new)

    def match(self, hit: Hit, text: str) -> Match:
        """Return the match for a hit in a block with the text `text`. Its offsets are those of the hit."""
        given = hit.replacements
        if given is None:
            given = replacements(self.definition.action, text[hit.start : hit.end])
        values = {"message": messages.fill(self.definition.message, *hit.values)}
        edits = (_edit(text, hit.start, hit.end, given[0]),) if given else ()
        return Match(hit.start, hit.end, values, edits, sure=hit.sure and len(given) == 1)


def _edit(text: str, start: int, end: int, new: str) -> Edit:
    """Return the edit that replaces `text[start:end]`, without joining words or leaving two spaces in a row.

    White space at an end of the match is kept if words would be joined otherwise. If the match is deleted, one of the
    spaces around it is deleted too.
    """
    old, before, after = text[start:end], text[:start][-1:], text[end : end + 1]
    if new == old:
        return Edit(start, end, new)
    if new:
        left = old[:1] if old[:1].isspace() and before.isalnum() and new[0].isalnum() else ""
        right = old[-1:] if old[-1:].isspace() and after.isalnum() and new[-1].isalnum() else ""
        return Edit(start, end, left + new + right)
    if old[:1].isspace() or old[-1:].isspace():
        return Edit(start, end, " " if before.isalnum() and after.isalnum() else "")
    if after == " " and (not before or before.isspace() or before in _OPENING):
        return Edit(start, end + 1, "")
    if before == " " and (not after or after.isspace() or after in _CLOSING):
        return Edit(start - 1, end, "")
    return Edit(start, end, "")


class SearchRule(BlockRule):
    """A check of single blocks that searches for an expression, `search`. Subclasses define `hit_at`.

    `required` is an expression that must match in all blocks in which `search` matches, and that takes less time.
    """

    search: Expression | Alternatives
    required: Expression | None = None

    def hit_at(self, text: str, start: int, end: int, part: int) -> Hit | None:
        """Return the hit for the match `text[start:end]` in a block, or None. `part` is as in `search.Found`."""
        raise NotImplementedError

    def hits(self, block: Block) -> Iterator[Hit]:
        if self.required and not holds(self.required.pattern, block.text):
            return
        for start, end, part in self.search.find(block.text):
            if hit := self.hit_at(block.text, start, end, part):
                yield hit


class ArticleRule(BlockRule):
    """A check of all blocks of an article that the scope of the rule selects, in order, and not of single blocks."""

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        """Yield the hits in the blocks of a document, each with its block."""
        for block in selected_blocks(document, self.selectors).blocks:
            for hit in self.hits(block):
                yield block, hit

    def find_in(self, document: Document) -> Iterator[Match]:
        for count, (block, hit) in enumerate(self.article_hits(document)):
            if self.definition.limit and count >= self.definition.limit:
                return
            yield _in_source(self.match(hit, block.text), block, document)


def _in_source(match: Match, block: Block, document: Document) -> Match:
    """Return a match in a block with offsets and edits that refer to the source."""
    placed = [source_edit(edit, block, document) for edit in match.edits]
    start, end = block.span(match.start, match.end)
    return match._replace(start=start, end=end, edits=tuple(each for each in placed if each is not None))


class OncePerArticle(ArticleRule):
    """A check of single blocks that is run once per article, because it has a limit, or no literals that are rare."""

    def __init__(self, check: BlockRule) -> None:
        super().__init__(check.definition)
        self.check = check

    def hits(self, block: Block) -> Iterator[Hit]:
        return self.check.hits(block)


class JoinedSearch(OncePerArticle):
    """A check of single blocks that searches for its expression in all blocks of an article at once."""

    check: SearchRule

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        view = selected_blocks(document, self.selectors)
        blocks = view.blocks
        if required := self.check.required:
            for number in sorted({found[0] for found in required.matches_in(view)}):
                yield from ((blocks[number], hit) for hit in self.check.hits(blocks[number]))
            return
        for number, start, end, part in self.check.search.find_in(document, self.selectors):
            if hit := self.check.hit_at(blocks[number].text, start, end, part):
                yield blocks[number], hit
