"""Adjacent links to the same page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from linter import patterns
from linter.checks.links import _anchors
from linter.document import OBJECT, Document, Link
from linter.finding import Edit
from linter.rule import Match

_NOWHERE = frozenset({"", "#"})
_HARD_BREAK = patterns.lazy(r"  \r?\n")  # each on a line of its own
_LONGEST_GAP = 3  # code points of white space between the two


@dataclass(frozen=True)
class DoubledLink:
    """Finds the second of two links with nothing but white space between them.

    The fix makes one link of both, unless their words are the same. The message may use {first} and {second}, the
    words of both.
    """

    values: ClassVar[frozenset[str]] = frozenset({"first", "second"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        for first, second in pairwise(document.links):
            if (
                first.url not in _NOWHERE
                and first.url == second.url
                and "{{" not in first.url
                and _side_by_side(first, second, document)
            ):
                words = [" ".join(link.text.split()) for link in (first, second)]
                edits = _merged(first, second, document) if words[0] != words[1] else ()
                yield Match(*second.url_span, {"first": words[0], "second": words[1]}, edits)


def _side_by_side(first: Link, second: Link, document: Document) -> bool:
    if first.block is not second.block or OBJECT in first.text + second.text:
        return False
    if not first.text.strip() or not second.text.strip() or not {first.kind, second.kind} <= {"inline", "html"}:
        return False
    between = document.source.text[first.span.end : second.span.start]
    if first.span.end > second.span.start or len(between) > _LONGEST_GAP or between.strip():
        return False
    return not _HARD_BREAK.search(between)


def _merged(first: Link, second: Link, document: Document) -> tuple[Edit, ...]:
    """The edit that takes the end of the first link and the start of the second away."""
    one, other = _anchors.inside(first, document), _anchors.inside(second, document)
    if first.kind != second.kind or first.attributes != second.attributes or first.title != second.title:
        return ()
    between = document.source.text[first.span.end : second.span.start]
    return (Edit(one.end, other.start, between),) if one and other else ()
