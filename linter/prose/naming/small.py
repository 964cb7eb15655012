"""Articles that are written in small letters altogether: one habit, not a thousand slips."""

from __future__ import annotations

from collections.abc import Iterable

from linter import late
from linter.prose.tokens import Passage

_FEWEST = 40  # words; shorter ones are notes, lists, labels
_SENTENCES = 3
_TITLED = 0.01  # capitalised words among them that are no reason to doubt
_CAPITAL_START = late.pattern(r"(?:\A|[.!?]\s+)[A-Z]")
_END = late.pattern(r"[a-z][.!?](?=\s|\Z)")


def body(passages: Iterable[Passage]) -> list[Passage]:
    """The passages of the story but its headings, quotations and captions."""
    return [passage for passage in passages if not passage.block.scopes.isdisjoint(("paragraph", "list"))]


def is_small(passages: Iterable[Passage]) -> bool:
    """Whether hardly a word of an article's sentences is capitalised."""
    parts = body(passages)
    if sum(part.text[0].isupper() for part in parts) > 0.1 * len(parts):  # the quick way out of nearly all articles
        return False
    vocabulary = set[str]().union(*(part.vocabulary for part in parts))
    if sum(word[0].isupper() for word in vocabulary) > 0.05 * len(vocabulary):
        return False
    words = [word for part in parts for word in part.words]
    sentences = sum(len(_END.findall(part.text)) for part in parts)
    capitals = sum(len(_CAPITAL_START.findall(part.text)) for part in parts)
    titled = sum(word.titled for word in words)
    return len(words) >= _FEWEST and sentences >= max(_SENTENCES, 10 * capitals) and titled <= _TITLED * len(words)
