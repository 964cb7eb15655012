"""Impossible or wrong dates in the metadata or in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple

from linter import patterns
from linter.analysis.literals import Literals
from linter.document import Block, Document
from linter.folding import folded
from linter.rule import ArticleFacts, Fact, FolderFacts, Match
from linter.text.view import text_view
from linter.text.words import word_offsets
from linter.views import per_document

_DAY = r"(?<![\d.,:/$€£#-])(?P<day{0}>[0-3]?\d)(?P<nth{0}>st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year{0}>(?:19|20)\d\d)(?![\d%]|[.,:-]\d)"

Names = Sequence[Sequence[str]]  # all spellings of each month or weekday
_YEAR_FIRST = patterns.lazy(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = patterns.lazy(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_ONE_DAY = timedelta(days=1)  # maximum difference between two time zones
_VALUES = {"impossible": "last", "weekday": "right"}  # values for the message, by problem

# A number next to a month, such as a day.
_DAY_BEFORE = patterns.lazy(r"\d\w{0,2}\.?\s(?:\w\w\s)?\Z")
_DAY_BEHIND = patterns.lazy(r"\.?\s\d")
_LATE_DAYS = frozenset({"29", "30", "31"})  # days that some months do not have
_MAX_DAY_DISTANCE = 10  # maximum code points from a day to the month that follows

# Text that discusses impossible dates.
_ABOUT_DATES = patterns.lazy(r"\b(?i:invalid|impossible|non-?existent|incorrect|bogus)\s+(?:dates?|days?)\b")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # maximum days of each month
_FIRST_YEAR = 1925  # first year to check for weekdays; some countries used another calendar before


@dataclass(frozen=True)
class WrongDate:
    """A wrong date in the metadata (with `keys`) or in the text (with `months`).

    `keys` are the metadata keys of dates. Dates must be numeric, with the year first or last; other dates are ignored.
    With `keys`, `problem` is `impossible` (there is no such day) or `future` (the date is later than tomorrow, in UTC,
    and the article is not a draft). Dates are compared with the current date at the end of a run, so `future` needs a
    run that compares articles, such as a check of a folder.

    `months` and `weekdays` map language codes to names, starting with January and Monday: `Monday Mon | Tuesday Tue |
    …`. With `months`, `problem` is `impossible` (the month has no such day) or `weekday` (the weekday is wrong, in a
    date with a year from 1925 on). With `impossible`, a number after an English month counts as a day only if a year or
    an ordinal ending follows the number, and blocks that mention “invalid dates” or the like are ignored. The message
    may use {last}, the last day of the month, with `impossible`, and {right}, the right weekday, with `weekday`.
    """

    problem: Literal["impossible", "future", "weekday"]
    keys: tuple[str, ...] = ()
    months: Mapping[str, str] = field(default_factory=dict)
    weekdays: Mapping[str, str] = field(default_factory=dict)

    data: ClassVar[object] = tuple[str]

    def __post_init__(self) -> None:
        if bool(self.keys) == bool(self._calendars):
            raise ValueError("exactly one of “keys” and “months” must be given")
        if self.problem == "future" and not self.keys:
            raise ValueError("“problem: future” needs “keys”")
        if self.problem == "weekday" and not (self.months and self.weekdays):
            raise ValueError("“problem: weekday” needs “months” and “weekdays”")

    @property
    def values(self) -> frozenset[str]:
        return frozenset(() if self.keys else {_VALUES[self.problem]})

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"metadata"} if self.keys else ())

    @cached_property
    def literals(self) -> Literals | None:
        if self.keys:
            return None
        months = {
            folded(name)
            for calendar in self._calendars
            for name, number in calendar.month_numbers.items()
            if self.problem != "impossible" or _LENGTHS[number] < max(_LENGTHS)
        }
        if self.problem == "impossible":
            behind = {f"{month}{dot} {digit}" for month in months for dot in ("", ".") for digit in "23"}
            return frozenset({f" {month}" for month in months} | behind), _LATE_DAYS
        weekdays = map(folded, _forms(calendar.weekdays for calendar in self._calendars))
        return frozenset(day + mark for day in weekdays for mark in " ,.-"), frozenset(f" {month}" for month in months)

    @property
    def across(self) -> bool:
        return self.problem == "future"

    @cached_property
    def _calendars(self) -> Sequence[Calendar]:
        return [Calendar(language, names, self.weekdays.get(language, "")) for language, names in self.months.items()]

    @cached_property
    def _months(self) -> frozenset[str]:
        return _forms(calendar.months for calendar in self._calendars)

    def find_in(self, document: Document) -> Iterator[Match]:
        yield from self._in_metadata(document) if self.keys else self._in_text(document)

    def _in_metadata(self, document: Document) -> Iterator[Match]:
        found, places = document.metadata.fields, document.metadata.places
        for key in filter(found.__contains__, self.keys):
            if key in places and possible_days(found[key]) == []:
                yield Match(*places[key])

    def _in_text(self, document: Document) -> Iterator[Match]:
        for block, found in _dated_blocks(document, self._months).items():
            if self.problem == "impossible" and not any(map(block.text.__contains__, _LATE_DAYS)):
                continue
            for calendar in self._calendars:
                if not found.isdisjoint(calendar.month_numbers):
                    yield from self._matches(block, calendar)

    def _matches(self, block: Block, calendar: Calendar) -> Iterator[Match]:
        for written in calendar.dates(block.text):
            span = block.span(written.start, written.end)
            last = _last_day(written.year, written.month)
            if self.problem == "impossible":
                if written.is_sure and last < written.day <= max(_LENGTHS) and not _ABOUT_DATES.search(block.text):
                    yield Match(*span, {"last": str(last)})
            elif written.weekday >= 0 and written.year >= _FIRST_YEAR and 0 < written.day <= last:
                right = date(written.year, written.month, written.day).weekday()
                if right != written.weekday:
                    yield Match(*span, {"right": calendar.weekdays[right][0]})

    def facts(self, document: Document) -> Iterator[Fact]:
        found, places = document.metadata.fields, document.metadata.places
        for key in filter(found.__contains__, self.keys):
            days = possible_days(found[key])
            if days and key in places and not document.is_draft:
                yield Fact(*places[key], (min(days).isoformat(),))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        last = datetime.now(UTC).date() + _ONE_DAY
        for article in folder.asked_articles:
            for fact in article.facts:
                if date.fromisoformat(fact.data[0]) > last:
                    yield article, Match(fact.start, fact.end)


def _forms(calendars: Iterable[Names]) -> frozenset[str]:
    """Return each name in four forms: as given, in lowercase, capitalized, and in capitals."""
    names = {name for calendar in calendars for spellings in calendar for name in spellings}
    return frozenset(form for name in names for form in (name, name.lower(), name.capitalize(), name.upper()))


@per_document
def _dated_blocks(document: Document, months: frozenset[str]) -> Mapping[Block, set[str]]:
    """Map each block that may contain a date to the names of the months next to numbers, in lowercase."""
    found: dict[Block, set[str]] = {}
    view = text_view(document)
    for start, word in word_offsets(document, months):
        if _DAY_BEHIND.match(view.text, start + len(word)) or _DAY_BEFORE.search(
            view.text, max(0, start - _MAX_DAY_DISTANCE), start
        ):
            found.setdefault(view.blocks[view.number(start)], set()).add(word.lower())
    return found


def possible_days(value: Any) -> list[date] | None:
    """Return the days that a metadata value may mean.

    If the year is last, the month may be before or after the day, so there may be two such days. The list is empty if
    the date is impossible. Return None if the value is not a numeric date.
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


