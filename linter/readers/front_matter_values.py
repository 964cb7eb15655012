"""Represent front matter as plain data, with the location of each value, string and character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from linter import patterns
from linter.source import LINE_END


class String(NamedTuple):
    """A string in front matter, at `[start, end)` of the source, in code points.

    `path` has the keys that lead to the string. `style` is the way it is written (see `scalar_pieces`), and `value` is
    its decoded text.
    """

    path: tuple[str, ...]
    start: int
    end: int
    style: str
    value: str


@dataclass
class FrontMatterValues:
    """Front matter as plain data, its strings in source order, and the location of each value.

    `places` has the locations, as half-open ranges of code points in the source. If a value is empty or not a scalar,
    its location is that of its key. The keys of `places` are in lowercase, with dots between nested keys. If a key is
    repeated, its last location is kept.
    """

    values: Any
    strings: list[String]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    end: int = 0  # start of the line after JSON, which has no closing mark
    _keys: dict[str, tuple[int, int]] = field(default_factory=dict)  # the locations of the keys

    def place(self, path: tuple[str, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
        """Record the location of the value with the keys `path`: the span `value` or, if that is empty, the span `key`.

        `key` is the location of the last of these keys. The items of a list have the same keys as the list, so only the
        location of the list is recorded. If a key is repeated, its last location replaces the others. Nothing is
        recorded for an empty path.
        """
        name = ".".join(path).lower()
        if path and self._keys.get(name) != key:
            self._keys[name] = key
            self.places[name] = value if value[0] < value[1] else key


class Malformed(Exception):
    """Front matter cannot be parsed.

    `[start, end)` is the location of the mistake, in code points; the range is empty if only the start is known.
    `unclosed` is true if the mistake is in a quoted string that begins there, usually because the string is never
    closed. `what` describes the mistake, or is "".
    """

    def __init__(self, start: int, end: int, unclosed: bool = False, what: str = "") -> None:
        super().__init__(what)
        self.start, self.end, self.unclosed, self.what = start, end, unclosed, what


# Strings in YAML or TOML: quotes, escapes and folded lines, with the location of each character.

_PROPERTIES = patterns.lazy(r"(?:[!&][^\s]*+\s++)++")
_FOLD = r"[ \t]*+(?:\r\n?|\n)[ \t]*+(?:(?:\r\n?|\n)[ \t]*+)*+"
_PLAIN = patterns.lazy(rf"(?P<fold>{_FOLD})|[^\r\n \t]++|[ \t]++")
_SINGLE = patterns.lazy(rf"(?P<fold>{_FOLD})|(?P<double>'')|[^\r\n \t']++|[ \t]++")
_ESCAPE = r"\\(?P<escape>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])"
_DOUBLE = patterns.lazy(rf"(?P<join>\\[ \t]*+{_FOLD})|{_ESCAPE}|(?P<fold>{_FOLD})|[^\r\n \t\\]++|[ \t]++")
_TOML_BASIC = patterns.lazy(rf"(?P<join>\\[ \t]*+(?:\r\n?|\n)\s*+)|{_ESCAPE}|(?P<line>\r\n?|\n)|[^\r\n\\]++")
_TOML_LITERAL = patterns.lazy(r"(?P<line>\r\n?|\n)|[^\r\n]++")
_LINES = patterns.lazy(r"[^\r\n]*+")
_MEANS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_STYLES = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE, "basic": _TOML_BASIC, "literal": _TOML_LITERAL}


class ScalarPiece(NamedTuple):
    """A part of a string: its decoded text, and its source at `[start, end)`, in code points."""

    text: str
    start: int
    end: int


def scalar_pieces(source: str, start: int, end: int, style: str, value: str) -> list[ScalarPiece]:
    """Split the string `value`, which is written as `source[start:end]`, into pieces, in order.

    `style` is the way the string is written. In YAML, it is the mark before the string (a quotation mark, `|` or `>`),
    or "" for a plain string. In TOML, it is `basic` or `literal`. The range includes the quotation marks in YAML, but
    not in TOML. If decoding the source does not give exactly `value`, the whole range is one piece.
    """
    if style in ("|", ">"):
        found = list(_block(source, start, end, value))
    else:
        properties = _PROPERTIES.match(source, start, end) if style in ("", "'", '"') else None
        low = properties.end() if properties else start
        inside = (low + 1, end - 1) if style in ("'", '"') else (low, end)
        if source[slice(*inside)] == value:
            return [ScalarPiece(value, *inside)]
        found = list(_flow(_STYLES[style], source, *inside))
    if "".join(piece.text for piece in found) != value:
        return [ScalarPiece(value, start, end)]
    return found


def _flow(pattern: re.Pattern[str], source: str, start: int, end: int) -> Iterator[ScalarPiece]:
    for part in pattern.finditer(source, start, end):
        yield ScalarPiece(_meaning(part), *part.span())


def _meaning(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "fold":
            ends = len(LINE_END.findall(part[0]))
            return " " if ends == 1 else "\n" * (ends - 1)
        case "double":
            return "'"
        case "join":
            return ""
        case "line":
            return "\n"
        case "escape":
            code = part["escape"]
            if code[0] in "xuU" and len(code) > 1:
                return chr(int(code[1:], 16)) if int(code[1:], 16) < 0x110000 else "\ufffd"
            return _MEANS.get(code, code)
    return part[0]


def _block(source: str, start: int, end: int, value: str) -> Iterator[ScalarPiece]:
    """Yield the pieces of a YAML block scalar: the words of its lines, and the white space around them."""
    header = LINE_END.search(source, start, end)
    done, at = (header.end() if header else end), 0
    for line in _LINES.finditer(source, done, end):
        words = line[0].strip(" \t")
        if not words:
            continue
        gap = at
        while at < len(value) and value[at] in " \t\n":
            at += 1
        low = line.start() + line[0].index(words)
        space, words = value[gap:at], line[0][low - line.start() :]
        words = words if value.startswith(words, at) else words.rstrip(" \t")
        if space:
            yield ScalarPiece(space, done, low)
        yield ScalarPiece(words, low, low + len(words))
        done, at = low + len(words), at + len(words)
    if value[at:]:
        yield ScalarPiece(value[at:], done, end)
