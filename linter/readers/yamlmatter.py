"""Front matter in YAML: its values as plain data, and where each string stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import yaml

from linter import late
from linter.readers.matter import Malformed, Matter, String
from linter.readers.plainmatter import DATE, TEXTS, resolved

_CONTROL = late.pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Frame(NamedTuple):
    """An open mapping or list; `path` leads to it."""

    data: dict[Any, Any] | list[Any]
    path: tuple[str, ...]
    key: list[Any]  # the key whose value comes next, or nothing


def read(text: str, start: int, end: int) -> Matter:
    """The front matter in `text[start:end]`. Raises Malformed where it is no YAML.

    An alias of a list or mapping stands for None: what it repeats is there already, and nothing can blow up.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if control := _CONTROL.search(text, start, end):
        raise Malformed(control.start(), control.end())
    try:
        return _Reader(start).read(yaml.parse(text[start:end], Loader=loader))
    except yaml.MarkedYAMLError as error:
        problem, context = error.problem_mark, error.context_mark
        quoted = "quoted scalar" in (error.context or "")
        mark = context if quoted and context else problem
        at = min(start + (mark.index if mark else 0), end)
        raise Malformed(at, at, quoted) from None
    except yaml.YAMLError:
        raise Malformed(start, end) from None


class _Reader:
    """Makes data of the events of a YAML parser, without recursion."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._matter = Matter(None, [])
        self._anchors: dict[str, Any] = {}
        self._frames: list[_Frame] = []
        self._key = (base, base)  # where the last key stands

    def read(self, events: Iterable[Any]) -> Matter:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                self._put(self._anchors.get(event.anchor or ""))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                data: dict[Any, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
                path = self._path
                self._matter.place(path, (0, 0), self._key)
                self._put(data)
                self._frames.append(_Frame(data, path, []))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._frames.pop()
        return self._matter

    @property
    def _path(self) -> tuple[str, ...]:
        """The keys that lead to the value that comes next."""
        if not self._frames:
            return ()
        frame = self._frames[-1]
        return (*frame.path, str(frame.key[0])) if frame.key else frame.path

    def _scalar(self, event: Any) -> None:
        plain = event.implicit[0] and not event.tag
        value = resolved(event.value) if plain else event.value
        if event.anchor:
            self._anchors[event.anchor] = value
        frame = self._frames[-1] if self._frames else None
        is_key = frame and isinstance(frame.data, dict) and not frame.key
        span = (self._base + event.start_mark.index, self._base + event.end_mark.index)
        if is_key:
            self._key = span
        elif frame:
            self._matter.place(self._path, span if event.value.strip() else (0, 0), self._key)
            shown = isinstance(value, str) and not (plain and DATE.fullmatch(value))
            if shown or (value is not None and self._path in TEXTS):
                self._matter.strings.append(String(self._path, *span, event.style or "", event.value))
        self._put(value)

    def _put(self, value: Any) -> None:
        """Put a value where it belongs; a mapping takes keys and values in turn."""
        if not self._frames:
            self._matter.values = value
            return
        frame = self._frames[-1]
        if isinstance(frame.data, list):
            frame.data.append(value)
        elif not frame.key:
            frame.key.append(value if isinstance(value, str | int | float | bool) else "")
        else:
            frame.data[frame.key.pop()] = value
