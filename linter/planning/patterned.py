"""What kinds of check have in common that look for one pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import regex

from linter.planning.literals import Literals, of_pattern

# Simple case folding. In full folding `[\w-]` in any case fits “s” and “ss”, as it fits “ß”: “sss…” can be split in so
# many ways that the time is exponential.
SIMPLE_FOLDING = "(?-f)"


def compiled(pattern: str, flags: int = 0) -> regex.Pattern[str]:
    """The pattern of a rule, ready for use. Raises regex.error, with places in `pattern`."""
    try:
        return regex.compile(SIMPLE_FOLDING + pattern, regex.VERSION1 | flags)
    except regex.error:
        return regex.compile(pattern, regex.VERSION1 | flags)


class Patterned:
    """Its `pattern` is compiled once, and its literals are read off it."""

    pattern: str

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        """Its regular expressions as they are compiled, by the key that holds them."""
        return {"pattern": (self.pattern,)}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compiled(self.pattern)

    @cached_property
    def literals(self) -> Literals | None:
        return of_pattern(self.pattern)

    @cached_property
    def literals_in_addresses(self) -> Literals | None:
        """The same for a rule that looks at nothing but addresses, where other texts are rare."""
        return of_pattern(self.pattern, address=True)
