"""What text must hold for a pattern to fit: literals, of which one at least is in every match or beside it.

They are read off the tree that `regex` makes of a pattern. Whatever is not understood there proves nothing; a pattern
that proves nothing has no literals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import product
from typing import Any, NamedTuple

import regex

from linter.planning.folding import folded
from linter.planning.rarity import expected

_MOST = 64  # texts that a part of a pattern may fit, to be counted up
_MOST_SIGNS = 8  # characters of a class, to be counted up
_REPEATS = 8  # of a part that are written out
_BLANK = frozenset({"", " "})
# The inner parts of `regex`, which nobody promised: whoever uses them is ready for any error.
_core: Any = import_module("regex._regex_core")
_signs_of: Any = import_module("regex._regex")
_STRANGE = _core.REVERSE | _core.LOCALE | _core.DEBUG


class Fits(NamedTuple):
    """What a part of a pattern fits, in folded form.

    `exact`: nothing but these texts, None where they are too many to tell. `held`: one of these stands in the text
    wherever the part fits, None where that is not known.
    """

    exact: frozenset[str] | None
    held: frozenset[str] | None

    @property
    def needed(self) -> frozenset[str] | None:
        return _rarer(self.held, self.exact)


_ANYTHING = Fits(None, None)
_NOTHING = Fits(frozenset({""}), None)


def of_pattern(pattern: str, flags: int = regex.VERSION1) -> frozenset[str] | None:
    """The literals of a pattern of `regex`, in folded form, or None where there are none that can be proven."""
    try:
        tree = _parsed(pattern, flags)
        return _least(_fits(tree).needed) if tree else None
    except Exception:  # another version of `regex`, whose inner parts nobody promised
        return None


def of_phrases(phrases: Iterable[str]) -> frozenset[str] | None:
    """The literals of a list of plain phrases, in which capitals may not count and any white space is one space."""
    try:
        return _least(_branch([_phrase(" ".join(phrase.split())) for phrase in phrases]).needed)
    except Exception:
        return None


def _phrase(words: str) -> Fits:
    flags = _core.IGNORECASE | _core.FULLCASE
    return _sequence([Fits(_sign(ord(sign), flags), None) for sign in words])


def _least(texts: frozenset[str] | None) -> frozenset[str] | None:
    """`texts` without those that hold another of them; None where one is empty."""
    if texts is None or "" in texts:
        return None
    least: list[str] = []
    for text in sorted(texts, key=len):
        if not any(other in text for other in least):
            least.append(text)
    return frozenset(least)


def _parsed(pattern: str, flags: int) -> Any:
    """The tree of a pattern, or None where its flags change what it says here; as `regex._main._compile` does."""
    while True:
        source = _core.Source(pattern)
        info = _core.Info(flags, source.char_type, {})
        info.guess_encoding = _core.UNICODE
        source.ignore_space = bool(info.flags & _core.VERBOSE)
        try:
            tree = _core._parse_pattern(source, info)
        except _core._UnscopedFlagSet:
            flags = info.global_flags
            continue
        return tree if source.at_end() and not info.flags & _STRANGE else None


def _fits(node: Any) -> Fits:
    name = type(node).__name__
    if name in _SIGNS:
        signs = _NOTHING.exact if node.zerowidth else _signs(node, node.case_flags)
        return Fits(signs, None)
    if name in _REPEATED:
        return _repeat(_fits(node.subpattern), node.min_count, node.max_count)
    if name in ("String", "Literal"):
        return _sequence([_fits(_core.Character(sign, True, node.case_flags)) for sign in node.characters])
    if name == "Sequence":
        return _sequence([_fits(item) for item in node.items])
    if name == "Branch":
        return _branch([_fits(branch) for branch in node.branches])
    if name in ("Group", "Atomic"):
        return _fits(node.subpattern)
    if name == "LookAround":
        return Fits(_NOTHING.exact, _fits(node.subpattern).needed if node.positive else None)
    return _NOTHING if name in _ZERO_WIDTH else _ANYTHING


_SIGNS = frozenset({"Character", "Range", "Property", "SetUnion", "SetDiff", "SetInter"})
_REPEATED = frozenset({"GreedyRepeat", "LazyRepeat", "PossessiveRepeat"})
_ZERO_WIDTH = frozenset(
    """
    Boundary DefaultBoundary DefaultEndOfWord DefaultStartOfWord EndOfLine EndOfLineU EndOfString EndOfStringLine
    EndOfStringLineU EndOfWord GraphemeBoundary Keep SearchAnchor StartOfLine StartOfLineU StartOfString StartOfWord
    Failure Prune Skip
    """.split()
)


def _sequence(parts: Sequence[Fits]) -> Fits:
    """Parts one after the other: the longest runs of known texts are what tells most."""
    run = frozenset({""})
    held: frozenset[str] | None = None
    whole = True
    for part in parts:
        held = _rarer(held, part.held)
        longer = _joined(run, part.exact)
        if longer is None:
            held, whole = _rarer(held, run), False
            run = frozenset({""}) if part.exact is None else part.exact
        else:
            run = longer
    return Fits(run, held) if whole else Fits(None, _rarer(held, run))


def _branch(parts: Sequence[Fits]) -> Fits:
    exact: set[str] | None = set()
    held: set[str] | None = set()
    for part in parts:
        needed = part.needed
        exact = exact | part.exact if exact is not None and part.exact is not None else None
        held = held | needed if held is not None and needed is not None else None
    few = exact is not None and len(exact) <= _MOST
    return Fits(frozenset(exact) if few and exact is not None else None, None if held is None else frozenset(held))


def _repeat(part: Fits, least: int, most: int | None) -> Fits:
    blank = part.exact is not None and part.exact <= _BLANK
    if least == 0:
        if part.exact is not None and (blank or most == 1):
            return Fits(part.exact | {""}, None)
        return _ANYTHING
    if blank:
        return part
    run = part.exact
    for _ in range(min(least, _REPEATS) - 1):
        run = _joined(run, part.exact) or run
    exact = least == most and least <= _REPEATS and (least == 1 or _joined(run, frozenset({""})) is not None)
    return Fits(None, _rarer(part.held, run)) if not exact or least > 1 else part


def _joined(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """All of `left` with all of `right` behind, or None where they are too many."""
    if left is None or right is None or len(left) * len(right) > _MOST:
        return None
    return frozenset(f"{a}{b[1:] if a[-1:] == ' ' == b[:1] else b}" for a, b in product(left, right))


def _rarer(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Which of both is found less often in a text; an empty text is everywhere."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other, key=_frequency)


@lru_cache(4096)
def _frequency(texts: frozenset[str]) -> float:
    return sum(map(expected, texts))


def _signs(node: Any, flags: int) -> frozenset[str] | None:
    """The forms of the characters that a class of them fits (or of more), None where they are too many."""
    name = type(node).__name__
    if not node.positive:
        return None
    if name == "Character":
        return _sign(node.value, flags)
    if name == "Range":
        few = node.upper - node.lower < _MOST_SIGNS
        return _union(_sign(code, flags) for code in range(node.lower, node.upper + 1)) if few else None
    if name == "Property":
        return frozenset({" "}) if node.value == _white_space() else None
    if name == "SetUnion":
        return _union(_signs(item, flags) for item in node.items)
    return _signs(node.items[0], flags)  # of a difference or an intersection


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: set[str] = set()
    for part in parts:
        if part is None:
            return None
        found |= part
    return frozenset(found) if len(found) <= _MOST_SIGNS else None


@lru_cache(4096)
def _sign(code: int, flags: int) -> frozenset[str] | None:
    """The form of a character, None where one that `regex` takes for the same may have another form."""
    sign = chr(code)
    form = folded(sign)
    if sign == "\x00" or "\ud800" <= sign <= "\udfff":
        return None
    if flags & _core.IGNORECASE:
        flags |= _core.UNICODE
        if any(folded(chr(other)) != form for other in _signs_of.get_all_cases(flags, code)):
            return None
        if flags & _core.FULLCASE and not _folds_alike():
            return None
    return frozenset({form})


@cache
def _folds_alike() -> bool:
    """Whether the characters that stand for several letters do so in folded form too."""
    return all(
        folded(sign) == folded(_signs_of.fold_case(_core.FULL_CASE_FOLDING, sign))
        for sign in _signs_of.get_expand_on_folding()
    )


@cache
def _white_space() -> int:
    r"""What `\s` is in a tree."""
    tree = _parsed(r"\s", regex.VERSION1)
    return int((tree.items[0] if hasattr(tree, "items") else tree).value)
