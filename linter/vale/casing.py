"""Change text to title case or sentence case, by the same rules as Vale.

The small words and prepositions are those of the Associated Press Stylebook (AP) and the Chicago Manual of Style, in
the selection that Vale uses. Vale lets a part-of-speech tagger decide whether AP style capitalizes “to”, which it does
in infinitives; here, “to” and “To” are both correct.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from linter import matching
from linter import patterns as own
from linter.analysis.scan import scanner
from linter.vale import patterns

if TYPE_CHECKING:
    import regex

_SMALL = frozenset("a an and as at but by en for if in nor of on or per the to vs vs. via v v.".split())
_PREPOSITIONS = frozenset(
    "with from into during including until against among throughout despite towards upon concerning about over through"
    " before between after since without under within along following across beyond around down near above".split()
)
_STYLES = {"AP": _SMALL, "Chicago": _SMALL | _PREPOSITIONS}
_TITLE_WORD = own.lazy_regex(r"[\p{N}\p{L}]+[^\t\n\f\r /-]*")
WORD = r"[\p{N}\p{L}*]+[^\s]*"  # a word of a text, in Vale's syntax
_LITERAL = own.lazy(r"(?:\(\?-i\))?([\w '’-]+)")
# Vale compares the places of words in a text with these ASCII characters.
_ASCII = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_CACHED_WORDS = 4096
_GROUP = 32  # terms that are searched together before each of them


def lower(text: str) -> str:
    """Return `text` in lowercase, with the same number of code points."""
    changed = text.lower()
    return changed if len(changed) == len(text) else "".join(map(_lower, text))


def upper(text: str) -> str:
    """Return `text` in capitals, with the same number of code points. “ß” is not changed."""
    changed = text.upper()
    return changed if len(changed) == len(text) else "".join(map(_upper, text))


def capitalized(word: str) -> str:
    """Return `word` with a capital as its first character."""
    return _upper(word[:1]) + word[1:]


def _lower(char: str) -> str:
    changed = char.lower()
    return changed if len(changed) == 1 else char


def _upper(char: str) -> str:
    changed = char.upper()
    return changed if len(changed) == 1 else char


def longest_first(terms: Iterable[str]) -> list[str]:
    """Return terms in the order of their bytes in UTF-8, the longest first."""
    return sorted(terms, key=lambda term: -len(term.encode("utf-8", "surrogatepass")))


class Terms:
    """Words with a fixed spelling, as regular expressions in Vale's syntax. `key` is the option that has them.

    Raises BadOption if an expression is invalid.
    """

    def __init__(self, key: str, terms: Iterable[str]) -> None:
        self.terms = longest_first(terms)
        self._same: dict[str, int] = {}  # the index of each term, by its form in lowercase
        for at, term in enumerate(self.terms):
            self._same.setdefault(lower(term), at)
        plain: dict[str, int] = {}
        for at, term in enumerate(self.terms):
            if literal := _LITERAL.fullmatch(term):
                plain.setdefault(literal[1], at)
        self._plain, self._scanner = list(plain.values()), scanner(list(plain)) if plain else None
        others = [at for at, term in enumerate(self.terms) if not _LITERAL.fullmatch(term)]
        groups = (others[i : i + _GROUP] for i in range(0, len(others), _GROUP))
        # Expressions for other terms by index, in groups, each with an expression for all terms of the group.
        self._others = [(self._any(key, group), {at: self._any(key, [at]) for at in group}) for group in groups]
        self.spelling = lru_cache(_CACHED_WORDS)(self._spelling)

    def _any(self, key: str, indexes: list[int]) -> regex.Pattern[str]:
        return patterns.expression(key, "|".join(f"(?:{self.terms[at]})" for at in indexes))

    def _spelling(self, word: str) -> str:
        """Return the spelling of `word` if it is one of the terms, `word` if it matches one, and "" otherwise.

        The first of several terms counts.
        """
        none = len(self.terms)
        same, match = self._same.get(lower(word), none), self._first_match(word)
        return self.terms[same] if same < none and same <= match else word if match < none else ""

    def _first_match(self, word: str) -> int:
        """Return the index of the first term that matches in `word`, or the number of terms if there is none."""
        plain = (
            (self._plain[which] for which in sorted({which for which, _ in self._scanner.hits(word)}))
            if self._scanner
            else ()
        )
        first = min(plain, default=len(self.terms))
        for any_of_group, group in self._others:
            if min(group) > first:
                break
            if matching.holds(any_of_group, word):
                return next((at for at in group if at < first and matching.holds(group[at], word)), first)
        return first


def title_case(text: str, style: Literal["AP", "Chicago"], terms: Terms) -> str:
    """Return `text` in title case. The result has the same number of code points unless a term changes it."""
    small, plain = _STYLES[style], text.translate(_ASCII)

    def changed(found: regex.Match[str]) -> str:
        word = found[0]
        if spelling := terms.spelling(word):
            return spelling
        low = lower(word)
        is_edge = found.start() == 0 or found.end() == len(text)
        if low not in small or is_edge or not _is_apart(plain, found):
            return capitalized(word)
        return word if style == "AP" and word == "To" else low

    changed_text: str = _TITLE_WORD.sub(changed, text)
    return changed_text


def _is_apart(text: str, found: regex.Match[str]) -> bool:
    """Whether a small word is written in lowercase here: after a space, “/” or “-”, but not after a colon."""
    before, second, after = (_char(text, at) for at in (found.start() - 1, found.start() - 2, found.end()))
    return before in " -/" and second not in ":-" and (after != "-" or before == "-")


def _char(text: str, at: int) -> str:
    """Return a character of `text`, or, like Vale, the first one if the offset `at` is outside."""
    return text[at] if 0 <= at < len(text) else text[0]


def sentence_case(text: str, pattern: regex.Pattern[str], indicators: tuple[str, ...], terms: Terms) -> str:
    """Return the words of `text` in sentence case, separated by single spaces.

    `pattern` matches the words. A capital follows a word that ends with one of `indicators`, or that is a number with a
    period at the start of the text.
    """
    words = [match[0] for match in matching.matches(pattern, text)]
    made = []
    for index, word in enumerate(words):
        starts = index == 0 or _indicates(words[index - 1], index - 1, indicators)
        low = lower(word)
        made.append(terms.spelling(word) or (capitalized(low) if starts else low))
    return " ".join(made)


_LIST_NUMBER = own.lazy(r"\d\.")


def _indicates(word: str, index: int, indicators: tuple[str, ...]) -> bool:
    return word.endswith(indicators) or (index == 0 and _LIST_NUMBER.search(word) is not None)
