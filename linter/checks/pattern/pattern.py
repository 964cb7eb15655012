"""Text that matches a regular expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import PatternCheck
from linter.analysis.syntax_tree import anchored, odd_characters_of_pattern
from linter.document import Block
from linter.matching import match_at, matches
from linter.rule import Match


@dataclass(frozen=True)
class Pattern(PatternCheck):
    """Matches of `pattern`, a regular expression for the `regex` package.

    `without` lists characters; blocks that contain one of them are skipped. This is faster than an exclusion in the
    pattern. `ends` lists strings; blocks that do not end with one of them are skipped.

    With `verbatim: true`, a match must appear in the source exactly as readers see it, without escapes, markup or code.
    With `once: true`, a match is ignored if it is identical to an earlier match in the block. The message may use the
    named groups of the pattern.
    """

    pattern: str
    verbatim: bool = False
    without: str = ""
    ends: tuple[str, ...] = ()
    once: bool = False

    @cached_property
    def _anchored(self) -> bool:
        return anchored(self.pattern)

    @cached_property
    def chars(self) -> str:
        return odd_characters_of_pattern(self.pattern)

    @cached_property
    def literals(self) -> Literals | None:
        return None if self.chars or self.ends else literals_of_pattern(self.pattern)

    @cached_property
    def _unwanted(self) -> re.Pattern[str]:
        return re.compile(f"[{re.escape(self.without)}]" if self.without else "(?!)")

    @property
    def may_match(self) -> Callable[[str], bool] | None:
        return self._passes if self.without or self.ends else None

    def _passes(self, text: str) -> bool:
        return text.endswith(self.ends or "") and not self._unwanted.search(text)

    @property
    def values(self) -> frozenset[str]:
        return frozenset(self.compiled.groupindex)

    def _matches(self, text: str) -> Iterable[regex.Match[str]]:
        if self._anchored:
            return filter(None, [match_at(self.compiled, text, 0)])
        return matches(self.compiled, text)

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        if (self.without or self.ends) and not self._passes(text):
            return
        seen: set[str] = set()
        for match in self._matches(text):
            if self.once:
                if match[0] in seen:
                    continue
                seen.add(match[0])
            if self.verbatim and not block.is_verbatim(*match.span()):
                continue
            yield Match(match.start(), match.end(), {name: text or "" for name, text in match.groupdict().items()})
