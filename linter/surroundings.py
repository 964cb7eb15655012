"""The words on both sides of a place, within its own block, as digests by which it is known again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from linter.digest import blake2b
from linter.document import Document

_WORDS = 4
_REACH = 80  # code points on either side in which these words are looked for


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What stands beside places of a document. What is in no block of prose or code has its line for a block."""

    document: Document

    def beside(self, start: int, end: int) -> str:
        """The digest of the words before the source span and of those behind it, with a hyphen between.

        A side without words is empty. Line ends and the width of white space make no difference.
        """
        text = self.document.source.text
        low, high = self._low(start), self._high(end)
        before = text[max(low, start - _REACH) : start].split()[-_WORDS:]
        after = text[end : min(high, end + _REACH)].split()[:_WORDS]
        return f"{_digest(before)}-{_digest(after)}"

    def _low(self, start: int) -> int:
        """Where the block begins that `start` lies in."""
        at = bisect_right(self._starts, start) - 1
        if at >= 0 and start <= self.document.flow[at].outer.end:
            return self._starts[at]
        return self.document.source.line_span(start)[0]

    def _high(self, end: int) -> int:
        """Where the block ends that `end` lies in; a block that begins there is another one."""
        at = bisect_right(self._starts, max(0, end - 1)) - 1
        if at >= 0 and end <= (last := self.document.flow[at].outer.end):
            return last
        return self.document.source.line_span(end)[1]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.places[1] for block in self.document.flow]


def _digest(words: Sequence[str]) -> str:
    return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=3).hexdigest() if words else ""
