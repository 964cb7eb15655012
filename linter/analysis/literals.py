"""Derive sets of literals from regular expressions. A pattern can match only text with a literal from each set.

Searching for these literals is faster than matching the pattern, and rules out most text. Parts of the syntax tree that
this module does not support yield no literals. Rare literals are the best to search for, so this module estimates
how frequent each literal is in English prose and in URLs. Literals and text are compared in folded form (see
`linter.folding`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, product, zip_longest
from math import prod
from typing import NamedTuple

import regex

from linter import patterns
from linter.analysis.results import cached_analysis
from linter.analysis.scan import Scanner, scanner
from linter.analysis.syntax_tree import (
    Branch,
    Characters,
    Concatenation,
    Edge,
    Group,
    LookAround,
    Node,
    Repeat,
    parsed_pattern,
)
from linter.folding import folded
from linter.views import TextView

# The estimated frequency of literals.

EDGE = "\x02"  # stands before and after each line in text of which whole lines are matched
_LETTERS = " abcdefghijklmnopqrstuvwxyz"
# Occurrences of characters in 1000 characters of 2,296 articles. Characters that are not listed are rarer.
_IN_1000: dict[str, float] = {" ": 160, "e": 100, "t": 73, "a": 65, "o": 61, "i": 60, "n": 58, "s": 54, "r": 52}
_IN_1000 |= {"l": 35, "h": 34, "d": 30, "c": 27, "u": 23, "m": 20, "p": 18, "f": 16, "g": 16, "w": 15, "y": 14}
_IN_1000 |= {"b": 12, "v": 8, "k": 7, "x": 2, "j": 2, "q": 1, "z": 1, ".": 10, ",": 6, "-": 4.5, "/": 3.4, ":": 2.9}
_IN_1000 |= {"\x1a": 2.7, ")": 2.1, "(": 2.1, "'": 2, '"': 1.3, "1": 2.7, "0": 2, "2": 2, "[": 1, "]": 1, "#": 1}
_IN_1000 |= dict.fromkeys("3456789", 1.1)
_IN_1000 |= {EDGE: 25}  # lines of boilerplate are short
_RARE = 0.15  # occurrences of each character that is not listed
# The same for 1000 characters of the URLs in these articles.
_IN_1000_OF_ADDRESSES = {char: _IN_1000[char] for char in _LETTERS}
_IN_1000_OF_ADDRESSES |= {"/": 90, ".": 30, "-": 30, ":": 16, "#": 3, "=": 2, "?": 2, "_": 1.5, "%": 1}
_IN_1000_OF_ADDRESSES |= {" ": 0.5} | dict.fromkeys('{}"', 1) | dict.fromkeys("0123456789", 7)
# Parts of URLs and template tags, whose characters occur together more often than by chance.
_ADDRESS = "https://www. http:// www .com/ .org/ .html {{ }}"
_ADDRESSES = 1  # minimum occurrences of each of these in 1000 characters of prose
_COMMON_IN_ADDRESSES = (*_ADDRESS.split(), "google.", "github.")
_BEGINNINGS = 20  # the same for 1000 characters of URLs
# The letters of words also occur together more often than by chance. The probability of a word is estimated as the
# product of those of its letters, to this power, with which the rules of this package have the fewest candidates.
_DEPENDENCE = 0.85
_COST = 0.000000001  # cost of searching for one more literal, in occurrences in 1000 characters
_DIGIT = patterns.lazy(r"\d")
_ZEROS = str.maketrans("123456789", "000000000")


@lru_cache(8192)
def expected(text: str) -> float:
    """Return how often `text` is estimated to occur in 1000 characters of prose. `text` is in folded form."""
    return max(_expected(text, _IN_1000), _ADDRESSES if text in _ADDRESS else 0)


@lru_cache(2048)
def expected_in_addresses(text: str) -> float:
    """Return how often `text` is estimated to occur in 1000 characters of URLs. `text` is in folded form."""
    common = any(text in part for part in _COMMON_IN_ADDRESSES)
    return max(_expected(text, _IN_1000_OF_ADDRESSES), _BEGINNINGS if common else 0)


def _expected(text: str, in_1000: Mapping[str, float]) -> float:
    signs = prod(in_1000.get(char, _RARE) / 1000 for char in text if char not in _LETTERS)
    letters = prod(in_1000[char] / 1000 for char in text if char in _LETTERS)
    return 1000 * signs * letters**_DEPENDENCE + _COST


_MOST = 512  # maximum number of strings listed for a part of a pattern
_MOST_CHARS = 10  # maximum number of characters listed for a class
_REPEATS = 8  # maximum repetitions that are joined into one string
_FEW = 100  # maximum strings, on average, of each length to compare directly; more are compared by their substrings
_MANY = 120  # maximum strings in a set; in a larger set, only the beginnings are searched for, if they are rare
_RARE_BEGINNINGS = 0.001  # maximum expected occurrences of all beginnings in 1000 characters
_CUT = 20  # length of these beginnings, in code points
_LINE_CUT = 10  # length of the strings that find lines, in code points
_SETS = 3  # maximum sets of literals that are kept, the rarest first
_TOO_FREQUENT = 6  # expected occurrences in 1000 characters above which a search for literals is useless
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
def line_literals(pattern: str, flags: int) -> Literals:
    """Return at least one set of literals of a pattern that matches whole lines.

    They are for the text of a line between two EDGE characters, in the form of `folded_line`. Unlike those of
    `literals_of_pattern`, they may be frequent. The strings of the first set are cut, so that patterns with the same
    beginning share a string.
    """
    tree = parsed_pattern(f"{EDGE}(?:{pattern}){EDGE}", flags)
    first, *further = (tree and _IN_LINES.needed(_IN_LINES.fits(tree))) or [frozenset({EDGE})]
    cut = [frozenset(text[:_LINE_CUT] for text in first), *further]
    return tuple(_shortest(frozenset(map(digits_as_0, texts))) for texts in cut)


def folded_line(text: str) -> str:
    """Return the folded form of `text` with 0 in place of each digit."""
    return digits_as_0(folded(text))


def digits_as_0(text: str) -> str:
    return text.translate(_ZEROS) if text.isascii() else _DIGIT.sub("0", text)


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


def contains(form: str, needed: Iterable[Texts]) -> bool:
    """Whether folded text contains a string of each set in `needed`."""
    return all(any(map(form.__contains__, texts)) for texts in needed)


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

    `expected` estimates how often a string occurs in 1000 characters. With `digits_are_0`, `\d` is read as 0.
    """

    expected: Callable[[str], float]
    digits_are_0: bool = False

    def phrase(self, words: str) -> Fits:
        return self.sequence([Fits(folded_char(ord(char), ignores_case=True)) for char in words])

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
            is_digit = self.digits_are_0 and not node.ranges and node.properties == (r"\d",)
            return Fits(frozenset("0") if is_digit else folded_chars(node))
        if isinstance(node, Repeat):
            return self.repeat(self.fits(node.part), node.least, node.most)
        if isinstance(node, Concatenation):
            return self.sequence(self.parts(node.parts))
        if isinstance(node, Branch):
            return self.branch([self.fits(branch) for branch in node.parts])
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
                form = folded_char(code, ignores_case=item.ignores_case)
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
        """Return at most three sets of `required`, the rarest first."""
        some = {texts for texts in required if "" not in texts}
        if len(some) < 2:
            return tuple(some)
        return tuple(sorted(some, key=lambda texts: (self.frequency(texts), sorted(texts)))[:_SETS])

    def needed(self, part: Fits) -> Literals:
        """Return at most three required sets of a part."""
        return part.required if part.exact is None else self.rarest((*part.required, part.exact))

    def frequency(self, texts: Texts) -> float:
        return sum(map(self.expected, texts))


