"""Words that codespell's list knows as misspellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from linter.checks.spelling._typos import typo_of
from linter.checks.spelling._unknown_words import edits, like, unknown_words
from linter.document import Document
from linter.rule import Match
from linter.text.lexicon import NOTHING, lexicon
from linter.text.words import unlisted_words, vocabulary

_SHORTEST = 4  # letters; shorter ones are abbreviations more often than not
_KNOWN = 10  # documents of the word table that hold a word which no dictionary has, for it to be one
_OFTEN = 3  # times that a word is misspelled in an article; what stands there more often is a word of its trade
_CHOICES = 3  # words that a message offers
_PREFIXES = ("re", "un", "pre", "non", "de", "co")
_CACHED = 1 << 16  # words of which the corrections are kept


@dataclass(frozen=True)
class Misspelling:
    """Words that the word table does not have and codespell's list has, where it is installed.

    `words` are right all the same. What the kind `typo` finds is left out. A word that an article has four times
    counts only if the article has the right word too. The message may use {right}: “one”, or “one” or “other”.
    """

    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @property
    def lacks(self) -> str:
        """What must be installed for it to find anything."""
        return "" if place() else EXTRA

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.words)

    def find(self, document: Document) -> Iterator[Match]:
        if not place():
            return
        known = vocabulary(document)
        words = frozenset(unlisted_words(document).values()) - self._words
        wrong = {word: rights for word in words if (rights := _rights(word))}
        found = list(unknown_words(document, wrong)) if wrong else []
        counts = Counter(word.text.lower() for _, word in found)
        for passage, word in found:
            rights = wrong[word.text.lower()]
            span = passage.block.span(word.start, word.end)
            choices = [like(word.text, right) for right in rights[:_CHOICES]]
            fix = edits(document, span, word.text, choices[0])
            if fix and (counts[word.text.lower()] <= _OFTEN or not known.isdisjoint(rights)):
                yield Match(*span, {"right": _either(choices)}, fix if len(rights) == 1 else ())


@lru_cache(_CACHED)
def _rights(word: str) -> tuple[str, ...]:
    """Return the corrections of a misspelled word; nothing for a typo or any other word."""
    if len(word) < _SHORTEST or not word.isascii():
        return ()
    return corrections(word) if not _is_known(word) and typo_of(word) is None else ()


def _is_known(word: str) -> bool:
    """Whether it is a word, by the table or by what it is made of; edited texts have some misspellings, too."""
    table = lexicon()
    found = table.find(word)
    if found != NOTHING:
        return found.dictionary or found.docs >= _KNOWN or found.capital + found.upper > found.small
    prefixes = _PREFIXES if word.startswith(_PREFIXES) else ()
    return any(table.in_dictionary(word.removeprefix(prefix)) for prefix in prefixes if word.startswith(prefix))


def _either(words: Sequence[str]) -> str:
    """“one”, “other” or “third”, in quotation marks."""
    *most, last = (f"“{word}”" for word in words)
    return f"{', '.join(most)} or {last}" if most else last


# Look up words in codespell's list of misspellings, where it is installed.
#
# It is not part of copydesk (its license is CC BY-SA); it comes with the extra EXTRA.

EXTRA = "copydesk[spelling]"
_PACKAGE = "codespell_lib"


def corrections(word: str) -> tuple[str, ...]:
    """Return the corrections of `word`, which is of the letters a to z; nothing if it is not in the list."""
    key, text = word.encode() + b"->", _text()
    low, high = 0, len(text)
    while low < high:  # both are starts of lines, which are sorted
        start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = text.find(b"\n", start) + 1 or len(text)
        line = text[start:end].lower()
        if line.startswith(key):
            return _corrections(line[len(key) :].decode("utf-8", "replace"))
        low, high = (end, high) if line < key else (low, start)
    return ()


def _corrections(entry: str) -> tuple[str, ...]:
    """Return the words of an entry “right” or “one, other,”; none if a remark after the last comma expresses doubt."""
    *words, last = (part.strip() for part in entry.split(","))
    if words and last:
        return ()
    return tuple(words or (last,))


@cache
def _text() -> bytes:
    """The lines `wrong->right` of the list; nothing where it is not installed."""
    file = place()
    try:
        return file.read_bytes() if file else b""
    except OSError:
        return b""


@cache
def place() -> Path | None:
    """The file of the list, None where it is not installed."""
    found = find_spec(_PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        file = Path(folder, "data", "dictionary.txt")
        if file.is_file():
            return file
    return None
