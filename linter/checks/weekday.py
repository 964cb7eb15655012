"""Weekdays that do not fit their date: Tuesday, 12 March 2025 was a Wednesday."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.document import Document
from linter.prose.calendars import Calendar, calendars
from linter.prose.tokens import passages
from linter.rule import Match

_FIRST = 1925  # before that some countries had another calendar


@dataclass(frozen=True)
class Weekday:
    """Dates with weekday and year, in languages of which the names are known.

    `months` and `weekdays` have those, by language: `Monday Mon | Tuesday Tue | …`. The message may use {right}, the
    weekday of that date.
    """

    months: Mapping[str, str]
    weekdays: Mapping[str, str]

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    def __post_init__(self) -> None:
        calendars(self.months, self.weekdays)

    @cached_property
    def _calendars(self) -> tuple[Calendar, ...]:
        return calendars(self.months, self.weekdays)

    def find(self, document: Document) -> Iterator[Match]:
        for passage in passages(document):
            for calendar in self._calendars:
                if not calendar.words.isdisjoint(passage.vocabulary):
                    for start, end, right in _wrong(calendar, passage.text):
                        yield Match(*passage.block.span(start, end), {"right": right})


def _wrong(calendar: Calendar, text: str) -> Iterator[tuple[int, int, str]]:
    """Where a weekday does not fit its date, and the one that does."""
    for date in calendar.dates(text):
        if date.weekday < 0 or date.year < _FIRST:
            continue
        try:
            right = datetime.date(date.year, date.month, date.day).weekday()
        except ValueError:
            continue
        if right != date.weekday:
            yield date.start, date.end, calendar.weekdays[right][0]
