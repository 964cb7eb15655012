"""Find the positions of keys and values in TOML text, which tomllib does not keep."""

from __future__ import annotations

import re

from linter import patterns

Keys = tuple[str | int, ...]  # the keys and 0-based list indexes that lead to a value

_STRING = r'''"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}|"(?:[^"\\\n]|\\.)*+"'''
_STRING += r"""|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}|'[^'\n]*+'"""
_BETWEEN = patterns.lazy(r"(?:[ \t\r\n=,]|\#[^\r\n]*+)*+")
_KEY = patterns.lazy(rf"[ \t]*+({_STRING}|[\w-]++)[ \t]*+(\.?)", re.DOTALL)
_SCALAR = patterns.lazy(rf"{_STRING}|[^\s,\]}}\#]++(?:[ ]\d\d:[^\s,\]}}\#]++)?", re.DOTALL)
# tomllib takes quadratic time for keys with many parts.
MANY_PARTS = patterns.lazy(r"""(?:\.[ \t]*+(?:[\w-]++|"[^"\r\n]*+"|'[^'\r\n]*+')[ \t]*+){100}""")


class TomlPlaces:
    """The offsets of the keys and values in valid TOML text, in the order of the text."""

    def __init__(self, text: str) -> None:
        self.keys: dict[Keys, tuple[int, int]] = {}  # the span where each key first occurs, with quotation marks
        self.ends: dict[Keys, int] = {}  # the offset where each value ends, except for tables with headers
        self.values: dict[Keys, int] = {}  # a table without brace or header, such as `a` in `a.b = 1`, is missing
        self.text, self._at = text, 0
        self.name = ("", 0)  # the last part of the last key, and its offset
        self._lengths: dict[Keys, int] = {}  # the number of tables in each array of tables so far

    def find(self) -> None:
        """Read the text, and fill `keys`, `ends` and `values`."""
        table: Keys = ()
        while start := self._next():
            if start == "[":
                table = self._header()
            else:
                self._value(self._key(table))

    def put(self, keys: Keys, at: int) -> None:
        """Record the offset of the value to which `keys` lead."""
        self.values[keys] = at

    def written(self, at: int) -> str:
        """Return the scalar at the offset `at` as written in the file, or "" if there is no scalar."""
        scalar = _SCALAR.match(self.text, at)
        return scalar[0] if scalar else ""

    def _next(self) -> str:
        """Go to the next key, value or bracket, and return its first character, or "" at the end."""
        between = _BETWEEN.match(self.text, self._at)
        self._at = between.end() if between else self._at
        return self.text[self._at : self._at + 1]

    def _header(self) -> Keys:
        """Read a header such as `[tool.copydesk]`, and return the keys that lead to its table."""
        start, size = self._at, 2 if self.text.startswith("[[", self._at) else 1
        self._at += size
        keys = self._key(())
        self._at += size
        if size == 2:
            length = self._lengths.get(keys, 0)
            if not length:
                self.put(keys, start)
            self._lengths[keys] = length + 1
            keys = (*keys, length)
        self.put(keys, start)
        return keys

    def _key(self, keys: Keys) -> Keys:
        """Read a key in the table that `keys` lead to, and return the keys that lead to its value."""
        dot = "."
        while dot and (part := _KEY.match(self.text, self._at)):
            if keys in self._lengths:
                keys = (*keys, self._lengths[keys] - 1)
            self.name = _decoded(part[1]), part.start(1)
            keys, dot, self._at = (*keys, self.name[0]), part[2], part.end()
            self.keys.setdefault(keys, part.span(1))
        return keys

    def _value(self, keys: Keys) -> None:
        opening = self._next()
        self.put(keys, self._at)
        if opening not in ("[", "{"):
            self._at += max(1, len(self.written(self._at)))
            self.ends[keys] = self._at
            return
        self._at += 1
        length = 0
        while self._next() not in "]}":  # also ends at the end of the text
            self._value(self._key(keys) if opening == "{" else (*keys, length))
            length += 1
        self._at += 1
        self.ends[keys] = self._at


def _decoded(part: str) -> str:
    """Return a part of a key without quotation marks, and with its escape sequences decoded."""
    if part[0] not in "\"'":
        return part
    if "\\" not in part:
        return part[1:-1]
    import tomllib  # few keys need it

    return str(tomllib.loads(f"key = {part}")["key"])
