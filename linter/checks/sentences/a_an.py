"""Wrong choice of “a” or “an”: “a empty hall”, “an new tram”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals
from linter.document import Block
from linter.finding import Edit
from linter.folding import folded
from linter.rule import Match
from linter.text.lexicon import lexicon

_CANDIDATE = patterns.lazy(
    r"(?P<article> an?|A(?<!\wA)n)(?=(?P<gap>[ \u00a0]|\n)(?P<word>[a-z]{2,}+|[A-Z]{2,6}+(?![a-z])|\d++)"
    r"(?P<tail>[\w'’.,:/@-]?\w?))"
)
_VOWELS = "aeiou"
_CONSONANTS = "bcdfghjklmnpqrstvwxyz0123456789"  # and digits, which may need “a”
_VOICED = patterns.lazy(r"8|1[18](?!\d)")  # numbers with a vowel sound at the start: eight, eleven, eighteen
# First letters of acronyms: letters whose names start with a vowel sound, and those whose names start with a consonant
# sound. Then, words in capitals that are not read letter by letter.
_AN_LETTERS, _A_LETTERS = "AEIO", "BCDGJKPQTUVWYZ"
_NOT_SPELLED = patterns.lazy(r"[IVXLCDM]+|EUR|EURO|ONE|ONCE|UNIX|OUI|AND|OR|AS|AT|IN|IS|IF|ON|IT|UP|US")
_MIN_DOCS = 50  # minimum documents of the word table that contain a word
_MIN_NAME_SHARE = 0.5  # minimum share of capitalized uses of a word that is a name, whose sound is unknown
_PLURAL = patterns.lazy(r"[^su]s\Z")  # a plural, or a verb: “a holds the length”


@dataclass(frozen=True)
class AAn:
    """The wrong article before a number of up to three digits, an acronym or a common lowercase word.

    A word needs “an” if its first letter is a, e, i, o or u, and otherwise “a”. Three options list beginnings of words
    that are exceptions: `vowels` need “an” (“hour”), `consonants` need “a” (“uni”), and `either` may follow both
    articles (“hist”). If several beginnings fit a word, the longest decides. `behind` lists words before which “a” is a
    letter, not an article.

    A number needs “an” if its spoken form begins with a vowel sound: “an 8”, “an 11”. An acronym needs the article that
    fits the name of its first letter: “an ATM”, “a BBC”. Acronyms that start with F, H, L, M, N, R, S or X are checked
    only if they are in `acronyms`, which lists acronyms that need “an”, such as “FBI”.

    The message may use {article}, the wrong article; {right}, the right one; and {word}.
    """

    vowels: tuple[str, ...]
    consonants: tuple[str, ...]
    either: tuple[str, ...]
    behind: tuple[str, ...]
    acronyms: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"article", "right", "word"})

    @cached_property
    def _sounds(self) -> dict[str, str]:
        groups = (("an", self.vowels), ("a", self.consonants), ("", self.either))
        return {beginning: article for article, beginnings in groups for beginning in beginnings}

    @cached_property
    def literals(self) -> Literals:
        """Combinations of an article and the start of the next word that may be wrong, such as “ a e” and “an b”."""
        vowels, consonants = [*_VOWELS, "8", "1", *self.vowels], [*_CONSONANTS, *self.consonants]
        written = (*(f" a {sound}" for sound in (*vowels, *self.acronyms)), *(f"an {sound}" for sound in consonants))
        return (frozenset(map(folded, written)),)

    def find(self, block: Block) -> Iterator[Match]:
        for match in _CANDIDATE.finditer(block.text):
            article = match["article"].strip()
            right = self._right(match["word"])
            if right and right != article.lower() and self._is_judged(match, article.lower()):
                start = match.end("article") - len(article)
                corrected = right.capitalize() if article[0] == "A" else right
                values = {"article": article, "right": corrected, "word": match["word"]}
                yield Match(start, match.end("word"), values, (Edit(start, match.end("article"), corrected),))

    def _right(self, word: str) -> str:
        """Return the article that `word` needs, or "" if both articles are possible or the right one is unknown."""
        if word[0].isdigit():
            return "an" if _VOICED.match(word) else "a"
        if word.isupper():
            return self._right_of_acronym(word)
        for length in range(len(word), 0, -1):
            if word[:length] in self._sounds:
                return self._sounds[word[:length]]
        return "an" if word[0] in _VOWELS else "a"

    def _right_of_acronym(self, word: str) -> str:
        if word in self.acronyms:
            return "an"
        if _NOT_SPELLED.fullmatch(word) or lexicon().in_dictionary(word.lower()):
            return ""
        return "an" if word[0] in _AN_LETTERS else "a" if word[0] in _A_LETTERS else ""

    def _is_judged(self, match: re.Match[str], article: str) -> bool:
        word, tail = match["word"], match["tail"]
        if word[0].isdigit():
            return len(word) < 4 and not tail[1:].isdigit() and "-" not in tail
        if word in self.behind or tail[:1] in ("_", "'", "’", "@", "/") or tail[:1].isalnum():
            return False
        if len(tail) == 2 and tail[0] in ".:" and tail[1].isalnum():
            return False
        if word.isupper():
            return True
        if article == "a" and _PLURAL.search(word):
            return False
        row = lexicon().find(word)
        is_word = row.dictionary or (row.small >= 2 * _MIN_DOCS and word[1] in "aeiouy")  # namespace, but not nginx
        return (
            is_word and row.docs >= _MIN_DOCS and row.name_share < _MIN_NAME_SHARE and any(v in word for v in "aeiouy")
        )
