"""Patterns as `regex` parses them: inner trees, which nobody promised. Whoever reads them is ready for any error."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import regex

from linter.planning.remembered import remembered

core: Any = import_module("regex._regex_core")
inner: Any = import_module("regex._regex")

_STRANGE = core.REVERSE | core.LOCALE | core.DEBUG
CLASSES = frozenset({"Character", "Range", "Property", "SetUnion", "SetDiff", "SetInter"})
REPEATS = frozenset({"GreedyRepeat", "LazyRepeat", "PossessiveRepeat"})
WRAPPERS = frozenset({"Group", "Atomic"})
ZERO_WIDTH = frozenset(
    """
    Boundary DefaultBoundary DefaultEndOfWord DefaultStartOfWord EndOfLine EndOfLineU EndOfString EndOfStringLine
    EndOfStringLineU EndOfWord GraphemeBoundary Keep SearchAnchor StartOfLine StartOfLineU StartOfString StartOfWord
    Failure Prune Skip
    """.split()
)


@lru_cache(1)  # several readers ask for the same one
def parsed(pattern: str, flags: int) -> Any:
    """The tree of a pattern, or None where its flags change what it says; as `regex._main._compile` makes it."""
    while True:
        source = core.Source(pattern)
        info = core.Info(flags, source.char_type, {})
        info.guess_encoding = core.UNICODE
        source.ignore_space = bool(info.flags & core.VERBOSE)
        try:
            tree = core._parse_pattern(source, info)
        except core._UnscopedFlagSet:
            flags = info.global_flags
            continue
        return tree if source.at_end() and not info.flags & _STRANGE else None


@remembered
def anchored(pattern: str) -> bool:
    """Whether a pattern fits nowhere but at the start of a text; False where nobody knows."""
    try:
        tree = parsed(pattern, regex.VERSION1)
        return tree is not None and _is_anchored(tree)
    except Exception:  # another version of `regex`
        return False


def _is_anchored(node: Any) -> bool:
    kind = name(node)
    if kind == "Sequence":
        for item in node.items:
            if _is_anchored(item):
                return True
            if name(item) not in ZERO_WIDTH:
                return False
    if kind == "Branch":
        return all(map(_is_anchored, node.branches))
    return _is_anchored(node.subpattern) if kind in WRAPPERS else kind == "StartOfString"


def name(node: Any) -> str:
    """What kind of node it is."""
    return type(node).__name__
