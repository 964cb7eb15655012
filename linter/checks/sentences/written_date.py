"""Dates in the text that do not exist or fall on another weekday: 31 February; Tuesday, 12 March 2025."""

from __future__ import annotations

import datetime
import re
from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from linter import patterns
from linter.document import Block, Document, per_document
from linter.record import field, record
from linter.rule import Match
from linter.text.words import vocabulary, word_places

_DAY = r"(?<![\d.,:/$€£#-])(?P<day{0}>[0-3]?\d)(?P<nth{0}>st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year{0}>(?:19|20)\d\d)(?![\d%]|[.,:-]\d)"
# A number beside a month, as a day has.
_DAY_BEFORE = patterns.lazy(r"\d\w{0,2}\.?\s(?:\w\w\s)?\Z")
_DAY_BEHIND = patterns.lazy(r"\.?\s\d")
_DISTANCE = 10  # code points between a month and the last digit of the day before it

_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of months
_FIRST = 1925  # year; before that some countries had another calendar

Names = Sequence[Sequence[str]]  # of months or weekdays, each with all its spellings


@record
class WrittenDate:
    """A date in the text whose `problem` is that it is impossible (no month has that day) or has the wrong weekday.

    `months` and `weekdays` have the names of both, from January and from Monday, by language: `Monday Mon | Tuesday
    Tue | …`. A number after an English month is a day if a year or the letters of an ordinal follow it. The message may
    use {last}, the last day of the month, or {right}, the right weekday.
    """

    problem: Literal["impossible", "weekday"]
    months: Mapping[str, str]
    weekdays: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self._calendars or (self.problem == "weekday" and not self.weekdays):
            raise ValueError("“problem: weekday” needs “weekdays”")

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"last" if self.problem == "impossible" else "right"})

    @cached_property
    def _calendars(self) -> Sequence[Calendar]:
        return [Calendar(language, names, self.weekdays.get(language, "")) for language, names in self.months.items()]

    @cached_property
    def _months(self) -> frozenset[str]:
        """The names of all months, as they appear in a text: lowercase, Capitalized, and in capitals."""
        names = {name for calendar in self._calendars for spellings in calendar.months for name in spellings}
        return frozenset(form for name in names for form in (name, name.lower(), name.capitalize(), name.upper()))

    def find(self, document: Document) -> Iterator[Match]:
        months = self._months & vocabulary(document)
        for block, found in _dated_blocks(document, months).items() if months else ():
            for calendar in self._calendars:
                if not found.isdisjoint(calendar.month_numbers):
                    yield from self._matches(block, calendar)

    def _matches(self, block: Block, calendar: Calendar) -> Iterator[Match]:
        for date in calendar.dates(block.text):
            span = block.span(date.start, date.end)
            last = 28 if date.month == 2 and date.year and not isleap(date.year) else _LENGTHS[date.month - 1]
            if self.problem == "impossible":
                if date.is_sure and last < date.day <= max(_LENGTHS):
                    yield Match(*span, {"last": str(last)})
            elif date.weekday >= 0 and date.year >= _FIRST and 0 < date.day <= last:
                right = datetime.date(date.year, date.month, date.day).weekday()
                if right != date.weekday:
                    yield Match(*span, {"right": calendar.weekdays[right][0]})


@per_document
def _dated_blocks(document: Document, months: frozenset[str]) -> Mapping[Block, set[str]]:
    """Return the blocks that have names of months beside a number, with these names in lower case."""
    found: dict[Block, set[str]] = {}
    for passage, word in word_places(document, months):
        before = passage.text[max(0, word.start - _DISTANCE) : word.start]
        if _DAY_BEFORE.search(before) or _DAY_BEHIND.match(passage.text, word.end):
            found.setdefault(passage.block, set()).add(word.text.lower())
    return found


class Date(NamedTuple):
    """A date at `start` to `end` of a text.

    `weekday` counts from 0 for Monday. Without a weekday it is -1, without a year `year` is 0. `is_sure` says that the
    number cannot be anything but the day of the month.
    """

    start: int
    end: int
    weekday: int
    day: int
    month: int
    year: int
    is_sure: bool


class Calendar:
    """The names of months and weekdays in one language, made from texts with bars between names.

    Raises ValueError unless there are twelve months, and seven weekdays or none.
    """

    def __init__(self, language: str, months: str, weekdays: str = "") -> None:
        self._month_leads = language == "en"  # May 3
        self.months, self.weekdays = _split(months), _split(weekdays)
        if len(self.months) != 12 or len(self.weekdays) not in (0, 7):
            raise ValueError(f"“{language}” needs twelve months and seven weekdays, with “|” between")
        self.month_numbers, self._weekday_numbers = _numbers(self.months), _numbers(self.weekdays)

    def dates(self, text: str) -> Iterator[Date]:
        """Yield the dates in a text."""
        for match in self._pattern.finditer(text):
            found = match.groupdict()
            form = "1" if found["day1"] else "2"
            year, month = found[f"year{form}"], self.month_numbers.get(found[f"month{form}"].lower())
            if month is None:  # with an odd letter, which is one of the name only when case is ignored
                continue
            yield Date(
                match.start(),
                max(match.end(f"{group}{form}") for group in ("day", "nth", "month", "year")),
                self._weekday_numbers.get((found["weekday"] or "").lower(), -1),
                int(found[f"day{form}"]),
                month + 1,
                int(year or 0),
                form == "1" or bool(year or found["nth2"]),
            )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        weekday, months = _any_of(self.weekdays), _any_of(self.months)
        before = rf"(?:\b(?P<weekday>{weekday})(?:-feira)?\.?,?\s(?:the\s|den\s|le\s|el\s|dem\s)?)?"
        day_first = (
            rf"{_DAY.format(1)}\.?\s(?:of\s|de\s)?(?P<month1>{months})\b(?:\.?,?\s(?:de\s|del\s)?{_YEAR.format(1)})?"
        )
        month_first = rf"\b(?P<month2>{months})\b\.?\s{_DAY.format(2)}(?!\d|[.:]\d|\s?%)(?:,?\s{_YEAR.format(2)})?"
        forms = f"{day_first}|{month_first}" if self._month_leads else day_first
        letters = "".join(sorted({name[0] for spellings in (*self.weekdays, *self.months) for name in spellings}))
        first_character = rf"(?:(?=\d)|\b(?=[{re.escape(letters)}]))"  # said first, for hardly anything begins so
        return re.compile(f"{first_character}{before}(?:{forms})", re.IGNORECASE)


def _split(names: str) -> Names:
    return [part.split() for part in names.split("|")] if names else []


def _numbers(names: Names) -> dict[str, int]:
    """Map names in lower case to their indices."""
    return {name.lower(): number for number, spellings in enumerate(names) for name in spellings}


def _any_of(names: Names) -> str:
    """Return a pattern for any of the names; for none, one that matches nothing."""
    every = sorted((name for spellings in names for name in spellings), key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, every)) or "(?!)"
