"""Derive sets of literals from regular expressions. A pattern can match only text with a literal from each set.

Searching for these literals is faster than matching the pattern, and rules out most text. Parts of the syntax tree that
this module does not support yield no literals. Rare literals are the best to search for, so this module estimates
how frequent each literal is in English prose and in URLs. Literals and text are compared in folded form (see
`linter.folding`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, product, zip_longest
from math import prod
from pathlib import Path
from typing import NamedTuple

import regex

from linter import patterns
from linter.analysis.results import cached_analysis
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import (
    CASES,
    Branch,
    Characters,
    Edge,
    Group,
    LookAround,
    Node,
    Repeat,
    parsed_pattern,
)
from linter.analysis.syntax_tree import (
    Sequence as Items,
)
from linter.folding import folded
from linter.views import TextView

# The estimated frequency of literals.

LETTERS = " abcdefghijklmnopqrstuvwxyz"
TRIGRAMS = "en_trigrams.bin"
STEP = 8  # the values in the table are bits times this number

# Occurrences of characters other than letters in 1000 characters of 2,296 articles. Characters not listed are rarer.
_IN_1000 = {".": 10, ",": 6, "-": 4.5, "/": 3.4, ":": 2.9, "\x1a": 2.7, ")": 2.1, "(": 2.1, "'": 2, '"': 1.3}
_IN_1000 |= {"1": 2.7, "0": 2, "2": 2, "[": 1, "]": 1, "#": 1} | dict.fromkeys("3456789", 1.1)
_RARE = 0.15  # occurrences of each character that is not listed
# The same for 1000 characters of the URLs in these articles.
_IN_1000_OF_ADDRESSES = {"/": 90, ".": 30, "-": 30, ":": 16, "#": 3, "=": 2, "?": 2, "_": 1.5, "%": 1, " ": 0.5}
_IN_1000_OF_ADDRESSES |= dict.fromkeys('{}"', 1) | dict.fromkeys("0123456789", 7)
# Parts of URLs and template tags, whose characters occur together more often than by chance.
_ADDRESS = "https://www. http:// www .com/ .org/ .html {{ }}"
_ADDRESSES = 0.001  # minimum occurrences of each of these per character of prose
_COMMON_IN_ADDRESSES = (*_ADDRESS.split(), "google.", "github.")
_BEGINNINGS = 0.002  # the same per character of URLs; the exact value matters almost only for odd URLs
_COST = 0.000000001  # cost of searching for one more literal, in occurrences in 1000 characters
_CODES = bytes(max(0, LETTERS.find(chr(code))) for code in range(0x100))  # the index in LETTERS of each byte
_WORDS = patterns.lazy("[ a-z]+")
_LETTERS = patterns.lazy("[a-z]+")
_DIGIT = patterns.lazy(r"\d")
_ZEROS = str.maketrans("123456789", "000000000")


@lru_cache(8192)
def expected(text: str) -> float:
    """Return how often `text` is estimated to occur in 1000 characters of prose. `text` is in folded form."""
    return max(_expected(text, _WORDS, _IN_1000), 1000 * _ADDRESSES if text in _ADDRESS else 0)


@lru_cache(2048)
def expected_in_addresses(text: str) -> float:
    """Return how often `text` is estimated to occur in 1000 characters of URLs. `text` is in folded form."""
    common = any(text in part for part in _COMMON_IN_ADDRESSES)
    return max(_expected(text, _LETTERS, _IN_1000_OF_ADDRESSES), 1000 * _BEGINNINGS if common else 0)


def _expected(text: str, words: re.Pattern[str], char_rates: Mapping[str, float]) -> float:
    if text and not text.strip(LETTERS) and words.fullmatch(text):  # true for nearly all texts
        return 1000 * _share(text) + _COST
    share = 1.0
    for char in words.sub("", text):
        share *= char_rates.get(char, _RARE) / 1000
    for letters in words.findall(text):
        share *= _share(letters)
    return 1000 * share + _COST


@lru_cache(8192)
def _share(letters: str) -> float:
    """Return the estimated probability that `letters` occurs at a given position of prose.

    `letters` consists of a-z and spaces.
    """
    codes = letters.encode().translate(_CODES)
    _, two, one = _tables()
    if len(codes) == 1:
        return one[codes[0]]
    share = two[codes[0] * 27 + codes[1]] if codes[1] else _at_end(codes[0])
    return min(1.0, prod(map(_next_letter.__getitem__, zip(codes, codes[1:], codes[2:], strict=False)), start=share))


class _NextLetter(dict[tuple[int, int, int], float]):
    """The estimated probability that a letter follows two others, by the indexes of the three letters in LETTERS."""

    def __missing__(self, letters: tuple[int, int, int]) -> float:
        first, second, third = letters
        three, two, one = _tables()
        if second == 0:  # the end of a word says nothing about the start of the next
            share = two[third] / one[0]
        else:
            share = three[(first * 27 + second) * 27 + third] / two[first * 27 + second]
        self[letters] = share
        return share


_next_letter = _NextLetter()


def _at_end(letter: int) -> float:
    """Return the probability of a letter followed by a space. `letter` is an index in LETTERS."""
    three, _, _ = _tables()
    return sum(three[letter * 27 :: 27 * 27])


@cache
def _tables() -> tuple[list[float], list[float], list[float]]:
    """Return the probabilities of sequences of three letters, of two letters, and of single letters.

    The index of a sequence is a number in base 27, whose digits are indexes in LETTERS.
    """
    raw = (Path(__file__).parent.parent / "data" / TRIGRAMS).read_bytes()
    shares = [2 ** (-bits / STEP) for bits in range(0x100)]
    three = [shares[bits] for bits in raw]
    two = [sum(three[i : i + 27]) for i in range(0, len(three), 27)]
    one = [sum(two[i : i + 27]) for i in range(0, len(two), 27)]
    return three, two, one


_MOST = 512  # maximum number of strings listed for a part of a pattern
_MOST_CHARS = 10  # maximum number of characters listed for a class
_REPEATS = 8  # maximum repetitions that are joined into one string
_FEW = 100  # maximum strings, on average, of each length to compare directly; more are compared by their substrings
_MANY = 120  # maximum strings in a set; in a larger set, only the beginnings are searched for, if they are rare
_RARE_BEGINNINGS = 0.001  # maximum expected occurrences of all beginnings in 1000 characters
_CUT = 20  # length of these beginnings, in code points
_SETS = 3  # maximum sets of literals that are kept, the rarest first
_TOO_FREQUENT = 5  # expected occurrences in 1000 characters above which a search for literals is useless
# If the literals of the first set are expected at most this often in 1000 characters, further sets are useful
# only if they have few literals, and rare ones.
_RARE_ENOUGH, _FEW_FURTHER, _RARE_FURTHER = 0.0005, 128, 0.05
_BLANK = frozenset({"", " "})

Texts = frozenset[str]
Literals = tuple[Texts, ...]  # each match contains at least one string of each set, in folded form


class Fits(NamedTuple):
    """What is known about the matches of a node of a pattern. All strings are in folded form.

    - `exact`: every match is one of these strings.
    - `required`: sets of strings. Text in which the node matches contains at least one string of each set.
    - `prefixes`: if `exact` is None, every match begins with one of these strings.
    - `behind`: if the node is a lookbehind, one of these strings directly precedes every match.
    - `ahead`: if the node is a lookahead, one of these strings directly follows every match.

    A field other than `required` is None if the strings are unknown, or are too many to list.
    """

    exact: Texts | None
    required: Literals = ()
    prefixes: Texts | None = None
    behind: Texts | None = None
    ahead: Texts | None = None


_ANYTHING = Fits(None)
_NOTHING = Fits(frozenset({""}))


def literals_of_pattern(pattern: str, flags: int = regex.VERSION1, *, address: bool = False) -> Literals | None:
    """Return the literals of a pattern for the `regex` package, or None if the pattern has none or cannot be analyzed.

    At most three sets are returned: the sets whose strings are rarest in prose or, if `address` is true, in URLs.
    """
    return _of_pattern(pattern, int(flags), address)


@cached_analysis
def _of_pattern(pattern: str, flags: int, address: bool) -> Literals | None:
    reader = _IN_ADDRESSES if address else _IN_PROSE
    tree = parsed_pattern(pattern, flags)
    return reader.least(reader.needed(reader.fits(tree))) if tree else None


@cached_analysis
def prefixes_of_pattern(pattern: str, flags: int, sizes: tuple[int, ...]) -> Texts:
    """Return the possible prefixes of a match, in folded form and with 0 in place of each digit.

    `sizes` are the possible lengths of the prefixes, in descending order; the last length is 0. If all matches can be
    listed, each prefix has the length `sizes[0]`, and shorter matches are padded (see `padded_prefix`). Otherwise, each
    prefix is cut to the largest of `sizes` that does not exceed its length. If nothing is known, the result contains
    only "".
    """
    tree = parsed_pattern(pattern, flags)
    fits = _PREFIXES.fits(tree) if tree else _ANYTHING
    if fits.exact is not None:
        return frozenset(padded_prefix(text, sizes[0]) for text in fits.exact)
    texts = map(digits_as_0, fits.prefixes or {""})
    return frozenset(text[: next(size for size in sizes if size <= len(text))] for text in texts)


def padded_prefix(form: str, size: int) -> str:
    """Return the first `size` code points of `form`, with 0 in place of each digit.

    `form` is folded text. If it is shorter than `size`, it is padded with U+0000 at the end.
    """
    return digits_as_0(form[:size]).ljust(size, "\x00")


def digits_as_0(text: str) -> str:
    """Return `text` with 0 in place of each digit."""
    if text.isascii():
        return text.translate(_ZEROS)
    return _DIGIT.sub("0", text)


@cached_analysis
def screening_literals(pattern: str, flags: int) -> Literals:
    """Return the literals of a pattern that is tried only on short texts; empty if the pattern has none.

    Unlike those of `literals_of_pattern`, they include sets of frequent strings, and further sets if one is rare. The
    smallest sets are the first.
    """
    reader = _IN_PROSE
    tree = parsed_pattern(pattern, flags)
    required = reader.needed(reader.fits(tree)) if tree else ()
    return tuple(sorted({_shortest(reader.shortened(texts)) for texts in required}, key=len))


@cached_analysis
def ends_of_pattern(pattern: str, flags: int) -> Texts | None:
    """Return the possible ends of a match of the pattern, in folded form, or None if they are unknown.

    Every match ends with one of these strings.
    """
    tree = parsed_pattern(pattern, flags)
    return _ends(tree) if tree else None


def literals_of_phrases(phrases: Iterable[str]) -> Literals | None:
    """Return the literals of a pattern that matches any of `phrases`, or None if the pattern has none.

    The pattern ignores case, and a space in a phrase matches any white space.
    """
    return _of_phrases(tuple(phrases))


@cached_analysis
def _of_phrases(phrases: tuple[str, ...]) -> Literals | None:
    reader = _IN_PROSE
    return reader.least(reader.needed(reader.branch([reader.phrase(" ".join(phrase.split())) for phrase in phrases])))


@cached_analysis
def any_of(*parts: Literals | None) -> Literals | None:
    """Return the literals of a pattern that matches if any of several parts matches, or None if it has none.

    `parts` has the literals of each part. If one part has no literals, the result is None.
    """
    return _IN_PROSE.least(_IN_PROSE.needed(_IN_PROSE.branch([Fits(None, part or ()) for part in parts])))


def texts_with(needed: Literals | None, view: TextView) -> Sequence[int]:
    """Return, in order, the indexes of the texts in `view` that contain a string of the first set in `needed`.

    `view` is a view of folded text. If `needed` is None, return the indexes of all texts.
    """
    if not needed:
        return range(len(view.starts) - 1)
    return sorted({view.number(start) for _, start in _scanner(needed[0]).hits(view.text)})


@lru_cache(256)
def _scanner(texts: Texts) -> Scanner:
    return scanner(sorted(texts))


class _LiteralReader(NamedTuple):
    r"""Derives literals from a syntax tree.

    `expected` estimates how often a string occurs in 1000 characters; if it is None, no required sets are derived. If
    `prefixes_only` is true, a sequence is read only up to its first part with unknown strings, and `\d` is read as 0.
    """

    expected: Callable[[str], float] | None
    prefixes_only: bool = False

    def phrase(self, words: str) -> Fits:
        return self.sequence([Fits(folded_char(ord(char), CASES)) for char in words])

    def least(self, required: Literals) -> Literals | None:
        """Return the sets of `required` that are worth searching for, in reduced form, or None if there are none."""
        found: list[Texts] = []
        is_rare = False
        for texts in required:
            frequency, shortest = self.frequency(texts), _shortest(self.shortened(texts))
            if min(frequency, self.frequency(shortest)) > _TOO_FREQUENT or any(_imply(own, shortest) for own in found):
                continue
            if not found:
                is_rare = frequency <= _RARE_ENOUGH
            elif is_rare and (len(shortest) > _FEW_FURTHER or frequency > _RARE_FURTHER):
                continue
            found.append(shortest)
        return (*found[:1], *sorted(found[1:], key=len)) or None  # small sets take less time to search for

    def shortened(self, texts: Texts) -> Texts:
        """Return the beginnings of `texts` if there are many texts and the beginnings are rare, or else `texts`."""
        if len(texts) <= _MANY:
            return texts
        beginnings = frozenset(text[:_CUT] for text in texts)
        return beginnings if self.frequency(beginnings) <= _RARE_BEGINNINGS else texts

    def fits(self, node: Node) -> Fits:
        if isinstance(node, Characters):
            is_digit = self.prefixes_only and not node.ranges and node.properties == (r"\d",)
            return Fits(frozenset("0") if is_digit else folded_chars(node))
        if isinstance(node, Repeat):
            return self.repeat(self.fits(node.part), node.least, node.most)
        if isinstance(node, Items):
            return self.sequence(self.parts(node.items))
        if isinstance(node, Branch):
            return self.branch([self.fits(branch) for branch in node.branches])
        if isinstance(node, Group):
            return self.fits(node.part)
        if isinstance(node, LookAround):
            return self.look_around(node) if node.positive else _NOTHING
        return _NOTHING if isinstance(node, Edge) else _ANYTHING

    def look_around(self, node: LookAround) -> Fits:
        part = self.fits(node.part)
        if node.behind:
            return Fits(_NOTHING.exact, self.needed(part), behind=part.exact)
        return Fits(_NOTHING.exact, self.needed(part), ahead=part.prefixes if part.exact is None else part.exact)

    def parts(self, items: Iterable[Node]) -> Iterator[Fits]:
        """Yield what the items of a sequence match, with adjacent characters combined where possible."""
        known = ""
        for item in items:
            if isinstance(item, Characters) and (code := item.single) is not None:
                form = folded_char(code, item.flags)
                if form is not None:
                    (char,) = form
                    known += char[1:] if known[-1:] == " " == char[:1] else char
                    continue
            if known:
                yield Fits(frozenset({known}))
                known = ""
            yield self.fits(item)
        if known:
            yield Fits(frozenset({known}))

    def sequence(self, parts: Iterable[Fits]) -> Fits:
        """Return what a sequence matches, given what each of its consecutive parts matches."""
        run = before = frozenset({""})
        required: list[Texts] = []
        prefixes: Texts | None = None
        for part in parts:
            required += part.required
            longer = _concatenated(run, part.exact)
            if longer is None:
                run = _concatenated(run, part.prefixes) or run
                required.append(_concatenated(before, run) or run)
                prefixes = prefixes or run
                if self.prefixes_only:
                    break
                run, before = frozenset({""}) if part.exact is None else part.exact, frozenset({""})
            else:
                run = longer
            if part.behind and run == {""}:
                before = part.behind
            if followed := _concatenated(run, part.ahead):
                required.append(_concatenated(before, followed) or followed)
        required.append(_concatenated(before, run) or run)
        return Fits(None, self.rarest(required), prefixes) if prefixes else Fits(run, self.rarest(required))

    def branch(self, parts: Sequence[Fits]) -> Fits:
        """Return what an alternation matches, given what each of its alternatives matches."""
        every = [part.exact for part in parts if part.exact is not None]
        exact = frozenset[str]().union(*every) if len(every) == len(parts) else None
        needed = [self.needed(part) for part in parts]
        required: list[Texts] = []
        if parts and all(needed):
            for some in zip_longest(*needed):  # a part with fewer sets repeats its first set
                one_of = (texts or own[0] for texts, own in zip(some, needed, strict=True))
                required += [frozenset[str]().union(*one_of)]
        if exact is not None and len(exact) <= _MOST:
            return Fits(exact, tuple(required))
        all_prefixes = [part.prefixes if part.exact is None else part.exact for part in parts]
        prefixes = frozenset[str]().union(*filter(None, all_prefixes)) if all(all_prefixes) else frozenset()
        return Fits(None, tuple(required), prefixes if 0 < len(prefixes) <= _MOST else None)

    def repeat(self, part: Fits, least: int, most: int | None) -> Fits:
        blank = part.exact is not None and part.exact <= _BLANK
        if least == 0:
            return Fits(part.exact | {""}) if part.exact is not None and (blank or most == 1) else _ANYTHING
        if blank or least == most == 1:
            return part
        run = part.exact
        for _ in range(min(least, _REPEATS) - 1):
            run = _concatenated(run, part.exact) or run
        return Fits(None, part.required if run is None else self.rarest((*part.required, run)), run or part.prefixes)

    def rarest(self, required: Iterable[Texts]) -> Literals:
        """Return at most three sets of `required`, the rarest first. Without `expected`, the result is empty."""
        some = {texts for texts in required if "" not in texts} if self.expected else ()
        if len(some) < 2:
            return tuple(some)
        return tuple(sorted(some, key=lambda texts: (self.frequency(texts), sorted(texts)))[:_SETS])

    def needed(self, part: Fits) -> Literals:
        """Return at most three required sets of a part."""
        return part.required if part.exact is None else self.rarest((*part.required, part.exact))

    def frequency(self, texts: Texts) -> float:
        return sum(map(self.expected, texts)) if self.expected else 0


_IN_PROSE = _LiteralReader(expected)
_IN_ADDRESSES = _LiteralReader(expected_in_addresses)
_WHOLE = _LiteralReader(None)  # derives only whole strings
_PREFIXES = _LiteralReader(None, prefixes_only=True)


@lru_cache(4096)
def _shortest(texts: Texts) -> Texts:
    """Return `texts` without the strings that contain another string in `texts`."""
    sizes = {len(text) for text in texts}
    if len(texts) > _FEW * len(sizes):  # the code below takes quadratic time
        return frozenset(text for text in texts if not any(part in texts for part in _parts(text, sizes)))
    ordered = sorted(texts, key=len)
    starts = [*accumulate((len(text) + 1 for text in ordered), initial=0)]
    joined = "\x00".join(ordered)
    longer = set[int]()  # the numbers of strings that contain a shorter one
    for number, text in enumerate(ordered):
        at = joined.find(text, starts[number + 1]) if number not in longer else -1
        while at >= 0:
            found = bisect_right(starts, at)
            longer.add(found - 1)
            at = joined.find(text, starts[found])
    return frozenset(text for number, text in enumerate(ordered) if number not in longer)


def _imply(texts: Texts, others: Texts) -> bool:
    """Whether each string of `texts` contains a string of `others`."""
    return all(any(map(text.__contains__, others)) for text in texts)


def _parts(text: str, sizes: Iterable[int]) -> Iterator[str]:
    """Yield all parts of `text` with one of the lengths `sizes`, except the whole text."""
    for size in sizes:
        if size < len(text):
            yield from (text[at : at + size] for at in range(len(text) - size + 1))


def _ends(node: Node) -> Texts | None:
    """Return the possible ends of a match of the node, in folded form, or None if they are unknown."""
    if (exact := _WHOLE.fits(node).exact) is not None:
        return exact
    if isinstance(node, Group) or (isinstance(node, Repeat) and node.least):
        return _ends(node.part)
    if isinstance(node, Branch):
        every = [_ends(branch) for branch in node.branches]
        found = None if None in every else frozenset[str]().union(*filter(None, every))
        return found if found is not None and len(found) <= _MOST else None
    found = frozenset({""})
    for item in reversed(node.items) if isinstance(node, Items) else ():
        if (longer := _concatenated(_ends(item), found)) is None:
            break
        found = longer
        if _WHOLE.fits(item).exact is None:
            break
    return found if "" not in found else None


def _concatenated(left: Texts | None, right: Texts | None) -> Texts | None:
    """Return each string of `left` followed by each string of `right`, or None if they are unknown or too many.

    Two spaces where the strings meet become one.
    """
    if left is None or right is None or len(left) * len(right) > _MOST:
        return None
    return frozenset(f"{a}{b[1:] if a[-1:] == ' ' == b[:1] else b}" for a, b in product(left, right))


def folded_chars(node: Characters) -> Texts | None:
    """Return a set with the folded form of each character that a class matches.

    The set may contain characters that the class does not match. Return None if there are more than 10 characters, or
    if they are unknown.
    """
    ranges = node.ranges
    if ranges is None or {*node.properties} - {r"\s"} or sum(high - low + 1 for low, high in ranges) > _MOST_CHARS:
        return None
    forms = [folded_char(code, node.flags) for low, high in ranges for code in range(low, high + 1)]
    found = frozenset(" " if node.properties else "").union(*filter(None, forms))
    return found if None not in forms and len(found) <= _MOST_CHARS else None


# Letters whose cases are the same in all versions of Unicode, or that have no cases (`test_folding` compares them with
# `regex`). Later versions add capitals of some other letters.
_SETTLED = ((0, 0x17F), (0x370, 0x4FF), (0x590, 0x109F), (0x2E80, 0xA63F), (0xAC00, 0xD7FF))


@lru_cache(4096)
def folded_char(code: int, flags: int) -> Texts | None:
    """Return a set with the folded form of a character.

    Return None for U+0000 and surrogates. If case is ignored, also return None for letters whose other case may have
    another folded form.
    """
    char = chr(code)
    if char == "\x00" or "\ud800" <= char <= "\udfff":
        return None
    if flags & regex.IGNORECASE and char.isalpha() and not any(low <= code <= high for low, high in _SETTLED):
        return None
    return frozenset({folded(char)})
