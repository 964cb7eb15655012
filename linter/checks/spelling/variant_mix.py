"""British and American spellings mixed in one article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import ClassVar

from linter.document import Document, Span
from linter.rule import Match
from linter.text import quotes
from linter.text.words import occurring, vocabulary, word_places

_BRITISH, _AMERICAN = "British", "American"


@dataclass(frozen=True)
class VariantMix:
    """British and American spellings in the same article, except in capitalized words and quotations.

    `words` maps British spellings to American spellings. `stems` maps British stems to American stems, and `endings`
    lists the endings that may follow a stem. `oxford` maps British stems to stems that both variants use (“organis” to
    “organiz”). Words with a stem that both variants use count as American only if the article has no other American
    spelling and also contains the British form of the same word.

    The matches are the words of the variant that is used less often or, if both are used equally often, starts later.
    Each word is reported once, at its first use. The message may use {side}, the variant of the match (“British” or
    “American”); {other_side}, the other variant; {other}, the first word of the other variant in the article; and
    {line}, the line of that word.
    """

    words: Mapping[str, str]
    stems: Mapping[str, str]
    oxford: Mapping[str, str]
    endings: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"side", "other", "other_side", "line"})
    vocabulary: ClassVar[bool] = True

    def find_in(self, document: Document) -> Iterator[Match]:
        british = occurring(document, self._british)
        if not british:
            return
        if american := occurring(document, self._american):
            yield from _mixed(document, british, american)
            return
        for one in sorted(british & self._oxford.keys()):
            if self._oxford[one] in vocabulary(document):
                yield from _mixed(document, {one}, {self._oxford[one]})

    @cached_property
    def _strict(self) -> Mapping[str, str]:
        return {**self.words, **self.stems, **self._with_endings(self.stems)}

    @cached_property
    def _british(self) -> frozenset[str]:
        return frozenset((*self._strict, *self._oxford))

    @cached_property
    def _american(self) -> frozenset[str]:
        return frozenset(self._strict.values())

    @cached_property
    def _oxford(self) -> Mapping[str, str]:
        return self._with_endings(self.oxford)

    def _with_endings(self, stems: Mapping[str, str]) -> Mapping[str, str]:
        return {one + ending: other + ending for (one, other), ending in product(stems.items(), self.endings)}


def _mixed(document: Document, british: Set[str], american: Set[str]) -> Iterator[Match]:
    """Yield a match for each word of the rarer variant, if the article uses both variants."""
    sides = [(_BRITISH, _places(document, british)), (_AMERICAN, _places(document, american))]
    if all(places for _, places in sides):
        # in a tie, the variant that starts later counts as rarer
        (side, rarer), (other_side, others) = sorted(sides, key=lambda each: (len(each[1]), -each[1][0][0].start))
        span, word = others[0]
        line, _ = document.source.position(span.start)
        values = {"side": side, "other": word, "other_side": other_side, "line": str(line)}
        first = {word: span for span, word in reversed(rarer)}
        yield from (Match(*span, values) for span in first.values())


def _places(document: Document, words: Set[str]) -> list[tuple[Span, str]]:
    """Return the source spans of `words` in English prose outside quotations, in order, each with the word."""
    return [
        (passage.block.span(word.start, word.end), word.text)
        for passage, word in word_places(document, words)
        if passage.is_prose(word) and not quotes.is_quoted(passage.text, word.start)
    ]
