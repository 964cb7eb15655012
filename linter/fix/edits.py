"""Fix one article: apply edits to a source, in passes, until the text is stable."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

from linter.document import Span
from linter.finding import Edit, Finding
from linter.source import LINE_END, Source

CheckSource = Callable[[Source], Sequence[Finding]]
Place = tuple[str, Span]  # a rule, and the span of its finding
_MAX_PASSES = 30  # passes over one article; real articles need two or three passes
# Each attempt at a pass leaves out the fixes that were ineffective in earlier attempts. After this many attempts, all
# other fixes of the same rules are left out, too.
_MAX_ATTEMPTS = 4
_MAX_RESTARTS = 4  # runs, each without the unstable rules of earlier runs; if all fail, nothing is fixed


@dataclass(eq=False)
class Rewrite:
    """Edits of the source `old`, in order. The edits that `take` adds never touch the edits of earlier fixes."""

    old: Source
    edits: list[Edit] = field(default_factory=list)

    @classmethod
    def of(cls, old: Source, findings: Iterable[Finding]) -> Rewrite:
        """Return the rewrite with the edits of all `findings`. Edits that overlap must be identical."""
        return cls(old, sorted({edit for finding in findings for edit in finding.edits}))

    def take(self, edits: Sequence[Edit]) -> bool:
        """Add all edits of a fix, or none of them; return whether the fix was accepted.

        The fix is rejected if none of its edits changes the text, or if one of its edits does any of the following:
        - It overlaps another edit of the fix, or begins at the same offset.
        - It overlaps or touches an edit of an earlier fix, unless the two edits are identical.
        - It overlaps undecodable bytes, or splits a line end.
        - It contains a character that the encoding of the source lacks.
        """
        new = sorted({edit for edit in edits if not self._contains(edit)})
        if not all(map(self._possible, edits)) or not any(map(self._changes, edits)):
            return False
        if any(a.end > b.start or a.start == b.start for a, b in pairwise(new)) or not all(map(self._free, new)):
            return False
        for edit in new:
            self.edits.insert(bisect_left(self.edits, edit), edit)
        return True

    @cached_property
    def source(self) -> Source:
        """The edited source. Inserted text has the line ends of the old source."""
        parts, done = [], 0
        for edit in self.edits:
            parts += [self.old.text[done : edit.start], self._written(edit)]
            done = edit.end
        undecodable_runs = tuple((self.span(Span(at, at + len(run))).start, run) for at, run in self.old.undecodable)
        return replace(self.old, text="".join(parts) + self.old.text[done:], undecodable=undecodable_runs)

    def span(self, span: Span) -> Span:
        """Return the span in the new text for a span of the old text. Text inserted at its edges is included."""
        return Span(self._start(span.start), self._end(span.end))

    def moved(self, finding: Finding) -> Finding | None:
        """Return a finding at its position in the new text, or None if its text was deleted.

        The finding keeps its fix only if no edit touches that fix.
        """
        start, end = self.span(Span(finding.start, finding.end))
        if start == end and finding.start < finding.end:
            return None
        fix = None if any(map(self._meets, finding.edits)) else finding.fix
        edits = tuple(Edit(self._start(edit.start), self._end(edit.end), edit.text) for edit in finding.edits)
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
            fix=fix and fix._replace(edits=edits),
        )

    def _meets(self, other: Edit) -> bool:
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
        """At index `i`: the number of code points by which the first `i` edits move the text after them."""
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
        undecodable_runs = self.old.undecodable
        i = bisect_right(undecodable_runs, (edit.end, b"")) - 1
        if i >= 0 and undecodable_runs[i][0] + len(undecodable_runs[i][1]) > edit.start:
            return False
        try:
            self._written(edit).encode(self.old.encoding)
        except UnicodeError:
            return False
        return True

    def _contains(self, edit: Edit) -> bool:
        i = bisect_left(self.edits, edit)
        return i < len(self.edits) and self.edits[i] == edit

    def _free(self, edit: Edit) -> bool:
        """Whether an edit touches neither the edit before it nor the edit after it."""
        i = bisect_left(self.edits, edit)
        behind = i == len(self.edits) or edit.end < self.edits[i].start
        return behind and (i == 0 or self.edits[i - 1].end < edit.start)


class FixedSource(NamedTuple):
    """The result of fixing an article.

    `fixed` are the findings whose fixes were applied, each at its position just before the fix. `remaining` are the
    findings in the fixed source, without those at protected positions. `unstable` are the names of the rules whose
    fixes undo each other or never end; none of their fixes was applied.
    """

    source: Source
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    unstable: tuple[str, ...] = ()


def apply_fixes(
    source: Source,
    check: CheckSource,
    *,
    unsafe: bool = False,
    protected: Iterable[Place] = (),
    extra: Iterable[Finding] = (),
) -> FixedSource:
    """Fix the findings that `check` returns for `source`, in passes, until nothing changes; return the result.

    Only safe fixes are applied, unless `unsafe` is true. `protected` are positions in `source` at which a rule must not
    fix anything. `extra` are findings of rules that compare articles, which cannot be checked again here; each remains
    until it is fixed or its text is deleted. A fix is kept only if its rule finds nothing new at the fixed position.
    The number of passes is limited, so fixes that undo each other do not run forever.
    """
    start = partial(_FixRun, check, unsafe, source, tuple(protected), tuple(extra))
    unstable: set[str] = set()
    for _ in range(_MAX_RESTARTS):
        run = start(disabled=frozenset(unstable))
        if not (newly_unstable := run.run()):
            return FixedSource(run.source, tuple(run.fixed), tuple(run.remaining()), tuple(sorted(unstable)))
        unstable |= newly_unstable
    last_run = start(disabled=frozenset(unstable))
    last_run.recheck()
    return FixedSource(source, (), tuple(last_run.remaining()), tuple(sorted(unstable)))


@dataclass(eq=False)
class _FixRun:
    check: CheckSource
    unsafe: bool
    source: Source
    protected: tuple[Place, ...]
    extra: tuple[Finding, ...]
    disabled: frozenset[str]
    found: Sequence[Finding] = ()
    fixed: list[Finding] = field(default_factory=list)

    def run(self) -> set[str]:
        """Apply passes until the text is stable, and return an empty set.

        If the text does not become stable, return the names of the rules that prevent this.
        """
        self.recheck()
        seen = {self.source.text: 0}  # each text so far, with the number of fixes that led to it
        for _ in range(_MAX_PASSES):
            if not self._pass():
                return set()
            if self.source.text in seen:
                return self._rules_since(seen[self.source.text])
            seen[self.source.text] = len(self.fixed)
        return self._rules_since([*seen.values()][_MAX_PASSES // 2])

    def recheck(self) -> None:
        """Check the current source, and update `found`."""
        self.found = _merged(self.check(self.source), self.extra)

    def _rules_since(self, done: int) -> set[str]:
        return {finding.rule for finding in self.fixed[done:]}

    def _pass(self) -> bool:
        """Apply fixes that are effective and do not overlap, and return whether there were any."""
        rejected: set[Place] = set()
        for attempt in range(_MAX_ATTEMPTS + len(self.found)):
            chosen = non_overlapping(
                (finding for finding in self._fixable() if place_of(finding) not in rejected), self.source
            )
            if not chosen:
                return False
            rewrite = Rewrite.of(self.source, chosen)
            fixed = set(map(place_of, chosen))
            extra = tuple(filter(None, (rewrite.moved(each) for each in self.extra if place_of(each) not in fixed)))
            found = _merged(self.check(rewrite.source), extra)
            if not (broken := _ineffective(self.found, chosen, rewrite, found)):
                break
            names = {finding.rule for finding in broken} if attempt >= _MAX_ATTEMPTS else set()
            rejected |= {place_of(each) for each in chosen if each in broken or each.rule in names}
        self.protected = tuple((rule, rewrite.span(span)) for rule, span in self.protected)
        self.fixed += chosen
        self.source, self.found, self.extra = rewrite.source, found, extra
        return True

    def _fixable(self) -> list[Finding]:
        return [
            finding
            for finding in self.remaining()
            if finding.fix and (finding.fix.safe or self.unsafe) and finding.rule not in self.disabled
        ]

    def remaining(self) -> list[Finding]:
        """Return the current findings, without those at protected positions."""
        protected = Places(self.protected)
        return [finding for finding in self.found if not protected.meet(finding.rule, _span(finding))]


def _merged(own: Iterable[Finding], extra: Iterable[Finding]) -> list[Finding]:
    """Return all findings in order, without duplicates. Findings in `own` take precedence."""
    return sorted({place_of(finding): finding for finding in (*extra, *own)}.values(), key=attrgetter("order"))


def non_overlapping(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """Return the findings whose fixes can be applied together. Of fixes that overlap or touch, the first is kept."""
    rewrite = Rewrite(source)
    return [finding for finding in findings if finding.fix and rewrite.take(finding.fix.edits)]


def _ineffective(
    before: Iterable[Finding], chosen: Sequence[Finding], rewrite: Rewrite, after: Iterable[Finding]
) -> list[Finding]:
    """Return those findings in `chosen` whose rule finds something new at the fixed position.

    `before` and `after` are all findings before and after the rewrite.
    """
    fixed = {place_of(finding) for finding in chosen}
    remaining = {(rule, rewrite.span(span)) for rule, span in map(place_of, before) if (rule, span) not in fixed}
    new = Places(place for place in map(place_of, after) if place not in remaining)
    return [finding for finding in chosen if new.meet(finding.rule, _fixed_span(finding, rewrite))]


def _fixed_span(finding: Finding, rewrite: Rewrite) -> Span:
    """Return the span in the new text that contains a finding and its edits."""
    start = min([finding.start, *(edit.start for edit in finding.edits)])
    return rewrite.span(Span(start, max([finding.end, *(edit.end for edit in finding.edits)])))


class Places:
    """Spans of findings by rule, for lookups. An empty span includes the characters that it touches."""

    def __init__(self, places: Iterable[Place]) -> None:
        spans = defaultdict(list)
        for rule, span in places:
            spans[rule].append(_widened(span))
        self._starts = {rule: sorted(span.start for span in own) for rule, own in spans.items()}
        self._ends = {rule: list(accumulate((span.end for span in sorted(own)), max)) for rule, own in spans.items()}

    def meet(self, rule: str, span: Span) -> bool:
        """Whether a span of `rule` shares a character with `span`."""
        start, end = _widened(span)
        i = bisect_left(self._starts.get(rule, ()), end)
        return i > 0 and self._ends[rule][i - 1] > start


def _widened(span: Span) -> Span:
    return Span(span.start - 1, span.end + 1) if span.start == span.end else span


def place_of(finding: Finding) -> Place:
    """Return the rule and the span of a finding."""
    return finding.rule, _span(finding)


def _span(finding: Finding) -> Span:
    return Span(finding.start, finding.end)
