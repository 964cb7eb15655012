"""Days that do not exist: 31 February."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.checks.metadata._calendars import Calendar, Date, calendars, dated
from linter.document import Document
from linter.rule import Match

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class ImpossibleDate:
    """`months` has the names of the twelve, by language: `January Jan | February Feb | …`.

    A number behind an English month is a day if a year or an ordinal's letters follow it. 29 February is impossible
    with a year that does not have it. The message may use {last}, the last day that the month has.
    """

    months: Mapping[str, str]

    values: ClassVar[frozenset[str]] = frozenset({"last"})

    def __post_init__(self) -> None:
        calendars(self.months, {})

    @cached_property
    def _calendars(self) -> tuple[Calendar, ...]:
        return calendars(self.months, {})

    def find(self, document: Document) -> Iterator[Match]:
        for block, date in dated(document, self._calendars):
            last = _last(date)
            if date.sure and last < date.day <= max(_DAYS):
                yield Match(*block.span(date.start, date.end), {"last": str(last)})


def _last(date: Date) -> int:
    return 28 if date.month == 2 and date.year and not isleap(date.year) else _DAYS[date.month - 1]
