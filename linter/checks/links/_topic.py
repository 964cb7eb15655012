"""Compute the topic of an article: how often the stem of each content word occurs in it.

Some of the text can be left out, such as the sentence around the link that is being checked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from linter import patterns
from linter.checks.links._linking import WORD, content_word, content_words, stem
from linter.document import Document, Link
from linter.views import per_document

_STOP = patterns.lazy(r"[.!?…][\"'”’)\]]*\s")
_SCOPES = frozenset({"prose", "alt", "title", "metadata"})


@dataclass(frozen=True, eq=False)
class Topic:
    """The topic of an article: how often the stem of each content word occurs in it.

    `stems` has the counts for the prose, alt texts, title and metadata. `sentence` has the counts for the text that
    `mentions` leaves out.
    """

    stems: Counter[str]
    sentence: Counter[str] = field(default_factory=Counter)

    def mentions(self, word: str) -> bool:
        """Whether a word with the stem of the lowercase word `word` occurs outside the text that is left out."""
        form = stem(word)
        return self.stems[form] > self.sentence[form]

    def without(self, sentence: str) -> Topic:
        """Return the topic of the article with only the text `sentence` left out."""
        return Topic(self.stems, Counter(map(stem, content_words(sentence))))


@per_document
def topic_of(document: Document) -> Topic:
    """Return the topic of an article, with no text left out."""
    words = Counter(word for block in document.blocks_in(_SCOPES) for word in WORD.findall(block.text))
    counts: Counter[str] = Counter()
    for word, count in words.items():
        counts[_stem_of(word)] += count
    del counts[""]
    return Topic(counts)


@lru_cache(1 << 13)
def _stem_of(word: str) -> str:
    """Return the stem of `word` regardless of its capitals, or "" if it is not a content word."""
    content = content_word(word)
    return stem(content) if content else ""


def sentence_of(link: Link) -> str:
    """Return the approximate text of the sentence that contains a link."""
    text = link.block.text
    start = max((stop.end() for stop in _STOP.finditer(text, max(0, link.start - 1000), link.start)), default=0)
    stop = _STOP.search(text, link.end)
    return text[start : stop.end() if stop else len(text)]
