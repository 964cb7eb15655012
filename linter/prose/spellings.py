"""A desk's own right spellings: what words.txt says, and what it silences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from linter import late

NAME = "words.txt"
_WORD = late.pattern(r"[^\W_]+")
_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u202f"), " ")


class Words:
    """Words and phrases, one a line; capitals count. `#` begins a comment at the start of a line or behind a space."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        plain = (re.sub(r"(?:\A|\s)#.*", "", line) for line in lines)
        self.right = frozenset(" ".join(line.split()) for line in plain if line.strip())

    @cached_property
    def _phrases(self) -> dict[str, list[str]]:
        """The lines of more than one word, under each of their words."""
        phrases: dict[str, list[str]] = {}
        for line in sorted(self.right):
            for word in set(_WORD.findall(line)) - {line}:
                phrases.setdefault(word, []).append(line)
        return phrases

    def allow(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is right by itself, or in the phrase it stands in."""
        found = text[start:end]
        return found in self.right or any(_stands_in(line, text, start, end) for line in self._phrases.get(found, ()))


NO_WORDS = Words()


def _stands_in(phrase: str, text: str, start: int, end: int) -> bool:
    word = text[start:end]
    places = (match.start() for match in re.finditer(re.escape(word), phrase))
    return any(
        start >= at and text[start - at : start - at + len(phrase)].translate(_SPACES) == phrase for at in places
    )
