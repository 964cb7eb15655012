"""Wrong dates in the metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from linter.checks.metadata import _dates
from linter.document import Document
from linter.rule import Match

_NOTHING = frozenset({date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1)})  # what programs write where no date is known


@dataclass(frozen=True)
class DateValue:
    """A date in the metadata that is none, or not the right one.

    The `problem` of a date under `keys` is that it is impossible (no month has it), unset (1 January 1970 and the like)
    or late: later than one under `than`, by more than a day, which is what time zones may make. Dates are numbers, with
    the year first or last; what is written otherwise is let pass. The message may use {other}, the date it is later
    than, as it is written.
    """

    problem: Literal["impossible", "unset", "late"]
    keys: tuple[str, ...]
    than: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"other"})
    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    def __post_init__(self) -> None:
        if (self.problem == "late") != bool(self.than):
            raise ValueError("“than” goes with “problem: late”, and only with it")

    def find(self, document: Document) -> Iterator[Match]:
        found, places = document.metadata.fields, document.metadata.places
        if self.than and found.keys().isdisjoint(self.than):
            return
        for key in self.keys:
            days = _dates.days(found[key]) if key in found and key in places else None
            if days is None:
                continue
            other = self._earlier(found, days) if self.problem == "late" else ""
            impossible = self.problem == "impossible" and not days
            unset = self.problem == "unset" and not _NOTHING.isdisjoint(days)
            if impossible or unset or other:
                yield Match(*places[key], {"other": other})

    def _earlier(self, found: Mapping[str, Any], own: list[date]) -> str:
        """The date, as it is written, than which this one is later; "" where it is not."""
        for key in self.than:
            others = _dates.days(found[key]) if key in found else None
            if own and others and min(own) > max(others) + timedelta(days=1):
                return str(found[key])
        return ""
