"""Markdown as pyromark parses it, in code points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pyromark

from linter.document import Span
from linter.readers.offsets import Offsets

Event = tuple[Any, dict[str, int]]

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)


class Parsed(NamedTuple):
    """A text as it was parsed: the events, each with its byte range, and what makes code points of that."""

    text: str
    events: list[Event]
    at: Callable[[int], int]


def parse(text: str) -> Parsed:
    """Parse `text`, which holds no surrogates. In ASCII text bytes are code points."""
    events: Any = pyromark.events_with_range(text, options=_OPTIONS)
    return Parsed(text, list(events), _converter(text))


def definitions(text: str) -> dict[str, Span]:
    """Where the definition of each link reference stands, by its label as `label` makes it."""
    at = _converter(text)
    found: dict[str, Span] = {}
    for name, definition in pyromark.reference_definitions(text, options=_OPTIONS).items():
        span = definition["span"]
        found.setdefault(label(name), Span(at(span["start"]), at(span["end"])))
    return found


def label(text: str) -> str:
    """A label of a link reference in the form in which two are compared."""
    return " ".join(text.split()).casefold()


def _converter(text: str) -> Callable[[int], int]:
    return _same if text.isascii() else Offsets(text.encode())


def _same(offset: int) -> int:
    return offset
