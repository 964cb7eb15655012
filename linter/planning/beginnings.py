"""With which letters text begins that a pattern fits from its start: read off its tree, as literals are.

Short forms of a line's beginning are what is compared: folded (planning.folding), with 0 for every digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import regex

from linter import late
from linter.planning.folding import folded
from linter.planning.literals import sign_of, signs_of
from linter.planning.remembered import remembered
from linter.planning.trees import CLASSES, REPEATS, WRAPPERS, ZERO_WIDTH, name, parsed

LENGTH = 6  # code points of a beginning
OPEN = "\x00"  # behind the beginnings that go on with anything
_MOST = 1000  # beginnings of a pattern that are counted up
_DIGIT = late.pattern(r"\d")

Texts = frozenset[str]
_NOTHING = frozenset({""})
_ANYTHING = frozenset({OPEN})


def of_text(text: str) -> str:
    """The beginning of a text."""
    form = folded(text[: 2 * LENGTH])[:LENGTH]
    if len(form) < LENGTH < len(text) - LENGTH:
        form = folded(text)[:LENGTH]
    return form if form.isalpha() else _DIGIT.sub("0", form)


def forms(beginning: str) -> tuple[str, ...]:
    """All that may stand among the beginnings of a pattern for one to fit a text that begins so."""
    return beginning, *(beginning[:size] + OPEN for size in range(LENGTH))


def of_pattern(pattern: str, flags: int = regex.VERSION1 | regex.IGNORECASE) -> Texts:
    """The beginnings of all that `pattern` fits."""
    return _of_pattern(pattern, int(flags))


def of_start(pattern: str, flags: int = regex.VERSION1 | regex.IGNORECASE) -> Texts:
    """The beginnings of all texts of which `pattern` fits a part from the start on."""
    return frozenset(text if _is_full(text) else text + OPEN for text in of_pattern(pattern, flags))


@remembered
def _of_pattern(pattern: str, flags: int) -> Texts:
    try:
        tree = parsed(pattern, flags)
        return _begins(tree) if tree else _ANYTHING
    except Exception:  # no pattern, or another version of `regex`, whose inner parts nobody promised
        return _ANYTHING


def _begins(node: Any) -> Texts:
    kind = name(node)
    if kind in CLASSES:
        return _NOTHING if node.zerowidth else _class(node, node.case_flags)
    if kind in REPEATS:
        return _repeated(_begins(node.subpattern), node.min_count, node.max_count)
    if kind in ("String", "Literal"):
        return _sequence(_sign(sign, node.case_flags) for sign in node.characters)
    if kind == "Sequence":
        return _sequence(map(_begins, node.items))
    if kind == "Branch":
        return _few(frozenset[str]().union(*map(_begins, node.branches)))
    if kind in WRAPPERS:
        return _begins(node.subpattern)
    return _NOTHING if kind == "LookAround" or kind in ZERO_WIDTH else _ANYTHING


def _class(node: Any, flags: int) -> Texts:
    """Those of one character of a class."""
    if name(node) == "SetUnion" and node.positive:
        parts = [_class(item, flags) for item in node.items]
        return _ANYTHING if _ANYTHING in parts else frozenset[str]().union(*parts)
    if name(node) == "Property" and node.positive and node.value == _digits():
        return frozenset("0")
    signs = signs_of(node, flags)
    return _ANYTHING if signs is None else frozenset(_DIGIT.sub("0", sign) for sign in signs)


def _sign(code: int, flags: int) -> Texts:
    form = sign_of(code, flags)
    return _ANYTHING if form is None else frozenset(_DIGIT.sub("0", sign) for sign in form)


def _sequence(parts: Iterable[Texts]) -> Texts:
    found = _NOTHING
    for part in parts:
        found = _joined(found, part)
        if all(map(_is_full, found)):
            break
    return found


def _repeated(part: Texts, least: int, most: int | None) -> Texts:
    if part <= {"", " "} or most == 1:  # a run of white space is one space
        return part if least else part | _NOTHING
    found = frozenset(text if _is_full(text) or not text else text + OPEN for text in part)
    for _ in range(min(least, LENGTH) - 1):
        found = _joined(part, found)
    return found if least else found | _NOTHING


def _joined(left: Texts, right: Texts) -> Texts:
    """All of `left` with all of `right` behind; where these are too many, with anything."""
    if len(left) * len(right) > _MOST:
        right = _ANYTHING
    return frozenset(a if _is_full(a) else _cut(a, b) for a in left for b in right)


def _cut(text: str, more: str) -> str:
    text += more[1:] if text[-1:] == " " == more[:1] else more
    return text[:LENGTH] if len(text) > LENGTH else text


def _few(found: Texts) -> Texts:
    return found if len(found) <= _MOST else _ANYTHING


def _is_full(text: str) -> bool:
    """Whether nothing can be added to a beginning."""
    return len(text) >= LENGTH or text.endswith(OPEN)


@cache
def _digits() -> int:
    r"""What `\d` is in a tree."""
    tree = parsed(r"\d", regex.VERSION1)
    return int((tree.items[0] if hasattr(tree, "items") else tree).value)
