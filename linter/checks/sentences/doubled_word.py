"""Words doubled by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.document import Block
from linter.finding import Edit
from linter.matching import matches
from linter.record import record
from linter.rule import Match

_AROUND = 50  # code points on each side that are looked at


@record
class DoubledWord:
    """`words` never appear twice in a row in a sentence, in any case; a line break may lie between.

    Three in a row are intended, and so is a second one with a capital: it begins a name. The fix takes the second one
    out. The message may use {word}.
    """

    words: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"word"})

    @cached_property
    def _pattern(self) -> regex.Pattern[str]:
        either = "|".join(map(regex.escape, sorted(self.words)))
        word = rf"(?<![^\s(“\"‘—–])(?P<word>(?i:{either}))"
        return regex.compile(rf"{word}(?P<gap>\s++)(?P<again>(?i:(?P=word)))(?=\s++[^\W_])", regex.VERSION1)

    @cached_property
    def literals(self) -> Literals | None:
        twice = "|".join(rf"{word}\s+{word}" for word in map(regex.escape, self.words))
        return literals_of_pattern(rf"(?:{twice})\s", regex.VERSION1 | regex.IGNORECASE)

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        words = text.lower().split()
        if not any(one == other and one in self.words for one, other in pairwise(words)):
            return
        for match in matches(self._pattern, text):
            if match["again"].islower() and not match["word"][1:].isupper() and not self._goes_on(match, text):
                yield Match(*match.span(), {"word": match["again"]}, (Edit(match.start("gap"), match.end(), ""),))

    def _goes_on(self, match: regex.Match[str], text: str) -> bool:
        """Whether the same word precedes or follows too, or they are letters in a row."""
        neighbors = text[max(0, match.start() - _AROUND) : match.start()].split()[-1:]
        neighbors += text[match.end() : match.end() + _AROUND].split()[:1]
        row = len(match["again"]) == 1 and all(len(word) == 1 for word in neighbors)
        return row or match["again"] in (word.lower() for word in neighbors)
