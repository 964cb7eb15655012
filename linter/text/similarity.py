"""Measure the similarity of texts, mostly by the runs of words that they share.

A shingle is a run of SHINGLE words. A sketch is a small sample of the hashes of a text's shingles.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from zlib import crc32

from linter import patterns

SHINGLE = 4  # words in a shingle; with this many, texts hardly ever share a shingle by chance
SKETCH = 64  # maximum hashes in a sketch; the standard error of the estimated share is about 0.06
NEAR = 75  # minimum ratio; 99.8% of texts with 15% of their words changed reach it, but none of 20,000 random pairs

# A word, or one character of a script without spaces between words.
WORD = patterns.lazy(r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_MARKS = "’‘“”–—…"  # often the only non-ASCII characters of a text
_PLAIN = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(0x80)).ljust(0x100)
_MAX_COMPARED_NUMBERS = 50_000  # maximum size of one set of numbers to compare
_TEXTS_PER_BATCH = 200  # texts that are hashed at once
_SEPARATOR = " \n "  # between texts
_PARTS = 16  # number of parts into which larger sets are split, to compare one part at a time
_MAX_TEXT_LENGTH = 4_000  # maximum code points that are compared
# Hashing takes most of the time, so only shingles with certain first letters are hashed: those with every ninth code
# point or, if these shingles are too few, with every third.
_FIRST, _THEN = frozenset({0}), frozenset({3, 6})
_TURN = 9
_LATER = 1 << 32  # added to the numbers of the second selection of shingles, so that they sort last


def _beginning(turns: frozenset[int]) -> re.Pattern[bytes]:
    """Return a pattern for the shingles that `turns` may select. Group 1 of the pattern is the shingle."""
    letters = re.escape(bytes(code for code in range(0x80) if code % _TURN in turns))
    return patterns.lazy(b" (?=([%s\x80-\xff][^ ]*+%s))" % (letters, b" [^ ]++" * (SHINGLE - 1)))


_TAKEN = {turns: _beginning(turns) for turns in (_FIRST, _THEN)}


def words(text: str) -> list[str]:
    """Return the words of `text` for comparison: in order, in lowercase and without punctuation.

    Each Chinese or Japanese character is a word.
    """
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
        if not text.isascii():
            return WORD.findall(text.casefold())
    return text.encode("ascii").translate(_PLAIN).decode("ascii").split()  # four times as fast as the pattern


def shingles(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return all shingles (runs of SHINGLE adjacent words) of `words`, in order."""
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def shared_numbers(lists: Iterable[Iterable[int]]) -> set[int]:
    """Return the numbers that are in more than one of `lists`."""
    parts = [array("q") for _ in range(_PARTS)]
    add = [part.append for part in parts]
    once: set[int] = set()
    twice: set[int] = set()
    for one in lists:
        twice |= once.intersection(one)
        once.update(one)
        if len(once) > _MAX_COMPARED_NUMBERS:  # move the numbers to the arrays, where each takes 8 bytes instead of 70
            for number in once:
                add[number % _PARTS](number)
            once.clear()
    if any(parts):
        for number in once:
            add[number % _PARTS](number)
        for part in parts:
            twice.update(number for number, count in Counter(part).items() if count > 1)
    return twice


def repeats(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return two indices for each repetition of a shingle: one for its first use, one for the repetition.

    The words of each text are separated by single spaces. The words of all texts are counted from 0. Between texts, a
    line feed counts as a word.
    """
    first = dict[object, int]().setdefault
    if sum(text.count(" ") + 2 for text in texts) <= _MAX_COMPARED_NUMBERS:
        runs = shingles(_SEPARATOR.join(texts).split(" "))
        return [(at, place) for place, at in enumerate(map(first, runs, count())) if at != place]
    repeated = shared_numbers(zip(_hashes_in_order(texts), strict=True))
    again = ((place, number) for place, number in enumerate(_hashes_in_order(texts)) if number in repeated)
    return [(at, place) for place, number in again if (at := first(number, place)) != place]


def _hashes_in_order(texts: Sequence[str]) -> Iterator[int]:
    """Yield the hashes of all shingles, in order, as numbers that are valid only in this process."""
    last: list[str] = []
    for at in range(0, len(texts), _TEXTS_PER_BATCH):  # a list of all words would need ten times the memory
        words = [*last, *_SEPARATOR.join(texts[at : at + _TEXTS_PER_BATCH]).split(" ")]
        if at + _TEXTS_PER_BATCH < len(texts):
            words.append(_SEPARATOR.strip(" "))
        yield from map(hash, shingles(words))
        last = words[1 - SHINGLE :]


def ratio(one: str, other: str) -> float:
    """Return the similarity of `one` and `other`, from 0 to 100; 0 if it is less than NEAR.

    Only the first 4000 code points of each text are compared.
    """
    from rapidfuzz import fuzz

    return fuzz.ratio(one[:_MAX_TEXT_LENGTH], other[:_MAX_TEXT_LENGTH], score_cutoff=NEAR)


def sketch(text: bytes) -> list[int]:
    """Return the sketch of a text: at most SKETCH hashes of its shingles, in ascending order.

    `text` contains words in UTF-8, separated by single spaces. The sketch contains the smallest hashes of the shingles
    selected by _FIRST. If there are fewer than SKETCH, the smallest hashes of the shingles selected by _THEN follow,
    each increased by _LATER. The hashes are the same in every process.
    """
    hashes = _hashes(text, _FIRST)
    if len(hashes) > 3 * SKETCH:  # sort only the smallest numbers, which are almost certainly enough
        most = (2 * SKETCH << 32) // len(hashes)
        small = {value for value in hashes if value < most}
        hashes = small if len(small) >= SKETCH else hashes
    first = sorted(hashes)[:SKETCH]
    if len(first) < SKETCH:
        first += [_LATER + value for value in sorted(_hashes(text, _THEN))[: SKETCH - len(first)]]
    return first


def _hashes(text: bytes, turns: frozenset[int]) -> set[int]:
    """Return the hashes of the shingles of `text` that begin with a character whose code modulo _TURN is in `turns`."""
    found = _TAKEN[turns].findall(b" " + text)
    if not text.isascii():
        found = [shingle for shingle in found if shingle[0] < 0x80 or _first(shingle) % _TURN in turns]
    return {*map(crc32, found)}


def _first(text: bytes) -> int:
    """Return the code of the first character of `text`, which is UTF-8 and not empty."""
    return ord(text.partition(b" ")[0].decode("utf-8", "surrogatepass")[0])


def shared(one: Iterable[int], other: Iterable[int]) -> float:
    """Estimate the similarity of two texts, from 0 to 1.

    The similarity is the number of shingles that both texts contain, divided by the number that at least one of them
    contains. `one` and `other` are the sketches of the texts. The result is 0 if both sketches are empty.
    """
    ones, others = set(one), set(other)
    both = sorted(ones | others)[:SKETCH]
    return len(ones.intersection(others, both)) / len(both) if both else 0.0


# Scopes with text that may be repeated for a good reason.
EXCLUDED_SCOPES = frozenset({"list", "quote", "table", "caption", "heading"})
