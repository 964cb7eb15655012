"""Words that are none, but a frequent one in which a finger slipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from linter.document import Document
from linter.finding import Edit
from linter.prose.slips import is_known, slips
from linter.prose.strangers import strangers
from linter.rule import Match

_OFTEN = 2  # times that a slip is made in an article; what stands there more often is a word of its trade


@dataclass(frozen=True)
class Slip:
    """`slip` is swapped (two neighbours changed places), missing (a letter is) or doubled (a single letter is).

    The word meant has at least so many `letters`, and so many `documents` of the word table hold it; with `short`,
    those of one or two letters less, too, if so many do. `words` are right, though the table does not have them. What
    stands in an article three times counts only if the right word stands beside it. The message may use {right}.
    """

    slip: Literal["swapped", "missing", "doubled"]
    letters: int
    documents: int
    short: int = 0
    words: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"right"})
    vocabulary: ClassVar[bool] = True

    @cached_property
    def _slips(self) -> Mapping[str, str]:
        made = dict(slips(self.slip, self.letters, self.documents))
        if self.short:
            made = {**slips(self.slip, self.letters - 2, self.short), **made}
        return {wrong: right for wrong, right in made.items() if wrong not in self.words}

    def find(self, document: Document) -> Iterator[Match]:
        found = [one for one in strangers(document, self._slips) if not is_known(one[1].text)]
        counts = Counter(word.text for _, word in found)
        for passage, word in found:
            right = self._slips[word.text]
            if counts[word.text] <= _OFTEN or right in passage.vocabulary:
                span = passage.block.span(word.start, word.end)
                whole = document.source.text[span.start : span.end] == word.text
                yield Match(*span, {"right": right}, (Edit(*span, right),) if whole else ())
