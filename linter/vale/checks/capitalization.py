"""Rules of the extension point `capitalization`: text in title case, in sentence case, or that matches a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from linter import matching
from linter.analysis.literals import contains
from linter.document import Block
from linter.folding import folded
from linter.patterns import lazy
from linter.suggest import cut_text, did_you_mean
from linter.vale import casing, patterns
from linter.vale.checks._base import BlockRule, Hit
from linter.vale.checks._words import case_sensitive
from linter.vale.definition import BadOption, Context, Definition
from linter.vale.search import Expression

_THRESHOLD = 0.8
_KIND = lazy(r"\$\w+")  # which can match nothing as an expression
_MOST_INDICATORS = 100


def make(definition: Definition, context: Context) -> Capitalization:
    """Return the check. Raises BadOption if the pattern or an exception is not a regular expression."""
    match = definition.options.get("match", "")
    if _KIND.fullmatch(match) and match not in _KINDS:
        raise BadOption("match", f"“{cut_text(match)}” is unknown{did_you_mean(match, _KINDS)}")
    return _KINDS.get(match, Pattern)(definition, context)


class Capitalization(BlockRule):
    """Reports blocks whose text is not written as `expected` returns it.

    The message may use the text and the expected text as %s.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition)
        options = definition.options
        accepted = context.vocabulary.accept if options.get("vocab", True) else ()
        exceptions = tuple(options.get("exceptions", ()))
        sensitive = [*map(case_sensitive, casing.longest_first((*exceptions, *accepted)))]
        # Without a vocabulary, Vale also compares the words with case-sensitive exceptions.
        self._terms = (*exceptions, *accepted) if accepted else tuple(sensitive)
        joined = rf"(?m)\b(?:{'|'.join(sensitive)})\b" if sensitive else ""
        self._except = Expression("exceptions", joined) if joined else None
        self._plain_words = patterns.expression("exceptions", casing.WORD)
        self._words = patterns.expression("exceptions", f"{joined}|{casing.WORD}" if joined else casing.WORD)
        self._threshold = options.get("threshold", 0) or _THRESHOLD
        prefix = options.get("prefix", "")
        self._prefix = patterns.ascii_expression("prefix", prefix) if prefix else None

    def hits(self, block: Block) -> Iterator[Hit]:
        text = block.text
        expected = self.expected(text)
        if text and not self.fits(text, expected):
            yield Hit(0, len(text), (text, expected), self.replacements(text, expected))

    def expected(self, text: str) -> str:
        """Return `text` as it should be written."""
        raise NotImplementedError

    def fits(self, text: str, expected: str) -> bool:
        """Whether `text` is close enough to `expected`, or has an exception."""
        return text == expected or self.is_exception(text)

    def replacements(self, text: str, expected: str) -> tuple[str, ...] | None:
        """Return the replacements of `text`, or None if the action of the rule decides."""
        return None

    def is_exception(self, text: str) -> bool:
        """Whether `text` contains an exception."""
        return self._except is not None and self.may_except(text) and matching.holds(self._except.pattern, text)

    def may_except(self, text: str) -> bool:
        """Whether `text` has the literals of an exception. If not, it saves time to leave the exceptions out."""
        return self._except is not None and contains(folded(text), self._except.literals or ())

    def _split(self, text: str) -> tuple[str, str]:
        """Return two values: the prefix, and `text` without it."""
        found = next(iter(matching.matches(self._prefix, text)), None) if self._prefix else None
        return (found[0], text.removeprefix(found[0])) if found else ("", text)


class Lower(Capitalization):
    """Text without capitals."""

    def expected(self, text: str) -> str:
        return casing.lower(text)


class Upper(Capitalization):
    """Text in capitals."""

    def expected(self, text: str) -> str:
        return casing.upper(text)


class Pattern(Capitalization):
    """Text that matches a pattern."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition, context)
        self._source: str = definition.options.get("match", "")
        self._pattern = patterns.expression("match", self._source)

    def expected(self, text: str) -> str:
        return self._source

    def fits(self, text: str, expected: str) -> bool:
        return matching.holds(self._pattern, text) or self.is_exception(text)


class Words(Capitalization):
    """Text in which most words have the expected case. Words that are exceptions always do."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition, context)
        self._spellings = casing.Terms("exceptions", self._terms)

    def fits(self, text: str, expected: str) -> bool:
        words, wanted = map(self._split_into_words, (text, expected))
        right = [
            index >= len(wanted) or word == wanted[index] or self.is_exception(word) or self.is_right(word)
            for index, word in enumerate(words)
        ]
        return self.starts_right(words, right) and sum(right) >= self._threshold * len(words)

    def _split_into_words(self, text: str) -> list[str]:
        """Return the words of `text`. An exception of several words is one word."""
        pattern = self._words if self.may_except(text) else self._plain_words
        return [match[0] for match in matching.matches(pattern, text)]

    def is_right(self, word: str) -> bool:
        """Whether `word` is also right if it differs from the expected word."""
        return False

    def starts_right(self, words: Sequence[str], right: Sequence[bool]) -> bool:
        """Whether the first of `words` may start the text. `right` says which words have the expected case."""
        return True

    def replacements(self, text: str, expected: str) -> tuple[str, ...] | None:
        """The expected text is a replacement if it differs only in capitals."""
        if self.definition.action.name != "replace" or self.definition.action.params:
            return None
        return (expected,) if casing.lower(text) == casing.lower(expected) else ()


class Title(Words):
    """Text in title case."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition, context)
        self._style: Literal["AP", "Chicago"] = "Chicago" if definition.options.get("style") == "Chicago" else "AP"

    def expected(self, text: str) -> str:
        prefix, rest = self._split(text)
        return prefix + casing.title_case(rest, self._style, self._spellings)

    def is_right(self, word: str) -> bool:
        return word == casing.upper(word)


class Sentence(Words):
    """Text in sentence case."""

    def __init__(self, definition: Definition, context: Context) -> None:
        super().__init__(definition, context)
        terms = "|".join(self._spellings.terms)
        words = rf"(?i)\b(?:{terms})\b|{casing.WORD}" if terms else casing.WORD
        self._all_words = patterns.expression("exceptions", words)
        self._indicators = tuple(definition.options.get("indicators", ()))
        if len(self._indicators) > _MOST_INDICATORS:
            raise BadOption("indicators", f"there are more than {_MOST_INDICATORS} indicators")

    def expected(self, text: str) -> str:
        prefix, rest = self._split(text)
        pattern = self._all_words if self.may_except(rest) else self._plain_words
        return prefix + casing.sentence_case(rest, pattern, self._indicators, self._spellings)

    def starts_right(self, words: Sequence[str], right: Sequence[bool]) -> bool:
        return not words or right[0] or words[0] == _each_capitalized(words[0])


_KINDS: dict[str, type[Capitalization]] = {"$title": Title, "$sentence": Sentence, "$lower": Lower, "$upper": Upper}


def _each_capitalized(word: str) -> str:
    """Return `word` in lowercase with a capital at its start and after each hyphen or the like: “Top-Level”."""
    low = casing.lower(word)
    return "".join(map(_after, " " + low, low))


def _after(before: str, char: str) -> str:
    is_separator = before.isspace() if before > "\x7f" else not (before.isalnum() or before == "_")
    return casing.capitalized(char) if is_separator else char
