"""Dates as people write them in several languages: weekday, day, month and year, with their places in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from linter import late
from linter.copytext import find
from linter.document import Block, Document
from linter.prose.tokens import vocabulary, words_of

_DAY = r"(?<![\d.,:/$€£#-])(?P<day{0}>[0-3]?\d)(?P<nth{0}>st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year{0}>(?:19|20)\d\d)(?![\d%]|[.,:-]\d)"

# A number with a word beside it, as a day has.
_BESIDE = late.pattern(r"\d(?:(?<=\w\s\d)|(?<=\.\s\d)|[A-Za-zº]{0,2}\.?\s\w)")

_REACH = 30  # code points between a number and the far end of the month beside it; no name of one is as long


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


@dataclass(frozen=True)
class Calendar:
    """The names of one language: the months from January, the weekdays from Monday, each in all its spellings."""

    language: str
    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The names of months, as they stand in a text: small, Capitalised, and in capitals."""
        names = [name for spellings in self.months for name in spellings]
        return frozenset(form for name in names for form in (name, name.lower(), name.capitalize(), name.upper()))

    def dates(self, text: str) -> Iterator[Date]:
        """The dates in `text`."""
        for match in self._pattern.finditer(text):
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
        forms = f"{day_first}|{month_first}" if self.language == "en" else day_first
        return re.compile(f"{before}(?:{forms})", re.IGNORECASE)


def dated(document: Document, known: Sequence[Calendar]) -> Iterator[tuple[Block, Date]]:
    """The dates in the copy of an article, in each of `known` that knows one of its words."""
    words = vocabulary(document)
    some = [calendar for calendar in known if not calendar.words.isdisjoint(words)]
    for block, near in _numbered(document).items() if some else ():
        for calendar in some:
            if not calendar.words.isdisjoint(near):
                for date in calendar.dates(block.text):
                    yield block, date


@lru_cache(1)  # several rules ask
def _numbered(document: Document) -> Mapping[Block, Iterable[str]]:
    """The blocks with numbers that may be days, each with the words near those."""
    near: dict[Block, list[str]] = {}
    for block, start, end in find(document, _BESIDE):
        near.setdefault(block, []).extend(words_of(block.text[max(0, start - _REACH) : end + _REACH]))
    return near


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
