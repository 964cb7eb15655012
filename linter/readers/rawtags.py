"""The tags in the raw HTML of Markdown, where marks of quotes may stand at the start of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from linter import late
from linter.document import Attribute, Span, Tag
from linter.readers import tags

# What nobody sees, besides comments: processing instructions, CDATA, declarations (CommonMark 0.31, 6.6).
_OPENING = late.pattern(r"<(?:!--|\?|!\[CDATA\[|!(?!doctype\b)(?=[a-z]))", re.IGNORECASE)
_CLOSING = {"<!--": "-->", "<?": "?>", "<![": "]]>", "<!": ">"}


def scan(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[Tag]:
    """The tags in `lines`, spans of `text` in order, as those of one text; instructions count as comments."""
    start, end = lines[0][0], lines[-1][1]
    if len(lines) == 1 or all(one[1] == other[0] for one, other in pairwise(lines)):
        return _between(text, start, end)
    return (_moved(tag, start) for tag in _between(_blanked(text, lines), 0, end - start))


def _between(text: str, start: int, end: int) -> Iterator[Tag]:
    if text.find("<!", start, end) < 0 and text.find("<?", start, end) < 0:
        return tags.scan(text, start, end, known_only=False)
    return _apart(text, start, end)


def _apart(text: str, start: int, end: int) -> Iterator[Tag]:
    done = start
    for low, high in _not_shown(text, start, end):
        yield from tags.scan(text, done, low, known_only=False)
        yield Tag("", "comment", Span(low, high))
        done = high
    yield from tags.scan(text, done, end, known_only=False)


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


def _moved(tag: Tag, by: int) -> Tag:
    attributes = tuple(
        Attribute(a.name, a.value, Span(a.span.start + by, a.span.end + by) if a.span else None) for a in tag.attributes
    )
    return replace(tag, span=Span(tag.span.start + by, tag.span.end + by), attributes=attributes)
