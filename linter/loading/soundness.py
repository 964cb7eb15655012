"""Whether what a rule says can work: its patterns, and the values that its message and its fix ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import regex

from linter import template
from linter.loading.fields import Value
from linter.loading.wording import listed, meant
from linter.planning import trees
from linter.planning.patterned import SIMPLE_FOLDING
from linter.rule import Rule

_SHOWN = 12  # code points of a pattern that are shown where it breaks
_LONGEST = 20_000  # code points of a pattern
# Compiling takes about 300 bytes and 30 µs for each part of a pattern, and repetitions are written out: `(?:ab){50}`
# has 100 parts. So many are allowed, and so many more for each code point: memory grows as the rule files do.
_PARTS, _PARTS_PER_CODE_POINT = 1_000, 5
_DEEPEST = 200  # nodes of the tree within each other: groups, repetitions and alternatives
_NESTED = "has groups nested too deeply; make it simpler"


def judge(rule: Rule, given: Mapping[str, Value]) -> None:
    """Note what is unsound in `rule`, at the values it was `given` in its file. Compiles its patterns."""
    if not (_are_allowed(rule, given) and _compiles(rule, given)):
        return
    known = {"match", *getattr(rule.check, "values", ())}
    if "message" in given:
        _judge_template(given["message"], rule.message, known)
    if rule.fix.replace is not None:
        _judge_template(given["fix"], rule.fix.replace, known, whole=True)


def _are_allowed(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether all regular expressions of a rule can be compiled, and used, in a bounded amount of time and memory."""
    for name, patterns in _expressions(rule).items():
        for pattern in patterns:
            if refused := _refusal(pattern):
                _value(name, given).mistake(f"“{name}” {refused}")
                return False
    return True


def _expressions(rule: Rule) -> Mapping[str, Sequence[str]]:
    """The regular expressions of a rule, by the key that holds them."""
    found: Mapping[str, Sequence[str]] = getattr(rule.check, "expressions", {})
    return found


def _value(name: str, given: Mapping[str, Value]) -> Value:
    """The value under a key, or that names the check where the key has its default."""
    try:
        return given[name]
    except KeyError:
        return given["check"]


@lru_cache(256)  # a rule that settings change, or that is read again, has mostly the same patterns
def _refusal(pattern: str) -> str:
    """Why a pattern is not allowed, or "" where it is."""
    if len(pattern) > _LONGEST:
        return f"has {len(pattern):,} characters; {_LONGEST:,} are allowed"
    try:
        tree, flags, _ = trees.parse(pattern, regex.VERSION1)
    except RecursionError:
        return _NESTED
    except (regex.error, ValueError):  # which `_compiles` reports
        return ""
    if flags & trees.FUZZY:
        return "uses a flag for fuzzy matching, (?b) or (?e), which is not allowed"
    size = 0
    for node, depth, times in trees.nodes(tree):
        size += times
        kind = trees.name(node)
        if kind == "CallGroup":
            near = pattern[pattern.rfind("(", 0, node.position + 1) :][:_SHOWN]
            return f"uses recursion or calls a group, which is not allowed: “{near}”; write the repeated part out"
        if kind == "Fuzzy":
            return "uses fuzzy matching, such as {e<=1}, which is not allowed; write the variants out: colou?r"
        if depth > _DEEPEST:
            return _NESTED
        if size > _PARTS + _PARTS_PER_CODE_POINT * len(pattern):
            return "is too large when its repetitions are written out; make it simpler"
    return ""


def _compiles(rule: Rule, given: Mapping[str, Value]) -> bool:
    """Whether all that the check compiles is a pattern, and what it searches for needs something to match."""
    place = "check"
    try:
        for name, patterns in _expressions(rule).items():
            place = name
            for each in patterns:
                regex.compile(each, regex.VERSION1)
        place = "check"
        pattern = getattr(rule.check, "compiled", None)
        empty = isinstance(pattern, regex.Pattern) and pattern.search("", timeout=1.0) is not None
    except regex.error as error:
        _broken(error, _value(place, given))
        return False
    except (RecursionError, OverflowError, MemoryError, ValueError, TimeoutError):
        _value(place, given).mistake(f"“{rule.kind}” cannot make a pattern of this; make it simpler")
        return False
    if empty:
        culprit = _culprit(rule, given, str(getattr(pattern, "pattern", "")).removeprefix(SIMPLE_FOLDING))
        culprit.mistake(f"“{culprit.name}” also matches where there is nothing; let it need a character")
    return not empty


def _broken(error: Any, culprit: Value) -> None:
    """Say where in its pattern a `regex.error` lies; the type stubs know none of its attributes."""
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
