"""Headings that do not fit the headings around them: wrong levels and empty sections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, zip_longest
from operator import attrgetter
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.links.missing_target import LISTING
from linter.checks.metadata import _fields
from linter.document import Document, Heading
from linter.readers.html_meaning import HEADINGS
from linter.rule import Match
from linter.text import similarity

_TITLE = frozenset({"title"})
_MAX_HEADING_WORDS = 15  # maximum words of a heading; a longer heading is a statement
_STATEMENT = patterns.lazy(r"[.!…][^\w.!…]*+\Z")
# Elements that show nothing unless they contain text; any other element is content.
_FRAMES = frozenset(
    """
    a abbr article aside b blockquote body br center details div em figure font footer header hgroup hr html i li main
    nav ol p section small span strong summary sup table tbody td tr u ul h1 h2 h3 h4 h5 h6
    """.split()
)
_HOLLOW = patterns.lazy(
    r"""
    \{[:\#.][^{}\n]*+\}            # the attributes of a heading
  | ^[ \t>]*+(?:=++|-++|\*++|_++|(?:-[ ]){2,}+-?|(?:\*[ ]){2,}+\*?)[ \t]*+$    # heading underlines and rules
  | &nbsp; | \#++ | [>*_~\\]++ | [\u200b\ufeff\u00a0]
    """,
    re.VERBOSE | re.MULTILINE,
)

_CONTENT_REACH = 100  # code points in which content is usually found, if there is any
_start = attrgetter("span.start")


@dataclass(frozen=True)
class HeadingOrder:
    """Headings with a wrong level or an empty section.

    `problem` is `skipped`, `several-top` or `empty`.

    With `skipped`, the match is a heading more than one level below the previous heading. An article may begin at any
    level, because the page around it may have headings, too. With `several-top`, the match is the second heading on the
    first level. With these two problems, the message may use {level}, the level of the match; {above}, the level of the
    previous heading (with `several-top`, of the first heading on the first level); {right}, the level below {above};
    and {number}, the number of headings on the first level. With `several-top`, articles with a title in the front
    matter are ignored, because the site prints it above them.

    With `empty`, the match is a heading with no content between it and the next heading, which must be on the same or a
    higher level, or between it and the end of the article. If the next heading is on the first level and this one is
    not, or if it is a question on the same level, it counts as part of the section. Of several such headings in a row,
    only the first is a match. Code, images, template tags and elements that show something are content. A heading that
    ends with a period, an exclamation mark or an ellipsis, that has more than 15 words, or that contains a link, is
    complete and is ignored. `filled` lists headings below which the site adds content. They are ignored, too, and so is
    the last heading of a file `_index`, below which Hugo lists the pages of its folder, and of a blog in
    MkDocs.

    Slides are ignored.
    """

    problem: Literal["skipped", "several-top", "empty"]
    filled: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"headings"})

    @property
    def values(self) -> frozenset[str]:
        return frozenset(() if self.problem == "empty" else {"level", "above", "right", "number"})

    @cached_property
    def _filled(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(similarity.words(heading)) for heading in self.filled)

    def find_in(self, document: Document) -> Iterator[Match]:
        if document.is_slides:
            return
        if self.problem == "empty":
            yield from self._empty(document)
        elif self.problem == "skipped" or _fields.is_page(document) or not any(document.blocks_in(_TITLE)):
            yield from self._of_wrong_level(document.headings)

    def _of_wrong_level(self, headings: Sequence[Heading]) -> Iterator[Match]:
        top = [heading for heading in headings if heading.level == 1]
        if self.problem == "skipped":
            pairs = [(above, below) for above, below in pairwise(headings) if below.level > above.level + 1]
        else:
            pairs = [(top[0], top[1])] if len(top) > 1 else []
        for above, below in pairs:
            right = str(above.level + 1)
            values = {"level": str(below.level), "above": str(above.level), "right": right, "number": str(len(top))}
            yield Match(*below.block.source_span, values)

    def _empty(self, document: Document) -> Iterator[Match]:
        headings = _whole(document)
        is_listed = bool(LISTING.search(document.source.path))
        is_first = True  # of headings that directly follow each other
        for heading, after in zip_longest(headings, headings[1:]):
            end = after.block.places[1] if after else len(document.source.text)
            is_filled = _contains(heading, after) if after else is_listed
            if is_filled or _content(document, heading.block.places[-1], end):
                is_first = True
                continue
            words = tuple(similarity.words(heading.block.text))
            is_complete = heading.block in document.links_by_block or _STATEMENT.search(heading.block.text)
            if 0 < len(words) <= _MAX_HEADING_WORDS and words not in self._filled and not is_complete:
                if is_first:
                    yield Match(*heading.block.source_span)
                is_first = False


def _contains(heading: Heading, after: Heading) -> bool:
    """Whether the section of `heading` begins with the next heading, `after`, even if the level of that is wrong.

    A top-level heading below another begins a text of its own, such as a poem below the name of its author, and a
    question below another heading is an entry of a list of questions.
    """
    if after.level > heading.level or after.level == 1 < heading.level:
        return True
    own, other = (each.block.text.rstrip().endswith("?") for each in (heading, after))
    return after.level == heading.level and other and not own


def _whole(document: Document) -> list[Heading]:
    """Return the headings of a document, one for each heading element."""
    if document.markup != "html":
        return list(document.headings)
    tags = (tag for name in HEADINGS for tag in document.tags_by_name.get(name, ()))
    ends = sorted(tag.span.start for tag in tags if tag.kind == "close")
    merged: list[Heading] = []
    for heading in document.headings:
        if merged:
            i = bisect_left(ends, merged[-1].block.source_span.end)
            if i == len(ends) or ends[i] >= heading.block.source_span.start:
                merged[-1] = heading  # another block of the same element
                continue
        merged.append(heading)
    return merged


def _content(document: Document, start: int, end: int) -> bool:
    """Whether there is content for readers between the source offsets `start` and `end`."""
    text, parts, done = document.source.text, [], start
    if document.kind == "wordpress" and text.find("/-->", start, end) >= 0:  # a block that WordPress fills
        return True
    tags = document.tags
    for tag in tags[bisect_left(tags, start, key=_start) : bisect_left(tags, end, key=_start)]:
        if tag.kind == "open" and tag.name not in _FRAMES:
            return True
        parts.append(text[done : tag.span.start])
        done = max(done, tag.span.end)
    parts.append(text[done:end])
    shown = "".join(parts)
    first = shown[: shown.find("\n", _CONTENT_REACH) + 1]  # this part is enough in nearly all cases
    return any(_HOLLOW.sub("", some).strip() for some in (first, shown))
