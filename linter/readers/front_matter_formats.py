"""Parse front matter in YAML, JSON and TOML into plain data, with the location of each value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import yaml

from linter import patterns
from linter.document import Span
from linter.readers.front_matter_values import FrontMatterValues, Malformed, String
from linter.source import LINE_END
from linter.toml_places import MANY_PARTS, TomlPlaces

_BOOLEANS = {"true": True, "false": False}
_NULLS = frozenset({"", "~", "null"})
_NUMBER = patterns.lazy(r"[-+]?(?:0|[1-9]\d{0,17})(?P<real>\.\d{1,17})?(?:[eE][-+]?\d{1,3})?")
_DATE = patterns.lazy(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?", re.DOTALL)
_TEXTS = (("title",), ("slug",))  # always strings, whatever they look like
_CONTROL = patterns.lazy("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Frame(NamedTuple):
    """An open mapping or list. `path` has the keys that lead to it from the top level."""

    data: dict[Any, Any] | list[Any]
    path: tuple[str, ...]
    key: list[Any]  # the key of the next value; empty before a key


def read_yaml(text: str, start: int, end: int) -> FrontMatterValues:
    """Parse the YAML in `text[start:end]`. Raises Malformed if it cannot be parsed.

    An alias of a list or mapping gets the value None, so nested aliases cannot make the data grow exponentially.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if control := _CONTROL.search(text, start, end):
        raise Malformed(control.start(), control.end())
    try:
        return _YamlReader(start).read(yaml.parse(text[start:end], Loader=loader))
    except yaml.MarkedYAMLError as error:
        problem, context = error.problem_mark, error.context_mark
        quoted = "quoted scalar" in (error.context or "")
        mark = context if quoted and context else problem
        at = min(start + (mark.index if mark else 0), end)
        raise Malformed(at, at, quoted) from None
    except yaml.YAMLError:
        raise Malformed(start, end) from None


class _YamlReader:
    """Builds plain data from the events of a YAML parser, without recursion."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._parsed = FrontMatterValues(None, [])
        self._anchors: dict[str, Any] = {}
        self._frames: list[_Frame] = []
        self._key = (base, base)  # span of the last key

    def read(self, events: Iterable[Any]) -> FrontMatterValues:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.AliasEvent:
                self._put(self._anchors.get(event.anchor or ""))
            elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
                data: dict[Any, Any] | list[Any] = {} if kind is yaml.MappingStartEvent else []
                path = self._path
                self._parsed.place(path, (0, 0), self._key)
                self._put(data)
                self._frames.append(_Frame(data, path, []))
            elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                self._frames.pop()
        return self._parsed

    @property
    def _path(self) -> tuple[str, ...]:
        """The keys that lead to the next value."""
        if not self._frames:
            return ()
        frame = self._frames[-1]
        return (*frame.path, str(frame.key[0])) if frame.key else frame.path

    def _scalar(self, event: Any) -> None:
        plain, text = event.implicit[0] and not event.tag, event.value
        value = resolved(text) if plain else text
        if event.anchor:
            self._anchors[event.anchor] = value
        frame = self._frames[-1] if self._frames else None
        span = (self._base + event.start_mark.index, self._base + event.end_mark.index)
        if frame and (frame.key or type(frame.data) is list):
            path = self._path
            self._parsed.place(path, span if text.strip() else (0, 0), self._key)
            shown = isinstance(value, str) and not (plain and _DATE.fullmatch(value))
            if shown or (value is not None and path in _TEXTS):
                self._parsed.strings.append(String(path, *span, event.style or "", text))
        elif frame:
            self._key = span
        self._put(value)

    def _put(self, value: Any) -> None:
        """Add a key or value to the innermost open mapping or list, or store the value of the whole document."""
        if not self._frames:
            self._parsed.values = value
            return
        frame = self._frames[-1]
        if isinstance(frame.data, list):
            frame.data.append(value)
        elif not frame.key:
            frame.key.append(value if isinstance(value, str | int | float | bool) else "")
        else:
            frame.data[frame.key.pop()] = value


def resolved(text: str) -> Any:
    """Return the value of the plain scalar `text`: None, a Boolean, a number, or `text` itself, roughly as in YAML 1.2.

    Dates remain strings.
    """
    lowered = text.lower()
    if lowered in _NULLS:
        return None
    if lowered in _BOOLEANS:
        return _BOOLEANS[lowered]
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    return text


# JSON.


def read_json(text: str, start: int, end: int) -> FrontMatterValues:
    """Parse the JSON object at the start of `text[start:end]`. White space before it is skipped.

    Raises Malformed if the object cannot be parsed or is empty, or if more text follows it on its last line. The YAML
    parser also reads the object, to locate its strings.
    """
    start = end - len(text[start:end].lstrip())
    try:
        values, stop = json.JSONDecoder(strict=False).raw_decode(text, start)
        parsed = read_yaml(text, start, stop)
    except (ValueError, RecursionError):
        raise Malformed(start, end) from None
    behind, line_end, _ = text[stop:end].partition("\n")
    if not values or behind.strip():
        raise Malformed(stop, end)
    parsed.values, parsed.end = values, stop + len(behind) + len(line_end)
    return parsed


# TOML.

_PLACE = patterns.lazy(r"\(at line (\d+), column (\d+)\)")


def read_toml(text: str, start: int, end: int) -> FrontMatterValues:
    """Parse the TOML in `text[start:end]`.

    Raises Malformed if it cannot be parsed, or if it may contain a key with more than 100 parts.
    """
    import tomllib  # few articles need it

    if parts := MANY_PARTS.search(text, start, end):
        raise Malformed(parts.start(), parts.start())
    try:
        # tomllib does not accept lone carriage returns, and handles line ends one by one.
        values = tomllib.loads(LINE_END.sub("\n", text[start:end]))
    except tomllib.TOMLDecodeError as error:
        at = _place(text, start, end, str(error))
        raise Malformed(at, at) from None
    except (RecursionError, ValueError):
        raise Malformed(start, start) from None
    parsed, places = FrontMatterValues(values, []), TomlPlaces(text[start:end])
    places.find()
    for keys, at in places.values.items():
        if keys not in places.ends:  # a table with a header
            continue
        value: Any = values
        for key in keys:
            value = value[key]
        span = _inside(text, start + at, start + places.ends[keys])
        name = next(keys[:size] for size in range(len(keys), 0, -1) if isinstance(keys[size - 1], str))
        named = _inside(text, *(start + edge for edge in places.keys[name]))
        path = tuple(key for key in keys if isinstance(key, str))
        parsed.place(path, (0, 0) if isinstance(value, dict | list) else span, named)
        if isinstance(value, str):
            parsed.strings.append(String(path, *span, "basic" if text[start + at] == '"' else "literal", value))
    return parsed


def _inside(text: str, start: int, end: int) -> Span:
    """Return the span of a key or value without quotation marks, and without the line end after three of them."""
    mark = next((mark for mark in ('"""', "'''", '"', "'") if text.startswith(mark, start)), "")
    line_end = LINE_END.match(text, start + 3) if len(mark) == 3 else None
    return Span(line_end.end() if line_end else start + len(mark), end - len(mark))


def _place(text: str, start: int, end: int, message: str) -> int:
    """Return the offset in `text` to which an error message of tomllib refers, or `end` if it gives no position."""
    found = _PLACE.search(message)
    if not found:
        return end
    at = start
    for _ in range(int(found[1]) - 1):
        line_end = LINE_END.search(text, at, end)
        at = line_end.end() if line_end else end
    return min(at + int(found[2]) - 1, end)
