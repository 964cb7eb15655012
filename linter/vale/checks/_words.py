"""Helpers for checks of words: the form of their expressions, terms, and exceptions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import regex

from linter.matching import holds, matches
from linter.vale import patterns
from linter.vale.definition import Context, Definition

_WORDS, _ANY = r"(?m)\b(?:%s)\b", "(?m)(?:%s)"


def form(context: Context, *, words: bool) -> str:
    """Return an expression with `%s` in place of the texts of a rule, which must be whole words if `words` is true."""
    return (context.word_template or _WORDS) if words else _ANY


class _Terms(NamedTuple):
    """Expressions for terms: `whole` matches any term, and `phrases`, if not None, any term of several words."""

    whole: regex.Pattern[str]
    phrases: regex.Pattern[str] | None


class Exceptions:
    """The exceptions of a rule, and the accepted terms of the vocabulary unless `vocab` is false.

    Each of them is an expression. A match is excepted if it contains such a term or is part of such a phrase. As in
    Vale, phrases are found regardless of case if there is a vocabulary.
    """

    def __init__(self, definition: Definition, context: Context, *, vocab: bool = True) -> None:
        own = tuple(definition.options.get("exceptions", ()))
        accepted = context.vocabulary.accept if vocab and definition.options.get("vocab", True) else ()
        any_case = bool(accepted)
        terms = (_terms("exceptions", own, any_case=any_case), _terms("vocab", accepted, any_case=any_case))
        self._terms = [each for each in terms if each]
        # The last text, and for each of the terms, the spans of its phrases.
        self._phrases: tuple[str, Sequence[Sequence[tuple[int, int]]]] = ("", ())

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether the match `text[start:end]` is excepted."""
        if not self._terms:
            return False
        match = text[start:end].strip()
        if any(holds(each.whole, match) for each in self._terms):
            return True
        if self._phrases[0] != text:
            self._phrases = text, [_spans(each.phrases, text) for each in self._terms if each.phrases]
        return any(_is_inside(spans, start, end) for spans in self._phrases[1])


def _spans(pattern: regex.Pattern[str], text: str) -> Sequence[tuple[int, int]]:
    return [found.span() for found in matches(pattern, text)]


def _is_inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of `spans`, which are in order and do not overlap, contains the range from `start` to `end`."""
    i = bisect_right(spans, start, key=itemgetter(0)) - 1
    return i >= 0 and end <= spans[i][1]


@lru_cache(64)  # all rules have the same vocabulary
def _terms(key: str, terms: tuple[str, ...], *, any_case: bool) -> _Terms | None:
    """Return the expressions for terms, of which longer ones are preferred, or None if there are no terms."""
    if not terms:
        return None
    ordered = map(case_sensitive, sorted(terms, key=len, reverse=True))
    whole = patterns.expression(key, _WORDS % "|".join(ordered))
    return _Terms(whole, phrases(key, terms, any_case=any_case))


def case_sensitive(term: str) -> str:
    """Return an expression for a term that matches only the given capitals, unless the term begins with `(?i)`."""
    return term if term.startswith("(?i)") else f"(?-i){term}"


def phrases(key: str, terms: Iterable[str], *, any_case: bool) -> regex.Pattern[str] | None:
    """Return an expression for those of `terms` that consist of several words, or None if there are none."""
    several = [term for term in terms if " " in term or "\t" in term or r"\s" in term]
    flag = "(?i)" if any_case else ""
    return patterns.expression(key, rf"{flag}\b(?:{'|'.join(several)})\b") if several else None