_IN_PROSE = _LiteralReader(expected)
_IN_LINES = _LiteralReader(expected, digits_are_0=True)
_IN_ADDRESSES = _LiteralReader(expected_in_addresses)


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
    forms = [folded_char(code, ignores_case=node.ignores_case) for low, high in ranges for code in range(low, high + 1)]
    found = frozenset(" " if node.properties else "").union(*filter(None, forms))
    return found if None not in forms and len(found) <= _MOST_CHARS else None


# Letters whose cases are the same in all versions of Unicode, or that have no cases (`test_folding` compares them with
# `regex`). Later versions add capitals of some other letters.
_SETTLED = ((0, 0x17F), (0x370, 0x4FF), (0x590, 0x109F), (0x2E80, 0xA63F), (0xAC00, 0xD7FF))


@lru_cache(4096)
def folded_char(code: int, *, ignores_case: bool) -> Texts | None:
    """Return a set with the folded form of a character.

    Return None for U+0000 and surrogates. If case is ignored, also return None for letters whose other case may have
    another folded form.
    """
    char = chr(code)
    if char == "\x00" or "\ud800" <= char <= "\udfff":
        return None
    if ignores_case and char.isalpha() and not any(low <= code <= high for low, high in _SETTLED):
        return None
    return frozenset({folded(char)})
