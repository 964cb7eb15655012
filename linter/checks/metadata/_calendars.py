"""Find dates written out in several languages: weekday, day, month and year, with their positions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from linter import patterns
from linter.document import Block, Document, per_document
from linter.text.words import Word, vocabulary, word_places

_DAY = r"(?<![\d.,:/$€£#-])(?P<day{0}>[0-3]?\d)(?P<nth{0}>st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year{0}>(?:19|20)\d\d)(?![\d%]|[.,:-]\d)"

# A number beside a month, as a day has.
_DAY_BEFORE = patterns.lazy(r"\d\w{0,2}\.?\s(?:\w\w\s)?\Z")
_DAY_BEHIND = patterns.lazy(r"\.?\s\d")
_DAY_DISTANCE = 10  # code points between a month and the last digit of the day before it
# Code points between a month and both ends of its date; no name of a weekday is as long.
_BEFORE, _BEHIND = 50, 20


class Date(NamedTuple):
    """A date at `start` to `end` of a text.

    `language` is that of its names; `weekday` counts from 0 for Monday. Without a weekday that is -1, without a year
    `year` is 0. `sure` says that the number cannot be anything but the day of the month.
    """

    start: int
    end: int
    language: str
    weekday: int
    day: int
    month: int
    year: int
    sure: bool


@dataclass(frozen=True, eq=False)
class Calendar:
    """The names of one language: the months from January, the weekdays from Monday, each in all its spellings."""

    language: str
    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[tuple[str, ...], ...]

    @property
    def month_may_lead(self) -> bool:
        """Whether a month may precede its day."""
        return self.language == "en"

    @cached_property
    def words(self) -> frozenset[str]:
        """The names of months, as they appear in a text: lowercase, Capitalized, and in capitals."""
        names = [name for spellings in self.months for name in spellings]
        return frozenset(form for name in names for form in (name, name.lower(), name.capitalize(), name.upper()))

    def dates(self, text: str, low: int = 0, high: int | None = None) -> Iterator[Date]:
        """The dates in `text[low:high]`."""
        high = len(text) if high is None else high
        for match in self._pattern.finditer(
            text, low, high + _DAY_DISTANCE
        ):  # so that none seems to end where it does not
            if match.end() > high:
                return
            found = match.groupdict()
            form = "1" if found["day1"] else "2"
            weekday, year = found["weekday"] or "", found[f"year{form}"]
            end = max(match.end(f"{group}{form}") for group in ("day", "nth", "month", "year"))
            yield Date(
                match.start(),
                end,
                self.language,
                _number(weekday, self.weekdays),
                int(found[f"day{form}"]),
                _number(found[f"month{form}"], self.months) + 1,
                int(year or 0),
                form == "1" or bool(year or found["nth2"]),
            )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        weekday, months = _either(self.weekdays), _either(self.months)
        before = (
            rf"(?:\b(?P<weekday>{weekday})(?:-feira)?\.?,?\s(?:the\s|den\s|le\s|el\s|dem\s)?)?"
            if weekday
            else "(?P<weekday>)"
        )
        day_first = (
            rf"{_DAY.format(1)}\.?\s(?:of\s|de\s)?(?P<month1>{months})\b(?:\.?,?\s(?:de\s|del\s)?{_YEAR.format(1)})?"
        )
        month_first = rf"\b(?P<month2>{months})\b\.?\s{_DAY.format(2)}(?!\d|[.:]\d|\s?%)(?:,?\s{_YEAR.format(2)})?"
        forms = f"{day_first}|{month_first}" if self.month_may_lead else day_first
        letters = "".join(sorted({name[0] for spellings in (*self.weekdays, *self.months) for name in spellings}))
        first_character = rf"(?:(?=\d)|\b(?=[{re.escape(letters)}]))"  # said first, for hardly anything begins so
        return re.compile(f"{first_character}{before}(?:{forms})", re.IGNORECASE)


def dated(document: Document, known: tuple[Calendar, ...]) -> Iterator[tuple[Block, Date]]:
    """The dates in the copy of an article, in each of `known`."""
    names, by_name = _names(known)
    names_found = names & vocabulary(document)
    for block, months in _numbered(document, names_found).items() if names_found else ():
        own: dict[Calendar, list[Word]] = {}
        for month, behind in months:
            for calendar in by_name[month.text]:
                if behind or calendar.month_may_lead:
                    own.setdefault(calendar, []).append(month)
        for calendar in known:
            for low, high in _around(own.get(calendar, ())):
                for date in calendar.dates(block.text, low, high):
                    yield block, date


@per_document
def _numbered(document: Document, names: frozenset[str]) -> Mapping[Block, Sequence[tuple[Word, bool]]]:
    """The blocks that hold months beside a number, with those in order, and whether they stand behind one."""
    found: dict[Block, list[tuple[Word, bool]]] = {}
    for passage, word in word_places(document, names):
        behind = _DAY_BEFORE.search(passage.text[max(0, word.start - _DAY_DISTANCE) : word.start]) is not None
        if behind or _DAY_BEHIND.match(passage.text, word.end):
            found.setdefault(passage.block, []).append((word, behind))
    return found


@lru_cache(8)
def _names(known: tuple[Calendar, ...]) -> tuple[frozenset[str], Mapping[str, Sequence[Calendar]]]:
    """The names of months, and the calendars that have one of that name."""
    found: dict[str, list[Calendar]] = {}
    for calendar in known:
        for word in calendar.words:
            found.setdefault(word, []).append(calendar)
    return frozenset(found), found


def _around(months: Iterable[Word]) -> Iterator[tuple[int, int]]:
    """Ranges of a text in which all dates with these months lie, apart: no date reaches from one into another."""
    low = high = -1
    for month in months:
        if month.start - _BEFORE > high:
            if high >= 0:
                yield low, high
            low = max(0, month.start - _BEFORE)
        high = month.end + _BEHIND
    if high >= 0:
        yield low, high


def calendars(months: Mapping[str, str], weekdays: Mapping[str, str]) -> tuple[Calendar, ...]:
    """Calendars by language, from names as a rule has them: `Monday Mon | Tuesday Tue | …`.

    Raises ValueError where a language does not have twelve months and seven weekdays.
    """
    made = []
    for language, names in months.items():
        calendar = Calendar(language, _split(names), _split(weekdays.get(language, "")))
        if len(calendar.months) != 12 or len(calendar.weekdays) not in (0, 7):
            raise ValueError(f"“{language}” needs twelve months and seven weekdays, with “|” between")
        made.append(calendar)
    return tuple(made)


def _split(names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split()) for part in names.split("|")) if names else ()


def _number(name: str, names: tuple[tuple[str, ...], ...]) -> int:
    """Which of `names` it is, in any case; -1 for none."""
    low = name.lower()
    return next((i for i, spellings in enumerate(names) if low in (one.lower() for one in spellings)), -1)


def _either(names: tuple[tuple[str, ...], ...]) -> str:
    every = sorted((name for spellings in names for name in spellings), key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, every))
