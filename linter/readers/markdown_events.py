"""Parse Markdown with pyromark, with events in code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from typing import Any, NamedTuple

import pyromark

from linter.document import Span

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


def parse_markdown(text: str) -> Parsed:
    """Parse `text`, which holds no surrogates. In ASCII text bytes are code points."""
    data = text.encode()
    return Parsed(text, data, code_point_offsets(data))


def link_definitions(parsed: Parsed) -> dict[str, Span]:
    """Return the span of the definition of each link reference, by its label as `link_label` makes it."""
    at = parsed.at
    found: dict[str, Span] = {}
    for name, definition in _PARSER.reference_definitions(parsed.text).items():
        span = definition["span"]
        found.setdefault(link_label(name), Span(at(span["start"]), at(span["end"])))
    return found


def link_label(text: str) -> str:
    """A label of a link reference in the form in which two are compared."""
    return " ".join(text.split()).casefold()


def _ends_block(event: Any) -> bool:
    if "End" not in event:
        return False
    value = event["End"]
    return type(value) is not str or value not in INLINE


# UTF-8 byte offsets → code points, for the parser counts bytes.

_CONTINUING = bytes(range(0x80, 0xC0))  # bytes that begin no character
_BITS = 6
_STRETCH = 1 << _BITS  # bytes of which it is known where they begin
_WITHIN = _STRETCH - 1


def code_point_offsets(data: bytes) -> Callable[[int], int]:
    """What makes a code point of a byte offset in `data`; in a stretch that is all ASCII by one subtraction."""
    if data.isascii():
        return int
    stretches = [data[at : at + _STRETCH] for at in range(0, len(data) + 1, _STRETCH)]
    counts = [len(one) if one.isascii() else len(one.translate(None, _CONTINUING)) for one in stretches]
    starts = list(accumulate(counts, initial=0))
    starts.append(0)  # behind the last stretch, which is no whole one

    def point(offset: int) -> int:
        i = offset >> _BITS
        begin = starts[i]
        if starts[i + 1] - begin == _STRETCH:
            return begin + (offset & _WITHIN)
        return begin + len(data[offset & ~_WITHIN : offset].decode(errors="ignore"))

    return point
