"""Recognize articles written in lower case altogether: a habit, not a thousand mistakes."""

from __future__ import annotations

from linter import patterns
from linter.document import Block, Document, per_document
from linter.text.words import words_of

_BODY = frozenset({"paragraph", "list"})
_FEWEST = 40  # words; shorter ones are notes, lists, labels
_SENTENCES = 3
_TITLED = 0.01  # capitalised words among them that are no reason to doubt
_CAPITAL_START = patterns.lazy(r"(?:\A|[.!?]\s+)[A-Z]")
_END = patterns.lazy(r"[a-z][.!?](?=\s|\Z)")


def body(document: Document) -> list[Block]:
    """The blocks of the story but its headings, quotations and captions."""
    return list(document.blocks_in(_BODY))


@per_document
def is_small(document: Document) -> bool:
    """Whether hardly a word of an article's sentences is capitalised."""
    parts = [block.text for block in body(document)]
    few = 0.1 * len(parts)
    capitalized = 0
    for text in parts:  # the quick way out of nearly all articles
        capitalized += text[0].isupper()
        if capitalized > few:
            return False
    words = [word for text in parts for word in words_of(text)]
    vocabulary = set(words)
    if sum(word[0].isupper() for word in vocabulary) > 0.05 * len(vocabulary):
        return False
    sentences = sum(len(_END.findall(text)) for text in parts)
    capitals = sum(len(_CAPITAL_START.findall(text)) for text in parts)
    titled = sum(word[0].isupper() and word[1:].islower() for word in words)
    return len(words) >= _FEWEST and sentences >= max(_SENTENCES, 10 * capitals) and titled <= _TITLED * len(words)
