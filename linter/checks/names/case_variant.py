"""Names with different capitals in one article: “OpenTram”, “Opentram”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.document import Document, Span
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import lexicon
from linter.text.words import Passage, Word, mixed_names, vocabulary, word_places
from linter.word_lists import require_table, word_lists

_MIN_USES = 3  # minimum uses of the usual form, and minimum ratio of its uses to those of the other form
_MIN_LETTERS = 5  # letters; shorter words are abbreviations


@dataclass(frozen=True)
class CaseVariant:
    """A name that the article usually capitalizes in another way, such as “Opentram” for “OpenTram”.

    The usual form must have a capital inside, must occur at least three times, and must occur at least three times as
    often as the reported form. Names of fewer than five letters are ignored, and so are words in lowercase or in
    CAPITALS. `table` names a file in `linter/data`, such as “brands.txt”, with brands to ignore because other rules
    check them. The fix replaces the reported form with the usual form. The message may use {other}, the usual form, and
    {line}, the line of its first use.
    """

    table: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"other", "line"})
    vocabulary: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_table(self.table)

    def find_in(self, document: Document) -> Iterator[Match]:
        forms = self._forms(document)
        if not forms:
            return
        places: defaultdict[str, list[Span]] = defaultdict(list)
        for passage, word in word_places(document, frozenset().union(*forms)):
            if passage.is_plain(word) and not passage.is_title_case and not _may_be_word(passage, word):
                places[word.text].append(passage.block.span(word.start, word.end))
        for words in forms:
            usual, *others = sorted(words, key=lambda word: (-len(places[word]), word))
            count = len(places[usual])
            if usual.istitle() or count < _MIN_USES:
                continue
            line, _ = document.source.position(places[usual][0].start)
            for other in others:
                if len(places[other]) * _MIN_USES <= count:
                    for span in places[other]:
                        yield Match(*span, {"other": usual, "line": str(line)}, (Edit(*span, usual),))

    def _forms(self, document: Document) -> list[set[str]]:
        """Return the capitalized forms of words that have several in an article, as one set per word."""
        known = vocabulary(document)
        forms: defaultdict[str, set[str]] = defaultdict(set)
        for word, small in mixed_names(document).items():
            if len(word) >= _MIN_LETTERS:
                forms[small].add(word)
        for small, words in forms.items():
            if small not in known and small.capitalize() in known:
                words.add(small.capitalize())
        return [words for small, words in sorted(forms.items()) if len(words) > 1 and small not in self._brands]

    @cached_property
    def _brands(self) -> frozenset[str]:
        lists = word_lists(self.table).values() if self.table else ()
        return frozenset(word.lower() for words in lists for word in words)


def _may_be_word(passage: Passage, word: Word) -> bool:
    """Whether `word` may be an ordinary word that starts a sentence, such as “Visit”, even if “VisIt” is a name."""
    return word.is_capitalized and passage.starts_sentence(word) and lexicon().in_dictionary(word.text.lower())
