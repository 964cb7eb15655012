"""An article without capitals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.checks.names._small import body, is_small
from linter.document import Document
from linter.rule import Match

_SENTENCE = patterns.lazy(r"[^.!?]*+[.!?]?")


@dataclass(frozen=True)
class AllLower:
    """One match for the article: the first sentence of its first paragraph."""

    def find(self, document: Document) -> Iterator[Match]:
        if is_small(document):
            first = body(document)[0]
            sentence = _SENTENCE.match(first.text)
            yield Match(*first.span(0, sentence.end() if sentence else len(first.text)))
