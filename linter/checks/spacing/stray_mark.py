"""Punctuation marks alone on a line or at its start, and opening parentheses at the end of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from linter.document import Document
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match
from linter.text.view import TextCheck, text_view

_LINE = lazy(r"\n(?=[.,;–—|•)”](?:[ \t\n.,;]|\Z))")
_OPEN = lazy(r"\((?<=[a-z] \()(?=\n)")
_STRAY = lazy(r"[)”][.,](?=[ \t]*+(?:\n|\Z))|[.,;–—|•](?:(?=[ \t]*+(?:\n|\Z))|(?<=[.,;])[ \t]+(?=[“\"A-Z]))")
_FORMS = frozenset({"table", "heading", "code"})  # scopes in which a mark may be the only content


@record
class StrayMark(TextCheck):
    """Punctuation marks without the text that they belong to. The match is the mark.

    A period, comma, semicolon, dash, bullet or vertical bar matches if it is alone on a line. A period, comma or
    semicolon also matches at the start of a line, before a space and a capital letter or opening quotation mark. A
    closing parenthesis or quotation mark matches together with a period or comma if the two are a whole paragraph. An
    opening parenthesis matches at the end of a paragraph, after a lowercase word and a space. The first line of an
    article, tables, headings and code are ignored.
    """

    spots: ClassVar[re.Pattern[str]] = lazy(r"(?s:.)\n[.,;–—|•)”]| \(\n")

    def find(self, document: Document) -> Iterator[Match]:
        view = text_view(document)
        starts = [line.end() for line in _LINE.finditer(view.text)]
        for block, start, end in view.places(filter(None, (_STRAY.match(view.text, start) for start in starts))):
            is_whole = start == 0 and end == len(block.text)
            if _FORMS.isdisjoint(block.scopes) and (is_whole or block.text[start] not in ")”"):
                yield Match(*block.span(start, start + len(block.text[start:end].rstrip())))
        for block, start, end in view.places(_OPEN.finditer(view.text)) if " (\n" in view.text else ():
            if end == len(block.text) and _FORMS.isdisjoint(block.scopes):
                yield Match(*block.span(start, end))
