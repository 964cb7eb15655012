"""Patterns as `regex` parses them: inner trees, which nobody promised. Whoever reads them is ready for any error."""

from __future__ import annotations

from collections.abc import Iterator
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
FUZZY = core.BESTMATCH | core.ENHANCEMATCH
ZERO_WIDTH = frozenset(
    """
    Boundary DefaultBoundary DefaultEndOfWord DefaultStartOfWord EndOfLine EndOfLineU EndOfString EndOfStringLine
    EndOfStringLineU EndOfWord GraphemeBoundary Keep SearchAnchor StartOfLine StartOfLineU StartOfString StartOfWord
    Failure Prune Skip
    """.split()
)


@lru_cache(1)  # several readers ask for the same one
def parsed(pattern: str, flags: int) -> Any:
    """The tree of a pattern, or None where its flags change what it says."""
    tree, flags, whole = parse(pattern, flags)
    return tree if whole and not flags & _STRANGE else None


def parse(pattern: str, flags: int) -> tuple[Any, int, bool]:
    """(the tree of a pattern, its flags with those set inside, whether all of it was parsed), as in `regex._main`.

    Raises regex.error where it is no pattern, and RecursionError where it is nested too deeply.
    """
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
        return tree, int(info.flags), bool(source.at_end())


def nodes(tree: Any) -> Iterator[tuple[Any, int, int]]:
    """All nodes of a tree, each with how deep it is nested, and how often it is written out when it is compiled.

    Children are found in whatever a node holds, so that no kind of node is missed.
    """
    todo = [(tree, 0, 1)]
    while todo:
        node, depth, times = todo.pop()
        yield node, depth, times
        times *= max(1, node.min_count) if name(node) in REPEATS else 1
        depth += name(node) != "Sequence"
        for value in vars(node).values():
            children = value if isinstance(value, (list, tuple)) else (value,)
            todo += ((child, depth, times) for child in children if isinstance(child, core.RegexBase))


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
