"""Sentences with an unwanted beginning."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import regex

from linter import patterns
from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import SIMPLE_FOLDING, compile_pattern
from linter.document import Block
from linter.matching import match_at
from linter.rule import Match
from linter.text import quotes

_NAME = patterns.lazy_regex(r"(?<!\\[pP])\{([a-z]+)\}")
_EITHER = patterns.lazy_regex(r"(?<!\s)\s++\|\s++")
_START = patterns.lazy(r"(?:\A|[.!?…:][\"”’')\]]*\s|[。！？：])[\W_]*")
_END = patterns.lazy_regex(r"(?:(?<![.!?:])|\G)[.!?:]++[”\"’')\]]*+(?=\s|\Z)|[。！？：]|\Z", regex.VERSION1)

_SPACE = r"\s{1,40}"  # what a space in a pattern fits; without a limit, two side by side take quadratic time
_FLAGS = regex.VERSION1 | regex.IGNORECASE


@dataclass(frozen=True)
class Sentence:
    """`beginnings` are regular expressions of the package `regex`, in any case, that a sentence begins with.

    A space in them is any white space, a straight apostrophe is a curly one too, and `{name}` is any of what is listed
    under that name in `words`: `shout | cry`. A colon ends a sentence, and anything before the first letter (a
    dash, a bullet, a pictogram) does not count. `first: true` looks at the first sentence of a block alone. The match
    is the whole sentence.
    """

    beginnings: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    first: bool = False

    def __post_init__(self) -> None:
        for name in _NAME.findall(" ".join(self.beginnings)):
            if name not in self.words:
                raise ValueError(f"“{{{name}}}” is not in “words”")

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"beginnings": self._patterns}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self._pattern, _FLAGS)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self._pattern, _FLAGS)

    @property
    def _pattern(self) -> str:
        return "|".join(f"(?:{pattern})" for pattern in self._patterns)

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        named = (_NAME.sub(self._any_of_words, beginning) for beginning in self.beginnings)
        return tuple(pattern.replace("'", "['’]").replace(" ", _SPACE) for pattern in named)

    @cached_property
    def _each(self) -> Sequence[regex.Pattern[str]]:
        """The patterns one by one, because a group has its number in each."""
        return [patterns.lazy_regex(SIMPLE_FOLDING + pattern, _FLAGS) for pattern in self._patterns]

    def _any_of_words(self, name: regex.Match[str]) -> str:
        return f"(?:{_EITHER.sub('|', self.words[name[1]].strip())})"

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        done = 0
        for start in islice(_START.finditer(text), 1 if self.first else None):
            matches = (match_at(pattern, text, start.end()) for pattern in self._each if start.end() >= done)
            if match := next(filter(None, matches), None):
                done = _end(text, match)
                yield Match(match.start(), done)


def _end(text: str, match: regex.Match[str]) -> int:
    """Return the end of the sentence that `match` begins: at its end mark, or with the quotation around it."""
    stop = _END.search(text, match.end() - 1)
    end = stop.end() if stop else len(text)
    quoted = quotes.quote_spans(text)
    around = bisect_right(quoted, (match.start(), len(text))) - 1
    return min(end, quoted[around][1] - 1) if around >= 0 and match.start() < quoted[around][1] else end
