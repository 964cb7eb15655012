"""Parse Markdown with pyromark, and convert its byte offsets to code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from typing import Any, NamedTuple

import pyromark

from linter.document import Span

Event = tuple[Any, dict[str, int]]

INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})  # elements inside a block
_MIN_BATCH = 150  # minimum events per batch
OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
_PARSER = pyromark.Markdown(options=OPTIONS)


class Parsed(NamedTuple):
    """A text to parse, its UTF-8 bytes, and a function that converts byte offsets to offsets in code points."""

    text: str
    data: bytes
    at: Callable[[int], int]

    def events(self) -> Iterator[list[Event]]:
        """Yield the events of the parser in batches, each event with its range in bytes.

        Each batch except the last ends at the end of a block, such as a paragraph or table cell. Batches save memory,
        since a long article has many events.
        """
        stream: Any = _PARSER.events_with_range(self.text)
        while events := list(islice(stream, _MIN_BATCH)):
            if not _ends_block(events[-1][0]):
                for event in stream:
                    events.append(event)
                    if _ends_block(event[0]):
                        break
            yield events


def parse_markdown(text: str) -> Parsed:
    """Prepare `text` for parsing by `Parsed.events`. Raises UnicodeEncodeError if it contains surrogates."""
    data = text.encode()
    return Parsed(text, data, code_point_offsets(data))


def link_definitions(parsed: Parsed) -> dict[str, Span]:
    """Map the label of each link reference definition, as returned by `link_label`, to the span of the definition.

    If a label is defined more than once, the first definition counts.
    """
    at = parsed.at
    found: dict[str, Span] = {}
    for name, definition in _PARSER.reference_definitions(parsed.text).items():
        span = definition["span"]
        found.setdefault(link_label(name), Span(at(span["start"]), at(span["end"])))
    return found


def link_label(text: str) -> str:
    """Return the label of a link reference, normalized for comparison: case-folded, with single spaces."""
    return " ".join(text.split()).casefold()


def _ends_block(event: Any) -> bool:
    if "End" not in event:
        return False
    value = event["End"]
    return type(value) is not str or value not in INLINE


# UTF-8 byte offsets to code points, because the parser counts bytes.

_CONTINUING = bytes(range(0x80, 0xC0))  # bytes inside a character
_BITS = 6
_STRETCH = 1 << _BITS  # bytes between two known positions
_WITHIN = _STRETCH - 1


def code_point_offsets(data: bytes) -> Callable[[int], int]:
    """Return a function that converts byte offsets in `data`, which is UTF-8, to offsets in code points.

    The returned function is fastest where the text is ASCII.
    """
    if data.isascii():
        return int
    stretches = [data[at : at + _STRETCH] for at in range(0, len(data) + 1, _STRETCH)]
    counts = [len(one) if one.isascii() else len(one.translate(None, _CONTINUING)) for one in stretches]
    starts = list(accumulate(counts, initial=0))
    starts.append(0)  # after the last, incomplete stretch

    def point(offset: int) -> int:
        i = offset >> _BITS
        begin = starts[i]
        if starts[i + 1] - begin == _STRETCH:
            return begin + (offset & _WITHIN)
        return begin + len(data[offset & ~_WITHIN : offset].decode(errors="ignore"))

    return point
