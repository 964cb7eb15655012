"""Words doubled by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.document import PROSE, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text import quotes
from linter.text.lexicon import lexicon
from linter.text.words import Passage, Word, doubled_words

_REACH = 50  # code points on each side that are searched
_CLAUSE_WORDS = 8  # words before a pair that may show that it is intended
_LINK_ENDS = patterns.lazy(r"\](?:\(|\[)|</a>")
_STYLE_ENDS = patterns.lazy(r"</(?:em|i|b|strong|code)>\s|[*_`]\s")  # only the first word is styled: a *tram* tram
_MEANT = patterns.lazy(r"in in order\b")
_STOP = patterns.lazy(r"[.!?;]\s")
_FOLLOWED = patterns.lazy(r"\s+[^\W_]")
_JOINED = frozenset("-'’/.@#_*&+=<>\\|~$%^`:;,")  # marks before a word that is part of something longer
_MIN_DOCS = 50  # minimum documents of the word table; rarer words are names, commands or foreign


@dataclass(frozen=True)
class DoubledWord:
    """A common English word that occurs twice in a row in a sentence, with a space or line break between.

    `meant` lists words that may be doubled (“had had”). `after` maps a word to other words, separated by spaces; the
    word may be doubled if one of these other words is among the eight words (at most 50 code points) before it in the
    same sentence (“what it is is”).

    Direct speech is ignored. So are words that occur three times in a row, series of single letters, pairs whose second
    word is capitalized, as in a name, and pairs in which a link or emphasis ends after the first word (“*tram* tram”).

    The fix deletes the second word. The message may use {word}, the doubled word.
    """

    meant: tuple[str, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict)

    values: ClassVar[frozenset[str]] = frozenset({"word"})

    @cached_property
    def _after(self) -> dict[str, frozenset[str]]:
        return {word: frozenset(words.split()) for word, words in self.after.items()}

    def find_in(self, document: Document) -> Iterator[Match]:
        for passage, first, second in doubled_words(document):
            if second.text not in self.meant and self._is_mistake(passage, first, second):
                span, gap = (passage.block.span(at, second.end) for at in (first.start, first.end))
                if _LINK_ENDS.search(document.source.text, *span) or _STYLE_ENDS.search(document.source.text, *span):
                    continue  # a linked name and a common noun: [tram](…) tram
                yield Match(*span, {"word": second.text}, (Edit(*gap, ""),))

    def _is_mistake(self, passage: Passage, first: Word, second: Word) -> bool:
        text, word = passage.text, second.text
        if (
            not word.islower()
            or not _FOLLOWED.match(text, second.end)
            or text[first.start - 1 : first.start] in _JOINED
        ):
            return False
        if _MEANT.match(text, first.start) or _goes_on(text, first.start, second.end, word):
            return False
        if not _is_prose(passage, first.start):
            return False
        found = lexicon().find(word)
        if word != "a" and (not found.dictionary or found.docs < _MIN_DOCS):
            return False
        before = _STOP.split(text[max(0, first.start - _REACH) : first.start].lower())[-1]
        return self._after.get(word, frozenset()).isdisjoint(before.split()[-_CLAUSE_WORDS:])


def _goes_on(text: str, start: int, end: int, word: str) -> bool:
    """Whether the doubled word `word` at `text[start:end]` is probably intended, as in “no no no”."""
    neighbors = text[max(0, start - _REACH) : start].split()[-1:]
    neighbors += text[end : end + _REACH].split()[:1]
    row = len(word) == 1 and all(len(other) == 1 for other in neighbors)
    return row or word in (other.lower().strip(",.;:!?…") for other in neighbors)


def _is_prose(passage: Passage, at: int) -> bool:
    """Whether the offset `at` of a passage is in English prose outside direct speech."""
    return (
        passage.is_surely_english
        and not PROSE.isdisjoint(passage.block.scopes)
        and not quotes.is_quoted(passage.text, at)
    )
