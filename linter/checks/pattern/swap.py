"""Words and phrases to replace with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import ClassVar

import regex

from linter import matching, patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Block
from linter.finding import Edit
from linter.folding import folded
from linter.rule import Match

_MIN_INDEXED_PHRASES = 20  # minimum number of phrases that are searched for by their first word
_HYPHENS = frozenset("-\u2010\u2011")
_MAX_PREFIX_LETTERS = 3  # maximum letters of a word that may begin a compound: in-laws
_WORD = patterns.lazy(r"\w+")


@dataclass(frozen=True)
class Swap:
    """Wrong words and phrases, which `swap` maps to the right ones.

    Wrong phrases match in any case. If the matched text begins with a capital or is in all capitals, a right phrase in
    lower case is capitalized in the same way. With `case: true`, wrong phrases match only in the case given, and the
    right phrase is not changed.

    The last word of a wrong phrase may begin a compound, as in “your in-laws”. Therefore, a phrase of several words
    does not match before a hyphen if its last word has at most three letters. The message may use {right}, the right
    phrase.
    """

    swap: Mapping[str, str]
    case: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return matching.phrases(self.swap, case=self.case)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.swap)

    @cached_property
    def _rights(self) -> dict[str, str]:
        return {self._key(wrong): right for wrong, right in self.swap.items()}

    def _key(self, text: str) -> str:
        plain = " ".join(text.split()).replace("’", "'").replace("“", '"').replace("”", '"')
        return plain if self.case else plain.casefold()

    def find(self, block: Block) -> Iterator[Match]:
        for match in self._matches(block.text):
            right = self._right(match[0])
            if right != match[0] and not _goes_on(match):
                yield Match(match.start(), match.end(), {"right": right}, (Edit(match.start(), match.end(), right),))

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[str, regex.Pattern[str]]]]:
        """The wrong phrases, by their case-folded first words; empty unless every phrase begins with a word.

        Each phrase is a pair of its folded form (see `linter.folding`) and its pattern. Instead of the form of a phrase
        that is not ASCII, there is "", which every string contains. Longer phrases come first.
        """
        found: dict[str, list[tuple[str, regex.Pattern[str]]]] = {}
        for phrase in sorted(self.swap, key=lambda phrase: (-len(" ".join(phrase.split())), phrase)):
            first = _WORD.match(phrase)
            if not first:
                return {}
            pattern = patterns.made_lazily(partial(matching.phrases, (phrase,), case=self.case))
            form = folded(phrase) if phrase.isascii() else ""
            found.setdefault(first[0].casefold(), []).append((form, pattern))
        return found

    def _matches(self, text: str) -> Iterator[regex.Match[str]]:
        if len(self.swap) < _MIN_INDEXED_PHRASES or not self._by_first:
            yield from matching.matches(self.compiled, text)
            return
        # With many phrases, it is faster to search only where the first word of a phrase appears.
        end, form = 0, folded(text)
        contained = cache(lambda first: [pattern for phrase, pattern in self._by_first[first] if phrase in form])
        for word in _WORD.finditer(text):
            first = word[0].casefold()
            if word.start() >= end and first in self._by_first:
                found = (matching.match_at(pattern, text, word.start()) for pattern in contained(first))
                if match := next(filter(None, found), None):
                    end = match.end()
                    yield match

    def _right(self, phrase: str) -> str:
        """Return the right phrase for `phrase`, usually with the same capitals, or `phrase` if it is not listed."""
        right = self._rights.get(self._key(phrase), phrase)  # a pattern's “i” also matches “ı”, which is another letter
        if self.case or right != right.lower() or not phrase[0].isupper():
            return right
        return right.upper() if _shouts(phrase) else right[:1].upper() + right[1:]


def _goes_on(match: regex.Match[str]) -> bool:
    """Whether a hyphen follows a match of several words whose last word has at most _MAX_PREFIX_LETTERS letters."""
    words = match[0].split()
    return (
        match.string[match.end() : match.end() + 1] in _HYPHENS
        and len(words) > 1
        and len(words[-1]) <= _MAX_PREFIX_LETTERS
    )


def _shouts(words: str) -> bool:
    return words.isupper() and sum(map(str.isupper, words)) > 1
