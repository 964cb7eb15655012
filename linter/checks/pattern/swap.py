"""Words and phrases to replace with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import ClassVar

import regex

from linter import matching, patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Block
from linter.finding import Edit
from linter.folding import folded
from linter.record import record
from linter.rule import Match

_MANY = 20  # minimum number of phrases that are searched for by their first word
_HYPHENS = frozenset("-\u2010\u2011")
_SHORT = 3  # maximum letters of a word that may begin a compound: in-laws
_WORD = patterns.lazy(r"\w+")


@record
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
    def _by_first(self) -> dict[str, list[str]]:
        """The wrong phrases, by their case-folded first words; empty unless every phrase begins with a word."""
        found: dict[str, list[str]] = {}
        for phrase in self.swap:
            first = _WORD.match(phrase)
            if not first:
                return {}
            found.setdefault(first[0].casefold(), []).append(phrase)
        return found

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        """The wrong phrases in folded form (see `linter.folding`), by their first words.

        A phrase that is not ASCII is replaced with "", which every string contains.
        """
        return {
            first: [folded(phrase) if phrase.isascii() else "" for phrase in phrases]
            for first, phrases in self._by_first.items()
        }

    @cached_property
    def _patterns(self) -> dict[str, regex.Pattern[str]]:
        """A cache of patterns, by the first word of the phrases that they find."""
        return {}

    def _matches(self, text: str) -> Iterator[regex.Match[str]]:
        """Yield the matches in `text`, in order."""
        if len(self.swap) < _MANY or not self._by_first:
            yield from matching.matches(self.compiled, text)
            return
        # With many phrases, it is faster to search only where the first word of a phrase appears.
        end, form = 0, folded(text)
        contained = cache(lambda first: any(map(form.__contains__, self._forms[first])))
        for word in _WORD.finditer(text):
            first = word[0].casefold()
            if word.start() >= end and first in self._by_first and contained(first):
                if first not in self._patterns:
                    self._patterns[first] = matching.phrases(self._by_first[first], case=self.case)
                if match := matching.match_at(self._patterns[first], text, word.start()):
                    end = match.end()
                    yield match

    def _right(self, found: str) -> str:
        """Return the right phrase for `found`, usually with the same capitals, or `found` if it is not listed."""
        right = self._rights.get(self._key(found), found)  # a pattern's “i” also matches “ı”, which is another letter
        if self.case or right != right.lower() or not found[0].isupper():
            return right
        return right.upper() if _shouts(found) else right[:1].upper() + right[1:]


def _goes_on(match: regex.Match[str]) -> bool:
    """Whether a hyphen follows a match of several words whose last word has at most _SHORT letters."""
    words = match[0].split()
    return match.string[match.end() : match.end() + 1] in _HYPHENS and len(words) > 1 and len(words[-1]) <= _SHORT


def _shouts(words: str) -> bool:
    return words.isupper() and sum(map(str.isupper, words)) > 1