def _last_day(year: int, month: int) -> int:
    """Return the last day of a month. February has 29 days if the year is unknown, which is 0."""
    if month == 2 and year:
        from calendar import isleap  # which imports more

        return 29 if isleap(year) else 28
    return _LENGTHS[month - 1]


class Date(NamedTuple):
    """A date in text, as the half-open range of offsets from `start` to `end`.

    `weekday` counts from 0 for Monday and is -1 if the date has no weekday. `day` is the number as written, from 0 to
    39. `month` counts from 1. `year` is 0 if the date has no year. `is_sure` is false for a number
    that follows the month and has neither an ordinal ending nor a year after it, because it might count something
    else: “In May 30 people …”.
    """

    start: int
    end: int
    weekday: int
    day: int
    month: int
    year: int
    is_sure: bool


class Calendar:
    """The names of months and weekdays in one language.

    `months` is a string such as `January Jan | February Feb | …`, and `weekdays` is a string such as `Monday Mon |
    Tuesday Tue | …`. Raises ValueError unless there are twelve months, and seven weekdays or none.
    """

    def __init__(self, language: str, months: str, weekdays: str = "") -> None:
        self._month_leads = language == "en"  # English dates may start with the month: May 3
        self.months, self.weekdays = _split(months), _split(weekdays)
        if len(self.months) != 12 or len(self.weekdays) not in (0, 7):
            raise ValueError(f"“{language}” needs twelve months and seven weekdays, separated by “|”")
        self.month_numbers, self._weekday_numbers = _numbers(self.months), _numbers(self.weekdays)

    def dates(self, text: str) -> Iterator[Date]:
        """Yield the dates in `text`, in order."""
        for match in self._pattern.finditer(text):
            found = match.groupdict()
            form = "1" if found["day1"] else "2"
            year, month = found[f"year{form}"], self.month_numbers.get(found[f"month{form}"].lower())
            if month is None:  # IGNORECASE also matches letters that `lower` does not change, such as “ſ” for “s”
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
        first_character = rf"(?:(?=\d)|\b(?=[{re.escape(letters)}]))"  # checked first because few positions match
        return re.compile(f"{first_character}{before}(?:{forms})", re.IGNORECASE)


def _split(names: str) -> Names:
    return [part.split() for part in names.split("|")] if names else []


def _numbers(names: Names) -> dict[str, int]:
    """Map each name, in lowercase, to the index of its month or weekday."""
    return {name.lower(): number for number, spellings in enumerate(names) for name in spellings}


def _any_of(names: Names) -> str:
    """Return a pattern that matches any of the names; if there are no names, the pattern never matches."""
    every = sorted((name for spellings in names for name in spellings), key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, every)) or "(?!)"
