"""Look up English words and names in the tables that are shipped, opened without being parsed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
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

BUCKETS = 1 << 14
DOCUMENTS = 20_676  # that the table counts
_UNKNOWN_DOCS = 2
_LISTED = ord("!")  # begins the fields of a word that a dictionary has
OFFSETS = BUCKETS * 4 + 4  # bytes that the offsets of the buckets take, with the end of the last


class Word(NamedTuple):
    """The entry of a word in the table.

    `docs` counts the documents that hold it; `small`, `capital` and `upper` how often it appears there in lower
    case, capitalized within a sentence, and ALL IN CAPITALS. `mixed` is its spelling where another one
    dominates (GitHub), with `mixed_count`. `dictionary` says that a dictionary has it in small letters.
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
        """How much of its use is capitalised, of what is not in capitals altogether: 0 to 1."""
        return self.capital / (self.small + self.capital) if self.capital else 0.0


NOTHING = Word()


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The table as one blob: offsets of buckets (32 bits, little-endian), then the lines of each bucket.

    A line is `word docs small capital upper [form count]`, with tabs between, empty for 0 and ended early; a `!`
    before `docs` says that a dictionary has the word in small letters. `bucket` tells where a word lies.
    """

    blob: bytes

    def find(self, word: str) -> Word:
        """The table's line of `word`, a key in small letters; NOTHING where it has none."""
        at = self._at(word)
        return _word(self.blob[at : self.blob.index(b"\n", at)].decode()) if at else NOTHING

    def __contains__(self, word: str) -> bool:
        """Whether the table has `word`, a key in small letters."""
        return self._at(word) > 0

    def in_dictionary(self, word: str) -> bool:
        """Whether a dictionary has `word`, a key in small letters: what `find` says, without the rest of the line."""
        at = self._at(word)
        return at > 0 and self.blob[at] == _LISTED

    def _at(self, word: str) -> int:
        """Where the fields of a word's line begin, behind the word; 0 where there is none."""
        key = word.encode("utf-8", "surrogatepass")
        start, end = unpack_from("<2I", self.blob, bucket(key) * 4)
        found = self.blob.find(b"\n%b\t" % key, start, end)
        return found + len(key) + 2 if found >= 0 else 0

    def idf(self, word: str) -> float:
        """The inverse document frequency of `word`, as `data/build.py` counts documents."""
        return math.log(DOCUMENTS / ((self.find(word).docs or _UNKNOWN_DOCS) + 1))


def bucket(key: bytes) -> int:
    """The number of the bucket in which a word lies; `key` is its UTF-8."""
    return crc32(key) % BUCKETS


def _word(line: str) -> Word:
    fields = [*line.removeprefix("!").split("\t"), "", "", "", "", ""][:6]
    docs, small, capital, upper, _, count = (int(field) if field.isdecimal() else 0 for field in fields)
    return Word(docs, small, capital, upper, line.startswith("!"), fields[4], count)


@cache
def lexicon() -> Lexicon:
    """The table that is shipped."""
    return Lexicon((DATA / WORDS).read_bytes())


@cache
def frequent() -> dict[str, int]:
    """The words of three letters from a to z and more that a dictionary has in small letters, and at least a hundred
    documents hold; with how many do.
    """
    lines = (DATA / FREQUENT).read_text("utf-8").split()
    return dict(zip(lines[::2], map(int, lines[1::2]), strict=True))


class Names(NamedTuple):
    """Words in small letters that are names: `known` alone are proof enough, `beside` need a capital beside them."""

    known: frozenset[str]
    beside: frozenset[str]


@cache
def names() -> Names:
    """The lists that are shipped."""
    lists = word_lists(NAMES)
    return Names(lists["known"], lists["beside"])


def word_list(heading: str) -> frozenset[str]:
    """Return the list under a heading of data/word_lists.txt."""
    return word_lists(LISTS)[heading]
