"""What a text is like as a whole that a pattern fits from its start to its end: read off its tree, as literals are.

It tells most of lines and headings, of which a rule looks at each: one call says of a text that it is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import regex

from linter.block import Block
from linter.planning.remembered import remembered
from linter.planning.trees import REPEATS, core, name, parsed

Pick = Callable[[Iterable[Block]], Iterable[Block]]
_ASCII = [chr(code) for code in range(0x80)]


class Shape(NamedTuple):
    """`without`: ASCII characters that do not stand in such a text; `ends`: with one of these it ends, or any if ""."""

    without: str
    ends: str


def picking(pattern: str) -> Pick | None:
    """What picks the blocks that a pattern may fit; None where nothing is known of them."""
    shape = Shape(*of_pattern(pattern))
    ends = tuple(shape.ends)
    if shape.without:
        unwanted = re.compile(f"[{re.escape(shape.without)}]")
        return lambda blocks: [block for block in blocks if not unwanted.search(block.text)]
    return (lambda blocks: [block for block in blocks if block.text.endswith(ends)]) if ends else None


@remembered
def of_pattern(pattern: str) -> tuple[str, str]:
    """The shape of all texts that a pattern of `regex` fits."""
    try:
        tree = parsed(pattern, regex.VERSION1)
        return (_without(tree), _ends(tree)) if tree and name(tree) == "Sequence" else ("", "")
    except Exception:  # another version of `regex`, whose inner parts nobody promised
        return "", ""


def _without(tree: Any) -> str:
    r"""What cannot stand in a text that begins with `\A(?=[…]+\Z)`."""
    start, ahead = tree.items[:2]
    if name(start) != "StartOfString" or name(ahead) != "LookAround" or not ahead.positive or ahead.behind:
        return ""
    if name(ahead.subpattern) != "Sequence":
        return ""
    whole, end = ahead.subpattern.items
    if name(end) != "EndOfString" or name(whole) not in REPEATS or not _is_plain_class(whole.subpattern):
        return ""
    return "".join(sign for sign in _ASCII if not whole.subpattern.matches(ord(sign)))


def _ends(tree: Any) -> str:
    r"""The signs of a class that is the last part of a pattern before `\Z`."""
    last, end = tree.items[-2:]
    if (
        name(end) != "EndOfString"
        or not _is_plain_class(last)
        or not last.positive
        or name(last) in ("Property", "Range")
    ):
        return ""
    signs = last.items if name(last) == "SetUnion" else [last]
    if any(name(sign) != "Character" or not sign.positive for sign in signs):
        return ""
    return "".join(chr(sign.value) for sign in signs)


def _is_plain_class(node: Any) -> bool:
    """Whether it is one character of a class, in which capitals count."""
    return (
        name(node) in ("Character", "Property", "Range", "SetUnion")
        and not node.zerowidth
        and not node.case_flags & core.IGNORECASE
    )
