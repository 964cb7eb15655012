"""Text that matches a regular expression at places that are quickly found in the whole article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, expected, literals_of_pattern
from linter.analysis.pattern_base import PatternCheck
from linter.document import Document
from linter.finding import Edit
from linter.matching import match_at
from linter.record import record
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import MARKS, find, find_odd, text_view
from linter.views import Place

_RARE = 0.5  # places of literals in 1000 characters
_CELL = 200  # code points of a cell from which on it is a paragraph: old pages are laid out in tables


@record
class TextPattern(PatternCheck):
    """`pattern` is a regular expression of the package `regex`, tried where `seek`, one of `re` that begins with a
    literal, matches in the text and the titles of an article, tables and code excepted. Where `seek` is one of
    `.,!?;:)`, these are the places before anything but a space, or after a space. With `marks`, some of `.,!?;:)`,
    `seek` is tried at such places of these only. With `or_seek`, the pattern is tried where this matches, too.

    Articles whose text has none of `needs` are passed over. `replace` is what the fix writes; there is none with
    `mends: false`. The named groups are values for the message.
    """

    pattern: str
    seek: str
    needs: tuple[str, ...] = ()
    replace: str = ""
    mends: bool = True
    marks: str = ""
    or_seek: str = ""

    wide: ClassVar[frozenset[str]] = frozenset({"table", "code"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"pattern": (self.pattern,)}

    @cached_property
    def literals(self) -> Literals | None:
        """Those of the pattern if they are rare; else its places are found in no more time."""
        found = literals_of_pattern(self.pattern)
        return found if found and sum(map(expected, found[0])) <= _RARE else None

    @cached_property
    def _seek(self) -> re.Pattern[str]:
        return patterns.lazy(re.escape(self.seek) if self.seek in MARKS else self.seek)

    @cached_property
    def _or_seek(self) -> Sequence[re.Pattern[str]]:
        return [patterns.lazy(self.or_seek)] if self.or_seek else []

    def _places(self, document: Document) -> Iterator[Place]:
        """Yield the places at which the pattern is tried."""
        if marks := self.marks or (self.seek if self.seek in MARKS else ""):
            for mark in marks:
                yield from find_odd(document, mark, self._seek)
        else:
            yield from find(document, self._seek, *self._or_seek)

    @property
    def values(self) -> frozenset[str]:
        return frozenset(self.compiled.groupindex)

    def find(self, document: Document) -> Iterator[Match]:
        needs = self.needs or (self.seek,) * (len(self.seek) == 1)
        if needs and not any(map(text_view(document).text.__contains__, needs)):
            return
        for block, start, _ in self._places(document):
            if not self.wide.isdisjoint(block.scopes) and len(block.text) < _CELL:
                continue
            if found := match_at(self.compiled, block.text, start):
                edit = source_edit(Edit(*found.span(), self.replace), block, document) if self.mends else None
                values = {name: text or "" for name, text in found.groupdict().items()}
                yield Match(*block.span(*found.span()), values, (edit,) if edit else ())
