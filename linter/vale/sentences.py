"""Split English text into sentences."""

from __future__ import annotations

from linter import patterns

_SENTENCE = patterns.lazy(r"\S(?:(?![.?!]\s)[\s\S])*+[.?!]?")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the sentences in `text`, without white space around them."""
    spans = [found.span() for found in _SENTENCE.finditer(text)]
    return [(start, start + len(text[start:end].rstrip())) for start, end in spans]
