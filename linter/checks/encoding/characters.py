"""Unintended or invisible characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter import patterns
from linter.analysis import syntax_tree
from linter.analysis.pattern_base import compile_pattern
from linter.document import Document
from linter.finding import Edit
from linter.matching import holds, matches
from linter.rule import Match

_BEHIND = patterns.lazy(r"[^\w\n]{0,3}(\w[^\s\ufffc]{0,30})")
_BEFORE = patterns.lazy(r"([^\s\ufffc]{0,30}\w)[^\w\n]{0,3}\Z")
# Those that have no name of their own in Unicode, or none that says anything.
_NAMES = {"\x07": "bell", "\x08": "backspace", "\x0b": "vertical tab", "\x0c": "form feed", "\x1b": "escape"}


@dataclass(frozen=True)
class Characters:
    """`pattern` matches them in the source text, except in code and undecodable bytes.

    They are one finding an article, at the first place, unless `each` is a finding of its own; none in an article that
    matches `unless`. `replace` is what the fix writes in all places, unless `mends` is false. The message
    may use {name} and {code} of the first character (“zero width space”, “U+200B”), {where} (“before “tram””), and
    {more}, which is empty or “, and in 3 more places”.
    """

    pattern: str
    unless: str = ""
    each: bool = False
    mends: bool = True
    replace: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"name", "code", "where", "more"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"pattern": (self.pattern,), "unless": (self.unless,) if self.unless else ()}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.pattern)

    @cached_property
    def _unless(self) -> regex.Pattern[str]:
        return compile_pattern(self.unless)

    @cached_property
    def chars(self) -> str:
        return syntax_tree.odd_characters_of_pattern(self.pattern)

    def find(self, document: Document) -> Iterator[Match]:
        found = self._found(document)
        if not found or (self.unless and holds(self._unless, document.source.text)):
            return
        edits = tuple(Edit(start, end, self.replace) for start, end in found) if self.mends else ()
        if self.each:
            for i, place in enumerate(found):
                yield Match(*place, _values(document.source.text, *place, 0), edits[i : i + 1])
        else:
            yield Match(*found[0], _values(document.source.text, *found[0], len(found) - 1), edits)

    def _found(self, document: Document) -> list[tuple[int, int]]:
        text = document.source.text
        found = [match.span() for match in matches(self.compiled, text)]
        if not found:
            return []
        without_code = next(document.blocks_in(frozenset({"source"}))).text
        unread = {offset + i for offset, lost in document.source.undecodable for i in range(len(lost))}
        return [
            (start, end)
            for start, end in found
            if text[start:end] == without_code[start:end] and unread.isdisjoint((start,))
        ]


def _values(text: str, start: int, end: int, more: int) -> dict[str, str]:
    return {
        "name": _name(text[start]),
        "code": f"U+{ord(text[start]):04X}",
        "where": _where(text, start, end),
        "more": f", and in {more} more place{'s' if more > 1 else ''}" if more else "",
    }


def _name(character: str) -> str:
    return _NAMES.get(character) or unicodedata.name(character, "a character without a name").lower()


def _where(text: str, start: int, end: int) -> str:
    """Where to look: the word behind, or the one before, on the same line."""
    if behind := _BEHIND.match(text, end, end + 40):
        return f"before “{behind[1]}”"
    before = _BEFORE.search(text, max(0, start - 40), start)
    return f"behind “{before[1]}”" if before else "here"
