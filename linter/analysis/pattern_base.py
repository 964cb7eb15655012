"""Compile the patterns of rules, and provide a base class for checks that search for one regular expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from linter.analysis.literals import Literals, contains, literals_of_pattern
from linter.matching import SIMPLE_FOLDING


def compile_pattern(pattern: str, flags: int = 0) -> regex.Pattern[str]:
    """Return the compiled pattern of a rule, with simple case folding.

    Raises regex.error if the pattern is invalid; the position in the error refers to `pattern`.
    """
    try:
        return regex.compile(SIMPLE_FOLDING + pattern, regex.VERSION1 | flags)
    except regex.error:
        return regex.compile(pattern, regex.VERSION1 | flags)


class PatternCheck:
    """A check with one regular expression, `pattern`, which is compiled once."""

    pattern: str

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        """The regular expressions that the check compiles, by the option that contains them."""
        return {"pattern": (self.pattern,)}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.pattern)


@dataclass(frozen=True, eq=False)
class ScreenedPattern:
    """A pattern that is compiled on first use, and whose literals can be searched for without compiling the pattern.

    This saves time, since most patterns never match, and some take 10 ms to compile.
    """

    text: str
    flags: int = regex.VERSION1 | regex.IGNORECASE

    def may_match(self, form: str) -> bool:
        """Whether the pattern may match somewhere in text with the folded form `form`."""
        return contains(form, self.literals)

    @cached_property
    def literals(self) -> Literals:
        """The literals that text must contain (see `rule.Needs`); empty if unknown."""
        return literals_of_pattern(self.text, self.flags) or ()

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.text, self.flags)
