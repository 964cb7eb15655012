"""The few words of an article that any rule may have something to say of: one look at its vocabulary leaves out all
others, which are those of a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from linter import late
from linter.document import Document
from linter.prose.judged import Judged
from linter.prose.lexicon import frequent, lexicon
from linter.prose.tokens import vocabulary

_LONG = 8  # letters of a word that may open a sentence; shorter ones are names as often as not
_HUMP = late.pattern("[a-z][A-Z]")
_watched: set[str] = set()  # it grows with the rules of a process, not with its articles


def watch(words: Iterable[str]) -> frozenset[str]:
    """The words, which a rule will ask for with `held` from now on."""
    some = frozenset(words)
    if not some <= _watched:
        _watched.update(some)
        _words().forget(some)
        _told.cache_clear()
    return some


def held(document: Document, words: frozenset[str]) -> frozenset[str]:
    """Those of `words`, all of which are watched, that stand in the copy of an article."""
    return words & _told(document).words


def unlisted(document: Document) -> Mapping[str, str]:
    """Words of the copy that no dictionary has: those in small letters, and long ones with the capital of a sentence,
    each with its small form.
    """
    return _told(document).unlisted


def humped(document: Document) -> frozenset[str]:
    """Words of the copy with a capital behind a small letter: McKinsey, seeThe."""
    return _told(document).humped


def may_open(word: str) -> bool:
    """Whether it is long enough to be no name where a sentence begins with it, and has the capital of one."""
    return len(word) >= _LONG and word[0].isupper() and word[1:].islower()


class _Told(NamedTuple):
    """What is remarkable of an article."""

    words: frozenset[str]
    unlisted: Mapping[str, str]
    humped: frozenset[str]


@lru_cache(1)  # several rules ask
def _told(document: Document) -> _Told:
    found = _words().among(vocabulary(document))
    unlisted = {word: small for word, small in found.items() if small.islower()}
    return _Told(frozenset(found), unlisted, frozenset(word for word, kind in found.items() if kind == _HUMPED))


_HUMPED, _WATCHED = "H", "W"  # what is said of a word that is watched alone, or has a hump


def _judge(word: str) -> str | None:
    """The small form of a word that no dictionary has, _HUMPED, _WATCHED, or None."""
    if word.islower() or (word.istitle() and may_open(word)):
        small = word.lower()
        if not lexicon().in_dictionary(small):
            return small
    elif _HUMP.search(word):
        return _HUMPED
    return _WATCHED if word in _watched else None


@cache
def _words() -> Judged[str]:
    """Of most words that stand anywhere it is known without being asked that there is nothing to be said of them."""
    return Judged(_judge, frequent().keys() - _watched)
