"""What of a run's findings counts: those that the baseline does not know."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from linter import baseline, baselinefile, engine
from linter.baseline import Entry, Sifted
from linter.baselinefile import Known
from linter.desk import Desk
from linter.discovery import Article
from linter.document import Document, Note, Span
from linter.finding import Finding, Result
from linter.loading import yamlfile
from linter.plan import PlainPlan
from linter.source import Source

STALE = "stale-baseline"


@dataclass(frozen=True, eq=False)
class Sieve:
    """The baseline at `path`, an absolute one, as it stands to a run: the `articles` that were checked by `desk`."""

    path: str
    known: Known
    articles: tuple[Article, ...]
    desk: Desk

    @classmethod
    def open(cls, desk: Desk, articles: Iterable[Article]) -> Sieve:
        """That of the settings. Raises BadConfig for a baseline with mistakes."""
        path = baselinefile.place(desk.settings)
        return cls(path, baselinefile.read(path), tuple(articles), desk)

    def sift(self, result: Result) -> Sifted:
        """The findings that are new, and those that are known."""
        return baseline.sift(result.findings, self.known.entries, self.inside, self._is_gone)

    def stale(self, sifted: Sifted, result: Result) -> list[int]:
        """The places of the entries that no longer occur, as far as this run can tell."""
        checked = self._checked(result)
        return [at for at in sifted.left if self._is_judged(self.known.entries[at], checked)]

    def created(self, result: Result) -> list[Entry]:
        """The entries of all findings, and those that this run says nothing about."""
        checked = self._checked(result)
        now = Counter(baseline.entry(finding, self.inside(finding.path)) for finding in result.findings)
        kept = Counter(one for one in self.known.entries if not self._is_judged(one, checked))
        return [*(now | kept).elements()]

    def updated(self, result: Result) -> list[Entry]:
        """The entries that still occur, as they are today, and those that this run says nothing about."""
        sifted = self.sift(result)
        dropped = {*self.stale(sifted, result)}
        return [*sifted.known, *(self.known.entries[at] for at in sifted.left if at not in dropped)]

    def inside(self, path: str) -> str:
        """A path of the run as entries have it: POSIX, from the folder of the baseline where that is possible."""
        full = os.path.abspath(path)
        try:
            return os.path.relpath(full, os.path.dirname(self.path)).replace(os.sep, "/")
        except ValueError:  # on another drive
            return full.replace(os.sep, "/")

    def _checked(self, result: Result) -> set[str]:
        """The articles that were checked without a problem."""
        failed = {problem.path for problem in result.problems}
        return {self.inside(article.path) for article in self.articles if article.path not in failed}

    def _is_judged(self, one: Entry, checked: set[str]) -> bool:
        """Whether the rule was put to the article, or never will be again."""
        orders = self.desk.orders
        ran = one.rule in self._rules or not (orders.select or orders.ignore)
        return ran and (one.path in checked or self._is_gone(one.path) or self._excluded(one.path))

    def _is_gone(self, path: str) -> bool:
        return not os.path.lexists(self._full(path))

    def _excluded(self, path: str) -> bool:
        return self.desk.settings.excludes(self._full(path))

    def _full(self, path: str) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.path), path))

    @cached_property
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.desk.rules)


def unknown(result: Result, articles: Iterable[Article], desk: Desk, *, strict: bool = False) -> Result:
    """The result without what the baseline knows; if `strict`, with what the baseline has and does not occur.

    Raises BadConfig for a baseline with mistakes.
    """
    sieve = Sieve.open(desk, articles)
    if not sieve.known.entries:
        return result
    sifted = sieve.sift(result)
    findings = [*sifted.new, *(_stale(sieve, sieve.stale(sifted, result)) if strict else ())]
    ordered = tuple(sorted(findings, key=lambda finding: finding.order))
    return result._replace(findings=ordered, known=len(sifted.known))


def _stale(sieve: Sieve, places: Iterable[int]) -> list[Finding]:
    """Findings in the baseline itself: its entries at `places`."""
    source = Source(Path(sieve.path).read_text("utf-8-sig"), yamlfile.shown(Path(sieve.path)))
    notes = tuple(_note(source, sieve.known.lines[at], sieve.known.entries[at]) for at in places)
    rules = tuple(rule for rule in sieve.desk.rules if rule.name == f"copydesk/{STALE}")
    return engine.check(Document(source, "text", (), notes=notes), PlainPlan(rules))[0]


def _note(source: Source, line: int, one: Entry) -> Note:
    start, end = source.line_span(source.line_starts[line - 1])
    return Note(STALE, Span(start, end), {"what": f"“{one.text}” ({one.rule}) in {one.path}"})
