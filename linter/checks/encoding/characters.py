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
from linter.analysis.pattern_base import PatternCheck, compile_pattern
from linter.document import Document
from linter.finding import Edit
from linter.matching import holds, matches
from linter.rule import Match

_BEHIND = patterns.lazy(r"[^\w\n]{0,3}(\w[^\s\ufffc]{0,30})")
_BEFORE = patterns.lazy(r"([^\s\ufffc]{0,30}\w)[^\w\n]{0,3}\Z")
# Characters whose Unicode name is missing or not helpful.
_NAMES = {"\x07": "bell", "\x08": "backspace", "\x0b": "vertical tab", "\x0c": "form feed", "\x1b": "escape"}


@dataclass(frozen=True)
class Characters(PatternCheck):
    """Unintended characters in the source, except in code and undecodable bytes.

    `pattern` is a regular expression for the characters. `unless` is a regular expression; articles whose source
    contains a match of it are skipped. By default, all matches in an article are one finding, at the position of the
    first match. With `each: true`, each match is a finding.

    `replace` is the text with which the fix replaces each match (default: empty). With `fixable: false`, there is no
    fix. With `compose: true`, the fix replaces the match, or only its group `part` if the pattern has one, with its
    composed form (Unicode NFC); text without a shorter composed form does not match.

    The message may use {name} and {code}, the Unicode name and the code point of the first character that is not a
    space, such as “zero width space” and “U+200B”; {where}, its position, such as “before “tram””; and {more}, which is
    empty or, for example, “, 1 of 4 such places in this article”.
    """

    pattern: str
    unless: str = ""
    each: bool = False
    fixable: bool = True
    replace: str = ""
    compose: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"name", "code", "where", "more"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"pattern": (self.pattern,), "unless": (self.unless,) if self.unless else ()}

    @cached_property
    def _unless(self) -> regex.Pattern[str]:
        return compile_pattern(self.unless)

    @cached_property
    def chars(self) -> str:
        return syntax_tree.odd_characters_of_pattern(self.pattern)

    def find_in(self, document: Document) -> Iterator[Match]:
        text = document.source.text
        found = self._found(document)
        if not found or (self.unless and holds(self._unless, text)):
            return
        edits = [edit for _, each in found for edit in each]
        if not self.each:
            found = [(found[0][0], edits)]
        for place, own in found:
            more = 0 if self.each else len(edits) - 1
            yield Match(*place, _values(text, *place, more), tuple(own) if self.fixable else ())

    def _found(self, document: Document) -> list[tuple[tuple[int, int], list[Edit]]]:
        """Return the ranges of the matches to report, in order, each with the edits that fix the match."""
        text = document.source.text
        found = [(match.span(), edits) for match in matches(self.compiled, text) if (edits := self._edits(match))]
        if not found:
            return []
        unread = {offset + i for offset, lost in document.source.undecodable for i in range(len(lost))}
        return [
            ((start, end), edits)
            for (start, end), edits in found
            if text[start:end] == document.part_without_code(start, end) and start not in unread
        ]

    def _edits(self, match: regex.Match[str]) -> list[Edit]:
        if not self.compose:
            return [Edit(*match.span(), self.replace)]
        group = "part" if "part" in match.re.groupindex else 0
        parts = zip(match.spans(group), match.captures(group), strict=True)
        composed = [(span, part, unicodedata.normalize("NFC", part)) for span, part in parts]
        return [Edit(*span, letter) for span, part, letter in composed if len(letter) < len(part)]


def _values(text: str, start: int, end: int, more: int) -> dict[str, str]:
    while start + 1 < end and text[start] == " ":  # skip the spaces before the character
        start += 1
    return {
        "name": _name(text[start]),
        "code": f"U+{ord(text[start]):04X}",
        "where": _where(text, start, end),
        "more": f", 1 of {more + 1} such places in this article" if more else "",
    }


def _name(character: str) -> str:
    return _NAMES.get(character) or unicodedata.name(character, "unnamed character").lower()


def _where(text: str, start: int, end: int) -> str:
    """Return a phrase for the position of a character: before the next word, after the previous word, or “here”."""
    if behind := _BEHIND.match(text, end, end + 40):
        return f"before “{behind[1]}”"
    before = _BEFORE.search(text, max(0, start - 40), start)
    return f"after “{before[1]}”" if before else "here"
