"""Wrong dates in the metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal

from linter import patterns
from linter.document import Document
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

_YEAR_FIRST = patterns.lazy(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = patterns.lazy(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_UNSET = frozenset({date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1)})  # what programs write where no date is known
_DAY = timedelta(days=1)  # what time zones may make


@record
class DateValue:
    """A date in the metadata that is none, or not the right one.

    The `problem` of a date under `keys` is that it is impossible (no month has it), unset (1 January 1970 and the
    like), late (more than a day later than one under `than`) or future (later than tomorrow, in an article that is no
    draft; facts are cached and compared with the clock at the end of a run, so a folder must be named). Dates are
    numbers, with the year first or last; others are ignored. With `late` the message may use {other}, the earlier date.
    """

    problem: Literal["impossible", "unset", "late", "future"]
    keys: tuple[str, ...]
    than: tuple[str, ...] = ()

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})
    data: ClassVar[object] = tuple[str]

    def __post_init__(self) -> None:
        if (self.problem == "late") != bool(self.than):
            raise ValueError("“than” goes with “problem: late”, and only with it")

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"other"} if self.problem == "late" else ())

    @property
    def across(self) -> bool:
        return self.problem == "future"

    def find(self, document: Document) -> Iterator[Match]:
        found, places = document.metadata.fields, document.metadata.places
        if self.than and found.keys().isdisjoint(self.than):
            return
        for key in self.keys:
            days = possible_days(found[key]) if key in found and key in places else None
            if days is None:
                continue
            other = self._earlier(found, days) if self.problem == "late" else ""
            impossible = self.problem == "impossible" and not days
            unset = self.problem == "unset" and not _UNSET.isdisjoint(days)
            if impossible or unset or other:
                yield Match(*places[key], {"other": other} if other else {})

    def _earlier(self, found: Mapping[str, Any], own: list[date]) -> str:
        """Return the date, as it is written, than which this one is later, or ""."""
        for key in self.than:
            others = possible_days(found[key]) if key in found else None
            if own and others and min(own) > max(others) + _DAY:
                return str(found[key])
        return ""

    def facts(self, document: Document) -> Iterator[Fact]:
        places = document.metadata.places
        for key in self.keys:
            days = possible_days(document.metadata.fields.get(key))
            if days and key in places and not document.is_draft:
                yield Fact(*places[key], (min(days).isoformat(),))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        last = datetime.now(UTC).date() + _DAY
        for article in folder.articles:
            for fact in article.facts:
                if date.fromisoformat(fact.data[0]) > last:
                    yield article, Match(fact.start, fact.end)


def possible_days(value: Any) -> list[date] | None:
    """Return the days that a value may mean: none if there is no such day, None if it is no date in numbers.

    With the year last, month and day may be in either order.
    """
    if isinstance(value, date):
        return [date(value.year, value.month, value.day)]
    if not isinstance(value, str):
        return None
    if found := _YEAR_FIRST.match(value):
        year, month, day = map(int, found.groups())
        return _existing((year, month, day))
    if found := _YEAR_LAST.match(value):
        one, other, year = map(int, found.groups())
        return _existing((year, other, one), (year, one, other))
    return None


def _existing(*candidates: tuple[int, int, int]) -> list[date]:
    found = []
    for candidate in candidates:
        try:
            found.append(date(*candidate))
        except ValueError:
            continue
    return found
