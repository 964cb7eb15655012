"""Weekdays that do not match their date: Tuesday, 12 March 2025 was a Wednesday."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.checks.metadata._calendars import Calendar, Date, calendars, dated
from linter.document import Document
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
        for block, date in dated(document, self._calendars):
            right = _right(date)
            if right is not None:
                weekdays = next(one.weekdays for one in self._calendars if one.language == date.language)
                yield Match(*block.span(date.start, date.end), {"right": weekdays[right][0]})


def _right(date: Date) -> int | None:
    """The weekday of a date, counted from Monday, if it has another one."""
    if date.weekday < 0 or date.year < _FIRST:
        return None
    try:
        right = datetime.date(date.year, date.month, date.day).weekday()
    except ValueError:
        return None
    return right if right != date.weekday else None
