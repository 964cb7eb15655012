"""Markdown as pyromark parses it, in code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import pyromark

from linter.block import Span
from linter.readers import offsets

Event = tuple[Any, dict[str, int]]

INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})  # what begins and ends within a block
_MANY = 150  # events at a time
OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
_PARSER = pyromark.Markdown(options=OPTIONS)


class Parsed(NamedTuple):
    """A text that is parsed: it, it in UTF-8, and what makes code points of places in that."""

    text: str
    data: bytes
    at: Callable[[int], int]

    def events(self) -> Iterator[list[Event]]:
        """The events, each with its byte range, some hundreds at a time: of a long article they take much room.

        All that lies in one paragraph, heading or the like comes at once.
        """
        stream: Any = _PARSER.events_with_range(self.text)
        while events := list(islice(stream, _MANY)):
            if not _ends_block(events[-1][0]):
                for event in stream:
                    events.append(event)
                    if _ends_block(event[0]):
                        break
            yield events


def parse(text: str) -> Parsed:
    """Parse `text`, which holds no surrogates. In ASCII text bytes are code points."""
    data = text.encode()
    return Parsed(text, data, offsets.points(data))


def definitions(parsed: Parsed) -> dict[str, Span]:
    """Where the definition of each link reference stands, by its label as `label` makes it."""
    at = parsed.at
    found: dict[str, Span] = {}
    for name, definition in _PARSER.reference_definitions(parsed.text).items():
        span = definition["span"]
        found.setdefault(label(name), Span(at(span["start"]), at(span["end"])))
    return found


def label(text: str) -> str:
    """A label of a link reference in the form in which two are compared."""
    return " ".join(text.split()).casefold()


def _ends_block(event: Any) -> bool:
    if "End" not in event:
        return False
    value = event["End"]
    return type(value) is not str or value not in INLINE
