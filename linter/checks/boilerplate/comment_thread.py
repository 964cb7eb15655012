"""Reader comments below an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, any_of
from linter.analysis.pattern_base import ScreenedPattern, compile_pattern
from linter.document import Block, Document
from linter.folding import folded
from linter.matching import fits
from linter.patterns import lazy
from linter.rule import Match
from linter.views import NUL, TextView

_DATE_REACH = 3  # how many blocks after a heading or name are searched for the date of the first comment
_LINK = "#comment"  # part of the URL of each comment
_MAX_HEADING_LEVEL = 6  # lowest heading level
_MAX_LINE_LENGTH = 80  # maximum code points of a heading, name or date
_MARKS = " .:…"  # marks allowed after a verb
_QUOTED = lazy(r"[,“”\"„«]")


@dataclass(frozen=True)
class CommentThread:
    """A thread of reader comments at the end of an article or section.

    A thread begins with a heading or a name. `headings` are regular expressions for the `regex` package that match a
    whole heading and ignore case. A name is the first line of a block if this line has two to six words and ends in one
    of `verbs`, such as “Anna Berg says:”; the verbs are in lowercase. In Markdown, names count only if the source
    contains “#comment”, which is part of the URLs of comments.

    `dates` are regular expressions for the `regex` package that match a whole line and ignore case. A line that one of
    them matches must follow within three blocks.

    A thread that begins with a heading ends at the next heading of the same or a higher level. A thread that begins
    with a name ends at the next heading. Without such a heading, the thread ends at the end of the article. Only the
    first thread of an article matches. The message may use {number}, the number of dates in the thread.
    """

    headings: tuple[str, ...]
    verbs: tuple[str, ...]
    dates: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"number"})

    @cached_property
    def literals(self) -> Literals | None:
        verbs = frozenset(folded(f" {verb}") for verb in self.verbs)
        return any_of(self._heading.literals, (verbs,)) if verbs else self._heading.literals or None

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"headings": self.headings, "dates": self.dates}

    @property
    def compiled(self) -> regex.Pattern[str]:
        return self._heading.compiled

    @cached_property
    def _heading(self) -> ScreenedPattern:
        return ScreenedPattern("|".join(f"(?:{text})" for text in self.headings))

    @cached_property
    def _dates(self) -> regex.Pattern[str]:
        return compile_pattern("|".join(f"(?:{text})" for text in self.dates), regex.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        levels = self._levels(document)
        has_names = document.kind != "markdown" or _LINK in document.source.text
        if not levels and not has_names:
            return
        blocks = document.top_level_blocks
        for at, block in enumerate(blocks):
            level = levels.get(id(block), 0)
            if not level and (not has_names or "heading" in block.scopes or not self._is_name(block.text)):
                continue
            if any(map(self._date_count, blocks[at : at + _DATE_REACH + 1])):
                thread = blocks[at : _end(at, level or _MAX_HEADING_LEVEL, document)]
                number = str(sum(map(self._date_count, thread)))
                yield Match(block.source_span.start, thread[-1].source_span.end, {"number": number})
                return

    def _levels(self, document: Document) -> dict[int, int]:
        """Return the levels of the headings that match one of `headings`, by `id(heading.block)`."""
        headings = [heading for heading in document.headings if len(heading.block.text) <= _MAX_LINE_LENGTH]
        forms = TextView([heading.block.text for heading in headings], NUL, folded).text.split(NUL)
        return {
            id(heading.block): heading.level
            for heading, form in zip(headings, forms, strict=False)
            if self._heading.may_match(form) and fits(self.compiled, heading.block.text.strip())
        }

    def _is_name(self, text: str) -> bool:
        if len(text) > _MAX_LINE_LENGTH and "\n" not in text:  # true for most blocks
            return False
        text = text.partition("\n")[0].strip()
        line = text.rstrip(_MARKS)
        return (
            len(line) <= _MAX_LINE_LENGTH
            and line[line.rfind(" ") + 1 :] in self.verbs
            and line.count(" ") in range(1, 6)
            and not line[0].islower()
            and not _QUOTED.search(line)
            and not (text.endswith(".") and not text.endswith(".."))
        )

    def _date_count(self, block: Block) -> int:
        """Return how many lines of a block match one of `dates`."""
        return sum(
            len(line) <= _MAX_LINE_LENGTH and any(map(str.isdigit, line)) and fits(self._dates, line.strip())
            for line in block.text.split("\n")
        )


def _end(at: int, level: int, document: Document) -> int | None:
    """Return the index of the next heading of this level or higher after the block `at`, or None.

    Indexes refer to `top_level_blocks`.
    """
    levels = {id(heading.block): heading.level for heading in document.headings}
    blocks = document.top_level_blocks
    return next(
        (n for n in range(at + 1, len(blocks)) if levels.get(id(blocks[n]), _MAX_HEADING_LEVEL + 1) <= level), None
    )
