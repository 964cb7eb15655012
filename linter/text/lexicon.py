"""Look up English words and names in the tables that are shipped, opened without being parsed."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple
from zlib import crc32

from linter.record import record
from linter.word_lists import word_lists

DATA = Path(__file__).parent.parent / "data"
WORDS = "en_words.bin"
NAMES = "en_names.txt"
FREQUENT = "en_frequent.txt"
LISTS = "word_lists.txt"

BUCKETS = 1 << 14
DOCUMENTS = 20_676  # that the table counts
_UNKNOWN_DOCS = 2  # that are assumed for a word that the table does not have
_LISTED = ord("!")  # begins the fields of a word that a dictionary has
OFFSETS = BUCKETS * 4 + 4  # bytes that the offsets of the buckets take, with the end of the last


class Word(NamedTuple):
    """The entry of a word in the table.

    `docs` counts the documents that contain it; `small`, `capital` and `upper` how often it appears there in lower
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
        """The share of its uses that are capitalized, from 0 to 1, without those ALL IN CAPITALS."""
        return self.capital / (self.small + self.capital) if self.capital else 0.0


NOTHING = Word()


@record(eq=False)
class Lexicon:
    """The table as one blob: offsets of buckets (32 bits, little-endian), then the lines of each bucket.

    A line is `word docs small capital upper [form count]`, with tabs between, empty for 0 and ended early; a `!`
    before `docs` says that a dictionary has the word in lower case. `bucket` returns the bucket of a word.
    """

    blob: bytes

    def find(self, word: str) -> Word:
        """Return the entry of `word`, in lower case; NOTHING if the table has none."""
        at = self._at(word)
        return _word(self.blob[at : self.blob.index(b"\n", at)].decode()) if at else NOTHING

    def __contains__(self, word: str) -> bool:
        """Whether the table has `word`, in lower case."""
        return self._at(word) > 0

    def in_dictionary(self, word: str) -> bool:
        """Whether a dictionary has `word`, in lower case; faster than `find`."""
        at = self._at(word)
        return at > 0 and self.blob[at] == _LISTED

    def _at(self, word: str) -> int:
        """Return the offset of the fields of a word, or 0 if the table does not have it."""
        key = word.encode("utf-8", "surrogatepass")
        start, end = unpack_from("<2I", self.blob, bucket(key) * 4)
        found = self.blob.find(b"\n%b\t" % key, start, end)
        return found + len(key) + 2 if found >= 0 else 0

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of `word`, as `tools/build_data.py` counts documents."""
        return math.log(DOCUMENTS / ((self.find(word).docs or _UNKNOWN_DOCS) + 1))


def bucket(key: bytes) -> int:
    """Return the number of the bucket of a word; `key` is its UTF-8."""
    return crc32(key) % BUCKETS


def _word(line: str) -> Word:
    fields = [*line.removeprefix("!").split("\t"), "", "", "", "", ""][:6]
    docs, small, capital, upper, _, count = (int(field) if field.isdecimal() else 0 for field in fields)
    return Word(docs, small, capital, upper, line.startswith("!"), fields[4], count)


@cache
def lexicon() -> Lexicon:
    """Return the table that is shipped."""
    return Lexicon((DATA / WORDS).read_bytes())


@cache
def frequent() -> dict[str, int]:
    """Return the frequent words: in a hundred documents or more, with their number, and in a dictionary in lower case.

    They have three letters or more, from a to z.
    """
    lines = (DATA / FREQUENT).read_text("utf-8").split()
    return dict(zip(lines[::2], map(int, lines[1::2]), strict=True))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of words by its name in LISTS, or one of the two in NAMES.

    Words in “names” are names wherever they appear, those in “names in context” only beside another name or if the
    article shows it.
    """
    return word_lists(NAMES if name.startswith("names") else LISTS)[name]
