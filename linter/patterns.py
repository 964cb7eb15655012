"""Patterns that are compiled when they are first used: of four hundred a short run needs a tenth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any, AnyStr, cast

import regex

from linter import budget

if TYPE_CHECKING:
    import regex as regex_

Pattern = re.Pattern[str]


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but for the time at which it is done. For what a module says once and for all."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(re.compile, source, flags))


def lazy_regex(source: str, flags: int = 0) -> regex_.Pattern[str]:
    """As `regex.compile`, but for the time at which it is done."""
    return cast("regex_.Pattern[str]", _LazyPattern(_of_regex, source, flags))


def _of_regex(source: str, flags: int) -> regex_.Pattern[str]:
    import regex  # who finds all articles known needs no pattern at all

    return regex.compile(source, flags)


class _LazyPattern:
    """Stands for a pattern; what was asked of it once, as its `search`, is found on it right away afterwards."""

    def __init__(self, compile_: Callable[..., Any], source: Any, flags: int) -> None:
        self._given = compile_, source, flags

    def __getattr__(self, name: str) -> Any:
        if name == "_made":
            compile_, source, flags = self._given
            self._made = compile_(source, flags)
            return self._made
        value = getattr(self._made, name)
        self.__dict__[name] = value
        return value


# Running patterns on untrusted text by untrusted rules: compiled once, cut off when their time is up.

_WORD = lazy_regex(r"\w")


def matches(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """The non-empty matches of `pattern` in `text`.

    Raises TimeoutError when the pattern takes longer than the current budget allows, or too much memory.
    """
    own = budget.current()
    timeout, start = own.timeout(len(text)), monotonic()
    try:
        for match in pattern.finditer(text, timeout=timeout):
            if match.end() > match.start():
                yield match
    except MemoryError as error:  # `regex` gives up when the stack for backtracking reaches 1 GB
        raise TimeoutError from error
    finally:
        own.spend(monotonic() - start)


def match_at(pattern: regex.Pattern[str], text: str, place: int) -> regex.Match[str] | None:
    """The match of `pattern` that begins at `place` in `text`, unless it is empty. Raises TimeoutError as `matches`."""
    match = _timed(pattern.match, text, place)
    return match if match and match.end() > match.start() else None


def holds(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `pattern` matches anywhere in `text`, be it nothing. Raises TimeoutError as `matches` does."""
    return _timed(pattern.search, text) is not None


def fits(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether `pattern` matches all of a text that is not empty. Raises TimeoutError as `matches` does."""
    return text != "" and _timed(pattern.fullmatch, text) is not None


def _timed(call: Callable[..., regex.Match[str] | None], text: str, *place: int) -> regex.Match[str] | None:
    own = budget.current()
    timeout, start = own.timeout(len(text)), monotonic()
    try:
        return call(text, *place, timeout=timeout)
    except MemoryError as error:
        raise TimeoutError from error
    finally:
        own.spend(monotonic() - start)


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
