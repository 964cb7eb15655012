"""With which letters text begins that a pattern fits from its start: read off the pattern itself, in one pass.

What is not understood may begin with anything. Short forms of a line's beginning are what is compared: small letters,
with 0 for every digit.
"""

from __future__ import annotations

import re

LENGTH = 3  # code points of a beginning
OPEN = "\x00"  # behind the beginnings that go on with anything
_MOST = 1000  # beginnings of a pattern that are counted up
_DIGIT = re.compile(r"\d")
_SKIPPED = re.compile(r"\(\?(?:[:>]|[a-z]*-?[a-z]+:|P?<\w+>)|\(")
_AHEAD = re.compile(r"\(\?<?[=!]")
_REPEAT = re.compile(r"([?*+]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})[?+]?")
_PLAIN = re.compile(r"[^\\.\[\](){}?*+^$|]")
_ESCAPED = re.compile(r"\\([^\w\s]|[dbs])")
_CLASS = re.compile(r"\[(?:[^\\\[\]^-]|\\[^\w\s]|\\[ds])+\]|\[-?(?:[^\\\[\]^-]|\\[^\w\s]|\\[ds])+-?\]")

Texts = frozenset[str]
_NOTHING = frozenset({""})


class _Unknown(Exception):
    """The pattern may begin with anything."""


def of_text(text: str) -> str:
    """The beginning of a text."""
    return _DIGIT.sub("0", text[:LENGTH].lower())


def forms(beginning: str) -> tuple[str, ...]:
    """All that may stand among the beginnings of a pattern for one to fit a text that begins so."""
    return beginning, *(beginning[:size] + OPEN for size in range(LENGTH))


def of_pattern(pattern: str) -> Texts:
    """The beginnings of all that `pattern` fits, capitals or not."""
    try:
        found, end = _choice(pattern, 0)
    except _Unknown:
        return frozenset({OPEN})
    return found if end == len(pattern) else frozenset({OPEN})


def _choice(pattern: str, at: int) -> tuple[Texts, int]:
    """The beginnings of alternatives, and where these end."""
    found, at = _sequence(pattern, at)
    while pattern[at : at + 1] == "|":
        more, at = _sequence(pattern, at + 1)
        found |= more
    return found, at


def _sequence(pattern: str, at: int) -> tuple[Texts, int]:
    found = _NOTHING
    while at < len(pattern) and pattern[at] not in "|)":
        if all(map(_is_full, found)):
            at = _behind(pattern, at)
            continue
        part, at = _atom(pattern, at)
        if repeat := _REPEAT.match(pattern, at):
            part, at = _repeated(part, repeat), repeat.end()
        found = _joined(found, frozenset({OPEN}) if part is None else part)
    return found, at


def _behind(pattern: str, at: int) -> int:
    """The end of an atom that tells nothing more, and of its repetition."""
    if pattern[at] == "(":
        depth = 0
        while at < len(pattern):
            if pattern[at] == "[":
                at = _class_end(pattern, at)
            depth += (pattern[at] == "(") - (pattern[at] == ")")
            at += 2 if pattern[at] == "\\" else 1
            if not depth:
                return at
        raise _Unknown
    if pattern[at] == "[":
        return _class_end(pattern, at) + 1
    return at + 2 if pattern[at] == "\\" else at + 1


def _class_end(pattern: str, at: int) -> int:
    """Where the class of characters at `at` has its closing bracket."""
    end = at + 1
    while pattern[end : end + 1] != "]" or end == at + 1:
        end += 2 if pattern[end : end + 1] == "\\" else 1
        if end >= len(pattern):
            raise _Unknown
    return end


def _atom(pattern: str, at: int) -> tuple[Texts | None, int]:
    """The beginnings of one part, None where it may be anything, and where it ends."""
    if _AHEAD.match(pattern, at):
        return _NOTHING, _behind(pattern, at)
    if group := _SKIPPED.match(pattern, at):
        found, end = _choice(pattern, group.end())
        return found, end + 1
    if plain := _PLAIN.match(pattern, at):
        return frozenset({of_text(plain[0])}), plain.end()
    if escaped := _ESCAPED.match(pattern, at):
        known = {"d": "0", "b": "", "s": " "}
        return frozenset({known.get(escaped[1], escaped[1].lower())}), escaped.end()
    if (some := _CLASS.match(pattern, at)) and some.end() == _class_end(pattern, at) + 1:
        inner = re.sub(r"\\s", " ", re.sub(r"\\d", "0", some[0][1:-1]))
        return frozenset(of_text(sign) for sign in re.sub(r"\\(?=.)", "", inner)), some.end()
    return None, _behind(pattern, at)


def _repeated(part: Texts | None, repeat: re.Match[str]) -> Texts | None:
    optional = repeat[0][0] in "?*" or repeat["least"] in ("", "0")
    if part is None:
        return None
    found = part
    if repeat[0][0] != "?" and repeat[0] not in ("{1}", "{0,1}"):
        found = part | _joined(part, part) | _joined(_joined(part, part), part)
    return found | _NOTHING if optional else found


def _is_full(text: str) -> bool:
    """Whether nothing can be added to a beginning."""
    return len(text) == LENGTH or text.endswith(OPEN)


def _joined(left: Texts, right: Texts) -> Texts:
    full = frozenset(filter(_is_full, left))
    found = full | {(a + b)[:LENGTH] for a in left - full for b in right}
    if len(found) > _MOST:
        raise _Unknown
    return found
