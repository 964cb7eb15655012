"""Words that should be other words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter import matching
from linter.document import Block
from linter.finding import Edit
from linter.rule import Match


@dataclass(frozen=True)
class Swap:
    """`swap` maps the wrong phrase to the right one; a capital at the start is kept unless `case: true`.

    The message may use {right}.
    """

    swap: Mapping[str, str]
    case: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return matching.phrases(self.swap, case=self.case)

    @cached_property
    def _rights(self) -> dict[str, str]:
        return {self._key(wrong): right for wrong, right in self.swap.items()}

    def _key(self, text: str) -> str:
        plain = " ".join(text.split()).replace("’", "'").replace("“", '"').replace("”", '"')
        return plain if self.case else plain.casefold()

    def find(self, block: Block) -> Iterator[Match]:
        for match in matching.matches(self.compiled, block.text):
            right = self._rights[self._key(match[0])]
            if not self.case and match[0][0].isupper():
                right = right[:1].upper() + right[1:]
            if right != match[0]:
                yield Match(match.start(), match.end(), {"right": right}, (Edit(match.start(), match.end(), right),))
