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
from linter.toml_places import MANY_PARTS, Keys, TomlPlaces

_TABLE = ("tool", "copydesk")
_TYPES = {str: "str", bool: "bool", int: "int", float: "float"}  # all other scalars are dates or times
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
    if parts := MANY_PARTS.search(text):
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


class _Places(TomlPlaces):
    """The offsets of the keys and values in TOML text, which may have at most `limit` values in [tool.copydesk].

    `find` raises BadSyntax for a repeated key or too many values.
    """

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(text)
        self._source, self._limit, self._count = Source(text), limit, 0

    def put(self, keys: Keys, at: int) -> None:
        if keys in self.values:
            name, place = self.name
            line = self._source.position(self.values[keys])[0]
            raise BadSyntax(f"“{cut_text(name)}” is repeated; it is also on line {line}", *self._source.position(place))
        super().put(keys, at)
        self._count += keys[:2] == _TABLE
        if self._count > self._limit:
            raise BadSyntax(yaml_nodes.too_many_values(self._limit), *self._source.position(at))

    def node(self, value: Any, keys: Keys, parent: int) -> yaml.Node:
        """Return the PyYAML node of `value`, to which `keys` lead.

        `parent` is the offset of the parent, for a value whose position is unknown.
        """
        at = self.values.get(keys, self.keys.get(keys, (parent, parent))[0])
        start, end = self._mark(at), self._mark(self.ends.get(keys, at))
        if isinstance(value, dict):
            spans = [self.keys.get((*keys, name), (at, at)) for name in value]
            names = [_scalar("str", name, *map(self._mark, span)) for name, span in zip(value, spans, strict=True)]
            nodes = [self.node(each, (*keys, name), at) for name, each in value.items()]
            return yaml.MappingNode(f"{TAG}map", [*zip(names, nodes, strict=True)], start, end)
        if isinstance(value, list):
            nodes = [self.node(each, (*keys, number), at) for number, each in enumerate(value)]
            return yaml.SequenceNode(f"{TAG}seq", nodes, start, end, flow_style=True)
        written = self.written(at)
        plain = value if isinstance(value, str) else written
        return _scalar(_TYPES.get(type(value), "timestamp"), plain, start, self._mark(at + len(written)))

    def _mark(self, at: int) -> yaml.Mark:
        line, column = self._source.position(at)
        return yaml.Mark("", at, line - 1, column - 1, None, 0)


def _scalar(type_: str, text: str, start: yaml.Mark, end: yaml.Mark) -> yaml.ScalarNode:
    return yaml.ScalarNode(f"{TAG}{type_}", text, start, end)
