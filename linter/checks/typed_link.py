"""Links of Markdown that print as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import Document
from linter.prose import anchors
from linter.rule import Match

_LINK = re.compile(r"(?<!\w)!?\[(?P<words>[^\[\]\n]*+)\]\((?P<address>(?:https?://|mailto:|www\.)[^()\n\"]*+)\)")
_COMMENT = re.compile(r"^[ \t]*+<!--[^\n]*?-->", re.MULTILINE)  # what excerpts end at; makers of pages take it out


@dataclass(frozen=True)
class TypedLink:
    """Looks at what has the form of a link with an address on the web, is not escaped, and was made no link.

    That is so within a block of HTML, and where a space stands in the address. Lines that begin with a comment are
    passed over. The message may use {words}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"words"})

    def find(self, document: Document) -> Iterator[Match]:
        text = document.source.text
        if document.kind != "markdown":
            return
        for block in document.prose:
            for found in _LINK.finditer(block.text) if "](" in block.text else ():
                span = block.span(*found.span())
                line, _ = document.source.line_span(span.start)
                whole = block.unbroken(*found.span()) and not any(block.atoms(*found.span()))
                if whole and not anchors.escaped(block, document, found.start()) and not _COMMENT.match(text, line):
                    yield Match(*span, {"words": found["words"]})
