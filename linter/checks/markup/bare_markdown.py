"""Markdown syntax that shows as text, in HTML and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals
from linter.document import PROSE, Block, Document
from linter.finding import Edit
from linter.record import record
from linter.rule import Match

_MARKS = {
    "strong": patterns.lazy(r"(?<![A-Za-z0-9*\\/])(\*\*)(?=[^\s*])[^*\n]{1,160}?(?<=\S)(\*\*)(?![A-Za-z0-9*/])"),
    "heading": patterns.lazy(r"^(#{2,6} )(?=\S)", re.MULTILINE),
    "link": patterns.lazy(r"(?<!\w)(\[)[^\[\]\n]{1,160}(\]\((?:https?://|/|#|mailto:)[^()\s]{1,400}\))"),
}
_REQUIRED = {"strong": "**", "heading": "##", "link": "]("}  # by each of them
_SORTS = 2  # of marks that plain text must have: authors of plain text write **so**, too
_FENCE = "```"  # what prints this shows a file on purpose, or belongs to the pack of fences


@record
class BareMarkdown:
    """Words between two pairs of asterisks, marks of headings, and links.

    Markdown files are left out, and so are pages that show a Markdown file: they contain a code mark, or headings
    alone. Plain text must contain marks of two sorts. The fix deletes the marks.
    """

    literals: ClassVar[Literals] = (frozenset(_REQUIRED.values()),)

    def find(self, document: Document) -> Iterator[Match]:
        if document.kind == "markdown":
            return
        found = [(sort, block, mark) for block in document.blocks_in(PROSE) for sort, mark in _marks(block)]
        sorts = {sort for sort, _, _ in found}
        if sorts == {"heading"} or (document.kind == "text" and len(sorts) < _SORTS):
            return
        if any(_FENCE in block.text for block in document.blocks_in(PROSE)):
            return
        for _, block, mark in found:
            spans = [block.span(*mark.span(group)) for group in range(1, (mark.re.groups or 0) + 1)]
            yield Match(*block.span(*mark.span()), {}, tuple(Edit(*span, "") for span in spans))


def _marks(block: Block) -> Iterator[tuple[str, re.Match[str]]]:
    for sort, pattern in _MARKS.items():
        for mark in pattern.finditer(block.text) if _REQUIRED[sort] in block.text else ():
            yield sort, mark
