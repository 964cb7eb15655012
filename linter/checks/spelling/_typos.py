"""Recognize typos in common English words, such as “othre”, “enviroment” and “bussiness”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from linter.document import Document
from linter.text.lexicon import NOTHING, frequent, lexicon, word_list
from linter.text.words import unlisted_words
from linter.views import per_document

KINDS = ("swapped", "doubled", "missing", "extra", "vowel")  # “joined” is another kind
# For each kind of typo, pairs of minimums: the letters of a correction, and the documents of the word table with this
# word. Corrections that reach both minimums are right in 97 of 100 cases. Shorter words must be more frequent.
_SURE: Mapping[str, tuple[tuple[int, int], ...]] = {
    "swapped": ((5, 100), (3, 9000)),
    "doubled": ((7, 300), (5, 1000)),
    "missing": ((8, 100), (7, 400), (6, 1000)),
    "extra": ((8, 100), (7, 300)),
    "vowel": ((8, 100),),
}
_RARE_SWAPPED = (7, 40)  # minimum letters and documents of less frequent words with two swapped letters
_MIN_RARE_LETTERS = 10  # minimum letters of less frequent words with a doubled letter
_MAX_RARE_CAPITALIZED = 0.3  # maximum share of capitalized uses of less frequent words
_MIN_RIVAL_LETTERS = 5  # minimum letters of a rival correction that is not frequent enough itself
_MIN_FREQUENCY_RATIO = 10  # a correction is chosen if it is this many times as frequent as any other correction
_CACHED = 1 << 16  # words whose corrections are cached
_LETTERS = range(3, 20)  # possible numbers of letters of a typo
_VOWELS = "aeiou"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_NAMES = ("js", "fs", "files")  # endings of program names
_MIN_PART_LETTERS = 3  # minimum letters of a frequent word that is joined to a short, common word
_MIN_PREFIX_DOCS = 200  # minimum documents of a word after a joined short word with which other words begin, too
_RARE = (5, 10)  # minimum letters and documents of a less frequent word that is joined to another


class Correction(NamedTuple):
    """The correction of a typo.

    `kind` is the kind of typo, one of KINDS or “joined”. `right` is the right word in lowercase, or two words for
    “joined”.
    """

    kind: str
    right: str


@per_document
def typos(document: Document) -> Mapping[str, Correction]:
    """Map the typos in an article, in lowercase, to their corrections."""
    return {word: correction for word in unlisted_words(document).values() if (correction := typo_of(word))}


@lru_cache(_CACHED)
def typo_of(word: str) -> Correction | None:
    """Return the correction of `word`, given in lowercase, or None if `word` is known or no correction is certain.

    Words of fewer than 3 or more than 19 letters are not corrected.
    """
    if len(word) not in _LETTERS or is_known(word):
        return None
    tries = (_swapped(word), _undoubled(word), _fuller(word), _shorter(word), _voiced(word))
    words = frequent().keys()
    pairs = [(kind, rights) for kind, rights in zip(KINDS, tries, strict=True) if not words.isdisjoint(rights)]
    tried = (Correction(kind, right) for kind, rights in pairs for right in words & set(rights))
    found = [one for one in tried if len(one.right) >= _MIN_RIVAL_LETTERS or _is_frequent(*one)]
    likely = max((_docs(one.right) for one in found), default=0) / _MIN_FREQUENCY_RATIO
    meant = [one for one in found if _docs(one.right) > likely] or list(_parted(word))
    if not found and not meant and len(word) >= _RARE_SWAPPED[0]:
        return _rarer(word)
    return meant[0] if len(meant) == 1 and _is_sure(word, *meant[0]) else None


def _is_near(word: str) -> bool:
    """Whether a word that may be two joined words is more likely a single word, such as “forground” or “todays”."""
    if word[-1] == "s" and _docs(word[:-1]):
        return True
    return any(map(_docs, _lengthened(word)))


def _lengthened(word: str) -> Iterator[str]:
    """Yield the forms of `word` with one more letter, from a to z, between its first and last letters."""
    return (f"{word[:i]}{letter}{word[i:]}" for i in range(1, len(word)) for letter in _ALPHABET)


def _rarer(word: str) -> Correction | None:
    """Return the correction of `word` to a less frequent word, or None unless exactly one is found."""
    tries = [("swapped", _swapped(word))]
    if len(word) >= _MIN_RARE_LETTERS:
        tries.append(("doubled", _undoubled(word)))
    found = [Correction(kind, right) for kind, rights in tries for right in rights if _is_rarer(right)]
    return found[0] if len(found) == 1 else None


def _is_rarer(word: str) -> bool:
    row = lexicon().find(word)
    return row.docs >= _RARE_SWAPPED[1] and row.name_share < _MAX_RARE_CAPITALIZED


@lru_cache(_CACHED)
def is_known(word: str) -> bool:
    """Whether `word` is in the word table, or is a variant of words in the table.

    A variant is a word with “-ise” for “-ize”, such as “strategise”, or a dictionary word with a prefix, such as
    “retuned”.
    """
    table = lexicon()
    if word in table:
        return True
    before, found, ending = word.rpartition("is")
    if found and ending in word_list("ise endings") and f"{before}iz{ending}" in table:
        return True
    prefixes = filter(word.startswith, word_list("word prefixes"))
    return any(table.in_dictionary(word.removeprefix(prefix)) for prefix in prefixes)


def _is_sure(word: str, kind: str, right: str) -> bool:
    """Whether `right`, a correction of the kind `kind`, is almost certainly the word that `word` was meant to be."""
    if kind == "joined":
        return not _is_near(word)
    if kind != "swapped" and word[-1] == "s" and word[-2] not in "sy" and lexicon().in_dictionary(word[:-1]):
        return False  # a rare plural: mediations
    if kind == "extra" and word.endswith(_NAMES):
        return False
    if kind == "extra" and (_docs(word[:-1]) or (word.endswith("rs") and right == f"{word[:-2]}s")):
        return False
    if kind == "vowel" and any(map(lexicon().in_dictionary, _lengthened(word))):  # contructs: constructs, contracts
        return False
    return _is_frequent(kind, right)


def _is_frequent(kind: str, right: str) -> bool:
    return any(len(right) >= letters and _docs(right) >= documents for letters, documents in _SURE[kind])


def _docs(word: str) -> int:
    return frequent().get(word, 0)


def _swapped(word: str) -> list[str]:
    """Return the forms of `word` in which two adjacent letters are swapped."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def _undoubled(word: str) -> list[str]:
    """Return the forms of `word` with one of its doubled letters reduced to a single letter."""
    return [word[:i] + word[i + 1 :] for i in range(len(word) - 1) if word[i] == word[i + 1]]


