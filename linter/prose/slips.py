"""What becomes of frequent English words when a finger slips: othre, recieve, enviroment, powerfull."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from linter.prose.lexicon import NOTHING, lexicon


@cache
def slips(kind: str, letters: int, documents: int) -> Mapping[str, str]:
    """Wrong word → right word, both in small letters, none of the wrong ones known to the word table.

    `kind` is one of KINDS. The right word has at least so many `letters`, and so many `documents` of the table hold
    it. Where two right words are as near, neither is there.
    """
    made: dict[str, str] = {}
    unsure: set[str] = set()
    for right, docs in lexicon().frequent.items():
        if docs >= documents and len(right) >= letters:
            for wrong in KINDS[kind](right):
                if made.setdefault(wrong, right) != right:
                    unsure.add(wrong)
    return {wrong: right for wrong, right in made.items() if wrong not in unsure}


@cache
def is_known(word: str) -> bool:
    """Whether the table has the word, its American spelling (“strategise”) or what it is made of (“retuned”)."""
    if lexicon().find(word) != NOTHING:
        return True
    before, found, ending = word.rpartition("is")
    if found and ending in _ISE and lexicon().find(f"{before}iz{ending}") != NOTHING:
        return True
    return any(lexicon().find(word.removeprefix(prefix)).dictionary for prefix in _PREFIXES if word.startswith(prefix))


_ISE = frozenset("e es ed er ers ing ation ations".split())
_PREFIXES = ("re", "un", "pre", "non", "over", "under", "sub", "mis", "out", "micro", "multi", "inter", "super", "anti")


def _swapped(word: str) -> Iterator[str]:
    """Two neighbours changed places."""
    for i, (one, other) in enumerate(pairwise(word)):
        if one != other:
            yield word[:i] + other + one + word[i + 2 :]


def _missing(word: str) -> Iterator[str]:
    """A letter inside is gone; the first and the last one would make other words."""
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1 :]


def _doubled(word: str) -> Iterator[str]:
    """A letter inside, single before, stands twice."""
    for i, letter in enumerate(word):
        if i and letter not in (word[i - 1], word[i + 1 : i + 2]):
            yield word[:i] + letter + word[i:]


KINDS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "swapped": _swapped,
    "missing": _missing,
    "doubled": _doubled,
}
