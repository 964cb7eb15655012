"""One suppression of an article, and which of many hold where something was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from linter.block import Span
from linter.finding import Edit, Finding
from linter.rule import OWN, fits
from linter.silencing.directives import Named


@dataclass(frozen=True, eq=False)
class Suppression:
    """Rules that are to be silent on a part of an article.

    It stands at `span` of the source and holds for `held`; where there is a `word`, only for findings that end in it.
    Without `names` it is about all rules but those of the tool itself. `comments` are all that belong to it.
    """

    span: Span
    held: Span
    names: tuple[Named, ...] = ()
    reason: str = ""
    word: Span | None = None
    comments: tuple[Span, ...] = ()

    def holds(self, start: int, end: int) -> bool:
        """Whether it holds for a character of `[start, end)`, or for an empty span that it touches."""
        held_start, held_end = self.held
        return held_start < max(end, start + 1) and (start < held_end or start == end == held_end)

    def silences(self, finding: Finding) -> Iterator[int]:
        """Where that stands in the source by which a finding in its reach is silenced: names, or its own place."""
        if self.word and not self.word.start < max(finding.end, finding.start + 1) <= self.word.end:
            return
        if not self.names and not finding.rule.startswith(f"{OWN}/"):
            yield self.span.start
        for name, span in self.names:
            if fits(name, finding.rule):
                yield span.start


@dataclass(eq=False)
class Reach:
    """Suppressions, asked about findings in the order of their starts: which of them hold there."""

    suppressions: Iterable[Suppression]
    _active: list[tuple[int, int, Suppression]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting = sorted(self.suppressions, key=lambda one: one.held, reverse=True)

    def over(self, finding: Finding | Edit) -> Iterator[Suppression]:
        """Those whose part shares a character with a finding or an edit, or that an empty one touches."""
        end = max(finding.end, finding.start + 1)
        while self._waiting and self._waiting[-1].held.start < end:
            one = self._waiting.pop()
            heappush(self._active, (one.held.end, len(self._waiting), one))
        while self._active and self._active[0][0] < finding.start:
            heappop(self._active)
        for _, _, one in self._active:
            if one.holds(finding.start, finding.end):
                yield one
