"""Words and phrases to avoid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from linter import matching
from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Block
from linter.rule import Match


@dataclass(frozen=True)
class Phrases:
    """Plain words or phrases, listed in `phrases`.

    They match in any case or, with `case: true`, only in the case given.
    """

    phrases: tuple[str, ...]
    case: bool = False

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return matching.phrases(self.phrases, case=self.case)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.phrases)

    def find(self, block: Block) -> Iterator[Match]:
        for match in matching.matches(self.compiled, block.text):
            yield Match(match.start(), match.end())
