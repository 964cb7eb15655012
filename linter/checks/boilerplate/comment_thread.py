"""Comments of readers below an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.document import Block, Document
from linter.matching import fits
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_NEAR = 3  # blocks behind a heading or a name in which the first comment has its date
_LINK = "#comment"  # in the address of each comment
_PARTS = (
    "omment",
    "espon",
    "epl",
    "hought",
    "eaction",
    "eedback",
    "iscussion",
    "ntwort",
    "eaktion",
    "éponse",
    "éaction",
    "espuesta",
    "esposta",
    "omentario",
    "omentário",
    "ispost",
    "eacti",
)  # of headings, without capitals
_LOWEST = 6  # level of a heading
_LONGEST = 80  # code points of a heading, a name or a date
_MARKS = " .:…"  # behind a verb
_QUOTED = lazy(r"[,“”\"„«]")


@record
class CommentThread:
    """Comments begin with a heading that fits `headings`, or with a short line that ends in one of `verbs` in small
    letters (“Anna Berg says:”), and have a line that fits `dates` right below it. They go on up to the next heading as
    high, or to the end of the article. The patterns are regular expressions of the package `regex` for the whole
    heading or line, in any case. The message may use {number}, that of the dates.
    """

    headings: tuple[str, ...]
    verbs: tuple[str, ...]
    dates: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"number"})
    parts: ClassVar[frozenset[str]] = frozenset({"blocks"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"headings": self.headings, "dates": self.dates}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern("|".join(f"(?:{text})" for text in self.headings), regex.IGNORECASE)

    @cached_property
    def _dates(self) -> regex.Pattern[str]:
        return compile_pattern("|".join(f"(?:{text})" for text in self.dates), regex.IGNORECASE)

    def find(self, document: Document) -> Iterator[Match]:
        levels = {
            id(heading.block): heading.level for heading in document.headings if self._is_heading(heading.block.text)
        }
        has_names = document.kind != "markdown" or _LINK in document.source.text
        if not levels and not has_names:
            return
        blocks = document.top_level_blocks
        for at, block in enumerate(blocks):
            level = levels.get(id(block), 0)
            if not level and (not has_names or "heading" in block.scopes or not self._is_name(block.text)):
                continue
            if any(map(self._date_count, blocks[at : at + _NEAR + 1])):
                thread = blocks[at : _end(at, level or _LOWEST, document)]
                number = str(sum(map(self._date_count, thread)))
                yield Match(block.source_span.start, thread[-1].source_span.end, {"number": number})
                return

    def _is_heading(self, text: str) -> bool:
        return len(text) <= _LONGEST and any(map(text.__contains__, _PARTS)) and fits(self.compiled, text.strip())

    def _is_name(self, text: str) -> bool:
        if len(text) > _LONGEST and "\n" not in text:  # most blocks
            return False
        text = text.partition("\n")[0].strip()
        line = text.rstrip(_MARKS)
        return (
            len(line) <= _LONGEST
            and line[line.rfind(" ") + 1 :] in self.verbs
            and line.count(" ") in range(1, 6)
            and not line[0].islower()
            and not _QUOTED.search(line)
            and not (text.endswith(".") and not text.endswith(".."))
        )

    def _date_count(self, block: Block) -> int:
        """Return how many lines of a block are dates."""
        return sum(
            len(line) <= _LONGEST and any(map(str.isdigit, line)) and fits(self._dates, line.strip())
            for line in block.text.split("\n")
        )


def _end(at: int, level: int, document: Document) -> int | None:
    """Return the index of the first heading behind a block that is not lower than `level`; None if none is."""
    levels = {id(heading.block): heading.level for heading in document.headings}
    blocks = document.top_level_blocks
    return next((n for n in range(at + 1, len(blocks)) if levels.get(id(blocks[n]), _LOWEST + 1) <= level), None)
