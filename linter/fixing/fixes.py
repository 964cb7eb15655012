"""Fixes put to an article: pass by pass, each over what lies apart, until nothing more is to be done."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from linter.block import Span
from linter.finding import Finding
from linter.fixing.rewrite import Rewrite
from linter.source import Source

Look = Callable[[Source], Sequence[Finding]]
Place = tuple[str, Span]  # a rule and where it found something

_PASSES = 30  # over one article; real ones come to rest in two or three
_TRIES = 4  # at one pass, each without the fixes that did not hold; then their rules are left out of it
_RESTARTS = 4  # each without the rules that did not come to rest; then nothing is mended


class Mended(NamedTuple):
    """What came of an article: `made` are the findings whose fixes are in it, with the places they had then.

    `left` is what is found in it now, but in spared places. `restless` names the rules whose fixes undo each other or
    grow without end; nothing of theirs was done.
    """

    source: Source
    made: tuple[Finding, ...]
    left: tuple[Finding, ...]
    restless: tuple[str, ...] = ()


def mend(
    source: Source,
    look: Look,
    *,
    unsafe: bool = False,
    spared: Iterable[Place] = (),
    beside: Iterable[Finding] = (),
) -> Mended:
    """Fix what `look` finds in an article, safe fixes only unless `unsafe`, until that changes nothing.

    `spared` are places in `source` where a rule is to mend nothing. `beside` are further findings in it, by rules
    that take more than this article to be asked again; each counts until it is mended or its place deleted. A fix is
    made if it holds: its rule is silent then on the mended place. Ends for whatever rules.
    """
    restless: set[str] = set()
    for _ in range(_RESTARTS):
        course = _Course(look, unsafe, frozenset(restless), source, tuple(spared), tuple(beside))
        if not (unsettled := course.run()):
            return Mended(course.source, tuple(course.made), tuple(course.left()), tuple(sorted(restless)))
        restless |= unsettled
    stopped = _Course(look, unsafe, frozenset(restless), source, tuple(spared), tuple(beside))
    stopped.see()
    return Mended(source, (), tuple(stopped.left()), tuple(sorted(restless)))


@dataclass(eq=False)
class _Course:
    """One way from an article to its rest; `found` is what stands in `source` as it is now."""

    look: Look
    unsafe: bool
    without: frozenset[str]
    source: Source
    spared: tuple[Place, ...]
    beside: tuple[Finding, ...]
    found: Sequence[Finding] = ()
    made: list[Finding] = field(default_factory=list)

    def run(self) -> set[str]:
        """Go there → the rules that keep it from coming to rest, or none."""
        self.see()
        seen = {self.source.text: 0}  # with how many fixes each text was reached
        for _ in range(_PASSES):
            if not self._pass():
                return set()
            if self.source.text in seen:
                return self._makers(seen[self.source.text])
            seen[self.source.text] = len(self.made)
        return self._makers([*seen.values()][_PASSES // 2])

    def see(self) -> None:
        """Look at the article as it is now."""
        self.found = self._all(self.look(self.source), self.beside)

    def _all(self, own: Iterable[Finding], beside: Iterable[Finding]) -> list[Finding]:
        return sorted((*own, *beside), key=lambda finding: finding.order)

    def _makers(self, done: int) -> set[str]:
        return {finding.rule for finding in self.made[done:]}

    def _pass(self) -> bool:
        """Make the fixes that lie apart and hold → whether there were any."""
        barred: set[Place] = set()
        for attempt in range(_TRIES + len(self.found)):
            chosen = apart((finding for finding in self._mendable() if _place(finding) not in barred), self.source)
            if not chosen:
                return False
            rewrite = Rewrite.of(self.source, (edit for finding in chosen if finding.fix for edit in finding.fix.edits))
            beside = tuple(filter(None, map(rewrite.moved, set(self.beside) - set(chosen))))
            found = self._all(self.look(rewrite.source), beside)
            if not (broken := _not_held(self.found, chosen, rewrite, found)):
                break
            names = {finding.rule for finding in broken} if attempt >= _TRIES else set()
            barred |= {_place(each) for each in chosen if each in broken or each.rule in names}
        self.spared = tuple((rule, rewrite.span(span)) for rule, span in self.spared)
        self.made += chosen
        self.source, self.found, self.beside = rewrite.source, found, beside
        return True

    def _mendable(self) -> list[Finding]:
        return [
            finding
            for finding in self.left()
            if finding.fix and (finding.fix.safe or self.unsafe) and finding.rule not in self.without
        ]

    def left(self) -> list[Finding]:
        """What is found now, but in spared places."""
        spared = Places(self.spared)
        return [finding for finding in self.found if not spared.meet(finding.rule, _span(finding))]


def apart(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """Those of `findings` whose edits can be made at once, in one rewrite: the first one wins where they meet."""
    rewrite = Rewrite(source)
    return [finding for finding in findings if finding.fix and rewrite.take(finding.fix.edits)]


def _not_held(
    before: Iterable[Finding], chosen: Sequence[Finding], rewrite: Rewrite, after: Iterable[Finding]
) -> list[Finding]:
    """Those of `chosen` on whose mended places their rule finds something `after` that it did not find there before."""
    made = {_place(finding) for finding in chosen}
    left = {(rule, rewrite.span(span)) for rule, span in map(_place, before) if (rule, span) not in made}
    new = Places(place for place in map(_place, after) if place not in left)
    return [finding for finding in chosen if new.meet(finding.rule, _mended(finding, rewrite))]


def _mended(finding: Finding, rewrite: Rewrite) -> Span:
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
