"""Look up words in codespell's list of misspellings, if the list is installed.

The list is not part of copydesk, because its license is CC BY-SA. The optional dependency `copydesk[spelling]` (EXTRA)
installs the list.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path

from linter.checks.spelling._typos import typo_of
from linter.document import Document
from linter.text.lexicon import NOTHING, lexicon
from linter.text.words import unlisted_words
from linter.views import per_document

EXTRA = "copydesk[spelling]"
_PACKAGE = "codespell_lib"
_MIN_LETTERS = 4  # letters; most shorter words are abbreviations
_MIN_KNOWN_DOCS = 10  # minimum documents of the word table that contain a correct word that is in no dictionary
_PREFIXES = ("re", "un", "pre", "non", "de", "co")
_CACHED = 1 << 16  # words whose corrections are cached
_PART_SIZE = 512  # bytes of a part of the list; the entries at the starts of the parts are searched first
_CACHED_PARTS = 1 << 13  # parts whose first entries are cached


@per_document
def misspellings(document: Document) -> Mapping[str, tuple[str, ...]]:
    """Map the words of `unlisted_words` that codespell lists as misspellings, in lowercase, to their corrections.

    Short words, words with non-ASCII letters, entries that codespell marks as doubtful, words that are known to be
    correct (see `_is_known`), and typos that `_typos` finds are left out. The result is empty if the list is not
    installed.
    """
    if not place():
        return {}
    return {word: rights for word in unlisted_words(document).values() if (rights := _rights(word))}


@lru_cache(_CACHED)
def _rights(word: str) -> tuple[str, ...]:
    if len(word) < _MIN_LETTERS or not word.isascii():
        return ()
    rights = corrections(word)
    return rights if rights and not _is_known(word) and typo_of(word) is None else ()


def _is_known(word: str) -> bool:
    table = lexicon()
    found = table.find(word)
    if found != NOTHING:  # presence in the table is not enough, because edited articles contain some misspellings
        return found.dictionary or found.docs >= _MIN_KNOWN_DOCS or found.capital + found.upper > found.small
    prefixes = filter(word.startswith, _PREFIXES)
    return any(table.in_dictionary(word.removeprefix(prefix)) for prefix in prefixes)


def corrections(word: str) -> tuple[str, ...]:
    """Return the corrections of `word`, given in lowercase and in ASCII, or () if the list has none.

    An entry of the list is `wrong->right` or `wrong->one, other,`. Text after the last comma is a remark that expresses
    doubt; if an entry has such a remark, the result is ().
    """
    text, key = _text(), f"{word}->".encode()
    # The first part that does not begin before `key`.
    part = bisect_left(range(0, len(text), _PART_SIZE), key, key=_entry)
    start, end = max(0, part - 1) * _PART_SIZE, text.find(b"\n", part * _PART_SIZE)
    lines = (b"" if start else b"\n") + text[start : end if end >= 0 else None].lower()
    _, found, rest = lines.partition(b"\n" + key)
    *words, last = (one.strip() for one in rest.partition(b"\n")[0].decode("utf-8", "replace").split(","))
    if not found or (words and last):
        return ()
    return tuple(words or (last,))


@lru_cache(_CACHED_PARTS)
def _entry(at: int) -> bytes:
    """Return the line of the list that contains the byte at the offset `at`, in lowercase."""
    text = _text()
    end = text.find(b"\n", at)
    return text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None].lower()


@cache
def _text() -> bytes | mmap:
    """Return the contents of the list, or b"" if the list is not installed or cannot be read."""
    if not (file := place()):
        return b""
    try:
        with file.open("rb") as opened:
            return mmap(opened.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError):  # ValueError: it is empty
        return b""


@cache
def place() -> Path | None:
    """Return the path of the list, or None if the list is not installed."""
    found = find_spec(_PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        file = Path(folder, "data", "dictionary.txt")
        if file.is_file():
            return file
    return None
