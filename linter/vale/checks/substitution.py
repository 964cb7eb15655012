"""Words that a rule replaces by others."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from linter.matching import fits, matches
from linter.patterns import lazy
from linter.vale import messages, patterns
from linter.vale.actions import expand
from linter.vale.checks._base import Hit, SearchRule
from linter.vale.checks._words import Exceptions, form
from linter.vale.definition import BadOption, Context, Definition
from linter.vale.search import grouped

_GROUP = lazy(r"(?<!\\)\((?!\?)|(?<!\\)\(\?(?:P?<\w+>|'\w+')")
_TEMPLATE = lazy(r"\$\d")
_PATTERN_CHARS = frozenset("[](){}|.*+^$")
_CACHED, _LONGEST = 4096, 100  # maximum results that are cached for a rule, and code points of their matches


class _Result(NamedTuple):
    """The values for the message, and the replacements (see Hit)."""

    values: tuple[str, str]
    replacements: tuple[str, ...] | None


class Substitution(SearchRule):
    """Matches of the keys of `swap`, which are expressions, longer ones first. Their values are the replacements.

    A value may list several replacements, such as `big|huge`, and may use groups of its key, such as `$1`. With the
    action `replace`, the replacements are texts. Otherwise, a value is an expression for the forms that are allowed.
    """

    def __init__(self, definition: Definition, context: Context) -> None:
        options = definition.options
        self.replaces = definition.action.name == "replace"
        if self.replaces and not definition.action.params:
            message = messages.without_first_quotes(definition.message)
            definition = replace(definition, message=message)
        super().__init__(definition)
        self.exceptions = Exceptions(definition, context)
        self.capitalize = options.get("capitalize", False)
        self.flag = "(?i)" if options.get("ignorecase", False) else ""
        swap = options.get("swap", {})
        self.keys = sorted(swap, key=lambda key: len(key.encode()), reverse=True)
        self.values: list[str] = [swap[key] for key in self.keys]
        parts = [_without_groups(key) for key in self.keys]
        words = form(context, words=not options.get("nonword", False))
        self.search = grouped("swap", self.flag + words, parts)
        self.literals = self.search.literals
        # Expressions for the keys whose groups are used in their values, by index.
        self.templates = {
            i: patterns.expression("swap", self.flag + self.keys[i])
            for i, value in enumerate(self.values)
            if _TEMPLATE.search(value)
        }
        self._cached_result = lru_cache(_CACHED)(self._result)

    def hit_at(self, text: str, start: int, end: int, part: int) -> Hit | None:
        look_up = self._cached_result if end - start <= _LONGEST else self._result
        result = look_up(part, text[start:end]) if start < end else None
        return Hit(start, end, *result) if result and not self.exceptions.allow(text, start, end) else None

    def _result(self, number: int, match: str) -> _Result | None:
        """Return the result for a match of the key with an index, or None if the match is already as it should be."""
        expected = self._expected(number, match)
        if not self.replaces:
            if _is_like(expected, match):
                return None
            return _Result((_in_case_of(expected, match), match), None)
        options = _options(expected)
        if match in options:
            return None
        if self.definition.action.params:
            return _Result((expected, match), None)
        if self.capitalize and match == _capitalized(match):
            options = tuple(map(_capitalized, options))
        return _Result((messages.as_sentence(options), match), options)

    def _expected(self, number: int, match: str) -> str:
        """Return the value of the key with an index, with groups of the key in place of references such as `$1`."""
        expected = self.values[number]
        if self.capitalize and match == _capitalized(match):
            expected = _capitalized(expected)
        if number not in self.templates:
            return expected
        parts, done = [], 0
        for found in matches(self.templates[number], match):
            parts += [match[done : found.start()], expand(expected, found, unknown=None)]
            done = found.end()
        return "".join([*parts, match[done:]])


make = Substitution


def _without_groups(key: str) -> str:
    """Return a key whose groups do not capture, since a match is assigned to its key by the number of its group."""
    return _GROUP.sub("(?:", key)


def _options(value: str) -> tuple[str, ...]:
    r"""Return the replacements that a value lists, such as `a|b`. A `|` in a replacement is written as `\|`."""
    parts = value.replace(r"\|", "\0").split("|")
    return tuple(part.replace("\0", "|") for part in parts if part)


def _capitalized(text: str) -> str:
    """Return `text` with an uppercase first letter, if this is an ASCII letter."""
    return text[:1].upper() + text[1:] if text[:1].isascii() else text


def _is_like(expected: str, match: str) -> bool:
    """Whether a match has the form that a value describes, which is an expression unless it has only plain words."""
    if match == expected:
        return True
    if all(char.isalpha() or char.isdecimal() or char in " -" for char in expected):
        return False
    try:
        return fits(patterns.expression("swap", f"^(?:{expected})$"), match)
    except BadOption:
        return False


def _in_case_of(expected: str, match: str) -> str:
    """Return the spelling that an expression such as `OAuth2?` describes, if a match differs from it only in case.

    Otherwise, return the expression itself.
    """
    plain = _spelling(expected)
    return plain if plain and plain.casefold() == match.casefold() else expected


def _spelling(expected: str) -> str:
    """Return the longest text that an expression matches, or "" if it has other parts than characters and `?`."""
    chars: list[str] = []
    rest = iter(expected)
    for char in rest:
        if char == "\\":
            char = next(rest, "")
            if not char:
                return ""
        elif char == "?":
            continue
        elif char in _PATTERN_CHARS:
            return ""
        chars.append(char)
    return "".join(chars)
