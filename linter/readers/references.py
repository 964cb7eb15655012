"""Character references (“&amp;”, “&#8217;”) as browsers decode them, each with its place."""

from __future__ import annotations

import html
import string
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from linter import late
from linter.block import Block, Span

_REFERENCE = late.pattern(r"&(?:#(?:[0-9]{1,1000}|[xX][0-9A-Fa-f]{1,1000});?|[A-Za-z][A-Za-z0-9]{0,31};?)")
_GOES_ON = frozenset("=" + string.ascii_letters + string.digits)
_SHORTEST = 2  # letters of a name that needs no semicolon


class Reference(NamedTuple):
    """`text[start:end]` stands for `shown`."""

    start: int
    end: int
    shown: str


def find(text: str, start: int, end: int, *, attribute: bool = False) -> Iterator[Reference]:
    """The character references in `text[start:end]`, in order, those without semicolon too.

    In an attribute “&copy=1” is a part of an address (WHATWG HTML 13.2.5.73).
    """
    for found in _REFERENCE.finditer(text, start, end):
        name = found[0]
        if name[1] == "#":
            yield Reference(found.start(), found.end(), html.unescape(name) or chr(_number(name)))
        elif length := _known(name[1:]):
            stop = found.start() + 1 + length
            if not (attribute and name[length] != ";" and (text[stop : min(stop + 1, end)] or " ") in _GOES_ON):
                yield Reference(found.start(), stop, html5[name[1 : 1 + length]])


def decode(text: str, start: int, end: int) -> str:
    """The value of an attribute that stands at `text[start:end]`."""
    value = text[start:end]
    if "&" not in value:
        return value
    parts, done = [], start
    for reference in find(text, start, end, attribute=True):
        parts += [text[done : reference.start], reference.shown]
        done = reference.end
    parts.append(text[done:end])
    return "".join(parts)


def block(text: str, span: Span, scopes: frozenset[str], *, attribute: bool = True) -> Block:
    """The block that the text at `span` is, with the map to its source."""
    parts: list[str] = []
    places: list[int] = []
    length, done = 0, span.start
    for reference in (*find(text, *span, attribute=attribute), Reference(span.end, span.end, "")):
        for low, high, shown in ((done, reference.start, text[done : reference.start]), reference):
            if shown:
                places += (length, low, high)
                parts.append(shown)
                length += len(shown)
        done = reference.end
    return Block("".join(parts), scopes, tuple(places) or (0, *span))


def _number(name: str) -> int:
    digits = name[2:].rstrip(";")
    return int(digits[1:], 16) if digits[0] in "xX" else int(digits)


def _known(name: str) -> int:
    """The length of the longest beginning of `name` that is the name of a reference, or 0."""
    if name in html5:
        return len(name)
    for length in range(len(name) - 1, _SHORTEST - 1, -1):
        if name[:length] in html5:
            return length
    return 0
