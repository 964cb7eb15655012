"""The tags in the raw HTML of Markdown, where marks of quotes may stand at the start of a line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from linter import late
from linter.block import Span
from linter.document import Attribute, Tag
from linter.readers import tags

# What nobody sees, besides comments: processing instructions, CDATA, declarations (CommonMark 0.31, 6.6).
_OPENING = late.pattern(r"<(?:!--|\?|!\[CDATA\[|!(?!doctype\b)(?=[a-z]))", re.IGNORECASE)
_CLOSING = {"<!--": "-->", "<?": "?>", "<![": "]]>", "<!": ">"}


def scan(text: str, lines: Sequence[tuple[int, int]], values: str) -> Iterator[Tag]:
    """The tags in `lines`, spans of `text` in order, as those of one text; instructions count as comments.

    The values of attributes are taken from `values`, which may be `text` itself.
    """
    start, end = lines[0][0], lines[-1][1]
    if len(lines) == 1 or all(one[1] == other[0] for one, other in pairwise(lines)):
        return _between(text, start, end, values)
    return (
        _moved(tag, start, None if values is text else values)
        for tag in _between(_blanked(text, lines), 0, end - start)
    )


def _between(text: str, start: int, end: int, values: str = "") -> Iterator[Tag]:
    if text.find("<!", start, end) < 0 and text.find("<?", start, end) < 0:
        return tags.scan(text, start, end, known_only=False, values=values)
    return _apart(text, start, end, values)


def _apart(text: str, start: int, end: int, values: str) -> Iterator[Tag]:
    done = start
    for low, high in _not_shown(text, start, end):
        yield from tags.scan(text, done, low, known_only=False, values=values)
        yield Tag("", "comment", Span(low, high))
        done = high
    yield from tags.scan(text, done, end, known_only=False, values=values)


def _not_shown(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of closed instructions; what is never closed is looked for once."""
    at, never = start, set()
    while opening := _OPENING.search(text, at, end):
        at = opening.end()
        closing = _CLOSING[opening[0][:3] if opening[0].startswith("<![") else opening[0]]
        close = text.find(closing, at, end) if closing not in never else -1
        if close < 0:
            never.add(closing)
            continue
        at = close + len(closing)
        if opening[0] != "<!--":
            yield opening.start(), at


def _blanked(text: str, lines: Sequence[tuple[int, int]]) -> str:
    """`text` from the first line to the last, with spaces for what lies between them."""
    parts, done = [], lines[0][0]
    for start, end in lines:
        parts += [" " * (start - done), text[start:end]]
        done = end
    return "".join(parts)


def _moved(tag: Tag, by: int, values: str | None) -> Tag:
    attributes = []
    for name, value, span in ((a.name, a.value, a.span) for a in tag.attributes):
        if span:
            span = Span(span.start + by, span.end + by)
            value = value if values is None else html.unescape(values[slice(*span)])
        attributes.append(Attribute(name, value, span))
    return Tag(tag.name, tag.kind, Span(tag.span.start + by, tag.span.end + by), tuple(attributes))
