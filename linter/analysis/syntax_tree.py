"""Parse regular expressions into syntax trees, and analyze these.

The trees are internal to the `regex` package and may change between versions, so the functions that analyze patterns
catch all exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntFlag
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from itertools import chain
from typing import Any

import regex

from linter import patterns
from linter.analysis.results import cached_analysis
from linter.source import slices


def _parser() -> Any:
    """Return a copy of the `regex` parser in which flags are plain integers, to make parsing faster."""
    spec: Any = find_spec("regex._regex_core")
    parser: Any = module_from_spec(spec)
    spec.loader.exec_module(parser)
    names = vars(parser)
    for table in (names, *(value for value in names.values() if isinstance(value, dict))):
        table.update({key: int(value) for key, value in table.items() if isinstance(value, IntFlag)})
    parser.error = regex.error
    return parser


# Most runs have all results in the cache and need no parser.
regex_core: Any = patterns._LazyPattern(_parser)
regex_inner: Any = patterns._LazyPattern(lambda: import_module("regex._regex"))

CLASSES = frozenset({"Character", "Range", "Property", "SetUnion", "SetDiff", "SetInter"})
REPEATS = frozenset({"GreedyRepeat", "LazyRepeat", "PossessiveRepeat"})
WRAPPERS = frozenset({"Group", "Atomic"})
# Compiling takes about 300 bytes and 30 µs per part of a pattern, with repetitions expanded: `(?:ab){50}`
# has 100 parts. The limit grows with the length of the pattern, and so does memory. For each code point of a long
# pattern beyond the first 20,000, there may be only one more part.
_PARTS, _PARTS_PER_CODE_POINT, _LONG = 1_000, 5, 20_000
_CERTAINLY_SMALL = 100_000
# An escape, or a repeat count with the character before it, and characters that may hide more digits: spaces and
# comments in verbose mode.
_COUNT = patterns.lazy(r"\\.(?!\{)|(\\.|.?)\{(\d*+)([\s#]?)", re.DOTALL)
_MAX_DEPTH = 200  # maximum nesting of groups, repetitions and alternatives
_MAX_SHOWN = 12  # maximum code points of a pattern that a reason quotes
NESTED = "has groups nested too deeply; simplify it"
_START = patterns.lazy(r"\\A|(?<!\[)\^")
ZERO_WIDTH = frozenset(
    """
    Boundary DefaultBoundary DefaultEndOfWord DefaultStartOfWord EndOfLine EndOfLineU EndOfString EndOfStringLine
    EndOfStringLineU EndOfWord GraphemeBoundary Keep SearchAnchor StartOfLine StartOfLineU StartOfString StartOfWord
    Failure Prune Skip
    """.split()
)


@lru_cache(1)  # several functions parse the same pattern one after another
def parsed_pattern(pattern: str, flags: int) -> Any:
    """Return the syntax tree of a pattern; None if the pattern has unsupported flags or cannot be parsed to its end.

    Raises the same errors as `parse_pattern`.
    """
    tree, flags, whole = parse_pattern(pattern, flags)
    unsupported = regex_core.REVERSE | regex_core.LOCALE | regex_core.DEBUG
    return tree if whole and not flags & unsupported else None


def parse_pattern(pattern: str, flags: int) -> tuple[Any, int, bool]:
    """Return the syntax tree of a pattern, the flags, and whether the whole pattern was parsed.

    The flags include flags that are set inside the pattern. The steps are those of `regex._main`. Raises regex.error if
    the pattern is invalid, and RecursionError if it is nested too deeply.
    """
    while True:
        source = regex_core.Source(pattern)
        info = regex_core.Info(flags, source.char_type, {})
        info.guess_encoding = regex_core.UNICODE
        source.ignore_space = bool(info.flags & regex_core.VERBOSE)
        try:
            tree = regex_core._parse_pattern(source, info)
        except regex_core._UnscopedFlagSet:
            flags = info.global_flags
            continue
        return tree, int(info.flags), bool(source.at_end())


def pattern_nodes(tree: Any, *, into_classes: bool = True) -> Iterator[tuple[Any, int, int]]:
    """Yield each node of a tree, the depth of the node, and the number of copies of the node in the compiled pattern.

    Sequences do not add to the depth. Children are found in all attributes of a node, so that no kind of node is
    missed. If `into_classes` is false, the parts of character classes are left out.
    """
    todo = [(tree, 0, 1)]
    while todo:
        node, depth, times = todo.pop()
        yield node, depth, times
        times *= max(1, node.min_count) if node_name(node) in REPEATS else 1
        depth += node_name(node) != "Sequence"
        for value in vars(node).values() if into_classes or node_name(node) not in CLASSES else ():
            children = value if isinstance(value, (list, tuple)) else (value,)
            todo += ((child, depth, times) for child in children if isinstance(child, regex_core.RegexBase))


def refusal_of_tree(tree: Any, flags: int, pattern: str) -> str:
    """Return the reason why an untrusted pattern is not allowed, or "" if it is allowed.

    `tree` and `flags` are those of `parse_pattern`. The reason continues a sentence about the pattern. Patterns that
    could take too much time or memory are not allowed.
    """
    if flags & (regex_core.BESTMATCH | regex_core.ENHANCEMATCH):
        return "uses a flag for fuzzy matching, (?b) or (?e), which is not allowed"
    size, length = 0, len(pattern)
    most = _PARTS + _PARTS_PER_CODE_POINT * min(length, _LONG) + max(0, length - _LONG)
    for node, depth, times in pattern_nodes(tree):
        size += times
        kind = node_name(node)
        if kind == "CallGroup":
            near = pattern[pattern.rfind("(", 0, node.position + 1) :][:_MAX_SHOWN]
            return f"uses recursion or calls a group, which is not allowed: “{near}”; write out the repeated part"
        if kind == "Fuzzy":
            return "uses fuzzy matching, such as {e<=1}, which is not allowed; write out the variants: colou?r"
        if depth > _MAX_DEPTH:
            return NESTED
        if size > most:
            return "is too large when its repetitions are expanded; simplify it"
    return ""


def is_certainly_small(pattern: str) -> bool:
    """Whether a pattern has at most 100,000 parts with its repetitions expanded. False if this is unknown.

    The pattern is not parsed.
    """
    single, nested = 0, 1
    for before, count, gap in _COUNT.findall(pattern) if "{" in pattern else ():
        if gap:
            return False
        if before.strip() in ("", ")"):  # a group may contain other repetitions
            nested *= max(1, int(count or 1))
        else:  # one character or class
            single += int(count or 1)
    return (len(pattern) + single) * nested <= _CERTAINLY_SMALL


@cached_analysis
def anchored(pattern: str) -> bool:
    """Whether a pattern can match only at the start of text; False if unknown."""
    if not _START.search(pattern):  # true for nearly all patterns
        return False
    try:
        tree = parsed_pattern(pattern, regex.VERSION1)
        return tree is not None and _is_anchored(tree)
    except Exception:  # another version of `regex`
        return False


def _is_anchored(node: Any) -> bool:
    kind = node_name(node)
    if kind == "Sequence":
        for item in node.items:
            if _is_anchored(item):
                return True
            if node_name(item) not in ZERO_WIDTH:
                return False
    if kind == "Branch":
        return all(map(_is_anchored, node.branches))
    return _is_anchored(node.subpattern) if kind in WRAPPERS else kind == "StartOfString"


def node_name(node: Any) -> str:
    """Return the name of the kind of a node, such as "Sequence"."""
    return type(node).__name__


# Odd characters that text must contain for a pattern to match: non-ASCII and control characters. Most articles
# contain few of them, so they are collected once for all patterns.

_PLAIN = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])

Ranges = tuple[tuple[int, int], ...]  # of code points, both ends included


def odd_characters(texts: Iterable[str]) -> str:
    """Return the odd characters of `texts` (non-ASCII and control characters), each once, sorted.

    Tabs and line ends are not odd.
    """
    found: set[str] = set()
    for part in chain.from_iterable(map(slices, texts)):
        if rest := part.encode("utf-8", "surrogatepass").translate(None, _PLAIN):
            found.update(rest.decode("utf-8", "surrogatepass"))
    return "".join(sorted(found))


def odd_characters_of_pattern(pattern: str) -> str:
    """Return a character class of odd characters. `pattern` matches only text that contains at least one of them.

    Return "" if there are no such characters, or if they are unknown.
    """
    ranges = _of_pattern(pattern) or ()
    return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]" if ranges else ""


@cached_analysis
def _of_pattern(pattern: str) -> Ranges | None:
    try:
        tree = parsed_pattern(pattern, regex.VERSION1)
        ranges = tree and _required_chars(tree)
    except Exception:  # another version of `regex`
        return None
    return ranges if ranges and _is_odd(ranges) else None


def _required_chars(node: Any) -> Ranges | None:
    """Return ranges of characters, one of which must be in any text that matches, or None if they are unknown."""
    kind = node_name(node)
    if kind in WRAPPERS or (kind in REPEATS and node.min_count > 0) or (kind == "LookAround" and node.positive):
        return _required_chars(node.subpattern)
    if kind == "Sequence":
        odd_ranges = [ranges for item in node.items if (ranges := _required_chars(item)) and _is_odd(ranges)]
        return min(odd_ranges, key=_size, default=None)
    if kind == "Branch":
        return _union(_required_chars(branch) for branch in node.branches)
    if kind == "SetUnion" and node.positive and not node.zerowidth and not node.case_flags & regex_core.IGNORECASE:
        return _union(_required_chars(item) for item in node.items)
    if kind not in ("Character", "Range") or not node.positive or node.case_flags & regex_core.IGNORECASE:
        return None
    return ((node.value, node.value),) if kind == "Character" else ((node.lower, node.upper),)


def _union(parts: Iterable[Ranges | None]) -> Ranges | None:
    found: Ranges = ()
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _is_odd(ranges: Ranges) -> bool:
    return not any(low <= char <= high for low, high in ranges for char in _PLAIN)


def _size(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)
