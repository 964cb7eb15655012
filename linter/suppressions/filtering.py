"""What silences the rules of a run: in the articles themselves and in the settings, and what of that is idle."""

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
    from linter.suppressions.apply import ArticleSuppressions
    from linter.suppressions.unused import SuppressionMistakes


@dataclass(frozen=True, eq=False)
class SuppressionFilter:
    """Sifts the findings of articles.

    `rules` are those of the run, `every` are all there are (None: not all are known). `entries` are the
    suppressions of the settings. `narrowed` says that somebody asked for some of the rules alone, `explained` that
    every suppression must have its reason, `off` that none of all counts.
    """

    rules: Sequence[Rule]
    every: Sequence[Rule] | None = None
    entries: tuple[SuppressionEntry, ...] = ()
    narrowed: bool = False
    explained: bool = False
    off: bool = False
    _asked: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def sift(
        self, document: Document, findings: Sequence[Finding], file: str, *, across: bool = False, judged: bool = True
    ) -> tuple[list[Finding], list[SuppressedFinding]]:
        """Return the findings that are left in an article, in order, and those that are suppressed.

        `file` is its absolute path. If `judged`, mistakes in its suppressions are findings too; `across` says that it
        is also compared with the other articles of its folder.
        """
        if self.off:
            return list(findings), []
        from linter import engine
        from linter.suppressions import apply, directives, unused

        entries = [(at, entry) for at, entry in enumerate(self.entries) if entry.concerns(file)]
        text = document.source.text
        if not entries and OWN not in text and not (findings and directives.has_sic_mark(text)):
            return list(findings), []  # as of nearly all articles
        silences = apply.read_suppressions(document, sic_marks=bool(findings))
        if silences is apply.NONE and not entries:
            return list(findings), []
        left, suppressed = _sifted(silences, entries, findings)
        sparing = silences.blocked_fixes(left)
        left = [finding._replace(fix=None) if finding in sparing else finding for finding in left]
        if judged and silences is not apply.NONE:
            used = {place for one in (*(one.places for one in suppressed), *sparing.values()) for place in one}
            mistakes = unused.SuppressionMistakes(document, silences, self._names)
            own = engine.note_findings(document, self._notes(mistakes, used, across), self.rules)
            more, gone = _sifted(silences, entries, own)
            left, suppressed = sorted([*left, *more], key=lambda finding: finding.order), [*suppressed, *gone]
        return left, suppressed

    def _notes(self, mistakes: SuppressionMistakes, used: set[int], across: bool) -> Iterator[Note]:
        yield from mistakes.unknown()
        yield from mistakes.unused(used, lambda name: self.runs_everywhere(name, across=across))
        if self.explained:
            yield from mistakes.unexplained()

    def runs_everywhere(self, name: str, *, across: bool) -> bool:
        """Whether all rules that a name means, or “” for all, are put to every article, and there is any."""
        if (name, across) not in self._asked:
            meant = [rule for rule in self.rules if (fits(name, rule.name) if name else rule.pack != OWN)]
            whole = not self.narrowed or (len(meant) == 1 and meant[0].name == name)
            alone = across or all(rule.looks_at != "folder" for rule in meant)
            self._asked[name, across] = bool(meant) and whole and alone
        return self._asked[name, across]

    @cached_property
    def _names(self) -> frozenset[str] | None:
        return frozenset(rule.name for rule in self.every) if self.every is not None else None


def _sifted(
    silences: ArticleSuppressions, entries: Sequence[tuple[int, SuppressionEntry]], findings: Sequence[Finding]
) -> tuple[list[Finding], list[SuppressedFinding]]:
    """What is left of findings, and what silences the others."""
    left, suppressed = silences.split(findings)
    rows = [SuppressedFinding(finding.path, tuple(places), _by(entries, finding)) for finding, places in suppressed]
    if not entries:
        return left, rows
    heard = {finding: by for finding in left if (by := _by(entries, finding))}
    rows += [SuppressedFinding(finding.path, (), by) for finding, by in heard.items()]
    return [finding for finding in left if finding not in heard], rows


def _by(entries: Sequence[tuple[int, SuppressionEntry]], finding: Finding) -> tuple[int, ...]:
    return tuple(at for at, entry in entries if entry.silences(finding))


def may_be_excused(finding: Finding) -> bool:
    """Whether a finding says that a suppression is idle, which a look across the folder may show to be wrong."""
    return finding.rule == f"{OWN}/{UNUSED}"


def without_excused(findings: Iterable[Finding], suppressed: Iterable[SuppressedFinding]) -> list[Finding]:
    """`findings` less the suppressions among them that seemed idle, and silenced what was found across the folder."""
    used: dict[str, list[int]] = defaultdict(list)
    for one in suppressed:
        used[one.path] += one.places
    return [
        finding
        for finding in findings
        if not may_be_excused(finding)
        or not any(finding.start <= place < finding.end for place in used.get(finding.path, ()))
    ]
