"""Find dates in text, such as “Monday, May 3, 2021”, by the names of months and weekdays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

_DAY = r"(?<![\d.,:/$€£#-])(?P<day{0}>[0-3]?\d)(?P<nth{0}>st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year{0}>(?:19|20)\d\d)(?![\d%]|[.,:-]\d)"

Names = Sequence[Sequence[str]]  # all spellings of each month or weekday


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
