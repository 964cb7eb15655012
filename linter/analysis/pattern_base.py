"""Define what is shared by all kinds of check that search for one regular expression."""

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
    """Compile the pattern of a rule. Raises regex.error, with offsets in `pattern`."""
    try:
        return regex.compile(SIMPLE_FOLDING + pattern, regex.VERSION1 | flags)
    except regex.error:
        return regex.compile(pattern, regex.VERSION1 | flags)


class PatternCheck:
    """A check with a `pattern`, which is compiled once and analyzed for literals."""

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
        """The literals for a rule that looks at addresses only, where other texts are rare."""
        return literals_of_pattern(self.pattern, address=True)


# The shape of texts that a pattern matches as a whole. It rules out most lines and headings with one call.

Pick = Callable[[Iterable[Block]], Iterable[Block]]
_ASCII = [chr(code) for code in range(0x80)]


class Shape(NamedTuple):
    """ASCII characters that such a text is `without`, and the characters it `ends` with; "" for any."""

    without: str
    ends: str


def block_picker(pattern: str) -> Pick | None:
    """Return a function that picks the blocks a pattern may match; None if nothing is known about them."""
    shape = Shape(*shape_of_pattern(pattern))
    ends = tuple(shape.ends)
    if shape.without:
        unwanted = re.compile(f"[{re.escape(shape.without)}]")
        return lambda blocks: [block for block in blocks if not unwanted.search(block.text)]
    return (lambda blocks: [block for block in blocks if block.text.endswith(ends)]) if ends else None


@cached_analysis
def shape_of_pattern(pattern: str) -> tuple[str, str]:
    """Return the shape of all texts that a pattern of `regex` matches."""
    try:
        tree = parsed_pattern(pattern, regex.VERSION1)
        return (_without(tree), _ends(tree)) if tree and node_name(tree) == "Sequence" else ("", "")
    except Exception:  # another version of `regex`, whose internals may differ
        return "", ""


def _without(tree: Any) -> str:
    r"""Return the characters excluded by a pattern that begins with `\A(?=[…]+\Z)`."""
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
    r"""Return the characters of a class that is the last part of a pattern before `\Z`."""
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
    """Whether it is one character of a case-sensitive class."""
    return (
        node_name(node) in ("Character", "Property", "Range", "SetUnion")
        and not node.zerowidth
        and not node.case_flags & regex_core.IGNORECASE
    )
