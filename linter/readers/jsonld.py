"""The headline of an article in the JSON-LD of its page, character by character."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from linter import late
from linter.block import Span

_TOKEN = late.pattern(r'"(?P<string>(?:[^"\\]|\\.)*+)"(?P<colon>\s*+:)?+|[{}\[\]]', re.DOTALL)
_ESCAPE = late.pattern(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_SURROGATE = late.pattern("[\ud800-\udfff]")
_ARTICLE = late.pattern(r"(?:Article|BlogPosting|Report|Review)\Z")


class Piece(NamedTuple):
    """A part of a string: `[start, end)` of the source stands for `text`."""

    start: int
    end: int
    text: str


@dataclass
class _Object:
    """An object, or an array, whose end is still to come; `key` is that of the value that comes next."""

    key: str = ""
    types: list[str] = field(default_factory=list)
    headline: Span | None = None


def headline(text: str, start: int, end: int) -> list[Piece]:
    """The headline of the first article that `text[start:end]`, a JSON-LD script, tells of; none if it is no JSON."""
    try:
        json.loads(text[start:end], strict=False)
    except (ValueError, RecursionError):
        return []
    span = next(_headlines(text, start, end), None)
    return list(_pieces(text, *span)) if span else []


def _headlines(text: str, start: int, end: int) -> Iterator[Span]:
    """Where the headlines of articles stand, without quotation marks."""
    opened = [_Object()]
    for token in _TOKEN.finditer(text, start, end):
        mark, inner = token[0], opened[-1]
        if mark == "{":
            opened.append(_Object())
        elif mark == "[":  # its values are values of its key
            opened.append(_Object(inner.key, inner.types))
        elif mark in ("}", "]"):
            opened.pop()
            if mark == "}" and inner.headline and any(map(_ARTICLE.search, inner.types)):
                yield inner.headline
        elif token["colon"]:
            inner.key = token["string"]
        elif inner.key == "@type":
            inner.types.append(token["string"])
        elif inner.key == "headline":
            inner.headline = Span(*token.span("string"))


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The characters of a string, escapes decoded."""
    done = start
    for escape in _ESCAPE.finditer(text, start, end):
        yield Piece(done, escape.start(), text[done : escape.start()])
        done = escape.end()
        shown = json.loads(f'"{escape[0]}"')
        yield Piece(escape.start(), done, _SURROGATE.sub("\ufffd", shown))
    yield Piece(done, end, text[done:end])
