"""Punctuation marks alone on a line or at its start, and opening parentheses at the end of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linter.document import Document
from linter.patterns import lazy
from linter.rule import Match
from linter.text.view import text_view

_LINE = lazy(r"\n(?=[.,;–—|•)”](?:[ \t\n.,;]|\Z))")
_OPEN = lazy(r"\((?<=[a-z] \()(?=\n)")
_STRAY = lazy(r"[)”][.,](?=[ \t]*+(?:\n|\Z))|[.,;–—|•](?:(?=[ \t]*+(?:\n|\Z))|(?<=[.,;])[ \t]+(?=[“\"A-Z]))")
_SEPARATORS = frozenset("–—|•")  # in Markdown and HTML, such a mark alone divides the page
_FORMS = frozenset({"table", "heading", "code"})  # scopes in which a mark may be the only content


@dataclass(frozen=True)
class StrayMark:
    """Punctuation marks without the text that they belong to. The match is the mark.

    A period, comma or semicolon matches if it is alone on a line, and so does a dash, bullet or vertical bar in plain
    text. A period, comma or semicolon also matches at the start of a line, before a space and a capital letter or
    opening quotation mark. A closing parenthesis or quotation mark matches together with a period or comma if the two
    are a whole paragraph. An opening parenthesis matches at the end of a paragraph, after a lowercase word and a space.
    The first line of an article, tables, headings and code are ignored.
    """

    def find_in(self, document: Document) -> Iterator[Match]:
        view = text_view(document)
        starts = [line.end() for line in _LINE.finditer(view.text)]
        for block, start, end in view.places(filter(None, (_STRAY.match(view.text, start) for start in starts))):
            is_whole = start == 0 and end == len(block.text)
            if not _FORMS.isdisjoint(block.scopes) or (not is_whole and block.text[start] in ")”"):
                continue
            span = block.span(start, start + len(block.text[start:end].rstrip()))
            is_note = document.source.text[span.start - 1] == "]"  # a period behind the number of a note
            if not is_note and (document.kind == "text" or block.text[start] not in _SEPARATORS):
                yield Match(*span)
        for block, start, end in view.places(_OPEN.finditer(view.text)) if " (\n" in view.text else ():
            if end == len(block.text) and _FORMS.isdisjoint(block.scopes):
                yield Match(*block.span(start, end))
