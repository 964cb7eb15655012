"""A final sentence that ends in a colon, with nothing after the colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.checks.sentences._endings import is_footnote
from linter.document import Document
from linter.rule import Match

_LEAD = patterns.lazy(r"(?:\A|(?<=[.!?] )|(?<=[.!?][\"”’)] )|(?<=\n))(?P<lead>[^.!?:\n\ufffc]++):\s*+\Z")
_SHOWN = patterns.lazy(  # what may follow the colon: media, templates, code, URLs
    r"!\[|\{[{%<]|```|~~~|://|\[[\w-]|<(?!/|br\b|p\b|div\b|hr\b|span\b|!--)", re.IGNORECASE
)
_LIST_REACH = 2000  # code points after the last sentence that are searched


@dataclass(frozen=True)
class LostList:
    """The final paragraph of an article, if its last sentence ends in a colon. The match is that sentence.

    `words` is the minimum number of words of the sentence (default: 4). The paragraph is ignored if an image, video,
    template, code or URL follows in the source. Footnotes are also ignored, and so are articles that are a single
    block.
    """

    words: int = 4

    def find_in(self, document: Document) -> Iterator[Match]:
        blocks = document.top_level_blocks
        last = blocks[-1] if len(blocks) > 1 else None
        if last is None or last.scopes != {"paragraph"} or not last.text.rstrip().endswith(":"):
            return
        lead = _LEAD.search(last.text)
        if lead is None or len(lead["lead"].split()) < self.words or is_footnote(document, last):
            return
        end = last.source_span.end
        if not _SHOWN.search(document.source.text, end, end + _LIST_REACH):
            yield Match(*last.span(lead.start(), lead.end("lead") + 1))
