"""Sentences with an unwanted beginning."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import regex

from linter import patterns
from linter.analysis.literals import Literals, any_of
from linter.analysis.pattern_base import ScreenedPattern, compile_pattern
from linter.document import Block
from linter.folding import folded
from linter.matching import match_at
from linter.rule import Match
from linter.text import quotes

_NAME = patterns.lazy_regex(r"(?<!\\[pP])\{([a-z]+)\}")
_EITHER = patterns.lazy_regex(r"(?<!\s)\s++\|\s++")
_CLOSING = frozenset("\"”“’'»«")
_START = patterns.lazy(r"(?:\A|[.!?…:][\"”’')\]]*\s|[。！？：])[\W_]*")
_END = patterns.lazy_regex(r"(?:(?<![.!?:])|\G)[.!?:]++[”\"’')\]]*+(?=\s|\Z)|[。！？：]|\Z", regex.VERSION1)

_SPACE = r"\s{1,40}"  # replaces a space in a pattern; limited, because two adjacent unlimited repeats are slow
_FLAGS = regex.VERSION1 | regex.IGNORECASE


@dataclass(frozen=True)
class Sentence:
    """A sentence that starts with one of `beginnings`. The match is the whole sentence.

    `beginnings` lists regular expressions for the `regex` package; case is ignored. In these, a space matches any white
    space of up to 40 characters, and a straight apostrophe also matches a curly one. `words` maps names to
    alternatives, such as `shout | cry`; `{name}` in a regular expression matches any of the alternatives that are
    listed for that name.

    A colon ends a sentence. Anything before the first letter or digit of a sentence, such as a dash, bullet or emoji,
    is skipped and is not part of the match. With `first: true`, only the first sentence of a block is checked.
    """

    beginnings: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    first: bool = False

    def __post_init__(self) -> None:
        for name in _NAME.findall(" ".join(self.beginnings)):
            if name not in self.words:
                raise ValueError(f"“{{{name}}}” is not defined in “words”")

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"beginnings": tuple(self._patterns)}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self._pattern, _FLAGS)

    @cached_property
    def literals(self) -> Literals | None:
        return any_of(*(pattern.literals for pattern in self._each))

    @property
    def _pattern(self) -> str:
        return "|".join(f"(?:{pattern})" for pattern in self._patterns)

    @property
    def _patterns(self) -> Iterator[str]:
        for beginning in self.beginnings:
            yield _NAME.sub(self._words, beginning).replace("'", "['’]").replace(" ", _SPACE)

    @cached_property
    def _each(self) -> Sequence[ScreenedPattern]:
        """A pattern for each of `beginnings`, compiled only when needed."""
        return [ScreenedPattern(pattern) for pattern in self._patterns]

    def _words(self, name: regex.Match[str]) -> str:
        return f"(?:{_EITHER.sub('|', self.words[name[1]].strip())})"

    def find(self, block: Block) -> Iterator[Match]:
        text, form = block.text, folded(block.text)
        some = [pattern for pattern in self._each if pattern.may_match(form)]
        if not some:
            return
        done = 0
        for start in islice(_START.finditer(text), 1 if self.first else None):
            if start.end() >= done and (match := _match(some, text, start.end())):
                done = _end(text, match)
                yield Match(match.start(), done)


def _match(patterns: Iterable[ScreenedPattern], text: str, at: int) -> regex.Match[str] | None:
    """Return the match at the offset `at` of the first pattern in `patterns` that matches there, or None."""
    return next(filter(None, (match_at(pattern.compiled, text, at) for pattern in patterns)), None)


def _end(text: str, match: regex.Match[str]) -> int:
    """Return the offset where the sentence that starts with `match` ends."""
    stop = _END.search(text, match.end() - 1)
    end = stop.end() if stop else len(text)
    quoted = quotes.quote_spans(text)
    around = bisect_right(quoted, (match.start(), len(text))) - 1
    if around < 0 or match.start() >= quoted[around][1]:
        return end
    inner = quoted[around][1]
    return min(end, inner - (text[inner - 1] in _CLOSING))  # a quotation may be closed in the next paragraph
