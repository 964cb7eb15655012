"""Check and fix single records, in any process."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from linter import patterns, readers
from linter.article_linter import ArticleLinter
from linter.config.config import fitting
from linter.document import Document
from linter.engine import CrossMatch
from linter.files.sites import engine_around
from linter.finding import Edit, Finding, Problem
from linter.records.archives import KEEP, Archive, Change, Record
from linter.records.paragraphs import without_paragraphs
from linter.rule import ArticleFacts, Match, fits
from linter.serialize import ArticleResult
from linter.source import Source
from linter.text import language

if TYPE_CHECKING:
    from linter.fix.edits import FixedSource

T = TypeVar("T")

# Tags that show that a text is HTML.
_HTML = patterns.lazy(
    r"</(?:a|blockquote|div|em|h[1-6]|li|ol|p|span|strong|table|ul)\s*+>|<(?:br|p)\s*+/?>", re.IGNORECASE
)
TOGETHER = 200_000  # code points; a group of records that are checked together ends when their bodies reach this size
_FAILED = "copydesk failed on this record: {}; please report it"
_NO_MEMORY = "there is not enough memory to check this record"


class FixOptions(NamedTuple):
    """How to fix records.

    If `unsafe` is true, unsafe fixes are applied, too. If `notes` is false, findings with severity info are not fixed.
    `drop` and `drop_paragraphs` are names of rules and packs, or globs. Records with a finding of a rule in `drop` are
    left out, and paragraphs with a finding of a rule in `drop_paragraphs` are deleted.
    """

    unsafe: bool = False
    notes: bool = False
    drop: tuple[str, ...] = ()
    drop_paragraphs: tuple[str, ...] = ()


class RecordResult(NamedTuple):
    """The result of a record: its findings and problems and, if it was fixed, the change and the fixed findings.

    After a fix, `result` has the findings that remain. `key`, `group` and `url` are those of the record. `articles` is
    1, or 0 if the result is not that of a record (see `work.Item`).
    """

    result: ArticleResult
    key: str = ""
    group: str = ""
    url: str = ""
    change: Change = KEEP
    fixed: tuple[Finding, ...] = ()
    articles: int = 1
    skipped: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, record: Record, result: ArticleResult) -> RecordResult:
        """Return the result of a record."""
        return cls(result, record.key, record.group, record.url)


def failed(archive: Archive, record: Record, message: str) -> RecordResult:
    """Return the result of a record that could not be checked, with the problem `message`."""
    return RecordResult.of(record, ArticleResult([], [Problem(archive.path, message, record.key)], [], []))


def in_groups(
    some: Iterable[T], length: Callable[[T], int], most: int = TOGETHER, count: int = sys.maxsize
) -> Iterator[list[T]]:
    """Yield `some` in lists, which end when they have `count` elements or their lengths reach `most` together.

    `length` returns the length of an element, in code points.
    """
    group: list[T] = []
    size = 0
    for one in some:
        group.append(one)
        size += length(one)
        if len(group) >= count or size >= most:
            yield group
            group, size = [], 0
    if group:
        yield group


def body_length(record: Record) -> int:
    """Return the length of the body of a record, in code points."""
    return len(record.body)


class RecordChecker:
    """Checks and fixes records with a linter.

    The time of patterns is limited for each record, so that its result does not depend on other records. An error in
    one record becomes a problem of that record.
    """

    def __init__(self, linter: ArticleLinter) -> None:
        self._linter = linter

    def check(self, archive: Archive, records: Sequence[Record], *, across: bool = False) -> list[RecordResult]:
        """Return the result of checking each record. If `across` is true, it includes facts for comparing articles."""
        groups = in_groups(records, body_length)
        return [result for group in groups for result in self._results(archive, group, across=across)]

    def _results(self, archive: Archive, records: Sequence[Record], *, across: bool) -> list[RecordResult]:
        """Return what `check` returns. The records are checked together, which takes less time."""
        try:
            found = self._check(archive, records, across=across)
        except Exception as error:
            if len(records) == 1:
                return [failed(archive, records[0], _reason(error))]
            return [result for record in records for result in self._results(archive, [record], across=across)]
        for record, result in zip(records, found, strict=True):
            result.problems.extend(Problem(archive.path, problem, record.key) for problem in record.problems)
        return [RecordResult.of(record, result) for record, result in zip(records, found, strict=True)]

    def check_across(
        self, archive: Archive, record: Record, matches: Iterable[tuple[str, int, tuple[Any, ...]]]
    ) -> RecordResult:
        """Return the findings of rules that compare articles in a record.

        Each of `matches` has the name of the rule, the length of the record when its facts were collected, and a Match
        as plain data.
        """
        try:
            document = self._document(archive, record)
            rules = {rule.name: rule for rule in self._linter.run_rules.across}
            name = document.source.name
            own = [
                CrossMatch(rules[rule], ArticleFacts(name, rule, length, ()), _match(values))
                for rule, length, values in matches
                if rule in rules
            ]
            active = self._linter.active_in(document, archive.file)
            found = active.check_across(document, archive.file, own)
        except Exception as error:
            return failed(archive, record, _reason(error))
        return RecordResult.of(record, found)

    def fix(
        self,
        archive: Archive,
        record: Record,
        options: FixOptions,
        matches: Iterable[tuple[str, int, tuple[Any, ...]]] = (),
    ) -> RecordResult:
        """Return the result of fixing a record: the new body, the fixed findings, and the findings that remain.

        `matches` are as in `check_across`. A record with problems is not fixed, because its body may differ from the
        text in the archive.
        """
        record = record._replace(kind=kind_of(archive, record))  # a fix must not change the kind
        (first,) = self.check(archive, [record])
        compared = self.check_across(archive, record, matches).result.findings if matches else []
        if any(_fits(finding, options.drop) for finding in (*first.result.findings, *compared)):
            return first._replace(result=first.result._replace(findings=[]), change=Change(drop=True))
        if first.result.problems:
            return first
        try:
            done = self._fixed(archive, record, first.result.findings, options)
        except Exception as error:
            first.result.problems.append(Problem(archive.path, _reason(error), record.key))
            return first
        problems = []
        if done.unstable:
            what = f"the fixes of {', '.join(done.unstable)} do not end or undo each other; none of them was applied"
            problems.append(Problem(archive.path, what, record.key))
        change = KEEP if done.source.text == record.body else Change(done.source.text)
        left = first.result._replace(findings=[*done.remaining], problems=problems)
        return first._replace(result=left, change=change, fixed=done.fixed)

    def _fixed(self, archive: Archive, record: Record, found: list[Finding], options: FixOptions) -> FixedSource:
        """Return the body of a record with its fixes. `found` are the findings in the record."""
        from linter.fix import edits

        document = self._document(archive, record)
        before = document.source
        unwanted = [finding for finding in found if _fits(finding, options.drop_paragraphs)]
        kept = without_paragraphs(document, unwanted) if unwanted else before

        def check(source: Source) -> list[Finding]:
            now = found
            if source is not before:
                (result,) = self._check(archive, [record._replace(body=source.text)])
                now = result.findings
            return [finding for finding in now if options.notes or finding.severity != "info"]

        return edits.apply_fixes(kept, check, unsafe=options.unsafe)

    def _check(self, archive: Archive, records: Sequence[Record], *, across: bool = False) -> list[ArticleResult]:
        """Return the result of checking the body of each record. The arguments are those of `check`."""
        read = [(self._document(archive, record), archive.file) for record in records]
        return self._linter.check_documents(read, across=across, streamed=True)

    def _document(self, archive: Archive, record: Record) -> Document:
        """Return the document of a record. Values of the record are metadata, unless the body has its own."""
        document = readers.read(Source(record.body, archive.path, record.key), kind_of(archive, record))
        known = {"title": record.title, "date": record.date, "url": record.url}
        given = {name: value for name, value in known.items() if value} | ({"draft": True} if record.draft else {})
        if given:
            metadata = document.metadata
            document = replace(document, metadata=replace(metadata, values={**given, **metadata.values}))
        if record.language:
            document = replace(document, language=record.language)
        engine = engine_around("", fitting(self._linter.config.site, archive.file).value)
        document = replace(document, site=engine.site, dialect=engine.dialect) if any(engine) else document
        return language.with_language(document, fitting(self._linter.config.language, archive.file).value)


def kind_of(archive: Archive, record: Record) -> str:
    """Return the kind of source of a record. A kind that the user has set for all records takes precedence."""
    given = archive.mapping.kind
    return given if given in readers.KINDS else record.kind or kind_of_body(record.body)


def kind_of_body(body: str) -> str:
    """Return the kind of source of a body that has none: "html" if it has common HTML tags, or else "text"."""
    return "html" if _HTML.search(body) else "text"


def _match(values: tuple[Any, ...]) -> Match:
    start, end, named, edits, sure = values
    return Match(start, end, named, tuple(Edit(*edit) for edit in edits), sure)


def _reason(error: Exception) -> str:
    return _NO_MEMORY if isinstance(error, MemoryError) else _FAILED.format(f"{type(error).__name__}: {error}")


def _fits(finding: Finding, names: Iterable[str]) -> bool:
    return any(fits(name, finding.rule) for name in names)
