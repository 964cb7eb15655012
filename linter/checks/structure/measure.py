"""Articles with abnormal figures: too short, mostly links, without sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter import patterns
from linter.document import Block, Document
from linter.rule import Match


@dataclass(frozen=True)
class Measure:
    """What an article measures is less than `at_least`, or more than `at_most`.

    `of` is words, word-length (code points), or a share from 0 to 1: lists, ends, short (of thirty characters or fewer)
    and dots (an ellipsis at the end) of the blocks, symbols (words without a letter) and marks (number signs and
    ellipses) of the words; links, repeated (blocks that repeat an earlier one), digits, signs, addresses and brackets
    of the characters. An article of fewer than `words` words is not judged. The match is the first block. The message
    may use {value} and {limit}, a share in per cent.
    """

    of: Literal[
        "words",
        "word-length",
        "lists",
        "symbols",
        "marks",
        "links",
        "ends",
        "short",
        "dots",
        "repeated",
        "digits",
        "signs",
        "addresses",
        "brackets",
    ]
    at_least: float = 0
    at_most: float = 0
    words: int = 1

    values: ClassVar[frozenset[str]] = frozenset({"value", "limit"})

    def __post_init__(self) -> None:
        if not self.at_least and not self.at_most:
            raise ValueError("either “at_least” or “at_most” must be given")

    def find(self, document: Document) -> Iterator[Match]:
        if not document.prose or words(document) < self.words:
            return
        value = {**COUNTS, **SHARES}[self.of](document)
        if value < self.at_least or 0 < self.at_most < value:
            limit = self.at_least if value < self.at_least else self.at_most
            yield Match(*document.prose[0].source_span, {"value": self._shown(value), "limit": self._shown(limit)})

    def _shown(self, value: float) -> str:
        """A number as the message has it: of a share so many digits that it does not look like its limit."""
        if self.of == "words":
            return str(int(value))
        return f"{value:.1f}" if self.of == "word-length" else f"{100 * value:.3g}"


# Measure an article as a whole, with the figures by which filters of web text tell prose from the rest.
#
# The figures, and the thresholds of the rules, are those of C4 (Raffel et al. 2020), Gopher (Rae et al. 2021, A.1.1),
# FineWeb (Penedo et al. 2024) and NeMo Curator; a “line” there is a block of prose here.

_END = patterns.lazy(r"[.!?…。！？:;][\"”’»)\]]*\Z")
_DOTS = patterns.lazy(r"(?:…|\.\.\.)[\])]?\Z")
_MARKS = patterns.lazy(r"#|…|\.\.\.")
_LETTER = patterns.lazy(r"[^\W\d_]")
_ADDRESS = patterns.lazy(r"(?:https?://|www\.)\S+")
_BRACKETED = patterns.lazy(r"\([^()\n]*\)")
_SHORT = 30  # code points of a line

_Measurement = Callable[[Document], float]


def words(document: Document) -> float:
    """How many words the prose has."""
    return float(sum(len(block.text.split()) for block in document.prose))


def word_length(document: Document) -> float:
    """Code points of a word, on average."""
    found = [len(word) for block in document.prose for word in block.text.split()]
    return sum(found) / len(found)


def lists(document: Document) -> float:
    """The share of the blocks are items of lists."""
    return _share(document, lambda block: "list" in block.scopes)


def symbols(document: Document) -> float:
    """The share of the words have no letter in them."""
    found = [word for block in document.prose for word in block.text.split()]
    return sum(not _LETTER.search(word) for word in found) / len(found)


def marks(document: Document) -> float:
    """How many number signs and ellipses there are for each word."""
    return sum(len(_MARKS.findall(block.text)) for block in document.prose) / words(document)


def links(document: Document) -> float:
    """The share of characters that belong to links."""
    own = {id(block) for block in document.prose}
    return _of_all(document, sum(link.end - link.start for link in document.links if id(link.block) in own))


def ends(document: Document) -> float:
    """The share of the blocks, but for headings, end as sentences do, or lead to what follows."""
    return _share(document, lambda block: bool(_END.search(block.text)))


def short(document: Document) -> float:
    """The share of the blocks, but for headings, have thirty characters or fewer."""
    return _share(document, lambda block: len(block.text) <= _SHORT)


def dots(document: Document) -> float:
    """The share of the blocks, but for headings, end in an ellipsis."""
    return _share(document, lambda block: bool(_DOTS.search(block.text)))


def repeated(document: Document) -> float:
    """The share of characters in blocks that repeat an earlier one."""
    numbers = Counter(block.text for block in document.prose)
    return _of_all(document, sum(len(text) * (number - 1) for text, number in numbers.items()))


def digits(document: Document) -> float:
    """The share of digits among the characters."""
    return _of_all(document, sum(sum(map(str.isdigit, block.text)) for block in document.prose))


def special_characters(document: Document) -> float:
    """The share of characters that are neither letters nor digits nor white space."""
    return _of_all(
        document, sum(not (char.isalnum() or char.isspace()) for block in document.prose for char in block.text)
    )


def addresses(document: Document) -> float:
    """The share of characters that belong to addresses."""
    return _of_all(document, sum(len(found) for block in document.prose for found in _ADDRESS.findall(block.text)))


def brackets(document: Document) -> float:
    """The share of characters between parentheses."""
    return _of_all(document, sum(len(found) for block in document.prose for found in _BRACKETED.findall(block.text)))


COUNTS: Mapping[str, _Measurement] = {"words": words, "word-length": word_length}
SHARES: Mapping[str, _Measurement] = {
    "lists": lists,
    "symbols": symbols,
    "marks": marks,
    "links": links,
    "ends": ends,
    "short": short,
    "dots": dots,
    "repeated": repeated,
    "digits": digits,
    "signs": special_characters,
    "addresses": addresses,
    "brackets": brackets,
}


def _share(document: Document, fits: Callable[[Block], bool]) -> float:
    """The share of the blocks that are no headings fit."""
    blocks = [block for block in document.prose if "heading" not in block.scopes] or document.prose
    return sum(map(fits, blocks)) / len(blocks)


def _of_all(document: Document, part: int) -> float:
    return part / sum(len(block.text) for block in document.prose)
