"""Headings with nothing below them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import zip_longest
from typing import ClassVar

from linter import patterns
from linter.document import Document, Heading
from linter.record import record
from linter.rule import Match
from linter.text import similarity

_LONGEST = 15  # words of a heading that is no statement
_STATEMENT = patterns.lazy(r"[.!…][^\w.!…]*+\Z")
# Elements that show nothing by themselves; any other is content.
_FRAMES = frozenset(
    """
    a abbr article aside b blockquote body br center details div em figure font footer header hgroup hr html i li main
    nav ol p section small span strong summary sup table tbody td tr u ul h1 h2 h3 h4 h5 h6
    """.split()
)
_HOLLOW = patterns.lazy(
    r"""
    \{[:\#.][^{}\n]*+\}            # the attributes of a heading
  | ^[ \t>]*+(?:=++|-++|\*++|_++|(?:-[ ]){2,}+-?|(?:\*[ ]){2,}+\*?)[ \t]*+$    # what underlines it, a rule
  | &nbsp; | \#++ | [>*_~\\]++ | [\u200b\ufeff\u00a0]
    """,
    re.VERBOSE | re.MULTILINE,
)

# What nearly all headings have behind them: a letter or a digit, and before it nothing but marks and simple tags.
_WORDS = patterns.lazy(
    r"""(?:[\n -%'-/:;=>?@\[-`|~\t\r]++|</?[a-zA-Z](?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+')*+>)*+[^\W_]"""
)
_ENOUGH = 100  # code points


@record
class EmptySection:
    """A heading behind which comes another one of its level or above it, or the end, and no content between.

    Code, pictures, elements that show something and marks of templates are content. A heading with an end mark, or of
    many words, says all that there is. `filled` are headings under which a site puts something of its own, in small
    letters.
    """

    filled: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"headings"})

    @cached_property
    def _filled(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(similarity.words(heading)) for heading in self.filled)

    def find(self, document: Document) -> Iterator[Match]:
        headings = _whole(document)
        starts = [tag.span.start for tag in document.tags]
        for heading, after in zip_longest(headings, headings[1:]):
            if after and after.level > heading.level:
                continue
            end = after.block.source_span.start if after else len(document.source.text)
            if not _content(document, starts, heading.block.source_span.end, end):
                words = tuple(similarity.words(heading.block.text))
                if (
                    0 < len(words) <= _LONGEST
                    and words not in self._filled
                    and not _STATEMENT.search(heading.block.text)
                ):
                    yield Match(*heading.block.source_span)


def _whole(document: Document) -> list[Heading]:
    """The headings, each once, of which one may be several blocks of a page."""
    if document.kind != "html":
        return list(document.headings)
    ends = [tag.span.start for tag in document.tags if tag.kind == "close" and tag.name[:1] == "h"]
    merged: list[Heading] = []
    for heading in document.headings:
        if merged:
            i = bisect_left(ends, merged[-1].block.source_span.end)
            if i == len(ends) or ends[i] >= heading.block.source_span.start:
                merged[-1] = heading
                continue
        merged.append(heading)
    return merged


def _content(document: Document, starts: list[int], start: int, end: int) -> bool:
    """Whether `[start, end)` of the source shows anything."""
    text, parts, done = document.source.text, [], start
    if _WORDS.match(text, start, end):
        return True
    for tag in document.tags[bisect_left(starts, start) : bisect_left(starts, end)]:
        if tag.kind == "open" and tag.name not in _FRAMES:
            return True
        parts.append(text[done : tag.span.start])
        done = max(done, tag.span.end)
    parts.append(text[done:end])
    shown = "".join(parts)
    first = shown[: shown.find("\n", _ENOUGH) + 1]  # which says it nearly always
    return any(_HOLLOW.sub("", some).strip() for some in (first, shown))
