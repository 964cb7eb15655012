"""Whether what a rule says can work: its patterns, and the values that its message and its fix ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from linter import late, template
from linter.loading.fields import Value
from linter.loading.wording import listed, meant
from linter.rule import Rule

_SHOWN = 12  # code points of a pattern that are shown where it breaks
_LARGEST = 20_000  # parts of a pattern when its repetitions are written out; `regex` takes 300 bytes for each
_PART = late.regex(r"\\.|\[(?:\\.|[^\]\\])*+\]|\(\?\#[^)]*+\)|\{(?P<least>\d+)[^{}]*+\}|\s++|.", regex.DOTALL)


def judge(rule: Rule, given: Mapping[str, Value]) -> None:
    """Note what is unsound in `rule`, at the values it was `given` in its file. Compiles its patterns."""
    if not (_is_small(rule, given) and _compiles(rule, given)):
        return
    known = {"match", *getattr(rule.check, "values", ())}
    if "message" in given:
        _judge_template(given["message"], rule.message, known)
    if rule.fix.replace is not None:
        _judge_template(given["fix"], rule.fix.replace, known, whole=True)


def _is_small(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether no text that may be a pattern would fill the memory: `((a{999}){999}){999}`."""
    for name, option in rule.options.items():
        if isinstance(option, str) and _size(option) > _LARGEST:
            given[name].mistake(f"“{name}” repeats what is repeated too often; make it simpler")
            return False
    return True


def _size(pattern: str) -> int:
    """About how many parts a pattern has when `{n}` is written out, as `regex` does."""
    sizes, last = [0], 0
    for part in _PART.finditer(pattern):
        if part["least"]:
            sizes[-1] += last * max(0, int(part["least"][:9]) - 1)
            last *= max(1, int(part["least"][:9]))
        elif part[0] == "(":
            sizes.append(1)
        elif part[0] == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif not part[0].isspace():
            last = 1
            sizes[-1] += 1
    return max(sizes)


def _compiles(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether the check's `compiled`, if it has one, is a pattern, and one that needs something to match."""
    try:
        pattern = getattr(rule.check, "compiled", None)
        empty = isinstance(pattern, regex.Pattern) and pattern.search("", timeout=1.0) is not None
    except regex.error as error:
        _broken(error, rule, given)
        return False
    except (RecursionError, OverflowError, MemoryError, ValueError, TimeoutError):
        _culprit(rule, given, "").mistake(f"“{rule.kind}” cannot make a pattern of this; make it simpler")
        return False
    if empty:
        culprit = _culprit(rule, given, str(getattr(pattern, "pattern", "")))
        culprit.mistake(f"“{culprit.name}” also matches where there is nothing; let it need a character")
    return not empty


def _broken(error: Any, rule: Rule, given: Mapping[str, Value]) -> None:
    """Say where in its pattern a `regex.error` lies; the type stubs know none of its attributes."""
    culprit = _culprit(rule, given, str(error.pattern))
    at = error.pos or 0
    near = str(error.pattern)[at : at + _SHOWN]
    where = f"before “{near}”, its character {at + 1}" if near else "at its end"
    culprit.mistake(f"“{culprit.name}” is no regular expression: {error.msg}, {where}")


def _culprit(rule: Rule, given: Mapping[str, Value], pattern: str) -> Value:
    """The value that holds `pattern`, or that names the check."""
    return next((given[name] for name, option in rule.options.items() if option == pattern), given["check"])


def _judge_template(value: Value, text: str, known: set[str], *, whole: bool = False) -> None:
    """Note places in a template that ask for a value nobody gives, or for a part of it where it must be whole."""
    try:
        names = template.fields(text)
    except ValueError as error:
        value.mistake(f"{error}; for a brace write {{{{ or }}}}")
        return
    for name in sorted(names - known):
        shown = listed([f"{{{each}}}" for each in sorted(known)])
        value.mistake(f"“{value.name}” may use {shown}, not {{{name}}}{meant(name, known)}")
    if whole and template.shortens(text):
        value.mistake("a replacement holds whole values: {match}, not {match:start} or {match:end}")
