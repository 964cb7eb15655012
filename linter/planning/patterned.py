"""What kinds of check have in common that look for one pattern."""

from __future__ import annotations

from functools import cached_property

import regex

from linter.planning import literals


class Patterned:
    """Its `pattern` is compiled once, and its literals are read off it."""

    pattern: str

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return regex.compile(self.pattern, regex.VERSION1)

    @cached_property
    def literals(self) -> literals.Literals | None:
        return literals.of_pattern(self.pattern)
