"""Recognize an excerpt of a letter, a speech or a statement whose full text follows in the article."""

from __future__ import annotations

import re

from linter import patterns
from linter.document import Document, Span

_OPENING = "“„«"
_QUOTES = '"”»' + _OPENING
# What announces or begins the full text.
_FULL_TEXT = patterns.lazy(
    r"""\b(?: (?i: (?:full|complete|entire)\s(?:text|letter|statement|speech|remarks|transcript)
      | (?:text|transcript)\sof\s(?:the|his|her|their)\s(?:letter|statement|speech|remarks)
      | as\s(?:prepared|delivered) | im\swortlaut | texte\sintégral | na\síntegra
      | (?:carta|texto)\s(?:íntegr|complet)[ao])
    | (?:Dear|Sehr\sgeehrter?|Estimad[oa]s?|Cher|Chère)\s[A-Z] )""",
    re.VERBOSE,
)


def is_excerpt(document: Document, first: Span, second: Span) -> bool:
    """Whether the text at `first` is an excerpt of the text that `second` is part of.

    This is the case if the first text is in a quotation and the second, the same text, is not, or if something between
    them, such as “full text” or a salutation, announces or begins a letter, a speech or a statement.
    """
    text = document.source.text
    if _FULL_TEXT.search(text, first.end, second.start):
        return True
    return _is_quoted(text, first.start) and not _is_quoted(text, second.start)


def _is_quoted(text: str, at: int) -> bool:
    """Whether the last quotation mark up to the offset `at` opens a quotation, and no paragraph ends between them.

    Unlike `text.quotes`, this is also right for a quotation of several paragraphs that an import has joined.
    """
    mark = max(text.rfind(each, 0, at + 1) for each in _QUOTES)
    if mark < 0 or text.rfind("\n\n", mark, at) >= 0:
        return False
    return text[mark] in _OPENING or (text[mark] == '"' and (mark == 0 or text[mark - 1] in " \n\u00a0(—–:"))
