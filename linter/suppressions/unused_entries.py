"""Find unused suppressions in the config."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from linter import engine, extensions, file_safety
from linter.config.overrides import SuppressionEntry
from linter.document import Note, Span
from linter.files.articles import Found
from linter.finding import Finding, Result
from linter.source import Source
from linter.suppressions import UNUSED
from linter.suppressions.mistakes import next_line

if TYPE_CHECKING:
    from linter.suppressions.apply import SuppressionFilter


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
