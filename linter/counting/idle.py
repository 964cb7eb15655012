"""Suppressions of the settings that silence nothing: findings in the file they stand in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from linter import engine, regularfile
from linter.block import Span
from linter.discovery import Found
from linter.document import Document, Note
from linter.finding import Finding, Result
from linter.loading import yamlfile
from linter.plan import PlainPlan
from linter.rule import OWN, Rule
from linter.settled import Settings
from linter.silencing import UNUSED, removal
from linter.silencing.entries import Entry
from linter.source import Source

Asked = Callable[..., bool]


def find(result: Result, found: Found, settings: Settings, rules: Iterable[Rule], is_asked: Asked) -> list[Finding]:
    """The entries of the settings that silenced nothing, as far as a run over what was `found` can tell.

    `is_asked(name, across=…)` says whether all rules that a name means are put to every article.
    """
    coverage = _Coverage(result, found, settings, is_asked)
    entries = enumerate(settings.suppressions)
    idle = [entry for at, entry in entries if at not in result.heeded and coverage.judges(entry)]
    return _findings(idle, settings.file, rules) if idle else []


@dataclass(frozen=True, eq=False)
class _Coverage:
    """What a run has looked at."""

    result: Result
    found: Found
    settings: Settings
    is_asked: Asked

    def judges(self, entry: Entry) -> bool:
        """Whether all that an entry is about was looked at by all rules that it means, or is no longer there."""
        asked = all(self.is_asked(wish.name, across=self.found.folder) for wish in entry.rules)
        return asked and all(map(self._covers, entry.areas or (os.path.dirname(os.path.abspath(self._file)),)))

    def _covers(self, area: str) -> bool:
        """Whether all articles were checked that may lie in a folder, or one at that path."""
        if area in self._checked or self._everything:
            return True
        return not os.path.lexists(area) or any(_lies(area, folder) for folder in self.found.folders)

    @property
    def _file(self) -> str:
        return self.settings.file

    @cached_property
    def _checked(self) -> frozenset[str]:
        """The articles that were checked without a problem."""
        failed = {problem.path for problem in self.result.problems}
        return frozenset(article.file for article in self.found.articles if article.path not in failed)

    @cached_property
    def _everything(self) -> bool:
        """Whether all that is checked where nobody names a path was among it."""
        usual = self.settings.paths or (os.getcwd(),)
        return all(path in self._checked or any(_lies(path, folder) for folder in self.found.folders) for path in usual)


def _lies(path: str, folder: str) -> bool:
    """Whether an absolute path is that of a folder or lies in it."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def _findings(idle: Sequence[Entry], file: str, rules: Iterable[Rule]) -> list[Finding]:
    source = Source.from_bytes(regularfile.read(file, yamlfile.LIMIT), file, "utf-8")
    own = tuple(rule for rule in rules if rule.name == f"{OWN}/{UNUSED}")
    return engine.check(Document(source, "text", (), notes=tuple(_notes(source, idle))), PlainPlan(own))[0]


def _notes(source: Source, idle: Iterable[Entry]) -> Iterator[Note]:
    for entry in idle:
        start, end = source.line_span(source.line_starts[entry.line - 1])
        named = " or ".join(wish.name for wish in entry.rules)
        where = f" in {', '.join(entry.globs.patterns)}" if entry.globs else ""
        text = f" with “{entry.texts[0]}”" if len(entry.texts) == 1 else ""
        start += len(source.text[start:end]) - len(source.text[start:end].lstrip(" -"))
        alone = entry.last and source.text[:start].endswith("- ")
        edits = (removal.lines(source, entry.line - 1, entry.last - 1),) if alone else ()
        yield Note(UNUSED, Span(start, end), {"what": f"{named} finds nothing{text}{where}"}, edits)
