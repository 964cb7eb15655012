"""Document and plan → findings: the one place that stamps rule, severity, message, line and column."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from linter import matching, origin, placing, template
from linter.block import Block, Span
from linter.budget import Budget
from linter.document import Document, expand
from linter.finding import CONTEXT, Edit, Finding, Fix, Problem
from linter.plan import Plan, speaks
from linter.planning.folding import form_of
from linter.planning.literals import holders, of_phrases
from linter.prose import quotes
from linter.rule import Account, Match, Rule
from linter.surroundings import Surroundings

if TYPE_CHECKING:
    from linter.gathering import Claim

_TITLES = frozenset({"heading", "title"})
_SPEAKING = frozenset({"prose", "title"})


def check(document: Document, plan: Plan, budget: Budget | None = None) -> tuple[list[Finding], list[Problem]]:
    """The findings of one article, in order, and the rules that were cut off on it.

    `budget` is what the rules may spend in the whole run, by default in a run of this article alone.
    """
    budget = budget or Budget()
    stamp, report = _Stamp(document), _Report(document, budget)
    with budget.article(document.source.path, len(document.source.text)):
        for rule, where in plan.candidates(document):
            if rule in report.problems or report.skips(rule):
                continue
            try:
                found = list(rule.check.find(where))  # type: ignore[arg-type,union-attr]
            except TimeoutError:
                report.cut_off(rule)
                continue
            if found:  # as hardly ever
                report.take(rule, stamp.findings(rule, where, found))
        return report.done()


def tell(
    document: Document, rules: Iterable[Rule], budget: Budget | None = None
) -> tuple[list[Account], list[Problem]]:
    """What one article tells for `rules`, which look at folders, and those that were cut off on it."""
    budget = budget or Budget()
    accounts, report = [], _Report(document, budget)
    with budget.article(document.source.path, len(document.source.text), again=True):
        for rule in rules:
            if not speaks(rule, document) or report.skips(rule):
                continue
            try:
                if facts := tuple(rule.check.facts(document)):  # type: ignore[union-attr]
                    accounts.append(Account(document.source.path, rule.name, len(document.source.text), facts))
            except TimeoutError:
                report.cut_off(rule)
    return accounts, list(report.problems.values())


def stamp(
    document: Document, claims: Iterable[Claim], budget: Budget | None = None
) -> tuple[list[Finding], list[Problem]]:
    """As `check`, for what rules made of the accounts of several articles, this one among them.

    An article that is no longer as long as it was when it told has no findings.
    """
    budget = budget or Budget()
    stamp, report = _Stamp(document), _Report(document, budget)
    with budget.article(document.source.path, len(document.source.text), again=True):
        for claim in claims:
            if claim.account.length == len(document.source.text):
                report.take(claim.rule, [stamp.finding(claim.rule, claim.match)])
        return report.done()


@dataclass(frozen=True, eq=False)
class _Report:
    """The findings of one article as they come in, each place once a rule, and the rules that were cut off."""

    document: Document
    budget: Budget
    found: dict[Rule, dict[Span, Finding]] = field(default_factory=lambda: defaultdict(dict))
    problems: dict[Rule, Problem] = field(default_factory=dict)

    def skips(self, rule: Rule) -> bool:
        """Whether the rule is turned off; if not, charge to it what follows."""
        self.budget.rule = name = rule.name
        if name in self.budget.off:
            self.problems[rule] = self.budget.off[name]
            return True
        return False

    def cut_off(self, rule: Rule) -> None:
        self.problems[rule] = self.budget.cut_off(rule.name, trusted=rule.trusted)

    def take(self, rule: Rule, findings: Iterable[Finding]) -> None:
        try:
            for finding in findings:
                if not rule.words.allow(self.document.source.text, finding.start, finding.end):
                    self.found[rule].setdefault(Span(finding.start, finding.end), finding)
        except TimeoutError:
            self.cut_off(rule)

    def done(self) -> tuple[list[Finding], list[Problem]]:
        """All in order, less those of rules whose business the article is."""
        findings: list[Finding] = []
        for rule, own in self.found.items():
            self.budget.rule = rule.name
            try:
                if not _is_legal(self.document, rule) and not _is_about(self.document, rule, sorted(own)):
                    findings += own.values()
            except TimeoutError:
                self.cut_off(rule)
        return sorted(findings, key=attrgetter("order")), sorted(self.problems.values())


def _is_legal(document: Document, rule: Rule) -> bool:
    """Whether the article is the source of a page in which what the rule looks for has its place."""
    makers = origin.makers(document) if rule.not_from else frozenset()
    return bool(makers) and (origin.ANY in rule.not_from or not makers.isdisjoint(rule.not_from))


def _is_about(document: Document, rule: Rule, own: Sequence[Span]) -> bool:
    """Whether the article is about what the rule looks for.

    It speaks of that in a title or heading, or twice elsewhere; what the rule found, its `own`, does not count.
    """
    if not rule.not_about:
        return False
    mentions, speaking = 0, expand(_SPEAKING)
    for number in holders(of_phrases(rule.not_about), form_of(document)) if document.blocks else ():
        block = document.blocks[number]
        if block.scopes.isdisjoint(speaking):
            continue
        for match in matching.matches(rule.topics, block.text):
            if not _covered(block.span(*match.span()), own):
                mentions += 2 if not block.scopes.isdisjoint(_TITLES) else 1
                if mentions >= 2:
                    return True
    return False


@dataclass(frozen=True, eq=False)
class _Stamp:
    """Makes findings of matches in one document."""

    document: Document

    def findings(self, rule: Rule, where: Block | Document, found: Iterable[Match]) -> Iterator[Finding]:
        """The findings that come of what the rule found in a block, or in the document."""
        if isinstance(where, Block):
            for match in _wanted(rule, where, found):
                values = {"match": where.text[match.start : match.end], **match.values}
                fix = _fix(rule, match, values, lambda edit: placing.placed(edit, where, self.document))
                yield self._finding(rule, where.span(match.start, match.end), values, fix)
        else:
            for match in found:
                yield self.finding(rule, match)

    def finding(self, rule: Rule, match: Match) -> Finding:
        """The finding that comes of a match with offsets in the source."""
        values = {"match": self.document.source.text[match.start : match.end], **match.values}
        return self._finding(rule, Span(match.start, match.end), values, _fix(rule, match, values, _same))

    def _finding(self, rule: Rule, span: Span, values: Mapping[str, str], fix: Fix | None) -> Finding:
        source = self.document.source
        line, column = source.position(span.start)
        end_line, end_column = source.position(span.end)
        paragraph, heading = self._place(span.start)
        line_start, _ = source.line_span(span.start)
        _, line_end = source.line_span(span.end)
        return Finding(
            path=source.path,
            record=source.record,
            rule=rule.name,
            severity=(self.document.draft and rule.in_drafts) or rule.severity,
            message=template.fill(rule.message, values),
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            start=span.start,
            end=span.end,
            text=source.text[span.start : span.end],
            paragraph=paragraph,
            heading=heading,
            fix=fix,
            before=source.text[max(line_start, span.start - CONTEXT) : span.start],
            after=source.text[span.end : min(line_end, span.end + CONTEXT)],
            beside=self._surroundings.beside(*span),
        )

    def _place(self, offset: int) -> tuple[int | None, str | None]:
        """The number of the paragraph that an offset lies in, and the text of the heading above it."""
        blocks, starts, headings = self._places
        at = bisect_right(starts, offset)
        above = bisect_right(headings, at - 1)
        return at - above or None, blocks[headings[above - 1]].text if above else None

    @cached_property
    def _surroundings(self) -> Surroundings:
        return Surroundings(self.document)

    @cached_property
    def _places(self) -> tuple[Sequence[Block], Sequence[int], Sequence[int]]:
        """The prose blocks as they begin, the offsets at which they do, and which of them are headings."""
        blocks = sorted(self.document.prose, key=_start)
        headings = [number for number, block in enumerate(blocks) if "heading" in block.scopes]
        return blocks, [*map(_start, blocks)], headings


def _start(block: Block) -> int:
    return block.places[1]


def _wanted(rule: Rule, block: Block, found: Iterable[Match]) -> Iterator[Match]:
    """Those of the matches of a rule in a block that are no exceptions and on the right side of quotation marks."""
    excepted = [m.span() for m in matching.matches(rule.excepted, block.text)] if rule.exceptions else []
    quoted = quotes.spans(block.text) if rule.in_quotes != "both" else []
    for match in found:
        if _covered(match, excepted):
            continue
        if rule.in_quotes == "both" or _covered(match, quoted) == (rule.in_quotes == "only"):
            yield match


def _covered(match: Match | Span, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `spans`, which are in order and apart, holds the whole match."""
    at = bisect_right(spans, (match.start, sys.maxsize)) - 1
    return at >= 0 and match.end <= spans[at][1]


def _fix(rule: Rule, match: Match, values: Mapping[str, str], place: Callable[[Edit], Edit | None]) -> Fix | None:
    """The fix of a match in the source, or None where there is none that leaves the markup whole."""
    edits = match.edits
    if not edits and rule.fix.replace is not None:
        edits = (Edit(match.start, match.end, template.expand(rule.fix.replace, values)),)
    placed = [place(edit) for edit in edits]
    if not placed or None in placed:
        return None
    return Fix(rule.fix.safe and match.sure, tuple(edit for edit in placed if edit))


def _same(edit: Edit) -> Edit:
    return edit
