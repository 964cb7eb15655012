"""Reports on how an article was made, published at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block, Document
from linter.matching import match_at
from linter.record import record
from linter.rule import Match

_LONGEST = 80  # code points of a line that is the heading of a section
_LOWEST = 7  # the level of a paragraph that is the heading of what follows
_FLAGS = regex.VERSION1 | regex.IGNORECASE | regex.VERBOSE


@record
class Report:
    """`headings` is a regular expression that the heading of a report is, as a whole and in any case; below one that
    `weak` fits, each of the regular expressions in `evidence` must match.

    A short paragraph that ends with a colon is a heading, too. The report goes on to the end of the article: all
    headings behind the first that are not below it are of reports. The match is the whole of it.
    """

    headings: str
    weak: str
    evidence: tuple[str, ...]

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"headings": (self.headings,), "weak": (self.weak,), "evidence": self.evidence}

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(f"{self.headings}|{self.weak}", _FLAGS)

    @cached_property
    def _strong(self) -> regex.Pattern[str]:
        return compile_pattern(rf"(?:{self.headings})\Z", _FLAGS)

    @cached_property
    def _any(self) -> regex.Pattern[str]:
        return compile_pattern(rf"(?:{self.headings}|{self.weak})\Z", _FLAGS)

    @cached_property
    def _proofs(self) -> Sequence[regex.Pattern[str]]:
        return [compile_pattern(pattern, _FLAGS) for pattern in self.evidence]

    def find(self, document: Document) -> Iterator[Match]:
        levels = {heading.block.places[1]: heading.level for heading in document.headings}
        blocks = document.top_level_blocks
        for number, title in reversed(list(self._own(blocks, levels))):
            if self._is_report(title, blocks[number + 1 :]):
                yield Match(blocks[number].source_span.start, blocks[-1].source_span.end)
                return

    def _own(self, blocks: Sequence[Block], levels: Mapping[int, int]) -> Iterator[tuple[int, str]]:
        """Yield the headings of reports behind which all that are not below them are of reports, the last one first."""
        limit = _LOWEST + 1  # the level of the highest heading so far that is of no report
        top = min(levels.values(), default=_LOWEST)
        for number in range(len(blocks) - 1, 0, -1):
            title, level = _title(blocks[number], levels)
            if title and level < limit:
                if match_at(self._any, title, 0):
                    yield number, title
                else:
                    limit = level
            if limit <= top:
                return

    def _is_report(self, title: str, section: Sequence[Block]) -> bool:
        if not section or match_at(self._strong, title, 0):
            return bool(section)
        text = "\n".join(block.text for block in section)
        return all(proof.search(text) for proof in self._proofs)


def _title(block: Block, levels: Mapping[int, int]) -> tuple[str, int]:
    """Return the text of a heading, without marks around it, and its level."""
    text = block.text
    if len(text) > _LONGEST or not ("heading" in block.scopes or (block.scopes == {"paragraph"} and text[-1:] == ":")):
        return "", 0
    return text.strip(" :*_\u00a0✅📝🔍📊"), levels.get(block.places[1], _LOWEST)
