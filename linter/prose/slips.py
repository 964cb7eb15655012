"""Frequent English words in which a finger slipped: othre, enviroment, bussiness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from linter.document import Document
from linter.prose.judged import Judged
from linter.prose.lexicon import NOTHING, lexicon
from linter.prose.strangers import small_words

KINDS = ("swapped", "doubled", "missing")
# How long and how frequent the word meant must be, for its slips to be right 97 times of 100: letters, and documents of
# the word table that hold it; shorter ones must be more frequent.
_SURE: Mapping[str, tuple[tuple[int, int], ...]] = {
    "swapped": ((5, 100), (3, 9000)),
    "doubled": ((7, 300), (5, 1000)),
    "missing": ((8, 400), (6, 1000)),
}
_LIKELIER = 10  # times as frequent as all others must a word be to be the one meant
_KEPT = 1 << 16  # words of which it is kept what they are
_LETTERS = range(3, 20)  # of a slip
_ISE = frozenset("e es ed er ers ing ation ations".split())
_PREFIXES = ("re", "un", "pre", "non", "over", "under", "sub", "mis", "out", "micro", "multi", "inter", "super", "anti")


class Slip(NamedTuple):
    """What happened to a word, one of KINDS, and which word is `right`, in small letters."""

    kind: str
    right: str


def slips(document: Document) -> Mapping[str, Slip]:
    """The words in the copy of an article that are slips, in small letters; looked for once for all that ask."""
    found = _found.get(document)
    if found is None:
        found = _found[document] = _SLIPS.among(small_words(document))
    return found


@lru_cache(_KEPT)
def slip(word: str) -> Slip | None:
    """What a word in small letters is a slip of: None for a known word, or where that is not sure."""
    if len(word) not in _LETTERS or is_known(word):
        return None
    tries = (("swapped", _swapped(word)), ("doubled", _undoubled(word)), ("missing", _fuller(word)))
    found = [(kind, right) for kind, rights in tries for right in dict.fromkeys(rights) if _is_sure(kind, right)]
    likely = max(map(_docs, (right for _, right in found)), default=0) / _LIKELIER
    sure = [Slip(kind, right) for kind, right in found if _docs(right) > likely]
    return sure[0] if len(sure) == 1 else None


@lru_cache(_KEPT)
def is_known(word: str) -> bool:
    """Whether the table has the word, its American spelling (“strategise”) or what it is made of (“retuned”)."""
    if lexicon().find(word) != NOTHING:
        return True
    before, found, ending = word.rpartition("is")
    if found and ending in _ISE and lexicon().find(f"{before}iz{ending}") != NOTHING:
        return True
    return any(lexicon().find(word.removeprefix(prefix)).dictionary for prefix in _PREFIXES if word.startswith(prefix))


def _is_sure(kind: str, right: str) -> bool:
    return any(len(right) >= letters and _docs(right) >= documents for letters, documents in _SURE[kind])


def _docs(word: str) -> int:
    return lexicon().frequent.get(word, 0)


def _swapped(word: str) -> Iterator[str]:
    """`word` with two neighbours swapped back."""
    return (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))


def _undoubled(word: str) -> Iterator[str]:
    """`word` with one letter in place of two."""
    return (word[:i] + word[i + 1 :] for i in range(len(word) - 1) if word[i] == word[i + 1])


def _fuller(word: str) -> Iterator[str]:
    """The words that become `word` without a letter inside; without the first or last they become other words."""
    for right in _by_shape().get((word[0], word[-1], len(word) + 1), ()):
        same = next((i for i, (one, other) in enumerate(zip(word, right, strict=False)) if one != other), len(word))
        if word[same:] == right[same + 1 :]:
            yield right


@cache
def _by_shape() -> Mapping[tuple[str, str, int], list[str]]:
    """Words that may lack a letter, by their first and last letter and their length."""
    shapes: defaultdict[tuple[str, str, int], list[str]] = defaultdict(list)
    for word in lexicon().frequent:
        if _is_sure("missing", word):
            shapes[word[0], word[-1], len(word)].append(word)
    return shapes


_SLIPS = Judged(slip)
_found: WeakKeyDictionary[Document, Mapping[str, Slip]] = WeakKeyDictionary()
