"""Find unknown words in English sentences, except names, code and foreign words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from linter import patterns
from linter.document import Document, Span
from linter.finding import Edit
from linter.text.lexicon import frequent, lexicon, word_list
from linter.text.words import Passage, Word, may_open, word_places, words_in_code

_GLUE = frozenset("'’-‐‑/\\_&*´`@#")
_GLUED_DOT = patterns.lazy(r"\.[.\w]|…")  # in a file name or URL, or where a word was cut off
_COMPOUND = patterns.lazy(r"[(“\"]?([a-z]+)-([a-z]+)[,.;:!?)”\"]*(?=\s|\Z)")
_ITALICS = patterns.lazy(r"(?:<(?:i|em)>|(?<![*_\w])[*_])\Z")
_ADDRESS = patterns.lazy(r"(?:https?:)?//(?P<host>[^/?#\s]+)(?P<path>[^?#\s]*)")
_MIN_LETTERS = 6  # minimum letters of an unknown word in a compound
_MIN_COMPOUND_DOCS = 500  # minimum documents of the word table that contain the other word of a compound
_MAX_PREFIX_LETTERS = 3  # maximum letters of a prefix: re-enabled
# Minimum documents of the word table that contain a word next to an unknown word; foreign words are rarer.
_MIN_NEIGHBOR_DOCS = 10


def unknown_words(document: Document, words: Collection[str]) -> Iterator[tuple[Passage, Word]]:
    """Yield the uses of `words`, given in lowercase, in English sentences of an article, in order.

    At the start of a sentence, words of eight or more letters may be capitalized. Words that the article capitalizes
    within a sentence are names and are left out. So are words in the code of the article, foreign words in italics, and
    names of sites and projects.
    """
    words = set(words) - _names(document, words) - word_list("endings of words")
    code = words_in_code(document, words | {word.removesuffix("s") for word in words})
    words = {word for word in words if word not in code}
    capitals = set(filter(may_open, map(str.capitalize, words)))
    for passage, word in word_places(document, words | capitals):
        if (
            (word.text in words or _opens_a_sentence(passage, word))
            and _is_in_english(passage, word)
            and not _is_foreign(document, passage.block.span(word.start, word.end))
            and not _is_in_address(document, passage, word)
        ):
            yield passage, word


def like(word: str, right: str) -> str:
    """Return `right`, with a capital first letter if `word` has one."""
    return right[0].upper() + right[1:] if word[0].isupper() else right


def edits(document: Document, span: Span, word: str, right: str) -> tuple[Edit, ...]:
    """Return the edit, in a tuple, that replaces `word` at `span` of the source with `right`.

    The tuple is empty if the word contains markup or an entity, because it may be two words, as in `r<sub>max</sub>`.
    """
    return (Edit(*span, right),) if document.source.text[span.start : span.end] == word else ()


def _is_in_english(passage: Passage, word: Word) -> bool:
    text = passage.text
    before, after = text[max(0, word.start - 1) : word.start], text[word.end : word.end + 2]
    compound = "-" in (before, after[:1]) and _is_in_compound(text, word)
    if not compound and (before in _GLUE or after[:1] in _GLUE or _GLUED_DOT.match(after)):
        return False
    return passage.is_prose(word, in_compound=compound) and all(
        _is_common(other) for other in _neighbors(passage, word) if other.islower()
    )


def _is_in_compound(text: str, word: Word) -> bool:
    """Whether `word` seems to be part of a compound such as “next-generation”."""
    found = _COMPOUND.match(text, max(0, text.rfind(" ", 0, word.start) + 1, text.rfind("\n", 0, word.start) + 1))
    if not found or len(word.text) < _MIN_LETTERS:
        return False
    other = found[2] if found.start(1) == word.start else found[1]
    if len(other) <= _MAX_PREFIX_LETTERS:
        return other in lexicon() and found[1] + found[2] not in lexicon()  # pre-empted; not mpl-notest
    return frequent().get(other, 0) >= _MIN_COMPOUND_DOCS


def _is_foreign(document: Document, span: Span) -> bool:
    """Whether the word at `span` of the source seems to be a foreign word in italics, as in `six *villani*`."""
    text = document.source.text
    return _ITALICS.search(text, max(0, span.start - 4), span.start) is not None


def _is_in_address(document: Document, passage: Passage, word: Word) -> bool:
    """Whether `word` may be the name of a site or project, because it is in a link to an address with the word.

    The host contains the word, or the word is a part of the path.
    """
    name = word.text.lower()
    return any(
        link.start <= word.start < link.end
        and (address := _ADDRESS.match(link.url.lower())) is not None
        and name in address["host"].replace("-", "")
        for link in document.links_by_block.get(passage.block, ())
    )


def _names(document: Document, words: Collection[str]) -> set[str]:
    """Return those of `words` that the article seems to use as names."""
    small = {word.capitalize(): word for word in words}
    return {
        small[word.text]
        for passage, word in word_places(document, small.keys())
        if not passage.is_title_case and not passage.starts_sentence(word)
    }


def _opens_a_sentence(passage: Passage, word: Word) -> bool:
    return passage.starts_sentence(word) and not passage.is_title_case


def _neighbors(passage: Passage, word: Word) -> Iterator[str]:
    """Yield the words before and after `word` that only white space separates from `word`."""
    left, right = passage.before(word), passage.behind(word)
    if left and passage.text[left.end : word.start].isspace():
        yield left.text
    if right and passage.text[word.end : right.start].isspace():
        yield right.text


def _is_common(word: str) -> bool:
    found = lexicon().find(word)
    return len(word) == 1 or (found.dictionary and found.docs >= _MIN_NEIGHBOR_DOCS)
