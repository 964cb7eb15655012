"""Brands and other words that have one spelling, capitals included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from linter.document import Document
from linter.finding import Edit
from linter.record import field, record
from linter.rule import Match
from linter.text.words import Passage, Word, word_places


@record
class Case:
    """`words` are right spellings, of letters only; ALL CAPITALS are accepted, as in headlines.

    Those of `capitalised` are something else in lower case: a command, a file, an ordinary word. Those of `beside` are,
    too, except in a passage that has one of the words given for them. The message may use {right}.
    """

    words: tuple[str, ...]
    capitalised: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @cached_property
    def _rights(self) -> dict[str, str]:
        """The usual wrong spellings: lower, Capitalized, with the first letter in the other case."""
        wrong = {}
        for word in (*self.words, *self.capitalised, *self.beside):
            for form in (word.lower(), word.capitalize(), word[0].swapcase() + word[1:]):
                if form != word and not form.isupper() and not (word in self.capitalised and form.islower()):
                    wrong[form] = word
        return wrong

    @cached_property
    def _wrong(self) -> frozenset[str]:
        return frozenset(self._rights)

    @cached_property
    def _company(self) -> dict[str, frozenset[str]]:
        return {word: frozenset(words.split()) for word, words in self.beside.items()}

    def find(self, document: Document) -> Iterator[Match]:
        for passage, word in word_places(document, self._wrong):
            if self._is_meant(passage, word):
                right = self._rights[word.text]
                start, end = passage.block.span(word.start, word.end)
                yield Match(start, end, {"right": right}, (Edit(start, end, right),))

    def _is_meant(self, passage: Passage, word: Word) -> bool:
        """Whether a word is the brand: one in lower case with a hyphen or a colon is a file, a package, a label."""
        around = passage.text[word.start - 1 : word.start] + passage.text[word.end : word.end + 1]
        if word.text.islower() and ("-" in around or ":" in around):
            return False
        company = self._company.get(self._rights[word.text])
        return passage.is_prose(word) and (company is None or not company.isdisjoint(passage.vocabulary))
