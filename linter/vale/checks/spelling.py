"""Rules of the extension point `spelling`: words that are in none of the dictionaries.

Without dictionaries of its own, a rule uses the word table of copydesk, which has fewer rare words, but more new ones
than the dictionary that comes with Vale. Corrections are not proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from time import monotonic

from linter import matching
from linter.document import Block
from linter.vale import patterns
from linter.vale.checks._base import BlockRule, Hit
from linter.vale.definition import Context, Definition
from linter.vale.spelling import Lexicon, find_lexicons, words

_FILTERS = (r"[A-Z]{1}[a-z]+[A-Z]+\w+", r"[A-Z]+$", r"[^a-zA-Z_']")  # words that are skipped unless `custom` is set
_MOST_WORDS = 50_000  # words whose results are cached


def make(definition: Definition, context: Context) -> Spelling:
    """Return the check. Raises BadOption if a dictionary is missing, or if a filter is not a regular expression."""
    return Spelling(definition, context)


class Spelling(BlockRule):
    """Reports words that are in none of the dictionaries. The message may use the word as %s."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        filters = (*options.get("filters", ()), *(() if options.get("custom") else _FILTERS))
        self._filters = [patterns.ascii_expression("filters", pattern) for pattern in filters]
        accepted = [rf"\b{term}\b" for term in (*context.vocabulary.accept, *options.get("exceptions", ()))]
        self._accepted = patterns.expression("exceptions", f"(?i){'|'.join(accepted)}") if accepted else None
        phrases = [term for term in context.vocabulary.accept if " " in term or "\t" in term or r"\s" in term]
        joined = rf"(?i)\b(?:{'|'.join(phrases)})\b"
        self._phrases = patterns.expression("exceptions", joined) if phrases else None
        self._read = find_lexicons(definition, context)
        self._known: dict[str, bool] = {}

    @cached_property
    def _lexicons(self) -> list[Lexicon]:
        return self._read()

    def hits(self, block: Block) -> Iterator[Hit]:
        for start, word in words(self._without_phrases(block.text)):
            if not self._is_known(word):
                yield Hit(start, start + len(word), (word,), ())

    def _without_phrases(self, text: str) -> str:
        """Return `text` with spaces in place of accepted phrases."""
        found = matching.matches(self._phrases, text) if self._phrases else ()
        for match in found:
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        return text

    def _is_known(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _MOST_WORDS:
                self._known.clear()
            self._known[word] = known = self._look_up(word)
        return known

    def _look_up(self, word: str) -> bool:
        if any(matching.holds(pattern, word) for pattern in self._filters):
            return True
        budget, start = matching.current(), monotonic()
        budget.timeout(len(word))  # raises TimeoutError if nothing is left
        known = any(lexicon.knows(lexicon.convert(word)) for lexicon in self._lexicons)
        budget.spend(monotonic() - start)
        return known or (self._accepted is not None and matching.holds(self._accepted, word))
