"""Read the table [tool.copydesk] of a pyproject.toml into PyYAML nodes, with the positions of keys and values."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml

from linter import patterns
from linter.config import yaml_file, yaml_nodes
from linter.config.yaml_file import TAG, File, Limits, Value
from linter.config.yaml_nodes import BadSyntax
from linter.source import Source
from linter.suggest import cut_text

_TABLE = ("tool", "copydesk")
_TYPES = {str: "str", bool: "bool", int: "int", float: "float"}  # all other scalars are dates or times
_Keys = tuple[str | int, ...]  # the keys and 0-based list indexes that lead to a value

_STRING = r'''"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}|"(?:[^"\\\n]|\\.)*+"'''
_STRING += r"""|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}|'[^'\n]*+'"""
_BETWEEN = patterns.lazy(r"(?:[ \t\n=,]|\#[^\n]*+)*+")
_KEY = patterns.lazy(rf"[ \t]*+({_STRING}|[\w-]++)[ \t]*+(\.?)", re.DOTALL)
_SCALAR = patterns.lazy(rf"{_STRING}|[^\s,\]}}\#]++(?:[ ]\d\d:[^\s,\]}}\#]++)?", re.DOTALL)
# tomllib takes quadratic time for keys with many parts.
_MANY_PARTS = patterns.lazy(r"""(?:\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+){100}""")
_PLACE = patterns.lazy(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_TUPLE = patterns.lazy(r"""\(['"]([^()]*)['"],?\)""")  # a key in messages of tomllib: ('tool', 'copydesk')


def has_table(data: bytes) -> bool:
    """Whether a file with the content `data` has the table [tool.copydesk].

    If `data` cannot be parsed as TOML, the result is whether it contains the text “[tool.copydesk”.
    """
    try:
        return bool(_table(_parse(yaml_file.unified_lines(data.decode("utf-8-sig", "replace")))))
    except (BadSyntax, RecursionError):
        return b"[tool.copydesk" in data


def parse(text: str, file: File, limits: Limits) -> Value | None:
    r"""Return the table [tool.copydesk] of TOML text with `\n` as line ends.

    If the text is not TOML, exceeds a limit, or has no such table, note a mistake in `file` and return None.
    """
    try:
        for table in _table(_parse(text)):
            places = _Places(text, limits.values)
            places.find()
            node = places.node(table, _TABLE, 0)
            yaml_nodes.refuse_long(node, limits.entries, limits.length)
            return Value(file, node, ".".join(_TABLE))
        file.mistake(1, 1, "there is no table [tool.copydesk] in this file")
    except BadSyntax as bad:
        file.mistake(bad.line, bad.column, bad.problem)
    except RecursionError:
        file.mistake(1, 1, "arrays and tables are nested too deeply; flatten them")
    return None


def _table(content: dict[str, Any]) -> list[Any]:
    """Return a list that contains only the value of tool.copydesk, of any type, or [] if there is no such key."""
    tool = content.get(_TABLE[0])
    return [tool[_TABLE[1]]] if isinstance(tool, dict) and _TABLE[1] in tool else []


def _parse(text: str) -> dict[str, Any]:
    r"""Return the content of TOML text with `\n` as line ends.

    Raises BadSyntax, for example if the text is not TOML, and RecursionError if values are nested too deeply.
    """
    if parts := _MANY_PARTS.search(text):
        raise BadSyntax("this has more than 100 parts; shorten it", *Source(text).position(parts.start()))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, str(error)) from None
    except ValueError:  # Python does not convert numbers of more than 4,300 digits
        raise BadSyntax("this is not TOML: a number has too many digits") from None


def _not_toml(text: str, message: str) -> BadSyntax:
    """Return the BadSyntax for a `message` of tomllib about `text`."""
    source, place = Source(text), _PLACE.search(message)
    at = source.line_starts[int(place[1]) - 1] + int(place[2]) - 1 if place and place[1] else len(text)
    if message.startswith(("Cannot", "Duplicate")):  # name the line of the earlier key, if possible
        try:
            _Places(text[:at], at).find()
        except BadSyntax as repeated:
            return repeated
    problem = _TUPLE.sub(lambda key: "“" + re.sub("['\"], ['\"]", ".", key[1]) + "”", _PLACE.sub("", message))
    return BadSyntax(f"this is not TOML: {problem[:1].lower()}{problem[1:]}", *source.position(at))


