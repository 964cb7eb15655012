"""How often a text is likely to stand in English prose, or in addresses: the rarest literal is the best to look for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from math import prod
from pathlib import Path

from linter import late

LETTERS = " abcdefghijklmnopqrstuvwxyz"
TRIGRAMS = "en_trigrams.bin"
STEP = 8  # parts of a bit that the table tells apart

# Other signs in 1000 characters of 2,296 articles; those that are not there are rarer.
_IN_1000 = {".": 10, ",": 6, "-": 4.5, "/": 3.4, ":": 2.9, "\x1a": 2.7, ")": 2.1, "(": 2.1, "'": 2, '"': 1.3}
_IN_1000 |= {"1": 2.7, "0": 2, "2": 2, "[": 1, "]": 1, "#": 1} | dict.fromkeys("3456789", 1.1)
_RARE = 0.15
# The same in 1000 characters of the addresses of these articles.
_IN_1000_OF_ADDRESSES = {"/": 90, ".": 30, "-": 30, ":": 16, "#": 3, "=": 2, "?": 2, "_": 1.5, "%": 1, " ": 0.5}
_IN_1000_OF_ADDRESSES |= dict.fromkeys('{}"', 1) | dict.fromkeys("0123456789", 7)
# Parts of addresses come together, not by chance, and so do the marks of templates.
_ADDRESS = "https://www. http:// www .com/ .org/ .html {{ }}"
_ADDRESSES = 0.001
_IN_ADDRESSES = (*_ADDRESS.split(), "google.", "github.")
_BEGINNINGS = 0.002  # the same within addresses of which something is odd: hardly any other needs to be told apart
_LOOK = 0.000001  # what it costs to look for one text more, in the same measure
_CODES = bytes(max(0, LETTERS.find(chr(code))) for code in range(0x100))  # the places of letters, by their signs
_WORDS = late.pattern("[ a-z]+")
_LETTERS = late.pattern("[a-z]+")


@lru_cache(8192)
def expected(text: str) -> float:
    """How many times `text`, in folded form, is expected in 1000 characters of prose."""
    return max(_expected(text, _WORDS, _IN_1000), 1000 * _ADDRESSES if text in _ADDRESS else 0)


@lru_cache(2048)
def expected_in_addresses(text: str) -> float:
    """How many times `text`, in folded form, is expected in 1000 characters of addresses."""
    common = any(text in part for part in _IN_ADDRESSES)
    return max(_expected(text, _LETTERS, _IN_1000_OF_ADDRESSES), 1000 * _BEGINNINGS if common else 0)


def _expected(text: str, words: re.Pattern[str], signs: Mapping[str, float]) -> float:
    if text and not text.strip(LETTERS) and words.fullmatch(text):  # nearly all
        return 1000 * _share(text) + _LOOK
    share = 1.0
    for sign in words.sub("", text):
        share *= signs.get(sign, _RARE) / 1000
    for letters in words.findall(text):
        share *= _share(letters)
    return 1000 * share + _LOOK


@lru_cache(8192)
def _share(letters: str) -> float:
    """How likely a run of letters is at any place, each by the two before it."""
    codes = letters.encode().translate(_CODES)
    _, two, one = _tables()
    if len(codes) == 1:
        return one[codes[0]]
    share = two[codes[0] * 27 + codes[1]] if codes[1] else _at_end(codes[0])
    return min(1.0, prod(map(_then.__getitem__, zip(codes, codes[1:], codes[2:], strict=False)), start=share))


class _Then(dict[tuple[int, int, int], float]):
    """How likely a letter is behind two, by the three; told when first asked for."""

    def __missing__(self, letters: tuple[int, int, int]) -> float:
        first, second, third = letters
        three, two, one = _tables()
        if second == 0:  # no word tells what the next one begins with
            share = two[third] / one[0]
        else:
            share = three[(first * 27 + second) * 27 + third] / two[first * 27 + second]
        self[letters] = share
        return share


_then = _Then()


def _at_end(letter: int) -> float:
    """How likely a letter is with a space behind it: no three begin so, but some end so."""
    three, _, _ = _tables()
    return sum(three[letter * 27 :: 27 * 27])


@cache
def _tables() -> tuple[list[float], list[float], list[float]]:
    """How likely three letters are, two, and one."""
    raw = (Path(__file__).parent.parent / "data" / TRIGRAMS).read_bytes()
    shares = [2 ** (-bits / STEP) for bits in range(0x100)]
    three = [shares[bits] for bits in raw]
    two = [sum(three[i : i + 27]) for i in range(0, len(three), 27)]
    one = [sum(two[i : i + 27]) for i in range(0, len(two), 27)]
    return three, two, one
