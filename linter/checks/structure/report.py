"""Reports, at the end of an article, on how the article was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block, Document
from linter.matching import match_at
from linter.rule import Match

_MAX_HEADING_LENGTH = 80  # maximum code points of a line that may be a heading
_PARAGRAPH_LEVEL = 7  # level of a paragraph that serves as a heading
_FLAGS = regex.VERSION1 | regex.IGNORECASE | regex.VERBOSE


@dataclass(frozen=True)
class Report:
    """A report, at the end of an article, on how the article was made. The match is the whole report.

    `headings` is a regular expression for the whole heading of a report. `weak` is a regular expression for headings
    that may also belong to the article; below such a heading, all regular expressions in `evidence` must match in the
    text. The expressions are for the `regex` package. They ignore case, and white space in them has no meaning. A
    paragraph of at most 80 characters that ends with a colon counts as a heading below all other levels. A report
    continues to the end of the article: all later headings on the same or a higher level must be headings of reports,
    too.
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

    def find_in(self, document: Document) -> Iterator[Match]:
        levels = {heading.block.places[1]: heading.level for heading in document.headings}
        blocks, highest = document.prose, min(levels.values(), default=_PARAGRAPH_LEVEL)
        first, other = (
            0,
            _PARAGRAPH_LEVEL + 1,
        )  # the index of the first block of the report, and the highest level of later headings that are not of reports
        for number in range(len(blocks) - 1, 0, -1):
            if other <= highest:
                break  # every section above is followed by a heading that does not belong to a report
            title, level = _title(blocks[number], levels)
            if not title or level >= other:
                continue
            if not match_at(self._any, title, 0):
                other = level
            elif self._is_report(title, blocks[number + 1 :]):
                first = number
        if first:
            yield Match(blocks[first].source_span.start, blocks[-1].source_span.end)

    def _is_report(self, title: str, section: Sequence[Block]) -> bool:
        if not section or match_at(self._strong, title, 0):
            return bool(section)
        text = "\n".join(block.text for block in section)
        return all(proof.search(text) for proof in self._proofs)


def _title(block: Block, levels: Mapping[int, int]) -> tuple[str, int]:
    """Return the text and the level of a heading, or "" and 0 if `block` does not serve as a heading."""
    text = block.text
    if len(text) > _MAX_HEADING_LENGTH or not (
        "heading" in block.scopes or (block.scopes == {"paragraph"} and text[-1:] == ":")
    ):
        return "", 0
    return text.strip(" :*_\u00a0✅📝🔍📊"), levels.get(block.places[1], _PARAGRAPH_LEVEL)
