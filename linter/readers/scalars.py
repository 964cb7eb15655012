"""The characters of a string in YAML or TOML, each with its place in the source: quotes, escapes, folded lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from linter import late

_PROPERTIES = late.pattern(r"(?:[!&][^\s]*+\s++)++")
_FOLD = r"[ \t]*+(?:\r\n?|\n)[ \t]*+(?:(?:\r\n?|\n)[ \t]*+)*+"
_LINE_END = late.pattern(r"\r\n?|\n")
_PLAIN = late.pattern(rf"(?P<fold>{_FOLD})|[^\r\n \t]++|[ \t]++")
_SINGLE = late.pattern(rf"(?P<fold>{_FOLD})|(?P<double>'')|[^\r\n \t']++|[ \t]++")
_ESCAPE = r"\\(?P<escape>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])"
_DOUBLE = late.pattern(rf"(?P<join>\\[ \t]*+{_FOLD})|{_ESCAPE}|(?P<fold>{_FOLD})|[^\r\n \t\\]++|[ \t]++")
_TOML_BASIC = late.pattern(rf"(?P<join>\\[ \t]*+(?:\r\n?|\n)\s*+)|{_ESCAPE}|(?P<line>\r\n?|\n)|[^\r\n\\]++")
_TOML_LITERAL = late.pattern(r"(?P<line>\r\n?|\n)|[^\r\n]++")
_LINES = late.pattern(r"[^\r\n]*+")
_MEANS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_STYLES = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE, "basic": _TOML_BASIC, "literal": _TOML_LITERAL}


class Piece(NamedTuple):
    """`text` stands at `[start, end)` of the source, in code points."""

    text: str
    start: int
    end: int


def pieces(source: str, start: int, end: int, style: str, value: str) -> list[Piece]:
    """The pieces of `value`, which `source[start:end]` means, in order.

    `style` is that of YAML ("", ', ", | or >; the span has the quotation marks in it) or of TOML (basic or
    literal; it has not). A value that cannot be followed through its source is one piece.
    """
    if style in ("|", ">"):
        found = list(_block(source, start, end, value))
    else:
        properties = _PROPERTIES.match(source, start, end) if style in ("", "'", '"') else None
        low = properties.end() if properties else start
        inside = (low + 1, end - 1) if style in ("'", '"') else (low, end)
        if source[slice(*inside)] == value:
            return [Piece(value, *inside)]
        found = list(_flow(_STYLES[style], source, *inside))
    if "".join(piece.text for piece in found) != value:
        return [Piece(value, start, end)]
    return found


def _flow(pattern: re.Pattern[str], source: str, start: int, end: int) -> Iterator[Piece]:
    for part in pattern.finditer(source, start, end):
        yield Piece(_meaning(part), *part.span())


def _meaning(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "fold":
            ends = len(_LINE_END.findall(part[0]))
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


def _block(source: str, start: int, end: int, value: str) -> Iterator[Piece]:
    """A block scalar line by line: what lies between the words of two lines is white space in `value` too."""
    header = _LINE_END.search(source, start, end)
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
            yield Piece(space, done, low)
        yield Piece(words, low, low + len(words))
        done, at = low + len(words), at + len(words)
    if value[at:]:
        yield Piece(value[at:], done, end)
