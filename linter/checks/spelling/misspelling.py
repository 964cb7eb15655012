"""Misspelled words with their corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.spelling import _codespell
from linter.checks.spelling._typos import typos
from linter.document import Document, Span
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import frequent, lexicon, word_list
from linter.text.words import Passage, Word, may_open, vocabulary, word_places, words_in_code

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
_MAX_USES = 2  # maximum uses of a misspelling in an article; a more frequent word is probably a term
_MAX_CHOICES = 3  # maximum number of corrections in a message


@dataclass(frozen=True)
class Misspelling:
    """Unknown words that have a known correction, in English sentences.

    `correction` is the kind of misspelling: `swapped` (two letters changed places), `missing` (a letter is missing),
    `doubled` (a letter is doubled), `extra` (there is an extra letter), `vowel` (a vowel is wrong), `joined` (the space
    between two words is missing) or `listed` (the default: the word is in codespell's list, if the list is installed,
    and is of no other kind). Except with `listed`, the correction must be a common word or, for `joined`, two such
    words. A lowercase word at the start of a block or alone in parentheses is not two joined words but a name, such as
    that of a user.

    `words` lists words that are correct, in lowercase. A word that occurs three times or more is reported only if the
    article also contains a correction of it. The fix applies the correction if there is only one. The message may use
    {right}, up to three corrections in quotation marks: “one” or “other”.
    """

    correction: Literal["swapped", "missing", "doubled", "extra", "vowel", "joined", "listed"] = "listed"
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @property
    def lacks(self) -> str:
        """The name of a missing package without which this check finds nothing, or ""."""
        return _codespell.EXTRA if self.correction == "listed" and not _codespell.place() else ""

    def find_in(self, document: Document) -> Iterator[Match]:
        if not (corrections := self._corrections(document)):
            return
        found = list(_unknown_words(document, corrections))
        counts = Counter(word.text.lower() for _, word in found)
        for passage, word in found:
            rights = corrections[word.text.lower()]
            span = passage.block.span(word.start, word.end)
            choices = [_like(word.text, right) for right in rights[:_MAX_CHOICES]]
            if self.correction == "joined" and _is_label(passage, word):
                continue
            if document.source.text[slice(*span)] != word.text:  # markup or an entity: r<sub>max</sub>
                continue
            if counts[word.text.lower()] <= _MAX_USES or not vocabulary(document).isdisjoint(rights):
                fix = (Edit(*span, choices[0]),) if len(rights) == 1 else ()
                yield Match(*span, {"right": _either(choices)}, fix)

    def _corrections(self, document: Document) -> dict[str, tuple[str, ...]]:
        """Map the possible misspellings in an article, in lowercase, to their corrections."""
        if self.correction == "listed":
            found = _codespell.misspellings(document)
        else:
            found = {word: (typo.right,) for word, typo in typos(document).items() if typo.kind == self.correction}
        return {word: rights for word, rights in found.items() if word not in self.words}


def _is_label(passage: Passage, word: Word) -> bool:
    """Whether `word` is in lowercase and starts the passage, or is alone in parentheses: a name, such as a user’s."""
    is_alone = passage.text[word.start - 1 : word.start] == "(" and passage.text[word.end : word.end + 1] == ")"
    return word.text.islower() and (is_alone or not passage.text[: word.start].strip())


def _either(words: Sequence[str]) -> str:
    """Return the words in quotation marks, as a phrase: “one”, “other” or “third”."""
    *most, last = (f"“{word}”" for word in words)
    return f"{', '.join(most)} or {last}" if most else last


def _unknown_words(document: Document, words: Collection[str]) -> Iterator[tuple[Passage, Word]]:
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
            (word.text in words or (passage.starts_sentence(word) and not passage.is_title_case))
            and _is_in_english(passage, word)
            and not _is_foreign(document, passage.block.span(word.start, word.end))
            and not _is_in_address(document, passage, word)
        ):
            yield passage, word


def _like(word: str, right: str) -> str:
    """Return `right`, with a capital first letter if `word` has one."""
    return right[0].upper() + right[1:] if word[0].isupper() else right


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
