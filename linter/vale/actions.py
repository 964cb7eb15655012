"""The actions of Vale rules: the texts that may replace a match."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from linter import patterns
from linter.matching import matches
from linter.vale.definition import Action, BadOption
from linter.vale.patterns import ascii_expression

if TYPE_CHECKING:
    import regex

_GO = patterns.lazy(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)
_DOTNET = patterns.lazy(r"\$(?:(\$)|(\d+)|\{(\w+)\})", re.ASCII)
_EDITS = {"regex": 2, "split": 2, "trim": 1, "trim_left": 1, "trim_right": 1, "truncate": 1}  # number of parameters
_DIGITS = 9  # maximum digits of a number
_LONG, _TIMES = 1_000, 10  # a result has at most 1,000 code points more than ten times the matched text


def replacements(action: Action, match: str) -> tuple[str, ...]:
    """Return the texts that may replace `match`, or () if the action proposes none or has wrong parameters.

    Raises TimeoutError if an edit takes too long, or if its result is too long.
    """
    if action.name == "remove":
        return ("",)
    if action.name == "replace":
        return action.params
    if action.name == "convert" and action.params[:1] == ("simple",):
        return (_in_lowercase_words(match),)
    if action.name == "edit" and action.params and len(action.params) - 1 == _EDITS.get(action.params[0]):
        return tuple(text.strip() for text in _edited(match, *action.params))
    return ()


def _edited(match: str, name: str, first: str, second: str = "") -> tuple[str, ...]:
    """Return the result of the edit called `name`, as a tuple, which is empty if a parameter is invalid."""
    if name == "regex":
        pattern = _pattern(first)
        return () if pattern is None else (_replaced(pattern, second, match),)
    if name == "trim":
        return (match.strip(first),)
    if name == "trim_left":
        return (match.lstrip(first),)
    if name == "trim_right":
        return (match.rstrip(first),)
    parts = match.split(first) if first else [*match]
    index = 0 if name == "truncate" else int(second) if _is_number(second) else len(parts)
    return tuple(parts[index : index + 1])


@lru_cache(256)
def _pattern(text: str) -> regex.Pattern[str] | None:
    try:
        return ascii_expression("action", text)
    except BadOption:
        return None


def _replaced(pattern: regex.Pattern[str], template: str, text: str) -> str:
    """Return `text` with `template` in place of each nonempty match of `pattern`."""
    parts, done, size = [], 0, 0
    for match in matches(pattern, text):
        parts += [text[done : match.start()], expand(template, match, unknown="")]
        done = match.end()
        size += len(parts[-1])
        _check_size(size, text)
    return "".join([*parts, text[done:]])


def expand(template: str, match: regex.Match[str], *, unknown: str | None) -> str:
    """Return `template` with the groups of `match` in place of references such as `$1` and `${1}`; `$$` is a `$`.

    In Go, a reference to an unknown group is empty, and a reference without braces may be a name, which is as long as
    possible: `$1st` refers to the group “1st”. In .NET, it is a number, and unknown references are plain text.
    `unknown` is "" for Go, or None for .NET. Raises TimeoutError if the result could be too long.
    """
    longest = max(map(len, (match[0], *filter(None, match.groups()))))
    _check_size(len(template) + template.count("$") * longest, match.string)

    def group(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        name = found[2] or found[3]
        if _is_number(name) and int(name) <= match.re.groups:
            return match[int(name)] or ""
        return (match[name] or "") if name in match.re.groupindex else default(found)

    def default(found: re.Match[str]) -> str:
        return found[0] if unknown is None else unknown

    return (_DOTNET if unknown is None else _GO).sub(group, template)


def _check_size(size: int, text: str) -> None:
    if size > _LONG + _TIMES * len(text):
        raise TimeoutError


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _DIGITS


def _in_lowercase_words(text: str) -> str:
    """Return the words of `text` in lowercase, with single spaces: “autoScaling” and “auto-scaling” → “auto scaling”.

    This is what the action `convert` with the parameter `simple` does.
    """
    parts: list[str] = []
    before = " "
    for i, char in enumerate(text):
        is_alphanumeric = char.isalnum()
        if not is_alphanumeric or (i > 1 and before.islower() and char.isupper()):
            parts.append(" ")
        if is_alphanumeric:
            parts.append(char.lower())
        before = char
    return " ".join("".join(parts).split())
