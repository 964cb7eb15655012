"""Rules of the extension point `spelling`: words that are in none of the dictionaries.

Without dictionaries of its own, a rule uses an English dictionary that is not the one of Vale, see
`linter.vale.spelling`. If the action of the rule is `suggest` with the parameter `spellings`, corrections are proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from time import monotonic

from linter import matching
from linter.document import Block, Document
from linter.vale import patterns
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.checks._words import phrases
from linter.vale.definition import Action, Context, Definition
from linter.vale.search import selected_blocks
from linter.vale.spelling import Lexicon, corrections, find_lexicons, words

_FILTERS = (r"[A-Z]{1}[a-z]+[A-Z]+\w+", r"[A-Z]+$", r"[^a-zA-Z_']")  # words that are skipped unless `custom` is set
_SUGGEST = Action("suggest", ("spellings",))
_MOST_WORDS = 50_000  # words whose results are cached
# A block with more unknown words than a few, and than this share of its words, is in another language or is no prose.
_FEW = 5
_SHARE = 1 / 3


def make(definition: Definition, context: Context) -> Spelling:
    """Return the check. Raises BadOption if a dictionary is missing, or if a filter is not a regular expression."""
    return Spelling(definition, context)


class Spelling(ArticleRule):
    """Reports words that are in none of the dictionaries. The message may use the word as %s."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        filters = (*options.get("filters", ()), *(() if options.get("custom") else _FILTERS))
        self._filters = [patterns.ascii_expression("filters", pattern) for pattern in filters]
        accepted = [rf"\b{term}\b" for term in (*context.vocabulary.accept, *options.get("exceptions", ()))]
        self._accepted = patterns.expression("exceptions", f"(?i){'|'.join(accepted)}") if accepted else None
        self._phrases = phrases("exceptions", context.vocabulary.accept, any_case=True)
        self._corrects = context.corrects and definition.action == _SUGGEST
        self._read = find_lexicons(definition, context)
        self._is_right = lru_cache(_MOST_WORDS)(self._has_no_unknown_word)
        self._is_known = lru_cache(_MOST_WORDS)(self._look_up)
        self._corrections = lru_cache(_MOST_WORDS)(self._correct)

    @cached_property
    def _lexicons(self) -> list[Lexicon]:
        return self._read()

    def article_hits(self, document: Document) -> Iterator[tuple[Block, Hit]]:
        view = selected_blocks(document, self.selectors)
        wrong = {chunk for chunk in set(view.text.split()) if not self._is_right(chunk)}
        for block in view.blocks if wrong else ():
            if not wrong.isdisjoint(block.text.split()):
                yield from ((block, hit) for hit in self.hits(block))

    def _has_no_unknown_word(self, chunk: str) -> bool:
        return all(self._is_known(word) for _, word in words(chunk))

    def hits(self, block: Block) -> Iterator[Hit]:
        every = [*words(self._without_phrases(block.text))]
        unknown = [(start, word) for start, word in every if not self._is_known(word)]
        corrects = self._corrects and len(unknown) <= max(_FEW, _SHARE * len(every))
        for start, word in unknown:
            end = start + len(word)
            given = self._corrections(word) if corrects else None
            if given and "’" in block.text[start:end]:
                given = tuple(each.replace("'", "’") for each in given)
            yield Hit(start, end, (word,), given, sure=False)

    def _without_phrases(self, text: str) -> str:
        """Return `text` with spaces in place of accepted phrases."""
        parts, done = [], 0
        for match in matching.matches(self._phrases, text) if self._phrases else ():
            parts += [text[done : match.start()], " " * len(match[0])]
            done = match.end()
        return "".join([*parts, text[done:]])

    def _look_up(self, word: str) -> bool:
        if any(matching.holds(pattern, word) for pattern in self._filters):
            return True
        lexicons = self._lexicons  # the time to read them, which their size limits, is not counted
        with _timed(word):
            known = any(lexicon.knows(lexicon.convert(word)) for lexicon in lexicons)
        return known or (self._accepted is not None and matching.holds(self._accepted, word))

    def _correct(self, word: str) -> tuple[str, ...]:
        lexicons = self._lexicons
        for lexicon in lexicons:
            _ = lexicon.forms  # made once; its size is limited, and its time is not counted
        with _timed(word):
            return corrections(word, lexicons)


@contextmanager
def _timed(word: str) -> Iterator[None]:
    """Count the time within this context toward the budget of the rule. Raises TimeoutError if nothing is left."""
    budget, start = matching.current(), monotonic()
    budget.timeout(len(word))
    try:
        yield
    finally:
        budget.spend(monotonic() - start)
