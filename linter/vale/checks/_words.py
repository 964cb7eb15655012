"""Helpers for checks of words: the form of their expressions, terms, and exceptions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter

import regex

from linter.matching import holds, matches
from linter.vale import patterns
from linter.vale.definition import Context, Definition

_CACHED_MATCHES, _LONGEST_MATCH = 8192, 100  # results of one list of terms, and code points of their matches
_CACHED_TEXTS, _LONGEST_TEXT = 256, 10_000
_WORDS, _ANY = r"(?m)\b(?:%s)\b", "(?m)(?:%s)"

Spans = Sequence[tuple[int, int]]


def form(context: Context, *, words: bool) -> str:
    """Return an expression with `%s` in place of the texts of a rule, which must be whole words if `words` is true."""
    return (context.word_template or _WORDS) if words else _ANY


class _Terms:
    """The terms of a vocabulary or of the exceptions of a rule. Longer ones are preferred.

    Many rules look up the same matches and blocks, so results are cached.
    """

    def __init__(self, key: str, terms: tuple[str, ...], *, any_case: bool) -> None:
        ordered = map(case_sensitive, sorted(terms, key=len, reverse=True))
        self._whole = patterns.expression(key, _WORDS % "|".join(ordered))
        self._phrases = phrases(key, terms, any_case=any_case)
        self._cached_contains = lru_cache(_CACHED_MATCHES)(self._contains)
        self._cached_spans = lru_cache(_CACHED_TEXTS)(self._spans)
        self._last_spans = lru_cache(1)(self._spans)  # for the matches in one long text

    def are_in(self, match: str) -> bool:
        """Whether a match contains a term."""
        return (self._cached_contains if len(match) <= _LONGEST_MATCH else self._contains)(match)

    def phrase_spans(self, text: str) -> Spans:
        """Return the spans of the terms of several words in a text."""
        return (self._cached_spans if len(text) <= _LONGEST_TEXT else self._last_spans)(text)

    def _contains(self, match: str) -> bool:
        return holds(self._whole, match)

    def _spans(self, text: str) -> Spans:
        return [found.span() for found in matches(self._phrases, text)] if self._phrases else ()


@lru_cache(64)  # all rules have the same vocabulary
def _terms(key: str, terms: tuple[str, ...], *, any_case: bool) -> _Terms | None:
    """Return terms, or None if there are none."""
    return _Terms(key, terms, any_case=any_case) if terms else None


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

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether the match `text[start:end]` is excepted."""
        if not self._terms:
            return False
        match = text[start:end].strip()
        return any(terms.are_in(match) or _is_inside(terms.phrase_spans(text), start, end) for terms in self._terms)


def _is_inside(spans: Spans, start: int, end: int) -> bool:
    """Whether one of `spans`, which are in order and do not overlap, contains the range from `start` to `end`."""
    i = bisect_right(spans, start, key=itemgetter(0)) - 1
    return i >= 0 and end <= spans[i][1]


def case_sensitive(term: str) -> str:
    """Return an expression for a term that matches only the given capitals, unless the term begins with `(?i)`."""
    return term if term.startswith("(?i)") else f"(?-i){term}"


def phrases(key: str, terms: Iterable[str], *, any_case: bool) -> regex.Pattern[str] | None:
    """Return an expression for those of `terms` that consist of several words, or None if there are none."""
    several = [term for term in terms if " " in term or "\t" in term or r"\s" in term]
    flag = "(?i)" if any_case else ""
    return patterns.expression(key, rf"{flag}\b(?:{'|'.join(several)})\b") if several else None
