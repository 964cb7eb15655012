"""HTML tags in running text: found one by one, so that a broken one hides nothing of what follows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from linter.document import Attribute, Span, Tag
from linter.elements import ELEMENTS

_OPENING = re.compile(r"<(?:!--|(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*))")
# No value runs over a blank line, and what is unquoted ends at white space or “>” (WHATWG 13.1.2.3).
_NEWLINE = r"(?:\r\n?|\n)(?![ \t]*[\r\n])"
_VALUE = rf"""(?:"(?:[^"\n\r]|{_NEWLINE})*+"|'(?:[^'\n\r]|{_NEWLINE})*+'|[^\s"'=<>`]++)"""
_SPACE = rf"(?:[ \t\f]|{_NEWLINE})"
_ATTRIBUTE = rf"""[^\s"'<>/=\x00]++(?:{_SPACE}*+=(?:{_SPACE}*+{_VALUE})?+)?+"""
_REST = re.compile(
    rf"(?P<attributes>(?:{_SPACE}++{_ATTRIBUTE}|/(?!>)|(?<=[\"'])(?={_ATTRIBUTE}){_ATTRIBUTE})*+){_SPACE}*+/?>"
)
_PART = re.compile(rf"""(?P<name>[^\s"'<>/=\x00]++)(?:{_SPACE}*+=(?:{_SPACE}*+(?P<value>{_VALUE}))?+)?+""")
# What makes an unfinished tag a tag all the same: an attribute has begun.
_BEGUN = re.compile(r"""[ \t]+[a-zA-Z][\w:-]*[ \t]*=[ \t]*["'“”]?[^\n\r<>]*""")
_END_CUT = re.compile(r"[ \t]*(?=[\r\n]|\Z)")


def scan(text: str, start: int = 0, end: int | None = None, *, known_only: bool = True) -> Iterator[Tag]:
    """The tags and comments in `text[start:end]`, in order, with spans in `text`.

    `known_only`: `<user@example.com>`, `Vec<T>` and `a < b` are text. A tag that is never finished is yielded
    as broken, with what is surely its own; the text after it is scanned as if it were not there.
    """
    stop = len(text) if end is None else end
    at, comments = start, True
    while opening := _OPENING.search(text, at, stop):
        at = opening.end()
        name = (opening["name"] or "").lower()
        if not name:
            close = text.find("-->", at, stop) if comments else -1
            comments = close >= 0
            if comments:
                at = close + 3
            yield Tag("", "comment" if comments else "broken", Span(opening.start(), at))
            continue
        if known_only and (name not in ELEMENTS or _generic(text, opening)):
            continue
        kind = "close" if opening["close"] else "open"
        if rest := _REST.match(text, at, stop):
            at = rest.end()
            attributes = tuple(_attributes(text, *rest.span("attributes")))
            yield Tag(name, kind, Span(opening.start(), at), attributes)
        elif begun := (_BEGUN if kind == "open" else _END_CUT).match(text, at, stop):
            at = begun.end()
            yield Tag(name, "broken", Span(opening.start(), at))


def _generic(text: str, opening: re.Match[str]) -> bool:
    """`List<A>`: one capital right behind a word is a type, not a tag."""
    before = text[opening.start() - 1 : opening.start()]
    return len(opening["name"]) == 1 and opening["name"].isupper() and before.isalnum()


def _attributes(text: str, start: int, end: int) -> Iterator[Attribute]:
    for part in _PART.finditer(text, start, end):
        name = part["name"].lower()
        if part["value"] is None:
            yield Attribute(name, "", None)
            continue
        low, high = part.span("value")
        if text[low] in "\"'":
            low, high = low + 1, high - 1
        yield Attribute(name, html.unescape(text[low:high]), Span(low, high))
