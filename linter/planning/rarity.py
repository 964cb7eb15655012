"""How often a text is likely to stand in English prose: the rarest literal of a pattern is the best one to look for."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from linter import late

LETTERS = " abcdefghijklmnopqrstuvwxyz"
TRIGRAMS = "en_trigrams.bin"
STEP = 8  # parts of a bit that the table tells apart

# Other signs in 1000 characters of 2,296 articles; those that are not there are rarer.
_IN_1000 = {".": 10, ",": 6, "-": 4.5, "/": 3.4, ":": 2.9, "\x1a": 2.7, ")": 2.1, "(": 2.1, "'": 2, '"': 1.3}
_IN_1000 |= {"1": 2.7, "0": 2, "2": 2, "[": 1, "]": 1, "#": 1} | dict.fromkeys("3456789", 1.1)
_RARE = 0.15
_ADDRESS = "https://www. http:// www .com/ .org/ .html"  # parts of addresses come together, not by chance
_ADDRESSES = 0.001
_LOOK = 0.0002  # what it costs to look for one text more, in the same measure
_WORDS = late.pattern("[ a-z]+")


@lru_cache(8192)
def expected(text: str) -> float:
    """How many times `text`, in folded form, is expected in 1000 characters."""
    share = 1.0
    for sign in _WORDS.sub("", text):
        share *= _IN_1000.get(sign, _RARE) / 1000
    for letters in _WORDS.findall(text):
        share *= _share(letters)
    if text in _ADDRESS:
        share = max(share, _ADDRESSES)
    return 1000 * share + _LOOK


def _share(letters: str) -> float:
    """How likely a run of letters is at any place, each by the two before it."""
    codes = [LETTERS.index(letter) for letter in letters]
    three, two, one = _tables()
    if len(codes) == 1:
        return one[codes[0]]
    share = two[codes[0] * 27 + codes[1]] if codes[1] else _at_end(codes[0])
    for first, second, third in zip(codes, codes[1:], codes[2:], strict=False):
        if second == 0:  # no word tells what the next one begins with
            share *= two[third] / one[0]
        else:
            share *= three[(first * 27 + second) * 27 + third] / two[first * 27 + second]
    return min(1.0, share)


def _at_end(letter: int) -> float:
    """How likely a letter is with a space behind it: no three begin so, but some end so."""
    three, _, _ = _tables()
    return sum(three[letter * 27 :: 27 * 27])


@cache
def _tables() -> tuple[list[float], list[float], list[float]]:
    """How likely three letters are, two, and one."""
    raw = (Path(__file__).parent.parent / "data" / TRIGRAMS).read_bytes()
    three = [2 ** (-bits / STEP) for bits in raw]
    two = [sum(three[i : i + 27]) for i in range(0, len(three), 27)]
    one = [sum(two[i : i + 27]) for i in range(0, len(two), 27)]
    return three, two, one
