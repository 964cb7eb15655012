"""Check documents: run rules, and convert their matches to findings with rule, severity, message, line and column."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple

from linter import matching, source_edits
from linter.analysis.literals import literals_of_phrases, texts_with
from linter.checks import check_kinds
from linter.document import Block, Document, Note, Span, expand_scopes
from linter.files import sites
from linter.finding import CONTEXT, Edit, Finding, Fix, Problem, expand_template, fill_template
from linter.folding import folded_view
from linter.matching import DOCS, Budget, Limits
from linter.prefilter import Candidate, Prefilter, is_active
from linter.rule import NO_OTHERS, OWN, ArticleFacts, FolderFacts, Match, Others, Rule
from linter.source import Source
from linter.text import quotes

_TEXT, _HEADINGS = frozenset({"prose", "title"}), frozenset({"heading"})
_CONTEXT_WORDS = 4  # words on either side of a finding that its digest includes
_CONTEXT_LENGTH = 80  # code points on either side that are searched for these words
_SKIPPED = "the rules took too long on this article, so the remaining rules were skipped"


Checked = tuple[list[Finding], list[Problem]]


def check(document: Document, prefilter: Prefilter, limits: Limits | None = None) -> Checked:
    """Return the findings of one article, in order, and problems, as `check_batch` does."""
    (checked,) = check_batch([document], prefilter, limits)
    return checked


def check_batch(documents: Sequence[Document], prefilter: Prefilter, limits: Limits | None = None) -> list[Checked]:
    """Return, for each article, its findings in order, and problems.

    Each problem is about a rule that took too long and was cut off on this article, or about all rules, which together
    took too long, so that those that remained were skipped. `limits` limits the time on each article (default:
    `matching.LIMITS`).

    Each rule runs on all articles before the next rule runs, since its code and data are then still in the processor's
    cache. The result is the same as for one article at a time.
    """
    reports = {document: _Report(document, limits) for document in documents}
    for rule, places in _by_family(dict(prefilter.candidates(documents)), documents):
        find = finder(rule)
        for document, blocks in places:
            report = reports[document]
            if report.skips(rule):
                continue
            try:
                with report.budget.of(rule.name, trusted=rule.trusted):
                    for where in blocks:
                        if found := [*find(where)]:
                            report.add(rule, where, found)
            except TimeoutError:
                report.cut_off(rule)
    return [report.done() for report in reports.values()]


def finder(rule: Rule) -> Callable[[Any], Iterator[Match]]:
    """Return the function that finds the matches of a rule in a block or, if it looks at documents, in a document."""
    name = "find_in" if rule.looks_at == "document" else "find"
    return getattr(rule.check, name)  # type: ignore[no-any-return]


def _by_family(
    candidates: dict[Rule, Sequence[Candidate]], documents: Sequence[Document]
) -> Iterator[tuple[Rule, Sequence[Candidate]]]:
    """Yield the rules with their candidates.

    To save memory if a document is large, the rules of each family of checks are together. The candidates of a rule,
    and the results that a family has cached, are freed when they are done.
    """
    large = [document for document in documents if document.is_large]
    if not large:
        yield from candidates.items()
        return
    # First come the rules for the source, whose block is as large as the article. They need no other views of it.
    families: dict[str, list[Rule]] = defaultdict(list)
    for rule in candidates:
        families["" if "source" in rule.scope else check_kinds().get(rule.kind, "")].append(rule)
    _forget(large, "linter.text")
    for family, rules in sorted(families.items()):
        for rule in rules:
            yield rule, candidates.pop(rule)
        _forget(large, f"linter.checks.{family}" if family else "", "linter.folding")
        for document in large:
            document.forget_selected()
    _forget(large, "linter.text")


def _forget(documents: Iterable[Document], *packages: str) -> None:
    for document in documents:
        for package in packages:
            document.forget(package)


def note_findings(
    source: Source, notes: Iterable[Note], rules: Iterable[Rule], document: Document | None = None
) -> list[Finding]:
    """Return the findings, in order, for `notes`, which are problems that copydesk itself found in a file.

    A note is reported by the rule that has the same id in the pack `copydesk`. The note is left out if `rules` lacks
    this rule, or if the rule does not apply to the language or format of `document`. Of several notes with the same id
    and span, only the first counts. `document` is the document of the file, or None if the file is not an article.
    """
    by_id = {rule.id: rule for rule in rules if rule.pack == OWN and (not document or is_active(rule, document))}
    maker = _FindingMaker(source, document)
    found: dict[tuple[str, Span], Finding] = {}
    for note in notes:
        if rule := by_id.get(note.id):
            match = Match(*note.span, {"what": "", **note.values}, tuple(Edit(*edit) for edit in note.edits))
            found.setdefault((rule.id, note.span), maker.finding(rule, None, match))
    return sorted(found.values(), key=attrgetter("order"))


class CrossMatch(NamedTuple):
    """A match of a rule that compares articles. `facts` are the facts of the article that contains the match."""

    rule: Rule
    facts: ArticleFacts
    match: Match


def collect_facts(
    document: Document, rules: Iterable[Rule], limits: Limits | None = None
) -> tuple[list[ArticleFacts], list[Problem]]:
    """Return the facts of one article for `rules`, and problems.

    `rules` are rules that compare articles. Problems and `limits` are as in `check`.
    """
    (collected,) = collect_batch([document], rules, limits)
    return collected


def collect_batch(
    documents: Sequence[Document], rules: Iterable[Rule], limits: Limits | None = None
) -> list[tuple[list[ArticleFacts], list[Problem]]]:
    """Return, for each article, what `collect_facts` returns. The arguments are as in `check_batch`."""
    reports = [_Report(document, limits) for document in documents]
    collected: list[list[ArticleFacts]] = [[] for _ in documents]
    for rule in rules:
        for report, own in zip(reports, collected, strict=True):
            if is_active(rule, report.document) and not report.skips(rule):
                own += report.facts(rule)
    return [(own, report.done()[1]) for own, report in zip(collected, reports, strict=True)]


def match_across(
    rules: Iterable[Rule],
    collected: Iterable[ArticleFacts],
    present: Callable[[str, str], bool],
    asked: Collection[str] | None = None,
    others: Others = NO_OTHERS,
) -> tuple[Mapping[str, list[CrossMatch]], list[Problem]]:
    """Return the matches of `rules` in all articles, by the name of the article, and problems.

    There is a problem for each rule that was cut off. `collected` contains facts of articles, in any order, and
    `others` the facts of further articles. `present` and `asked` are as in
    FolderFacts; matches in articles that are not in `asked` may be missing.
    """
    by_rule = defaultdict(list)
    for facts in sorted(collected, key=attrgetter("path")):
        by_rule[facts.rule].append(facts)
    matches, problems = defaultdict(list), []
    for rule in rules:
        try:
            folder = FolderFacts(rule, by_rule[rule.name], present, asked, others)
            if folder.asked_articles:
                for facts, match in rule.check.gather(folder):  # type: ignore[union-attr]
                    matches[facts.path].append(CrossMatch(rule, facts, match))
        except TimeoutError:
            problems.append(Problem(rule.name, "this rule took too long over all articles and was cut off"))
    return matches, problems


def cross_findings(
    document: Document, matches: Iterable[CrossMatch], limits: Limits | None = None
) -> tuple[list[Finding], list[Problem]]:
    """Return the findings in one article for `matches` of rules that compare articles, and problems.

    There are no findings if the length of the article has changed since its facts were collected. Problems and `limits`
    are as in `check`.
    """
    report = _Report(document, limits)
    for rule, facts, match in matches:
        if facts.length == len(document.source.text):
            report.add(rule, document, [match])
    return report.done()


class _Report:
    """The findings of one article, its `budget`, and the problems of rules that took too long.

    The key None of `problems` stands for the rules that were skipped because the budget was used up.
    """

    def __init__(self, document: Document, limits: Limits | None) -> None:
        source = document.source
        self.document, self.budget = document, Budget(len(source.text), limits or matching.LIMITS)
        self.problems: dict[Rule | None, Problem] = {}
        self._found: dict[Rule, dict[Span, Finding]] = defaultdict(dict)
        self._maker = _FindingMaker(source, document)

    def skips(self, rule: Rule) -> bool:
        """Whether the rule was cut off on this article, or the budget is used up, which becomes a problem."""
        if self.budget.is_used_up and None not in self.problems:
            self.problems[None] = self._problem(f"{_SKIPPED}; see {DOCS}")
        return None in self.problems or rule in self.problems

    def _problem(self, message: str) -> Problem:
        return Problem(self.document.source.path, message, self.document.source.record or "")

    def facts(self, rule: Rule) -> Iterator[ArticleFacts]:
        """Yield the facts of the article for a rule that compares articles, unless there are none."""
        source = self.document.source
        try:
            with self.budget.of(rule.name, trusted=rule.trusted):
                facts = tuple(rule.check.facts(self.document))  # type: ignore[union-attr]
            if facts:
                yield ArticleFacts(source.name, rule.name, len(source.text), facts)
        except TimeoutError:
            self.cut_off(rule)

    def add(self, rule: Rule, where: Block | Document, found: Iterable[Match]) -> None:
        """Add the findings for the matches `found` of a rule in `where`, without those that the rule excludes."""
        if rule.not_from and self._is_legal(rule):
            return
        block = where if isinstance(where, Block) else None
        for match in _without_exceptions(rule, block, found) if block else found:
            finding = self._maker.finding(rule, block, match)
            if not rule.words.allow(self.document.source.text, finding.start, finding.end):
                self._found[rule].setdefault(Span(finding.start, finding.end), finding)

    def _is_legal(self, rule: Rule) -> bool:
        """Whether the article is a source for a page generator that `not_from` of the rule excludes."""
        makers = self._generators
        return bool(makers) and (sites.ANY in rule.not_from or not makers.isdisjoint(rule.not_from))

    @cached_property
    def _generators(self) -> frozenset[str]:
        return sites.page_generators(self.document)

    def cut_off(self, rule: Rule) -> None:
        """Add the problem of a rule that took too long, unless it is the budget of the article that is used up."""
        if not self.skips(rule):
            self.problems[rule] = self._problem(matching.cut_off_message(rule.name, trusted=rule.trusted))

    def done(self) -> Checked:
        """Return the findings of the rules that apply to the article, in order, and the problems."""
        findings: list[Finding] = []
        for rule, own in self._found.items():
            try:
                with self.budget.of(rule.name, trusted=rule.trusted):
                    if not _is_about(self.document, rule, sorted(own)):
                        findings += own.values()
            except TimeoutError:
                self.cut_off(rule)
        ignored = (self._problem(matching.cut_off_message(name, trusted=False)) for name in self.budget.ignored)
        return sorted(findings, key=attrgetter("order")), sorted({*self.problems.values(), *ignored})


def _is_about(document: Document, rule: Rule, own: Sequence[Span]) -> bool:
    """Whether the article is about one of the topics in `not_about` of the rule.

    `own` has the spans of the rule's findings. Mentions of a topic inside them do not count.
    """
    if not rule.not_about:
        return False
    mentions, scopes = 0, expand_scopes(_TEXT)
    needed, headline = literals_of_phrases(rule.not_about), next(document.blocks_in(_HEADINGS), None)
    for number in texts_with(needed, folded_view(document)) if document.blocks else ():
        block = document.blocks[number]
        is_title = "title" in block.scopes or block is headline
        if block.scopes.isdisjoint(scopes) or ("heading" in block.scopes and not is_title):
            continue
        for match in matching.matches(rule.topics, block.text):
            if not _is_label(block.text, *match.span()) and not _is_covered(block.span(*match.span()), own):
                mentions += 2 if is_title else 1
                if mentions >= 2:
                    return True
    return False


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is a label at the start of a line, such as “SEO” in “SEO: …”."""
    return text.startswith(":", end) and text[:start].rpartition("\n")[2].strip(" *_•-") == ""


