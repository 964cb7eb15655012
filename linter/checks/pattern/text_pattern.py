"""Text that matches a regular expression, tried only at the positions that a faster expression finds first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, rare_literals
from linter.analysis.pattern_base import PatternCheck
from linter.document import Document
from linter.finding import Edit
from linter.matching import match_at
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import MARKS, NEVER, TextIndex, find, find_odd, text_view
from linter.views import Place

_MAX_RARE_PER_1000 = 0.5  # maximum occurrences of rare literals in 1000 characters
_ESCAPE = patterns.lazy(r"\\u([0-9a-f]{4})")
# Minimum code points of a table cell that counts as a paragraph, as in pages laid out with tables.
_MIN_CELL_LENGTH = 200


@dataclass(frozen=True)
class TextPattern(PatternCheck):
    """Matches of `pattern`, a regular expression for the `regex` package, at the positions where `seek` matches.

    `seek` is a regular expression for the `re` module. It should begin with a literal, so that the search is fast. The
    search covers text, alt text, titles, captions and summaries, but neither code nor table cells of fewer than 200
    characters. `pattern` is tried at each position that `seek` finds.

    The characters `.,!?;:)` are marks. If `seek` is a mark, it is searched for only at unusual positions: after a
    space, or before anything but a space or line end. `marks` lists marks with which a match of `seek` may begin;
    `seek` is then tried only where one of these marks is at an unusual position.

    `needs` lists strings; articles whose text contains none of them are skipped. `replace` is the text with which the
    fix replaces the match (default: empty). With `fixable: false`, there is no fix. The message may use the named
    groups of `pattern`.
    """

    pattern: str
    seek: str
    needs: tuple[str, ...] = ()
    replace: str = ""
    fixable: bool = True
    marks: str = ""

    wide: ClassVar[frozenset[str]] = frozenset({"table", "code"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"pattern": (self.pattern,)}

    @cached_property
    def literals(self) -> Literals | None:
        """The literals of the pattern if they are rare; None otherwise, because the search with `seek` is as fast."""
        return rare_literals(self.pattern, _MAX_RARE_PER_1000)

    @property
    def index(self) -> type[TextIndex] | None:
        is_limited = self._marks and set(self._marks) <= set(MARKS) and self.literals is None
        return TextIndex if self.needed or is_limited else None

    @cached_property
    def needed(self) -> Sequence[str]:
        if self.needs or self._marks:
            return self.needs
        escape = _ESCAPE.fullmatch(self.seek)
        char = chr(int(escape[1], 16)) if escape else self.seek
        return (char,) if len(char) == 1 else ()

    @cached_property
    def spots(self) -> re.Pattern[str]:
        return patterns.lazy(f"(?s:.)[{self._marks}]") if self._marks and not self.needs else NEVER

    @property
    def _marks(self) -> str:
        """The marks to whose unusual positions the search is limited."""
        return self.marks or (self.seek if self.seek in MARKS else "")

    @cached_property
    def _seek(self) -> re.Pattern[str]:
        return patterns.lazy(re.escape(self.seek) if self.seek in MARKS else self.seek)

    def _places(self, document: Document) -> Iterator[Place]:
        for mark in self._marks:
            yield from find_odd(document, mark, self._seek)
        if not self._marks:
            yield from find(document, self._seek)

    @property
    def values(self) -> frozenset[str]:
        return frozenset(self.compiled.groupindex)

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.needed and not any(map(text_view(document).text.__contains__, self.needed)):
            return
        for block, start, _ in self._places(document):
            if not self.wide.isdisjoint(block.scopes) and len(block.text) < _MIN_CELL_LENGTH:
                continue
            if found := match_at(self.compiled, block.text, start):
                edit = source_edit(Edit(*found.span(), self.replace), block, document) if self.fixable else None
                values = {name: text or "" for name, text in found.groupdict().items()}
                yield Match(*block.span(*found.span()), values, (edit,) if edit else ())
