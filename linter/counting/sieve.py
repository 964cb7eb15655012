"""What of a run's findings counts: those that the baseline does not know, on lines that have changed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from linter import engine, ownership
from linter.block import Span
from linter.counting import baseline, baselinefile, idle
from linter.counting.baseline import Entry, Sifted
from linter.counting.baselinefile import Known
from linter.desk import Desk
from linter.discovery import Article, Found
from linter.document import Document, Note
from linter.finding import Finding, Result
from linter.loading import yamlfile
from linter.loading.fields import File
from linter.plan import PlainPlan
from linter.source import Source

if TYPE_CHECKING:
    from linter.counting.changes import Changes

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
        """That of the settings, empty if it belongs to another user. Raises BadConfig for a baseline with mistakes."""
        path = desk.settings.baseline
        known = Known() if is_foreign(desk) else baselinefile.read(path)
        return cls(path, known, tuple(articles), desk)

    def sift(self, findings: Sequence[Finding]) -> Sifted:
        """Which findings are new, and which are known; of two that are alike the first is known."""
        return baseline.sift(findings, self.known.entries, self.inside, self._is_gone)

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
        sifted = self.sift(result.findings)
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


def is_foreign(desk: Desk) -> bool:
    """Whether the baseline is one that another user has put there; beside settings that were named, any may be used."""
    path = desk.settings.baseline
    return desk.orders.config is None and os.path.lexists(path) and ownership.is_foreign(path)


def strain(
    result: Result,
    found: Found,
    desk: Desk,
    *,
    changes: Changes | None = None,
    known: bool = False,
    strict: bool = False,
) -> Result:
    """The result with the findings that count: those on lines that have changed, which the baseline does not know.

    Without `changes` all lines count, and with `known` what the baseline knows too. Of two findings that are alike
    the one on lines as they were is the known one. If `strict`, what the baseline has and does not occur is a
    finding, and so is a suppression of the settings that silenced nothing. Raises BadConfig for a baseline with
    mistakes.
    """
    counts = _touched(result, found.articles, changes) if changes else _all
    own = (
        idle.find(result, found, desk.settings, desk.rules, desk.silencer.is_asked)
        if not desk.orders.unsilenced
        else []
    )
    if known:
        findings = [*filter(counts, result.findings), *own]
        return result._replace(findings=tuple(sorted(findings, key=attrgetter("order"))))
    sieve = Sieve.open(desk, found.articles)
    sifted = sieve.sift(sorted(result.findings, key=counts))
    new = [*filter(counts, sifted.new)]
    number = sum(map(counts, result.findings)) - len(new)
    findings = [*new, *own, *(_stale(sieve, sieve.stale(sifted, result)) if strict else ())]
    return result._replace(findings=tuple(sorted(findings, key=attrgetter("order"))), known=number)


def _all(finding: Finding) -> bool:
    return True


def _touched(result: Result, articles: Iterable[Article], changes: Changes) -> Callable[[Finding], bool]:
    by_path = {article.path: article for article in articles}
    found = {finding for finding in result.findings if changes.touch(finding, by_path[finding.path])}
    return found.__contains__


def _stale(sieve: Sieve, places: Iterable[int]) -> list[Finding]:
    """Findings in the baseline itself: its entries at `places`."""
    shown = yamlfile.shown(Path(sieve.path))
    source = Source(baselinefile.content(sieve.path, File(shown)), shown)
    notes = tuple(_note(source, sieve.known.lines[at], sieve.known.entries[at]) for at in places)
    rules = tuple(rule for rule in sieve.desk.rules if rule.name == f"copydesk/{STALE}")
    return engine.check(Document(source, "text", (), notes=notes), PlainPlan(rules))[0]


def _note(source: Source, line: int, one: Entry) -> Note:
    start, end = source.line_span(source.line_starts[line - 1])
    return Note(STALE, Span(start, end), {"what": f"“{one.text}” ({one.rule}) in {one.path}"})
