"""Look up English words and names in the tables in `linter/data`.

The word table is searched as bytes, because parsing all of it would take too long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple
from zlib import crc32

from linter.word_lists import word_lists

DATA = Path(__file__).parent.parent / "data"
WORDS = "en_words.bin"
NAMES = "en_names.txt"
FREQUENT = "en_frequent.txt"
LISTS = "word_lists.txt"
AFFIXES, STEMS = "en_US.aff", "en_US.dic"  # the Hunspell dictionary of American English

BUCKETS = 1 << 14
DOCUMENTS = 20_676  # number of documents that were counted for the table
_UNKNOWN_DOCS = 2  # number of documents assumed for a word that is not in the table
_LISTED = ord("!")  # first byte of the fields of a word that is in a dictionary
OFFSETS = BUCKETS * 4 + 4  # bytes of the bucket offsets, including the end of the last bucket


class Word(NamedTuple):
    """The entry of a word in the table.

    `docs` is the number of documents that contain the word. `small`, `capital` and `upper` count its uses in lower
    case, capitalized within a sentence, and in capitals. `mixed` is the usual spelling of the word if it has other
    capitals, such as “GitHub”, and otherwise ""; `mixed_count` counts the uses of that spelling. `dictionary` is true
    if a dictionary contains the word in lowercase.
    """

    docs: int = 0
    small: int = 0
    capital: int = 0
    upper: int = 0
    dictionary: bool = False
    mixed: str = ""
    mixed_count: int = 0

    @property
    def name_share(self) -> float:
        """The share of capitalized uses among capitalized and lowercase uses, from 0 to 1; 0 if there are none."""
        return self.capital / (self.small + self.capital) if self.capital else 0.0


NOTHING = Word()


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The word table as one blob: bucket offsets (32 bits, little-endian), then the lines of each bucket.

    A line contains a word, followed by the fields of its Word: `docs small capital upper [mixed mixed_count]`. Tabs
    separate the word and the fields. An empty field stands for zero, and empty fields at the end are left out. A `!`
    before `docs` means that a dictionary contains the word in lowercase. The function `bucket` returns the number of
    the bucket that contains a word.
    """

    blob: bytes | mmap

    def find(self, word: str) -> Word:
        """Return the entry of `word`, given in lowercase, or NOTHING if it is not in the table."""
        at = self._at(word)
        return _word(self.blob[at : self.blob.find(b"\n", at)].decode()) if at else NOTHING

    def __contains__(self, word: str) -> bool:
        """Whether `word`, given in lowercase, is in the table."""
        return self._at(word) > 0

    def in_dictionary(self, word: str) -> bool:
        """Whether `word`, given in lowercase, is in the table and in a dictionary. This is faster than `find`."""
        at = self._at(word)
        return at > 0 and self.blob[at] == _LISTED

    def _at(self, word: str) -> int:
        """Return the offset in the blob where the fields after `word` start, or 0 if the word is not in the table."""
        key = word.encode("utf-8", "surrogatepass")
        start, end = unpack_from("<2I", self.blob, bucket(key) * 4)
        found = self.blob.find(b"\n%b\t" % key, start, end)
        return found + len(key) + 2 if found >= 0 else 0

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of `word`, given in lowercase, as a natural logarithm.

        The documents are those that were counted for the word table. A word that is not in the table counts as a word
        that two documents contain.
        """
        return math.log(DOCUMENTS / ((self.find(word).docs or _UNKNOWN_DOCS) + 1))


def bucket(key: bytes) -> int:
    """Return the number of the bucket of a word, from 0 to BUCKETS - 1. `key` is the word in UTF-8."""
    return crc32(key) % BUCKETS


def _word(line: str) -> Word:
    fields = [*line.removeprefix("!").split("\t"), "", "", "", "", ""][:6]
    docs, small, capital, upper, _, count = (int(field) if field.isdecimal() else 0 for field in fields)
    return Word(docs, small, capital, upper, line.startswith("!"), fields[4], count)


@cache
def lexicon() -> Lexicon:
    """Return the word table in `linter/data`."""
    with (DATA / WORDS).open("rb") as opened:
        return Lexicon(mmap(opened.fileno(), 0, access=ACCESS_READ))


@cache
def frequent() -> dict[str, int]:
    """Map each frequent word to the number of documents that contain it (at least 100).

    These words are in a dictionary in lowercase and have at least three letters, all from a to z.
    """
    lines = (DATA / FREQUENT).read_text("utf-8").split()
    return dict(zip(lines[::2], map(int, lines[1::2]), strict=True))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of the list `name`, from the file NAMES if `name` starts with “names” and otherwise from LISTS.

    Words in the list “names” are names in nearly all contexts. Words in “names in context” are names only in some
    contexts, such as next to another name, or in an article that capitalizes them at least as often as not.
    """
    return word_lists(NAMES if name.startswith("names") else LISTS)[name]
