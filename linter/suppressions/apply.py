"""Apply the suppressions in articles and in the config to findings, and report mistakes and unused suppressions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from linter import engine, extensions, file_safety
from linter.config.config import DEFAULTS, Config
from linter.document import Document, Note, Span
from linter.files.articles import Found
from linter.finding import Finding, Result, SuppressedFinding
from linter.rule import OWN, Rule, fits
from linter.source import Source
from linter.suppressions import UNUSED, article_suppressions, has_sic_mark
from linter.suppressions.article_suppressions import ArticleSuppressions
from linter.suppressions.mistakes import SuppressionMistakes, next_line

if TYPE_CHECKING:
    from linter.config.overrides import SuppressionEntry

    Entries = Sequence[tuple[int, SuppressionEntry]]  # suppressions in the config, each with its index there


@dataclass(frozen=True, eq=False)
class SuppressionFilter:
    """Separates suppressed findings from the others.

    `rules` are the rules of the run. `all_rules` are all rules that exist, or None if some may be unknown. `given` is
    true if a program, rather than the config, chose `rules`.
    """

    rules: Sequence[Rule]
    all_rules: Sequence[Rule] | None = None
    config: Config = DEFAULTS
    given: bool = False
    _runs_everywhere: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def filter(
        self,
        document: Document,
        findings: Sequence[Finding],
        file: str,
        *,
        across: bool = False,
        report_mistakes: bool = True,
    ) -> tuple[list[Finding], list[SuppressedFinding]]:
        """Return the findings of an article that are not suppressed, in order, and the suppressed findings.

        A finding loses its fix if the fix extends beyond the finding and would change text where the rule is
        suppressed. `file` is the absolute path of the article. If `report_mistakes` is true, mistakes in the
        suppressions of the article are added as findings. `across` is true if the article is also compared with other
        articles in the run. Findings in comments and metadata for copydesk are left out (see `_split`).
        """
        entries = [(at, entry) for at, entry in enumerate(self.config.suppressions) if entry.applies_to(file)]
        text = document.source.text
        regions = [region for each in extensions.installed() for region in each.regions(document, findings)]
        is_plain = not entries and OWN not in text and not regions and not (findings and has_sic_mark(text))
        if is_plain or self.config.run.no_suppressions:  # as for nearly all articles
            return list(findings), []
        suppressions = article_suppressions.read_suppressions(document, regions, sic_marks=bool(findings))
        remaining, suppressed = _split(suppressions, entries, findings)
        blocked = suppressions.blocked_fixes(remaining)
        remaining = [finding._replace(fix=None) if finding in blocked else finding for finding in remaining]
        if report_mistakes and suppressions is not article_suppressions.NONE:
            used = {place for one in (*(one.places for one in suppressed), *blocked.values()) for place in one}
            found = SuppressionMistakes(document, suppressions, self._names)
            own = engine.note_findings(document.source, self._notes(found, used, across), self.rules, document)
            new, silenced = _split(suppressions, entries, own)
            remaining, suppressed = sorted([*remaining, *new], key=attrgetter("order")), suppressed + silenced
        return remaining, suppressed

    def _notes(self, mistakes: SuppressionMistakes, used: set[int], across: bool) -> Iterator[Note]:
        """Yield notes on the mistakes in the suppressions of an article.

        `used` are the offsets of the names, or of the suppressions without names, that suppress something. `across` is
        as in `filter`.
        """
        yield from mistakes.unknown()
        yield from mistakes.unused(used, lambda name: self.runs_everywhere(name, across=across))
        if self.config.reasons_required:
            yield from mistakes.without_reason()

    def runs_everywhere(self, name: str, *, across: bool) -> bool:
        """Whether `name` matches at least one rule, and the run certainly includes all rules that `name` matches.

        The name "" matches all rules except those of the copydesk pack. `across` is true if articles are compared.
        """
        if (name, across) not in self._runs_everywhere:
            meant = [rule for rule in self.rules if (fits(name, rule.name) if name else rule.pack != OWN)]
            some = self.given or bool(self.config.run.select or self.config.run.ignore)
            whole = not some or (len(meant) == 1 and meant[0].name == name)
            alone = across or all(rule.looks_at != "folder" for rule in meant)
            self._runs_everywhere[name, across] = bool(meant) and whole and alone
        return self._runs_everywhere[name, across]

    @cached_property
    def _names(self) -> frozenset[str] | None:
        return frozenset(rule.name for rule in self.all_rules) if self.all_rules is not None else None


def _split(
    suppressions: ArticleSuppressions, entries: Entries, findings: Sequence[Finding]
) -> tuple[list[Finding], list[SuppressedFinding]]:
    """Split `findings` into those that remain and those that are suppressed, the latter with their suppressions."""
    remaining: list[Finding] = []
    found: list[SuppressedFinding] = []
    for finding, places in suppressions.with_places(findings):  # without most findings in comments for copydesk
        by = tuple(at for at, entry in entries if entry.suppresses(finding))
        if places or by:
            found.append(SuppressedFinding(finding.name, tuple(places), by))
        else:
            remaining.append(finding)
    return remaining, found


# Unused suppressions in the config.


def unused_in_config(result: Result, found: Found, suppressions: SuppressionFilter) -> list[Finding]:
    """Return a finding for each suppression in the config that suppressed nothing in a run over `found`.

    A suppression is not reported if the run left out a rule or an article to which it applies.
    """
    config, coverage = suppressions.config, _Coverage(result, found, suppressions)
    entries = enumerate(config.suppressions)
    unused = [entry for at, entry in entries if at not in result.used_suppressions and coverage.can_judge(entry)]
    if not unused:
        return []
    source = Source(config.text, config.file)
    return engine.note_findings(source, _notes(source, unused), suppressions.rules)


@dataclass(frozen=True, eq=False)
class _Coverage:
    """Which articles a run has checked, and with which rules."""

    result: Result
    found: Found
    suppressions: SuppressionFilter

    def can_judge(self, entry: SuppressionEntry) -> bool:
        """Whether the run has checked all articles to which a suppression applies, with all rules of the suppression.

        Paths that no longer exist count as checked. Archives count as checked only if they are in the run, since a
        search in a folder does not open them.
        """
        runs, across = self.suppressions.runs_everywhere, self.found.folder
        if not all(runs(selector.name, across=across) for selector in entry.rules):
            return False
        here = os.path.dirname(os.path.abspath(self.suppressions.config.file))
        patterns = entry.globs.patterns if entry.globs else ()
        archives = any(each.names_archive(pattern) for each in extensions.installed() for pattern in patterns)
        covers = self._has_checked if archives else self._covers
        everything = self._everything and not archives
        return all(everything or covers(area) or not os.path.lexists(area) for area in entry.areas or [here])

    def _covers(self, area: str) -> bool:
        """Whether the run has checked all articles in `area`, which is the path of a folder or of an article."""
        folders = self.found.folders
        return self._has_checked(area) or any(file_safety.is_inside(area, folder) for folder in folders)

    def _has_checked(self, file: str) -> bool:
        return os.path.normcase(file) in self._checked

    @cached_property
    def _checked(self) -> frozenset[str]:
        """The files of the articles that were checked without a problem."""
        failed = {problem.path for problem in self.result.problems}
        return frozenset(
            os.path.normcase(article.file) for article in self.found.articles if article.path not in failed
        )

    @cached_property
    def _everything(self) -> bool:
        """Whether the run has checked all articles that a run without paths on the command line would check."""
        return all(map(self._covers, self.suppressions.config.paths or (os.getcwd(),)))


def _notes(source: Source, unused: Iterable[SuppressionEntry]) -> Iterator[Note]:
    for entry in unused:
        start, end = source.line_span(source.line_starts[entry.line - 1])
        named = " or ".join(selector.name for selector in entry.rules)
        where = f" in {', '.join(entry.globs.patterns)}" if entry.globs else ""
        text = f" with “{entry.texts[0]}”" if len(entry.texts) == 1 else ""
        start += len(source.text[start:end]) - len(source.text[start:end].lstrip(" -"))
        edits = []
        if entry.last and source.text[:start].endswith("- "):
            last_line_end = source.line_span(source.line_starts[entry.last - 1])[1]
            edits.append((source.line_starts[entry.line - 1], next_line(source, last_line_end), ""))
        yield Note(UNUSED, Span(start, end), {"what": f"there are no findings of {named}{text}{where}"}, tuple(edits))
