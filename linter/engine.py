"""Document and plan → findings: the one place that stamps rule, severity, message, line and column."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from linter import matching, source_edits
from linter.analysis.literals import literals_of_phrases, texts_with
from linter.analysis.syntax_tree import folded_text
from linter.digest import blake2b
from linter.document import Block, Document, Span, expand_scopes
from linter.files import sites
from linter.finding import CONTEXT, Edit, Finding, Fix, Problem, expand_template, fill_template
from linter.matching import Budget
from linter.prefilter import Prefilter, is_active
from linter.rule import ArticleFacts, Match, Rule
from linter.text import quotes

_TITLES = frozenset({"heading", "title"})
_SPEAKING = frozenset({"prose", "title"})


def check(document: Document, plan: Prefilter, budget: Budget | None = None) -> tuple[list[Finding], list[Problem]]:
    """The findings of one article, in order, and the rules that were cut off on it.

    `budget` is what the rules may spend in the whole run, by default in a run of this article alone.
    """
    budget = budget or Budget()
    stamp, report = _FindingMaker(document), _Report(document, budget)
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


def collect_facts(
    document: Document, rules: Iterable[Rule], budget: Budget | None = None
) -> tuple[list[ArticleFacts], list[Problem]]:
    """What one article tells for `rules`, which look at folders, and those that were cut off on it."""
    budget = budget or Budget()
    accounts, report = [], _Report(document, budget)
    with budget.article(document.source.path, len(document.source.text), again=True):
        for rule in rules:
            if not is_active(rule, document) or report.skips(rule):
                continue
            try:
                if facts := tuple(rule.check.facts(document)):  # type: ignore[union-attr]
                    accounts.append(ArticleFacts(document.source.path, rule.name, len(document.source.text), facts))
            except TimeoutError:
                report.cut_off(rule)
    return accounts, list(report.problems.values())


def cross_findings(
    document: Document, claims: Iterable[CrossMatch], budget: Budget | None = None
) -> tuple[list[Finding], list[Problem]]:
    """As `check`, for what rules made of the accounts of several articles, this one among them.

    An article that is no longer as long as it was when it told has no findings.
    """
    budget = budget or Budget()
    stamp, report = _FindingMaker(document), _Report(document, budget)
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
    makers = sites.page_makers(document) if rule.not_from else frozenset()
    return bool(makers) and (sites.ANY in rule.not_from or not makers.isdisjoint(rule.not_from))


def _is_about(document: Document, rule: Rule, own: Sequence[Span]) -> bool:
    """Whether the article is about what the rule looks for.

    It speaks of that in a title or heading, or twice elsewhere; what the rule found, its `own`, does not count.
    """
    if not rule.not_about:
        return False
    mentions, speaking = 0, expand_scopes(_SPEAKING)
    for number in texts_with(literals_of_phrases(rule.not_about), folded_text(document)) if document.blocks else ():
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
class _FindingMaker:
    """Makes findings of matches in one document."""

    document: Document

    def findings(self, rule: Rule, where: Block | Document, found: Iterable[Match]) -> Iterator[Finding]:
        """The findings that come of what the rule found in a block, or in the document."""
        if isinstance(where, Block):
            for match in _wanted(rule, where, found):
                values = {"match": where.text[match.start : match.end], **match.values}
                fix = _fix(rule, match, values, lambda edit: source_edits.source_edit(edit, where, self.document))
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
            severity=(self.document.is_draft and rule.in_drafts) or rule.severity,
            message=fill_template(rule.message, values),
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
    def _surroundings(self) -> Context:
        return Context(self.document)

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
    quoted = quotes.quote_spans(block.text) if rule.in_quotes != "both" else []
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
        edits = (Edit(match.start, match.end, expand_template(rule.fix.replace, values)),)
    placed = [place(edit) for edit in edits]
    if not placed or None in placed:
        return None
    return Fix(rule.fix.safe and match.sure, tuple(edit for edit in placed if edit))


def _same(edit: Edit) -> Edit:
    return edit


# What the articles of a folder told, put together: accounts → matches in the articles that they concern.


class CrossMatch(NamedTuple):
    """That a rule found something in the article that told `account`."""

    rule: Rule
    account: ArticleFacts
    match: Match


@dataclass(frozen=True)
class _FactsOfRule:
    """The accounts of one rule, in the order of their paths; `present` says whether an address leads to a file."""

    accounts: Sequence[ArticleFacts]
    present: Callable[[str, str], bool]

    def holds(self, account: ArticleFacts, address: str) -> bool:
        return self.present(account.path, address)


def match_across(
    rules: Iterable[Rule], accounts: Iterable[ArticleFacts], present: Callable[[str, str], bool]
) -> tuple[Mapping[str, list[CrossMatch]], list[Problem]]:
    """What `rules` make of all accounts, by the path of the article, and the rules that were cut off.

    `present(path, address)` says whether `address`, in the article of that path, leads to a file that is there.
    The order of the accounts does not matter.
    """
    own = defaultdict(list)
    for account in sorted(accounts, key=attrgetter("path")):
        own[account.rule].append(account)
    claims, problems = defaultdict(list), []
    for rule in rules:
        try:
            for account, match in rule.check.gather(_FactsOfRule(own[rule.name], present)):  # type: ignore[union-attr]
                claims[account.path].append(CrossMatch(rule, account, match))
        except TimeoutError:
            problems.append(Problem(rule.name, "this rule took too long over all articles and was cut off"))
    return claims, problems


# The words on both sides of a place, within its own block, as digests by which it is known again.

_WORDS = 4
_REACH = 80  # code points on either side in which these words are looked for


@dataclass(frozen=True, eq=False)
class Context:
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
        if at >= 0 and start <= self.document.top_level_blocks[at].source_span.end:
            return self._starts[at]
        return self.document.source.line_span(start)[0]

    def _high(self, end: int) -> int:
        """Where the block ends that `end` lies in; a block that begins there is another one."""
        at = bisect_right(self._starts, max(0, end - 1)) - 1
        if at >= 0 and end <= (last := self.document.top_level_blocks[at].source_span.end):
            return last
        return self.document.source.line_span(end)[1]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.places[1] for block in self.document.top_level_blocks]


def _digest(words: Sequence[str]) -> str:
    return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=3).hexdigest() if words else ""
