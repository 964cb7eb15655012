"""Names of people spelled in two ways in one article: “Jon Hindley”, “John Hindley”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import ClassVar

from linter.document import Document, Span
from linter.rule import Match
from linter.text.lexicon import lexicon
from linter.text.words import Word, passages

_MIN_WORD_LETTERS = 3  # minimum letters of each word of a name
_MIN_LETTERS_OF_BOTH = 7  # minimum letters of both spellings together: Jon and John, but not Ann and Amy
_MIN_NAME_SHARE = 0.5  # minimum share of capitalized uses of a dictionary word that may be a name
_ENDINGS = "sni"  # last letters of plurals and nationalities: Hindleys, African, Iraqi

Name = tuple[str, str]


@dataclass(frozen=True)
class NameVariant:
    """Two names of two words each, with one word the same and the other similar: “Jon Hindley”, “John Hindley”.

    The other words differ by one letter or by two swapped letters. A dictionary word is part of a name only if it is
    usually capitalized. The matches are all uses of the name that is used less often or, if both are used equally
    often, of the name that first occurs later. The message may use {other}, the other name, and {line}, the line of its
    first use.
    """

    values: ClassVar[frozenset[str]] = frozenset({"other", "line"})
    vocabulary: ClassVar[bool] = True

    def find_in(self, document: Document) -> Iterator[Match]:
        names = _names(document)
        for one, other in sorted(_alike(list(names))):
            rarer, common = sorted((one, other), key=lambda name: (len(names[name]), -names[name][0].start))
            line, _ = document.source.position(names[common][0].start)
            for span in names[rarer]:
                yield Match(*span, {"other": " ".join(common), "line": str(line)})


def _names(document: Document) -> dict[Name, list[Span]]:
    """Map each pair of adjacent capitalized words that may be a person's name to the source spans of its uses."""
    names: defaultdict[Name, list[Span]] = defaultdict(list)
    for passage in passages(document):
        if not passage.is_title_case:
            for one, other in pairwise(passage.words):
                if passage.text[one.end : other.start] in (" ", "\n", "\u00a0") and _is_name(one) and _is_name(other):
                    names[one.text, other.text].append(passage.block.span(one.start, other.end))
    return names


def _is_name(word: Word) -> bool:
    if not word.is_capitalized or len(word.text) < _MIN_WORD_LETTERS:
        return False
    found = lexicon().find(word.text.lower())
    return not found.dictionary or found.name_share >= _MIN_NAME_SHARE


def _alike(names: list[Name]) -> Iterator[tuple[Name, Name]]:
    """Yield the pairs of names that share one word and whose other words are nearly the same."""
    for same in (0, 1):
        sharing: defaultdict[str, list[Name]] = defaultdict(list)
        for name in names:
            sharing[name[same]].append(name)
        for those in sharing.values():
            for one, other in combinations(those, 2):
                if _near(*sorted((one[1 - same], other[1 - same]), key=len)):
                    yield one, other


def _near(short: str, long: str) -> bool:
    """Whether `short` and `long` are probably two spellings of one name.

    `long` is at least as long as `short`.
    """
    if len(short) + len(long) < _MIN_LETTERS_OF_BOTH or len(long) > len(short) + 1 or short[0] != long[0]:
        return False
    if long[:-1] == short and long[-1] in _ENDINGS:
        return False
    at = next((i for i, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]
