"""Parse numeric dates, as metadata have them."""

from __future__ import annotations

from datetime import date
from typing import Any

from linter import patterns

_YEAR_FIRST = patterns.lazy(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = patterns.lazy(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")


def days(value: Any) -> list[date] | None:
    """The days that a value may mean: none where there is no such day, None where it is no date in numbers.

    With the year last, month and day stand either way.
    """
    if isinstance(value, date):
        return [date(value.year, value.month, value.day)]
    if not isinstance(value, str):
        return None
    if found := _YEAR_FIRST.match(value):
        year, month, day = map(int, found.groups())
        return _real((year, month, day))
    if found := _YEAR_LAST.match(value):
        one, other, year = map(int, found.groups())
        return _real((year, other, one), (year, one, other))
    return None


def _real(*candidates: tuple[int, int, int]) -> list[date]:
    found = []
    for candidate in candidates:
        try:
            found.append(date(*candidate))
        except ValueError:
            continue
    return found
