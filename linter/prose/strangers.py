"""Where words that English does not know stand in a sentence of English, and are no name, no code and no quotation."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from linter.document import Document
from linter.prose.lexicon import lexicon
from linter.prose.tokens import Passage, Word, passages

_GLUE = frozenset("'’-‐‑/\\_&*´`.@#")
_COMMON = 10  # documents of the word table that must hold a small word beside: foreign words are rarer


def strangers(document: Document, words: Collection[str]) -> Iterator[tuple[Passage, Word]]:
    """The places of `words`, which are in small letters, in the copy of an article."""
    for passage in passages(document):
        found = passage.vocabulary.intersection(words) if len(words) < len(passage.vocabulary) else _in(passage, words)
        for at, word in enumerate(passage.words) if found else ():
            if word.text in found and _stands_in_english(passage, at):
                yield passage, word


def _in(passage: Passage, words: Collection[str]) -> set[str]:
    return {word for word in passage.vocabulary if word in words}


def _stands_in_english(passage: Passage, at: int) -> bool:
    word, text = passage.words[at], passage.text
    before, after = text[word.start - 1 : word.start] if word.start else "", text[word.end : word.end + 2]
    if before in _GLUE or after[:1] in _GLUE - {"."} or (after[:1] == "." and after[1:].isalnum()):
        return False
    return passage.is_copy(word) and _beside_english(passage, at)


def _beside_english(passage: Passage, at: int) -> bool:
    """Whether the small words next to it, if any, are words that a dictionary has."""
    word, text = passage.words[at], passage.text
    beside = []
    if at and text[passage.words[at - 1].end : word.start].isspace():
        beside.append(passage.words[at - 1].text)
    if at + 1 < len(passage.words) and text[word.end : passage.words[at + 1].start].isspace():
        beside.append(passage.words[at + 1].text)
    return all(_is_common(other) for other in beside if other.islower())


def _is_common(word: str) -> bool:
    found = lexicon().find(word)
    return len(word) == 1 or (found.dictionary and found.docs >= _COMMON)
