"""Descriptions that combine the title with stock phrases: “Learn all about {title} in this guide.”"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import Match

_MIN_TITLE_WORDS = 3  # minimum words of a title; a shorter title may be a name
_MAX_OTHER_WORDS = 24  # maximum words of a description besides the title; a longer description says more than the title


@dataclass(frozen=True)
class TitleFormula:
    """A metadata value under one of `keys` that puts the title into a stock sentence. The match is the whole value.

    `openings` and `endings` are lists of regular expressions for Python's `re`. They ignore case. Either the text
    before the title begins with one of `openings` and continues to the title without a colon or the end of a sentence,
    or the text after the title begins with one of `endings`. The title has at least three words, and is neither in
    quotation marks nor at the start of the value. The rest of the value has at most 24 words.
    """

    keys: tuple[str, ...]
    openings: tuple[str, ...]
    endings: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    @cached_property
    def _before(self) -> re.Pattern[str]:
        return re.compile(rf"\W*(?:{'|'.join(self.openings)})\b[^.!?:\"“”]*\s", re.IGNORECASE)

    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(rf"[^\w\"“”]{{1,3}}(?:{'|'.join(self.endings) or '(?!)'})\b", re.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        title = document.metadata.values.get("title")
        if not isinstance(title, str) or len(title.split()) < _MIN_TITLE_WORDS:
            return
        for block in _fields.values(document, self.keys):
            before, found, behind = block.text.partition(title)
            if not found or not before.strip() or len(f"{before} {behind}".split()) > _MAX_OTHER_WORDS:
                continue
            if self._before.fullmatch(before) or self._behind.match(behind):
                yield Match(*block.span(0, len(block.text)))
