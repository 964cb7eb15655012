"""Edits of a source taken together: the text they make, and where what stood in the old one stands in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from linter.document import Span
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
        """The source that the edits make; what they break lines with is the line end of the old one."""
        parts, done = [], 0
        for edit in self.edits:
            parts += [self.old.text[done : edit.start], self._written(edit)]
            done = edit.end
        undecodable_runs = tuple((self.span(Span(at, at + len(run))).start, run) for at, run in self.old.undecodable)
        return replace(self.old, text="".join(parts) + self.old.text[done:], undecodable=undecodable_runs)

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
        """Whether an edit stays clear of the two beside it."""
        i = bisect_left(self.edits, edit)
        behind = i == len(self.edits) or edit.end < self.edits[i].start
        return behind and (i == 0 or self.edits[i - 1].end < edit.start)


# Fixes put to an article: pass by pass, each over what lies apart, until nothing more is to be done.

CheckSource = Callable[[Source], Sequence[Finding]]
Place = tuple[str, Span]  # a rule and where it found something

_MAX_PASSES = 30  # over one article; real ones come to rest in two or three
_MAX_ATTEMPTS = 4  # at one pass, each without the fixes that did not hold; then their rules are left out of it
_MAX_RESTARTS = 4  # each without the rules that did not come to rest; then nothing is mended


class FixedSource(NamedTuple):
    """What came of an article: `fixed` are the findings whose fixes are in it, with the places they had then.

    `remaining` are the findings in it now, without those in protected places. `unstable` names the rules whose fixes
    undo each other or grow without end; none of their fixes is applied.
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
    """Fix what `check` finds in an article, safe fixes only unless `unsafe`, until that changes nothing.

    `protected` are places in `source` where a rule is to mend nothing. `extra` are further findings in it, by rules
    that take more than this article to be asked again; each counts until it is mended or its place deleted. A fix is
    made if it holds: its rule is silent then on the mended place. Ends for whatever rules.
    """
    unstable: set[str] = set()
    for _ in range(_MAX_RESTARTS):
        run = _FixRun(check, unsafe, frozenset(unstable), source, tuple(protected), tuple(extra))
        if not (newly_unstable := run.run()):
            return FixedSource(run.source, tuple(run.fixed), tuple(run.remaining()), tuple(sorted(unstable)))
        unstable |= newly_unstable
    last_run = _FixRun(check, unsafe, frozenset(unstable), source, tuple(protected), tuple(extra))
    last_run.recheck()
    return FixedSource(source, (), tuple(last_run.remaining()), tuple(sorted(unstable)))


@dataclass(eq=False)
class _FixRun:
    """One way from an article to its rest; `found` is what stands in `source` as it is now."""

    check: CheckSource
    unsafe: bool
    disabled: frozenset[str]
    source: Source
    protected: tuple[Place, ...]
    extra: tuple[Finding, ...]
    found: Sequence[Finding] = ()
    fixed: list[Finding] = field(default_factory=list)

    def run(self) -> set[str]:
        """Go there → the rules that keep it from coming to rest, or none."""
        self.recheck()
        seen = {self.source.text: 0}  # with how many fixes each text was reached
        for _ in range(_MAX_PASSES):
            if not self._pass():
                return set()
            if self.source.text in seen:
                return self._rules_since(seen[self.source.text])
            seen[self.source.text] = len(self.fixed)
        return self._rules_since([*seen.values()][_MAX_PASSES // 2])

    def recheck(self) -> None:
        """Look at the article as it is now."""
        self.found = self._sorted(self.check(self.source), self.extra)

    def _sorted(self, own: Iterable[Finding], extra: Iterable[Finding]) -> list[Finding]:
        return sorted((*own, *extra), key=lambda finding: finding.order)

    def _rules_since(self, done: int) -> set[str]:
        return {finding.rule for finding in self.fixed[done:]}

    def _pass(self) -> bool:
        """Make the fixes that lie apart and hold → whether there were any."""
        rejected: set[Place] = set()
        for attempt in range(_MAX_ATTEMPTS + len(self.found)):
            chosen = non_overlapping(
                (finding for finding in self._fixable() if _place(finding) not in rejected), self.source
            )
            if not chosen:
                return False
            rewrite = Rewrite.of(self.source, (edit for finding in chosen if finding.fix for edit in finding.fix.edits))
            extra = tuple(filter(None, map(rewrite.moved, set(self.extra) - set(chosen))))
            found = self._sorted(self.check(rewrite.source), extra)
            if not (broken := _ineffective(self.found, chosen, rewrite, found)):
                break
            names = {finding.rule for finding in broken} if attempt >= _MAX_ATTEMPTS else set()
            rejected |= {_place(each) for each in chosen if each in broken or each.rule in names}
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
        """What is found now, but in spared places."""
        protected = Places(self.protected)
        return [finding for finding in self.found if not protected.meet(finding.rule, _span(finding))]


def non_overlapping(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """Those of `findings` whose edits can be made at once, in one rewrite: the first one wins where they meet."""
    rewrite = Rewrite(source)
    return [finding for finding in findings if finding.fix and rewrite.take(finding.fix.edits)]


def _ineffective(
    before: Iterable[Finding], chosen: Sequence[Finding], rewrite: Rewrite, after: Iterable[Finding]
) -> list[Finding]:
    """Those of `chosen` on whose mended places their rule finds something `after` that it did not find there before."""
    fixed = {_place(finding) for finding in chosen}
    remaining = {(rule, rewrite.span(span)) for rule, span in map(_place, before) if (rule, span) not in fixed}
    new = Places(place for place in map(_place, after) if place not in remaining)
    return [finding for finding in chosen if new.meet(finding.rule, _fixed_span(finding, rewrite))]


def _fixed_span(finding: Finding, rewrite: Rewrite) -> Span:
    """Where what was found and its edits lie after the rewrite."""
    edits = finding.fix.edits if finding.fix else ()
    start = min([finding.start, *(edit.start for edit in edits)])
    return rewrite.span(Span(start, max([finding.end, *(edit.end for edit in edits)])))


class Places:
    """Places of rules, ready to be asked whether a span meets one; an empty span meets what it touches."""

    def __init__(self, places: Iterable[Place]) -> None:
        spans = defaultdict(list)
        for rule, span in places:
            spans[rule].append(_widened(span))
        self._starts = {rule: sorted(span.start for span in own) for rule, own in spans.items()}
        self._ends = {rule: list(accumulate((span.end for span in sorted(own)), max)) for rule, own in spans.items()}

    def meet(self, rule: str, span: Span) -> bool:
        """Whether a place of `rule` shares a character with `span`."""
        start, end = _widened(span)
        i = bisect_left(self._starts.get(rule, ()), end)
        return i > 0 and self._ends[rule][i - 1] > start


def _widened(span: Span) -> Span:
    return Span(span.start - 1, span.end + 1) if span.start == span.end else span


def _place(finding: Finding) -> Place:
    return finding.rule, _span(finding)


def _span(finding: Finding) -> Span:
    return Span(finding.start, finding.end)
