"""The section in which Vale checks each block of an article, such as `text.list` or `text.heading.h2`.

Vale looks at the elements that have begun since the last block element ended. The first of them that has a section
decides. Therefore, only the first paragraph of a list item or a quote is in the section `text.list` or
`text.blockquote`, and the following paragraphs are plain text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection

from linter import patterns
from linter.document import Block, Document

# Elements that Vale treats as inline: their end tags do not end a block.
INLINE = frozenset("b big i small abbr acronym cite dfn em kbd strong a br img span sub sup code tt del".split())
_SECTIONS = {
    "th": "text.table.header",
    "td": "text.table.cell",
    "caption": "text.table.caption",
    "li": "text.list",
    "blockquote": "text.blockquote",
    "figcaption": "text.figure.caption",
    **{name: f"text.heading.{name}" for name in ("h1", "h2", "h3", "h4", "h5", "h6")},
}
_TABLE = "text.table."
# Block elements by the scopes of their blocks.
_ELEMENTS = {"quote": "blockquote", "list": "li", "table": "table", "table.header": "th", "table.cell": "td"}
_CONTAINERS = frozenset({"list", "quote", "boilerplate"})
# A marker at the start of a line: of a quote, a list item or a footnote.
_MARKER = patterns.lazy(r"[ \t]*+(?:(>)|(?:[-*+]|\d{1,9}[.)])(?=[ \t])|\[\^[^\]\r\n]{1,100}+\]:)")


class Sections:
    """Determines the section of each block. The blocks must be passed in source order."""

    def __init__(self, document: Document) -> None:
        self._document, self._source = document, document.source
        self._levels = {heading.block: heading.level for heading in document.headings}
        self._at: list[int] = []  # offsets of the tags that have an effect
        self._names: list[str] = []  # after each of these tags, the section of the first open element, or ""
        self._done = 0  # source end of the last block
        self._depth = 0  # number of `>` before the last block
        self._read_tags()

    def is_title(self, block: Block) -> bool:
        """Whether a block is the title of an HTML page, which Vale checks as text."""
        if "title" not in block.scopes or self._document.markup != "html":
            return False
        return self._source.text[: block.places[1]].rstrip()[-1:] == ">"

    def is_inside(self, block: Block, names: Collection[str]) -> bool:
        """Whether a block of Markdown or Org is in one of the block elements `names`, such as `blockquote` or `h2`."""
        if self._document.markup == "html":
            return False
        return f"h{self._levels.get(block)}" in names or any(_ELEMENTS.get(scope) in names for scope in block.scopes)

    def of(self, block: Block) -> str:
        """Return the section of a block, such as `text.list`."""
        if self._document.markup == "html":
            return self._from_tags(block.places[1], 0) or "text"
        section = self._in_org(block) if self._document.kind == "org" else self._in_markdown(block)
        self._done = block.places[-1]
        return section

    def _in_org(self, block: Block) -> str:
        scopes = block.scopes
        if "list" in scopes:
            return "text.list"
        return "text.blockquote" if "quote" in scopes else self._own(block)

    def _in_markdown(self, block: Block) -> str:
        start = block.places[1]
        opened = ""
        if not _CONTAINERS.isdisjoint(block.scopes) or self._source.text.startswith("]: ", start - 3):
            opened = self._from_markers(start)
        if not opened and self._at:
            opened = self._from_tags(start, self._done)
        return opened or self._own(block)

    def _own(self, block: Block) -> str:
        """Return the section of a block, without regard to lists and quotes around it."""
        if block in self._levels:
            return f"text.heading.h{self._levels[block]}"
        if "table" in block.scopes and (not self._at or self._is_in_row(block.places[1])):
            return "text.table.header" if "table.header" in block.scopes else "text.table.cell"
        return "text"

    def _is_in_row(self, start: int) -> bool:
        """Whether the line at the offset `start` seems to be a row of a Markdown table, and not of an HTML table."""
        low, high = self._source.line_span(start)
        return "|" in self._source.text[low:high]

    def _from_markers(self, start: int) -> str:
        """Return the section of the first list item or quote that begins at the line of the offset `start`, or ""."""
        text, line = self._source.text, self._source.line_span(start)[0]
        if line < self._done:
            return ""
        between = text[self._done : line]
        known = 0 if any(not each.strip() for each in between.splitlines()[1:]) else self._depth
        at, depth, opened = line, 0, ""
        while marker := _MARKER.match(text, at, start):
            at = marker.end()
            depth += marker[1] is not None
            if not opened and (marker[1] is None or depth > known):
                opened = "text.list" if marker[1] is None else "text.blockquote"
        self._depth = depth
        return opened

    def _from_tags(self, start: int, after: int) -> str:
        """Return the section of the first element that begins between `after` and `start`, or "" if none begins."""
        i = bisect_left(self._at, start) - 1
        return self._names[i] if i >= 0 and self._at[i] >= after else ""

    def _read_tags(self) -> None:
        first = ""
        for tag in self._document.tags:
            if tag.kind == "close" and tag.name not in INLINE:
                first = ""
            elif tag.kind == "open" and (section := _SECTIONS.get(tag.name)):
                # A cell may have no end tag.
                is_next_cell = first.startswith(_TABLE) and section.startswith(_TABLE)
                first = section if is_next_cell else first or section
            else:
                continue
            self._at.append(tag.span.start)
            self._names.append(first)
