"""Edits of a source taken together: the text they make, and where what stood in the old one stands in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise

from linter.block import Span
from linter.finding import Edit, Finding
from linter.source import LINE_END, Source


@dataclass(eq=False)
class Rewrite:
    """Edits of `old` in order; between those of two fixes at least one character stays."""

    old: Source
    edits: list[Edit] = field(default_factory=list)

    @classmethod
    def of(cls, old: Source, edits: Iterable[Edit]) -> Rewrite:
        """The rewrite by `edits`, which lie apart or are the same."""
        return cls(old, sorted(set(edits)))

    def take(self, edits: Sequence[Edit]) -> bool:
        """Take up edits that belong together, all or none of them; whether they were taken.

        They are not if they change nothing, overlap, touch those that were taken before, cut a line end in
        two, touch bytes that stand for no character, or hold one that the encoding of the source does not have.
        """
        new = sorted({edit for edit in edits if not self._has(edit)})
        if not all(map(self._possible, edits)) or not any(map(self._changes, edits)):
            return False
        if any(a.end > b.start or a.start == b.start for a, b in pairwise(new)) or not all(map(self._free, new)):
            return False
        for edit in new:
            self.edits.insert(bisect_left(self.edits, edit), edit)
        return True

    @cached_property
    def source(self) -> Source:
        """The source that the edits make; what they break lines with is the line end of the old one."""
        parts, done = [], 0
        for edit in self.edits:
            parts += [self.old.text[done : edit.start], self._written(edit)]
            done = edit.end
        lost = tuple((self.span(Span(at, at + len(run))).start, run) for at, run in self.old.undecodable)
        return replace(self.old, text="".join(parts) + self.old.text[done:], undecodable=lost)

    def span(self, span: Span) -> Span:
        """Where a span of the old text lies in the new one; what is put in at its edges is inside."""
        return Span(self._start(span.start), self._end(span.end))

    def moved(self, finding: Finding) -> Finding | None:
        """What was found in the old text as it stands in the new one; None where that was deleted.

        Its fix stays if no edit meets it.
        """
        start, end = self.span(Span(finding.start, finding.end))
        if start == end and finding.start < finding.end:
            return None
        fix = finding.fix
        if fix and any(map(self._meets, fix.edits)):
            fix = None
        edits = (
            [edit._replace(start=self._start(edit.start), end=self._end(edit.end)) for edit in fix.edits] if fix else ()
        )
        line, column = self.source.position(start)
        end_line, end_column = self.source.position(end)
        return finding._replace(
            start=start,
            end=end,
            text=self.source.text[start:end],
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            fix=fix and fix._replace(edits=tuple(edits)),
        )

    def _meets(self, other: Edit) -> bool:
        """Whether one of the edits overlaps or touches another one."""
        i = bisect_right(self._starts, other.end)
        return i > 0 and self.edits[i - 1].end >= other.start

    def _start(self, at: int) -> int:
        i = bisect_left(self._starts, at)
        if i and self.edits[i - 1].end > at:
            return self._starts[i - 1] + self._shifts[i - 1]
        return at + self._shifts[i]

    def _end(self, at: int) -> int:
        i = bisect_right(self._starts, at)
        if i and self.edits[i - 1].end > at:
            inside = self._starts[i - 1] < at
            return self.edits[i - 1].end + self._shifts[i] if inside else at + self._shifts[i - 1]
        return at + self._shifts[i]

    @cached_property
    def _starts(self) -> list[int]:
        return [edit.start for edit in self.edits]

    @cached_property
    def _shifts(self) -> list[int]:
        """By how much the text behind the first `i` edits moves."""
        grown = (len(self._written(edit)) - (edit.end - edit.start) for edit in self.edits)
        return list(accumulate(grown, initial=0))

    def _written(self, edit: Edit) -> str:
        return LINE_END.sub(self.old.line_end, edit.text)

    def _changes(self, edit: Edit) -> bool:
        return self.old.text[edit.start : edit.end] != self._written(edit)

    def _possible(self, edit: Edit) -> bool:
        text = self.old.text
        if any(text[at - 1 : at + 1] == "\r\n" for at in (edit.start, edit.end) if at):
            return False
        lost = self.old.undecodable
        i = bisect_right(lost, (edit.end, b"")) - 1
        if i >= 0 and lost[i][0] + len(lost[i][1]) > edit.start:
            return False
        try:
            self._written(edit).encode(self.old.encoding)
        except UnicodeError:
            return False
        return True

    def _has(self, edit: Edit) -> bool:
        i = bisect_left(self.edits, edit)
        return i < len(self.edits) and self.edits[i] == edit

    def _free(self, edit: Edit) -> bool:
        """Whether an edit stays clear of the two beside it."""
        i = bisect_left(self.edits, edit)
        behind = i == len(self.edits) or edit.end < self.edits[i].start
        return behind and (i == 0 or self.edits[i - 1].end < edit.start)
