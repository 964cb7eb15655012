"""Apply the suppressions in articles and in the config to findings, and report mistakes in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from linter.finding import Finding, SuppressedFinding
from linter.rule import OWN, Rule, fits
from linter.suppressions import UNUSED

if TYPE_CHECKING:
    from linter.config.overrides import SuppressionEntry
    from linter.document import Document, Note
    from linter.suppressions.article_suppressions import ArticleSuppressions
    from linter.suppressions.mistakes import SuppressionMistakes


@dataclass(frozen=True, eq=False)
class SuppressionFilter:
    """Separates suppressed findings from the others.

    `rules` are those of the run, `all_rules` all rules that exist (None: not all are known). `entries` are the
    suppressions in the config. `partial_rules` says that the options select some of the rules, `reasons_required` that
    every suppression must have a reason, and `off` that suppressions have no effect.
    """

    rules: Sequence[Rule]
    all_rules: Sequence[Rule] | None = None
    entries: tuple[SuppressionEntry, ...] = ()
    partial_rules: bool = False
    reasons_required: bool = False
    off: bool = False
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
        """Return the remaining findings of an article, in order, and the suppressed ones.

        `file` is its absolute path. With `report_mistakes`, mistakes in its suppressions become findings. `across` says
        that the article is also compared with the others in its folder.
        """
        if self.off:
            return list(findings), []
        from linter.suppressions import directives

        entries = [(at, entry) for at, entry in enumerate(self.entries) if entry.applies_to(file)]
        text = document.source.text
        if not entries and OWN not in text and not (findings and directives.has_sic_mark(text)):
            return list(findings), []  # as for nearly all articles
        from linter import engine
        from linter.suppressions import article_suppressions
        from linter.suppressions.mistakes import SuppressionMistakes

        suppressions = article_suppressions.read_suppressions(document, sic_marks=bool(findings))
        if suppressions is article_suppressions.NONE and not entries:
            return list(findings), []
        remaining, suppressed = _split(suppressions, entries, findings)
        blocked = suppressions.blocked_fixes(remaining)
        remaining = [finding._replace(fix=None) if finding in blocked else finding for finding in remaining]
        if report_mistakes and suppressions is not article_suppressions.NONE:
            used = {place for one in (*(one.places for one in suppressed), *blocked.values()) for place in one}
            mistakes = SuppressionMistakes(document, suppressions, self._names)
            own = engine.note_findings(document, self._notes(mistakes, used, across), self.rules)
            remaining_notes, suppressed_notes = _split(suppressions, entries, own)
            remaining, suppressed = (
                sorted([*remaining, *remaining_notes], key=lambda finding: finding.order),
                [*suppressed, *suppressed_notes],
            )
        return remaining, suppressed

    def _notes(self, mistakes: SuppressionMistakes, used: set[int], across: bool) -> Iterator[Note]:
        yield from mistakes.unknown()
        yield from mistakes.unused(used, lambda name: self.runs_everywhere(name, across=across))
        if self.reasons_required:
            yield from mistakes.without_reason()

    def runs_everywhere(self, name: str, *, across: bool) -> bool:
        """Whether every article is checked with all rules that a name matches (“”: all rules), at least one."""
        if (name, across) not in self._runs_everywhere:
            meant = [rule for rule in self.rules if (fits(name, rule.name) if name else rule.pack != OWN)]
            whole = not self.partial_rules or (len(meant) == 1 and meant[0].name == name)
            alone = across or all(rule.looks_at != "folder" for rule in meant)
            self._runs_everywhere[name, across] = bool(meant) and whole and alone
        return self._runs_everywhere[name, across]

    @cached_property
    def _names(self) -> frozenset[str] | None:
        return frozenset(rule.name for rule in self.all_rules) if self.all_rules is not None else None


def _split(
    suppressions: ArticleSuppressions, entries: Sequence[tuple[int, SuppressionEntry]], findings: Sequence[Finding]
) -> tuple[list[Finding], list[SuppressedFinding]]:
    """Return the remaining findings, and the suppressed ones with what suppresses them."""
    remaining, suppressed = suppressions.split(findings)
    found = [
        SuppressedFinding(finding.path, tuple(places), _matching_entries(entries, finding))
        for finding, places in suppressed
    ]
    if not entries:
        return remaining, found
    matched = {finding: by for finding in remaining if (by := _matching_entries(entries, finding))}
    found += [SuppressedFinding(finding.path, (), by) for finding, by in matched.items()]
    return [finding for finding in remaining if finding not in matched], found


def _matching_entries(entries: Sequence[tuple[int, SuppressionEntry]], finding: Finding) -> tuple[int, ...]:
    return tuple(at for at, entry in entries if entry.suppresses(finding))


def is_unused_suppression(finding: Finding) -> bool:
    """Whether a finding reports an unused suppression, which findings across the folder may disprove."""
    return finding.rule == f"{OWN}/{UNUSED}"


def without_used_suppressions(findings: Iterable[Finding], suppressed: Iterable[SuppressedFinding]) -> list[Finding]:
    """Return `findings` without the unused suppressions that turned out to be used across the folder."""
    used: dict[str, list[int]] = defaultdict(list)
    for one in suppressed:
        used[one.path] += one.places
    return [
        finding
        for finding in findings
        if not is_unused_suppression(finding)
        or not any(finding.start <= place < finding.end for place in used.get(finding.path, ()))
    ]
