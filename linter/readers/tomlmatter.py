"""Front matter in TOML: its values as plain data, and where each string stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from linter import late
from linter.block import Span
from linter.readers.matter import Malformed, Matter, String

# tomllib takes quadratic time for a key of many parts.
_MANY_PARTS = late.pattern(r"(?:\.[ \t]*+[\w-]++[ \t]*+){100}")
_PART = late.pattern(
    r"""
    (?P<comment>\#[^\r\n]*+)
  | (?P<basic>\"\"\"(?:\r\n?|\n)?(?P<basics>(?:[^\\]|\\.)*?)(?P<basic_end>\"{3,5}))
  | (?P<literal>'''(?:\r\n?|\n)?(?P<literals>.*?)(?P<literal_end>'{3,5}))
  | "(?P<b>(?:[^"\\\r\n]|\\.)*+)"
  | '(?P<l>[^'\r\n]*+)'
  | (?P<line>\r\n?|\n)
  | (?P<mark>[\[\]{}=,.])
  | (?P<word>[^\s\[\]{}=,."'\#]++)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = late.pattern(r"\(at line (\d+), column (\d+)\)")
_LINE_END = late.pattern(r"\r\n?|\n")
_STYLES = {"basics": "basic", "literals": "literal", "b": "basic", "l": "literal"}


def read(text: str, start: int, end: int) -> Matter:
    """The front matter in `text[start:end]`. Raises Malformed where it is no TOML."""
    if parts := _MANY_PARTS.search(text, start, end):
        raise Malformed(parts.start(), parts.start())
    try:
        # tomllib knows no lone carriage return, and takes its line ends one by one.
        values = tomllib.loads(_LINE_END.sub("\n", text[start:end]))
    except tomllib.TOMLDecodeError as error:
        at = _place(text, start, end, str(error))
        raise Malformed(at, at) from None
    except (RecursionError, ValueError):
        raise Malformed(start, start) from None
    scanner, matter = _Scanner(text, start, end), Matter(values, [])
    matter.strings += scanner.strings()
    for path, value, key in scanner.places:
        matter.place(path, value, key)
    return matter


def _place(text: str, start: int, end: int, message: str) -> int:
    """The code point that an error message of tomllib speaks of."""
    found = _PLACE.search(message)
    if not found:
        return end
    at = start
    for _ in range(int(found[1]) - 1):
        line_end = _LINE_END.search(text, at, end)
        at = line_end.end() if line_end else end
    return min(at + int(found[2]) - 1, end)


class _Scanner:
    """Finds the strings of TOML that is known to be right, with the keys that lead to them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._table: tuple[str, ...] = ()
        self._key: list[str] = []  # of the pair, or of the table in brackets, that is being read
        self._heading = False  # inside the brackets of a table's name
        self._open: list[tuple[str, list[str], bool]] = []  # arrays and inline tables around, with what was read
        self._value = False  # behind an equals sign
        self._name = Span(start, start)  # where the last part of a key stands
        self.places: list[tuple[tuple[str, ...], Span, Span]] = []  # of keys, their values and themselves

    def strings(self) -> list[String]:
        found: list[String] = []
        for part in _PART.finditer(self._text, self._start, self._end):
            kind = part.lastgroup or ""
            if kind == "mark":
                self._mark(part[0])
            elif kind == "line" and not self._open:
                self._end_line()
            elif kind == "word" and not self._value:
                self._key.append(part[0])
                self._name = Span(*part.span())
            elif kind == "word":
                self.places.append((self._path, Span(*part.span()), self._name))
            elif string := _string(part):
                if not self._value:
                    self._key.append(_decoded(part[0]))
                    self._name = string[0]
                else:
                    found.append(String(self._path, *string[0], string[1], _decoded(part[0])))
                    self.places.append((self._path, string[0], self._name))
        return found

    @property
    def _path(self) -> tuple[str, ...]:
        """The keys that lead to the value that is being read."""
        return (*self._table, *(key for _, keys, _ in self._open for key in keys), *self._key)

    def _mark(self, mark: str) -> None:
        if mark == "=":
            self._value = True
        elif mark in "[{" and self._value:
            self.places.append((self._path, Span(0, 0), self._name))
            self._open.append((mark, self._key, True))
            self._key, self._value = [], mark == "["
        elif mark == "[":
            self._heading, self._key = True, []
        elif mark in "]}" and self._open:
            _, self._key, self._value = self._open.pop()
        elif mark == "," and self._open and self._open[-1][0] == "{":
            self._key, self._value = [], False

    def _end_line(self) -> None:
        if self._heading:
            self._table = tuple(self._key)
        self._key, self._heading, self._value = [], False, False


def _string(part: re.Match[str]) -> tuple[Span, str] | None:
    """The span inside of the quotation marks, and the style; up to two marks may stand before the last three."""
    for group, style in _STYLES.items():
        if part[group] is not None:
            start, end = part.span(group)
            closing = {"basics": "basic_end", "literals": "literal_end"}.get(group)
            return Span(start, end + (len(part[closing]) - 3 if closing else 0)), style
    return None


def _decoded(token: str) -> str:
    if "\\" not in token and not token.startswith(('"""', "'''")):
        return token[1:-1]
    try:
        value: Any = tomllib.loads("x=" + _LINE_END.sub("\n", token))["x"]
    except (tomllib.TOMLDecodeError, ValueError):
        return token
    return str(value)