@dataclass(frozen=True, eq=False)
class _FindingMaker:
    """Converts matches in one source to findings. `document` is None if the source is not an article."""

    source: Source
    document: Document | None

    def finding(self, rule: Rule, block: Block | None, match: Match) -> Finding:
        """Return the finding for a match.

        Offsets of the match refer to the text of `block` or, if it is None, to the source.
        """
        source = self.source
        span = block.span(match.start, match.end) if block else Span(match.start, match.end)
        text = block.text if block else source.text
        values = {"match": text[match.start : match.end], **match.values}
        line, column = source.position(span.start)
        end_line, end_column = source.position(span.end)
        paragraph, heading = self._place(span.start)
        _, line_end = source.line_span(span.end)
        return Finding(
            path=source.path,
            record=source.record,
            rule=rule.name,
            severity=(self.document and self.document.is_draft and rule.in_drafts) or rule.severity,
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
            fix=self._fix(rule, block, match, values),
            before=source.text[span.start - min(column - 1, CONTEXT) : span.start],
            after=source.text[span.end : min(line_end, span.end + CONTEXT)],
            beside=self._beside(*span),
            covers=rule.covers and rule.looks_at != "folder",
        )

    def _fix(self, rule: Rule, block: Block | None, match: Match, values: Mapping[str, str]) -> Fix | None:
        """Return the fix of a match, with edits of the source, or None if the match has no fix."""
        edits = match.edits
        if not edits and rule.fix.replace is not None:
            edits = (Edit(match.start, match.end, expand_template(rule.fix.replace, values)),)
        if block and self.document:
            placed = [source_edits.source_edit(edit, block, self.document) for edit in edits]
            edits = tuple(edit for edit in placed if edit) if None not in placed else ()
        return Fix(rule.fix.safe and match.sure, edits) if edits else None

    def _place(self, offset: int) -> tuple[int | None, str | None]:
        """Return the values of `Finding.paragraph` and `Finding.heading` for a finding at `offset`."""
        blocks, starts, headings = self._places
        at = bisect_right(starts, offset)
        above = bisect_right(headings, at - 1)
        return at - above or None, blocks[headings[above - 1]].text if above else None

    def _beside(self, start: int, end: int) -> str:
        """Return digests of the nearest words before and after a source span, joined by a hyphen.

        The digest of no words is "".
        """
        text = self.source.text
        (low, _), (_, high) = self._area(start, start), self._area(max(0, end - 1), end)
        before = text[max(low, start - _CONTEXT_LENGTH) : start].split()[-_CONTEXT_WORDS:]
        after = text[end : min(high, end + _CONTEXT_LENGTH)].split()[:_CONTEXT_WORDS]
        return f"{_digest(before)}-{_digest(after)}"

    def _area(self, first: int, last: int) -> tuple[int, int]:
        """Return the source span of the block around `first` and `last` or, if there is none, of the line of `last`."""
        at = bisect_right(self._starts, first) - 1
        if at >= 0 and last <= self._blocks[at].source_span.end:
            return self._blocks[at].source_span
        return self.source.line_span(last)

    @cached_property
    def _blocks(self) -> Sequence[Block]:
        return self.document.top_level_blocks if self.document else ()

    @cached_property
    def _starts(self) -> list[int]:
        return [block.places[1] for block in self._blocks]

    @cached_property
    def _places(self) -> tuple[Sequence[Block], Sequence[int], Sequence[int]]:
        """The prose blocks, sorted by their starts; the starts; and the indexes of the headings among these blocks."""
        blocks = sorted(self.document.prose, key=_start) if self.document else []
        headings = [number for number, block in enumerate(blocks) if "heading" in block.scopes]
        return blocks, [*map(_start, blocks)], headings


def _start(block: Block) -> int:
    return block.places[1]


def _without_exceptions(rule: Rule, block: Block, found: Iterable[Match]) -> Iterator[Match]:
    """Yield the matches in a block, except those that `exceptions` or `in_quotes` of the rule exclude."""
    excepted = [m.span() for m in matching.matches(rule.excepted, block.text)] if rule.exceptions else []
    quoted = quotes.quote_spans(block.text) if rule.in_quotes != "both" else []
    for match in found:
        if _is_covered(match, excepted):
            continue
        if rule.in_quotes == "both" or _is_covered(match, quoted) == (rule.in_quotes == "only"):
            yield match


def _is_covered(match: Match | Span, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `spans` contains the whole match. The spans must be sorted and must not overlap."""
    at = bisect_right(spans, (match.start, sys.maxsize)) - 1
    return at >= 0 and match.end <= spans[at][1]


def _digest(words: Sequence[str]) -> str:
    return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=3).hexdigest() if words else ""