def _fuller(word: str) -> list[str]:
    """Return frequent words that become `word` if one of their inner letters is removed."""
    half = len(word) // 2
    head, tail = word[:half], word[half:]  # at least one half is unchanged
    near = [
        right
        for right in _by_shape().get((word[0], word[-1], len(word) + 1), ())
        if right.startswith(head) or right.endswith(tail)
    ]
    return [right for right in near if any(right[:i] + right[i + 1 :] == word for i in range(1, len(right) - 1))]


def _shorter(word: str) -> list[str]:
    """Return the forms of `word` without one of its inner letters. Doubled letters are not removed."""
    inside = range(1, len(word) - 1)
    return [word[:i] + word[i + 1 :] for i in inside if word[i] not in (word[i - 1], word[i + 1])]


def _voiced(word: str) -> list[str]:
    """Return the forms of `word` with one of its inner vowels replaced."""
    found = []
    for i in range(1, len(word) - 1):
        if word[i] in _VOWELS:
            before, behind = word[:i], word[i + 1 :]
            found += [before + vowel + behind for vowel in _VOWELS if vowel != word[i]]
    return found


def _parted(word: str) -> set[Correction]:
    """Return the corrections that split `word` into two words: “of the” for “ofthe”."""
    first, last, tiny = word_list("joined first"), word_list("joined last"), word_list("joined tiny")
    short = word_list("joined short")
    pairs = ((word[:i], word[i:]) for i in range(2, len(word) - _MIN_PART_LETTERS + 1))
    return {
        Correction("joined", f"{one} {other}")
        for one, other in pairs
        if (one in tiny and other in first)
        or (one in first and _is_part(other))
        or (one in short and len(other) > _MIN_PART_LETTERS and _docs(other) >= _MIN_PREFIX_DOCS)
        or (other in last and len(one) >= _MIN_PART_LETTERS and _is_part(one))
    }


def _is_part(word: str) -> bool:
    if _docs(word):
        return True
    letters, documents = _RARE
    found = lexicon().find(word) if len(word) >= letters else NOTHING
    return found.dictionary and found.docs >= documents


@cache
def _by_shape() -> Mapping[tuple[str, str, int], list[str]]:
    """Map each (first letter, last letter, number of letters) to the words in which a missing letter is recognized."""
    words = {
        word
        for letters, documents in _SURE["missing"]
        for word, docs in frequent().items()
        if docs >= documents and len(word) >= letters
    }
    shapes: defaultdict[tuple[str, str, int], list[str]] = defaultdict(list)
    for word in words:
        shapes[word[0], word[-1], len(word)].append(word)
    return dict(shapes)
