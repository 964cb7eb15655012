"""`[sic]` behind a word: it stands there so on purpose, as in a quotation with its mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter import late
from linter.block import Span

_REACH = 4  # words before the mark that a finding may begin in; it must end in the last of them
_SIC = late.pattern(
    r"[\[(](?:[*_]{1,3}|<(?:em|i)>)?sic[!.]?(?:[*_]{1,3}|</(?:em|i)>)?\\?[\])]",
    re.IGNORECASE,
)
# One of these stands in every mark; a plain look for them is done in no time, and most articles have none.
_FORMS = ("[sic", "(sic", "[Sic", "(Sic", "[SIC", "(SIC", ">sic<", "*sic*", "_sic_")
_WORD = late.pattern(r"\S++")
_CLOSING = " \t\r\n\"'”’»›*_)]"


def stands_in(text: str) -> bool:
    """Whether there may be such a mark in a text."""
    return any(form in text for form in _FORMS)


def find(text: str) -> Iterator[tuple[Span, Span]]:
    """For each mark in `text` the span of the word before it, and that of this word and the few before it."""
    if not stands_in(text):
        return
    done = 0
    for mark in _SIC.finditer(text):
        begin = mark.start()
        if begin > done and text[begin - 1] == "\\":  # the pattern is fast as it begins with a bracket
            begin -= 1
        end = begin
        while end > done and text[end - 1] in _CLOSING:
            end -= 1
        start = max(done, end - 200)
        start = max(start, text.rfind("\n\n", start, end) + 1)
        words = [*_WORD.finditer(text, start, end)][-_REACH:]
        if words:
            yield Span(words[-1].start(), begin), Span(words[0].start(), begin)
        done = mark.end()
