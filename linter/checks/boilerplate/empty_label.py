"""Field labels without a value: `Published:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

import regex

from linter import patterns
from linter.analysis.literals import Literals, literals_of_pattern
from linter.document import Block, Document
from linter.rule import Match

_LINE = patterns.lazy(r"^[ \t]*", re.MULTILINE)
_SPACE = patterns.lazy(r"\s*")
_MIN_PARAGRAPH_WORDS = 12  # a paragraph of at least this many words is part of the article and not the value of a label
_MIN_HEADING_WORDS = 5  # minimum words of a heading that is part of the article and not the value of a label


@dataclass(frozen=True)
class EmptyLabel:
    """Labels of fields that have no value.

    `labels` are the names of the fields, in any case. A label matches if its line consists of the label and a colon,
    and no value follows. This is the case at the end of the article, and before another label, a paragraph of at least
    12 words or a heading of at least five words. The message may use {label}.
    """

    labels: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def _labelled_field(self) -> re.Pattern[str]:
        either = "|".join(re.escape(" ".join(label.split())) for label in sorted(self.labels, key=len, reverse=True))
        return re.compile(rf"(?P<label>{either})[ \t\u00a0\u202f]?[:：](?P<rest>[^\n]*)", re.IGNORECASE)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self._labelled_field.pattern, regex.VERSION1 | regex.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        blocks = document.top_level_blocks
        for block, behind in zip(blocks, chain(blocks[1:], [None]), strict=False):
            for line in _LINE.finditer(block.text) if block.scopes == {"paragraph"} else ():
                field = self._labelled_field.match(block.text, line.end())
                if field and not field["rest"].strip() and self._is_empty(block, field.end(), behind):
                    yield Match(*block.span(field.start(), field.start("rest")), {"label": field["label"]})

    def _is_empty(self, block: Block, at: int, behind: Block | None) -> bool:
        """Whether the label that ends at the offset `at` of `block` seems to have no value.

        `behind` is the next block, or None at the end of the article.
        """
        rest = _SPACE.match(block.text, at)
        if rest and rest.end() < len(block.text):
            return bool(self._labelled_field.match(block.text, rest.end()))
        if behind is None:
            return True
        if "heading" in behind.scopes:
            return len(behind.text.split()) >= _MIN_HEADING_WORDS
        long = len(behind.text.split()) >= _MIN_PARAGRAPH_WORDS
        return behind.scopes == {"paragraph"} and (long or bool(self._labelled_field.match(behind.text)))
