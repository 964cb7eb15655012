"""Measure an article as a whole, with the figures by which filters of web text tell prose from the rest.

The figures, and the thresholds of the rules, are those of C4 (Raffel et al. 2020), Gopher (Rae et al. 2021, A.1.1),
FineWeb (Penedo et al. 2024) and NeMo Curator; a “line” there is a block of prose here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from linter import patterns
from linter.document import Block, Document

_END = patterns.lazy(r"[.!?…。！？:;][\"”’»)\]]*\Z")
_DOTS = patterns.lazy(r"(?:…|\.\.\.)[\])]?\Z")
_MARKS = patterns.lazy(r"#|…|\.\.\.")
_LETTER = patterns.lazy(r"[^\W\d_]")
_ADDRESS = patterns.lazy(r"(?:https?://|www\.)\S+")
_BRACKETED = patterns.lazy(r"\([^()\n]*\)")
_SHORT = 30  # code points of a line

Measure = Callable[[Document], float]


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


COUNTS: Mapping[str, Measure] = {"words": words, "word-length": word_length}
SHARES: Mapping[str, Measure] = {
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