class _Places:
    """The offsets of the keys and values in TOML text."""

    def __init__(self, text: str, limit: int) -> None:
        self.keys: dict[_Keys, int] = {}  # the offset where each key first occurs
        self.ends: dict[_Keys, int] = {}  # the offset where each value ends, except for tables with headers
        self.values: dict[_Keys, int] = {}  # a table without brace or header, such as `a` in `a.b = 1`, is missing
        self._text, self._source, self._at = text, Source(text), 0
        self._limit, self._count = limit, 0  # maximum and current number of values in [tool.copydesk]
        self._name = ("", 0)  # the last part of the last key, and its offset
        self._lengths: dict[_Keys, int] = {}  # the number of tables in each array of tables so far

    def find(self) -> None:
        """Read the text, and fill `keys` and `values`. Raises BadSyntax for a repeated key or too many values."""
        table: _Keys = ()
        while start := self._next():
            if start == "[":
                table = self._header()
            else:
                self._value(self._key(table))

    def node(self, value: Any, keys: _Keys, parent: int) -> yaml.Node:
        """Return the PyYAML node of `value`, to which `keys` lead.

        `parent` is the offset of the parent, for a value whose position is unknown.
        """
        at = self.values.get(keys, self.keys.get(keys, parent))
        start, end = self._mark(at), self._mark(self.ends.get(keys, at))
        if isinstance(value, dict):
            names = [self._key_node(name, self.keys.get((*keys, name), at)) for name in value]
            nodes = [self.node(each, (*keys, name), at) for name, each in value.items()]
            return yaml.MappingNode(f"{TAG}map", [*zip(names, nodes, strict=True)], start, end)
        if isinstance(value, list):
            nodes = [self.node(each, (*keys, number), at) for number, each in enumerate(value)]
            return yaml.SequenceNode(f"{TAG}seq", nodes, start, end, flow_style=True)
        written = self._written(at)
        plain = value if isinstance(value, str) else written
        return _scalar(_TYPES.get(type(value), "timestamp"), plain, start, self._mark(at + len(written)))

    def _key_node(self, name: str, at: int) -> yaml.ScalarNode:
        part = _KEY.match(self._text, at)
        return _scalar("str", name, self._mark(at), self._mark(part.end(1) if part else at))

    def _mark(self, at: int) -> yaml.Mark:
        line, column = self._source.position(at)
        return yaml.Mark("", at, line - 1, column - 1, None, 0)

    def _written(self, at: int) -> str:
        """Return the scalar at the offset `at` as written in the file, or "" if there is no scalar."""
        scalar = _SCALAR.match(self._text, at)
        return scalar[0] if scalar else ""

    def _next(self) -> str:
        """Go to the next key, value or bracket, and return its first character, or "" at the end."""
        between = _BETWEEN.match(self._text, self._at)
        self._at = between.end() if between else self._at
        return self._text[self._at : self._at + 1]

    def _header(self) -> _Keys:
        """Read a header such as `[tool.copydesk]`, and return the keys that lead to its table."""
        start, size = self._at, 2 if self._text.startswith("[[", self._at) else 1
        self._at += size
        keys = self._key(())
        self._at += size
        if size == 2:
            length = self._lengths.get(keys, 0)
            if not length:
                self._put(keys, start)
            self._lengths[keys] = length + 1
            keys = (*keys, length)
        self._put(keys, start)
        return keys

    def _key(self, keys: _Keys) -> _Keys:
        """Read a key in the table that `keys` lead to, and return the keys that lead to its value."""
        dot = "."
        while dot and (part := _KEY.match(self._text, self._at)):
            if keys in self._lengths:
                keys = (*keys, self._lengths[keys] - 1)
            self._name = _decoded(part[1]), part.start(1)
            keys, dot, self._at = (*keys, self._name[0]), part[2], part.end()
            self.keys.setdefault(keys, self._name[1])
        return keys

    def _value(self, keys: _Keys) -> None:
        opening = self._next()
        self._put(keys, self._at)
        if opening not in ("[", "{"):
            self._at += max(1, len(self._written(self._at)))
            self.ends[keys] = self._at
            return
        self._at += 1
        length = 0
        while self._next() not in "]}":  # also ends at the end of the text
            self._value(self._key(keys) if opening == "{" else (*keys, length))
            length += 1
        self._at += 1
        self.ends[keys] = self._at

    def _put(self, keys: _Keys, at: int) -> None:
        """Record the offset of the value to which `keys` lead.

        Raises BadSyntax for a repeated key or too many values.
        """
        if keys in self.values:
            name, place = self._name
            line = self._source.position(self.values[keys])[0]
            raise BadSyntax(f"“{cut_text(name)}” is repeated; it is also on line {line}", *self._source.position(place))
        self.values[keys] = at
        self._count += keys[:2] == _TABLE
        if self._count > self._limit:
            raise BadSyntax(yaml_nodes.too_many_values(self._limit), *self._source.position(at))


def _scalar(type_: str, text: str, start: yaml.Mark, end: yaml.Mark) -> yaml.ScalarNode:
    return yaml.ScalarNode(f"{TAG}{type_}", text, start, end)


def _decoded(part: str) -> str:
    """Return a part of a key without quotation marks, and with its escape sequences decoded."""
    if part[0] not in "\"'":
        return part
    return str(tomllib.loads(f"key = {part}")["key"]) if "\\" in part else part[1:-1]
