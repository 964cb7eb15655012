"""Headings of a wrong level: one that skips a level, several of the first level."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Literal

from linter.document import Document
from linter.record import record
from linter.rule import Match


@record
class HeadingLevel:
    """`problem` is skipped (more than one level below the heading above it) or several-top (the first level again).

    An article may begin at any level: what stands above it is not in it. Of several headings on the first level the
    second one is the match, however many there are. The message may use {level}, {above}, the level of the heading
    above it or of the first one, and {number}, how many there are on the first level.
    """

    problem: Literal["skipped", "several-top"]

    values: ClassVar[frozenset[str]] = frozenset({"level", "above", "number"})
    parts: ClassVar[frozenset[str]] = frozenset({"headings"})

    def find(self, document: Document) -> Iterator[Match]:
        headings = document.headings
        top = [heading for heading in headings if heading.level == 1]
        if self.problem == "skipped":
            pairs = [(above, below) for above, below in pairwise(headings) if below.level > above.level + 1]
        else:
            pairs = [(top[0], top[1])] if len(top) > 1 else []
        for above, below in pairs:
            values = {"level": str(below.level), "above": str(above.level), "number": str(len(top))}
            yield Match(*below.block.source_span, values)
