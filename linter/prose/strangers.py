"""Where words that English does not know stand in a sentence of English, and are no name, no code and no quotation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from linter import late
from linter.document import Document, Span
from linter.finding import Edit
from linter.prose.lexicon import lexicon
from linter.prose.tokens import Passage, Word, passages, vocabulary

_GLUE = frozenset("'’-‐‑/\\_&*´`@#")
_GLUED_DOT = late.pattern(r"\.[.\w]|…")  # of a file, of an address, or where a word was cut off
_LONG = 8  # letters of a word that may open a sentence; shorter ones are names as often as not
_COMMON = 10  # documents of the word table that must hold a small word beside: foreign words are rarer


def strangers(document: Document, words: Collection[str]) -> Iterator[tuple[Passage, Word]]:
    """The places of `words`, which are in small letters, in the copy of an article.

    A long one may have the capital of a sentence that it opens; none of them that has one elsewhere is meant.
    """
    words = {word for word in words if not _is_name(document, word.capitalize())}
    capitals = {word.capitalize() for word in words if len(word) >= _LONG}
    forms = capitals | words
    for passage in passages(document):
        if passage.holds(forms):
            for at, word in enumerate(passage.words):
                found = word.text in words or (word.text in capitals and _opens_a_sentence(passage, word))
                if found and _stands_in_english(passage, at):
                    yield passage, word


def may_open(word: str) -> bool:
    """Whether a word with a capital is one that `strangers` takes for a word in small letters at a sentence's start."""
    return len(word) >= _LONG and word[0].isupper() and word[1:].islower()


@lru_cache(1)  # several rules ask
def small_words(document: Document) -> frozenset[str]:
    """The words in the copy of an article that stand in small letters, or may: what `strangers` is to look for."""
    words = vocabulary(document)
    opening = [word.lower() for word in filter(str.istitle, words) if may_open(word)]
    return frozenset((*filter(str.islower, words), *opening))


def like(word: str, right: str) -> str:
    """`right` with the capital of `word`, if that has one."""
    return right[0].upper() + right[1:] if word[0].isupper() else right


def edits(document: Document, span: Span, word: str, right: str) -> tuple[Edit, ...]:
    """What writes `right` in place of `word` at `span` of the source.

    Nothing where markup or an entity is in it: what looks like one word need not be one, as in r<sub>max</sub>.
    """
    return (Edit(*span, right),) if document.source.text[span.start : span.end] == word else ()


def _stands_in_english(passage: Passage, at: int) -> bool:
    word, text = passage.words[at], passage.text
    before, after = text[max(0, word.start - 1) : word.start], text[word.end : word.end + 2]
    if before in _GLUE or after[:1] in _GLUE or _GLUED_DOT.match(after):
        return False
    return passage.is_copy(word) and all(_is_common(other) for other in _beside(passage, at) if other.islower())


def _is_name(document: Document, word: str) -> bool:
    """Whether a word with a capital stands within a sentence."""
    return word in vocabulary(document) and any(
        word == other.text and not passage.headline and not passage.starts_sentence(other)
        for passage in passages(document)
        if word in passage.vocabulary
        for other in passage.words
    )


def _opens_a_sentence(passage: Passage, word: Word) -> bool:
    return passage.starts_sentence(word) and not passage.headline


def _beside(passage: Passage, at: int) -> Iterator[str]:
    """The words next to it, with nothing but white space between."""
    word, text = passage.words[at], passage.text
    if at and text[passage.words[at - 1].end : word.start].isspace():
        yield passage.words[at - 1].text
    if at + 1 < len(passage.words) and text[word.end : passage.words[at + 1].start].isspace():
        yield passage.words[at + 1].text


def _is_common(word: str) -> bool:
    found = lexicon().find(word)
    return len(word) == 1 or (found.dictionary and found.docs >= _COMMON)
