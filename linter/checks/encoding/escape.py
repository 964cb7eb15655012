"""Escaped characters left in the text: `&rsquo;`, `\\u2019`, `%20`."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import unquote

from linter import patterns
from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import PatternCheck
from linter.document import Block
from linter.finding import Edit
from linter.matching import matches
from linter.rule import Match

_MAX_LEVELS = 9  # maximum number of nested escapes of one entity; all numbers up to this occur in real articles
_CODE_POINT = patterns.lazy(r"\\?(?:u\{?([0-9a-fA-F]{4,6})\}?|U([0-9a-fA-F]{8}))")
_BYTE = patterns.lazy(r"\\x([0-9a-fA-F]{2})")
_MARKUP = frozenset("<>&")


@dataclass(frozen=True)
class Escape(PatternCheck):
    """Matches of `pattern`, a regular expression for escaped characters.

    `notation` is `entity` (`&rsquo;`), `unicode` (`\\u2019`) or `percent` (`%20`). If the pattern has a group `name`,
    this group is the name of a damaged entity.

    An escape matches only if it represents text other than itself, without control, format, private-use or unassigned
    characters. Line breaks, soft hyphens, zero-width spaces and zero-width joiners are allowed.

    `without` lists strings; blocks that contain one of them are skipped. The message may use {shown}, the text that the
    escape represents, or its name if it is white space, such as “line break”.
    """

    notation: Literal["entity", "unicode", "percent"]
    pattern: str
    without: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"shown"})

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self.pattern)

    def find(self, block: Block) -> Iterator[Match]:
        if any(text in block.text for text in self.without):
            return
        for match in matches(self.compiled, block.text):
            name = match.groupdict().get("name")
            shown = _DECODE[self.notation](f"&{name};" if name else match[0])
            if shown == match[0] or not _is_text(shown):
                continue
            start, end = match.span()
            edits = (Edit(start, end, shown),) if _may_stand(shown, block, start, end) else ()
            yield Match(start, end, {"shown": _nameable(shown)}, edits)


def _may_stand(shown: str, block: Block, start: int, end: int) -> bool:
    """Whether the fix may write the characters `shown` unescaped in place of `block.text[start:end]`."""
    return _MARKUP.isdisjoint(shown) or next(block.atoms(start, end), None) is None


def _nameable(shown: str) -> str:
    """Return `shown` or, if it consists only of white space, a name for it, such as “line break”."""
    if not shown.isspace():
        return shown
    return "line break" if "\n" in shown else unicodedata.name(shown[0], "space").lower()


def _is_text(shown: str) -> bool:
    """Whether `shown` consists of characters that are usual in text; False if it is empty."""
    return bool(shown) and all(unicodedata.category(c)[0] != "C" or c in "\n\u00ad\u200b\u200d" for c in shown)


def _entity(text: str) -> str:
    for _ in range(_MAX_LEVELS):
        text, before = html.unescape(text), text
        if text == before:
            break
    return text


def _unicode(text: str) -> str:
    """Return the characters that the escapes in `text`, such as `\\u2019` or `\\xe2\\x80\\x99`, represent."""
    if octets := bytes(int(octet, 16) for octet in _BYTE.findall(text)):
        return octets.decode("utf-8", "ignore")
    codes = (int(short or long, 16) for short, long in _CODE_POINT.findall(text))
    shown = "".join(chr(code) for code in codes if code <= 0x10FFFF)
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _percent(text: str) -> str:
    return unquote(text, errors="ignore")


_DECODE = {"entity": _entity, "unicode": _unicode, "percent": _percent}
