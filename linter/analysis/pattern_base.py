"""What kinds of check have in common that look for one pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.syntax_tree import REPEATS, cached_analysis, node_name, parsed_pattern, regex_core
from linter.document import Block

# Simple case folding. In full folding `[\w-]` in any case fits “s” and “ss”, as it fits “ß”: “sss…” can be split in so
# many ways that the time is exponential.
SIMPLE_FOLDING = "(?-f)"


def compile_pattern(pattern: str, flags: int = 0) -> regex.Pattern[str]:
    """The pattern of a rule, ready for use. Raises regex.error, with places in `pattern`."""
    try:
        return regex.compile(SIMPLE_FOLDING + pattern, regex.VERSION1 | flags)
    except regex.error:
        return regex.compile(pattern, regex.VERSION1 | flags)


class PatternCheck:
    """Its `pattern` is compiled once, and its literals are read off it."""

    pattern: str

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        """Its regular expressions as they are compiled, by the key that holds them."""
        return {"pattern": (self.pattern,)}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.pattern)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self.pattern)

    @cached_property
    def literals_in_addresses(self) -> Literals | None:
        """The same for a rule that looks at nothing but addresses, where other texts are rare."""
        return literals_of_pattern(self.pattern, address=True)


# What a text is like as a whole that a pattern fits from its start to its end: read off its tree, as literals are.
#
# It tells most of lines and headings, of which a rule looks at each: one call says of a text that it is none.

Pick = Callable[[Iterable[Block]], Iterable[Block]]
_ASCII = [chr(code) for code in range(0x80)]


class Shape(NamedTuple):
    """`without`: ASCII characters that do not stand in such a text; `ends`: with one of these it ends, or any if ""."""

    without: str
    ends: str


def block_picker(pattern: str) -> Pick | None:
    """What picks the blocks that a pattern may fit; None where nothing is known of them."""
    shape = Shape(*shape_of_pattern(pattern))
    ends = tuple(shape.ends)
    if shape.without:
        unwanted = re.compile(f"[{re.escape(shape.without)}]")
        return lambda blocks: [block for block in blocks if not unwanted.search(block.text)]
    return (lambda blocks: [block for block in blocks if block.text.endswith(ends)]) if ends else None


@cached_analysis
def shape_of_pattern(pattern: str) -> tuple[str, str]:
    """The shape of all texts that a pattern of `regex` fits."""
    try:
        tree = parsed_pattern(pattern, regex.VERSION1)
        return (_without(tree), _ends(tree)) if tree and node_name(tree) == "Sequence" else ("", "")
    except Exception:  # another version of `regex`, whose inner parts nobody promised
        return "", ""


def _without(tree: Any) -> str:
    r"""What cannot stand in a text that begins with `\A(?=[…]+\Z)`."""
    start, ahead = tree.items[:2]
    if node_name(start) != "StartOfString" or node_name(ahead) != "LookAround" or not ahead.positive or ahead.behind:
        return ""
    if node_name(ahead.subpattern) != "Sequence":
        return ""
    whole, end = ahead.subpattern.items
    if node_name(end) != "EndOfString" or node_name(whole) not in REPEATS or not _is_plain_class(whole.subpattern):
        return ""
    return "".join(char for char in _ASCII if not whole.subpattern.matches(ord(char)))


def _ends(tree: Any) -> str:
    r"""The signs of a class that is the last part of a pattern before `\Z`."""
    last, end = tree.items[-2:]
    if (
        node_name(end) != "EndOfString"
        or not _is_plain_class(last)
        or not last.positive
        or node_name(last) in ("Property", "Range")
    ):
        return ""
    chars = last.items if node_name(last) == "SetUnion" else [last]
    if any(node_name(char) != "Character" or not char.positive for char in chars):
        return ""
    return "".join(chr(char.value) for char in chars)


def _is_plain_class(node: Any) -> bool:
    """Whether it is one character of a class, in which capitals count."""
    return (
        node_name(node) in ("Character", "Property", "Range", "SetUnion")
        and not node.zerowidth
        and not node.case_flags & regex_core.IGNORECASE
    )
