"""Running patterns on untrusted text by untrusted rules: compiled once, cut off in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic

import regex

from linter import late

SECONDS = 1.0  # what one pattern may take on one block,
SECONDS_PER_CODE_POINT = 4e-6  # and how much more for a long one: 20 times what an ordinary pattern takes

_WORD = late.regex(r"\w")


def matches(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """The non-empty matches of `pattern` in `text`. Raises TimeoutError where the pattern blows up."""
    try:
        for match in pattern.finditer(text, timeout=SECONDS + SECONDS_PER_CODE_POINT * len(text)):
            if match.end() > match.start():
                yield match
    except MemoryError as error:  # one that calls itself without end: `regex` stops it at 1 GB, before its time is up
        raise TimeoutError from error


def matches_at(pattern: regex.Pattern[str], text: str, places: Iterable[int]) -> Iterator[regex.Match[str]]:
    """The non-empty matches of `pattern` that begin at `places` in `text`. Raises TimeoutError as `matches` does."""
    due = monotonic() + SECONDS + SECONDS_PER_CODE_POINT * len(text)
    try:
        for place in places:
            match = pattern.match(text, place, timeout=max(0.001, due - monotonic()))
            if match and match.end() > match.start():
                yield match
    except MemoryError as error:
        raise TimeoutError from error


def fits(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `pattern` fits all of a text that is not empty. Raises TimeoutError as `matches` does."""
    try:
        return pattern.fullmatch(text, timeout=SECONDS + SECONDS_PER_CODE_POINT * len(text)) is not None and text != ""
    except MemoryError as error:
        raise TimeoutError from error


def phrases(words: Iterable[str], *, case: bool) -> regex.Pattern[str]:
    """A pattern for any of `words`, whole words only.

    White space in a phrase is any run of it, a straight apostrophe or quotation mark is a curly one too;
    the longest phrase wins. `case`: capitals must agree.
    """
    ordered = sorted({" ".join(word.split()) for word in words}, key=lambda word: (-len(word), word))
    flags = regex.VERSION1 | (0 if case else regex.IGNORECASE | regex.FULLCASE)
    return regex.compile("|".join(map(_phrase, ordered)) or r"(?!)", flags)


def _phrase(words: str) -> str:
    spaced = regex.escape(words, literal_spaces=True).replace(" ", r"\s+")
    curly = regex.sub(r"\\?'", "['’]", regex.sub(r'\\?"', '["“”]', spaced))
    left = r"(?<!\w)" if _WORD.match(words) else ""
    right = r"(?!\w)" if _WORD.match(words[-1:]) else ""  # Mn and Mc are of a word too: \w, not isalnum
    return f"{left}{curly}{right}"
