"""Markdown links that show as they were typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals
from linter.checks.links import _anchors
from linter.document import Block, Document
from linter.rule import Match

_LINK = patterns.lazy(r"(?<!\w)!?\[(?P<words>[^\[\]\n]*+)\]\((?P<address>(?:https?://|mailto:|www\.)[^()\n\"]*+)\)")
_KRAMDOWN = patterns.lazy(r"(?:\A|/)_(?:posts|drafts)/")  # where Jekyll looks; it makes links that others do not
_BLANK = patterns.lazy(r"^[ \t]*+\r?\n", re.MULTILINE)
# What begins a block of HTML in every sort of Markdown (CommonMark 0.31, 4.6, sixth kind, without rare ones).
_HTML = patterns.lazy(
    r"[ ]{0,3}</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|iframe|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?=[\s/>])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TypedLink:
    """Looks at what has the form of a link with an address on the web, is not escaped, and was made no link.

    That happens within a block of HTML, and with a space in the address. Some makers of pages make links there
    all the same, Jekyll among them: its folders are passed over. The message may use {words}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"words"})
    literals: ClassVar[Literals] = (frozenset({"](http", "](mailto:", "](www."}),)

    def find(self, document: Document) -> Iterator[Match]:
        if document.kind != "markdown" or _KRAMDOWN.search(document.source.path):
            return
        parts: list[int] = []
        for block in document.prose:
            for found in _LINK.finditer(block.text) if "](" in block.text else ():
                span = block.span(*found.span())
                parts = parts or _part_starts(document)
                cause = " " in found["address"] or _in_html(span.start, parts, document)
                if cause and _is_verbatim(block, found, document):
                    yield Match(*span, {"words": found["words"]})


def _is_verbatim(block: Block, found: re.Match[str], document: Document) -> bool:
    if not block.is_contiguous(*found.span()) or any(block.atoms(*found.span())):
        return False
    return not _anchors.escaped(block, document, found.start())


def _part_starts(document: Document) -> list[int]:
    """Return the offsets of the start of the text and of the text after each blank line."""
    return [0, *(blank.end() for blank in _BLANK.finditer(document.source.text))]


def _in_html(at: int, parts: list[int], document: Document) -> bool:
    """Whether the lines around an offset of the source, up to a blank one, begin with a block of HTML."""
    return bool(_HTML.match(document.source.text, parts[bisect_right(parts, at) - 1]))
