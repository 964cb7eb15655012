"""Odd characters that text must hold for a pattern to fit: those beyond ASCII, and controls.

A text has hardly any of them, so that they can be listed once for all patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import regex

from linter.planning.remembered import remembered
from linter.planning.trees import REPEATS, WRAPPERS, core, name, parsed
from linter.slices import slices

_PLAIN = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])

Signs = re.Pattern[str] | regex.Pattern[str]  # fits single characters
Ranges = tuple[tuple[int, int], ...]  # of code points, both ends included


def odd(text: str) -> str:
    """The odd characters of a text, each once, in no order."""
    found: set[str] = set()
    for part in slices(text):
        if rest := part.encode("utf-8", "surrogatepass").translate(None, _PLAIN):
            found.update(rest.decode("utf-8", "surrogatepass"))
    return "".join(found)


def of_pattern(pattern: str) -> Signs | None:
    """A pattern for single odd characters, of which one stands wherever `pattern` fits, None if that is not known."""
    if not (ranges := _of_pattern(pattern)):
        return None
    try:
        return re.compile("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]")
    except re.error:  # the cache was tampered with
        return None


@remembered
def _of_pattern(pattern: str) -> Ranges | None:
    try:
        tree = parsed(pattern, regex.VERSION1)
        ranges = tree and _needed(tree)
    except Exception:  # another version of `regex`
        return None
    return ranges if ranges and _is_odd(ranges) else None


def _needed(node: Any) -> Ranges | None:
    """Characters of which one stands wherever a part of a pattern fits."""
    kind = name(node)
    if kind in WRAPPERS or (kind in REPEATS and node.min_count > 0) or (kind == "LookAround" and node.positive):
        return _needed(node.subpattern)
    if kind == "Sequence":
        some = [ranges for item in node.items if (ranges := _needed(item)) and _is_odd(ranges)]
        return min(some, key=_size, default=None)
    if kind == "Branch":
        return _all(_needed(branch) for branch in node.branches)
    if kind == "SetUnion" and node.positive and not node.zerowidth and not node.case_flags & core.IGNORECASE:
        return _all(_needed(item) for item in node.items)
    if kind not in ("Character", "Range") or not node.positive or node.case_flags & core.IGNORECASE:
        return None
    return ((node.value, node.value),) if kind == "Character" else ((node.lower, node.upper),)


def _all(parts: Iterable[Ranges | None]) -> Ranges | None:
    found: Ranges = ()
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _is_odd(ranges: Ranges) -> bool:
    return not any(low <= sign <= high for low, high in ranges for sign in _PLAIN)


def _size(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)
