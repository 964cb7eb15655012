"""May, March and August as months: they are words too, so only a number beside them tells."""

from __future__ import annotations

import re
from functools import lru_cache

from linter import late

MONTHS = frozenset(("may", "march", "august"))

_MONTH = "(?P<{}>may|march|august)"
_DAY = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?![%°.,:]*+\d)(?![\w%°$])"
_YEAR = r"(?:19|20)\d\d\b"
_ON = "on|by|until|till|since|from|before|after|through|between|dated|of|late|early"
_IN = "in|since|until|by|from|of|during|early|late|mid|this|last|next"
_DATE = late.pattern(
    rf"""\b(?:{_ON})[ ]{_MONTH.format("a")}[ ]{_DAY}
    | \b{_MONTH.format("b")}[ ]{_DAY},[ ]{_YEAR}
    | (?<![\d.,:$-]){_DAY}[ ](?:of[ ])?{_MONTH.format("c")},?[ ]{_YEAR}
    | \b(?:{_IN})[ -]{_MONTH.format("d")}(?:[ ]of)?[ ]{_YEAR}""",
    re.VERBOSE,
)


@lru_cache(8)
def months(text: str) -> frozenset[int]:
    """Where in `text` one of MONTHS is a month for sure: “on may 9”, “9 may 2025”, “in march 2025”."""
    return frozenset(match.start(match.lastgroup or 0) for match in _DATE.finditer(text))
