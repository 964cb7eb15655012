"""How far a block is bold from its first word on."""

from __future__ import annotations

import re

from linter import late
from linter.block import Block
from linter.document import Document

_TAG = r"(?:\s[^<>]{0,200})?>"
_OPENED = late.pattern(
    rf"(?:\*\*|__|<(?:strong|b){_TAG})(?:[*_\s]|<(?:em|i|u|span|font|a){_TAG})*+\Z",
    re.IGNORECASE,
)
_CLOSES = late.pattern(r"\*\*|__|</(?:strong|b)>", re.IGNORECASE)
_LAST = ("*", "_", ">")  # of what opens it
_REACH = 500  # code points before a block in which its markup stands


def bold_until(block: Block, document: Document) -> int:
    """Where in the source the bold type ends that the block begins with, before the mark; 0 where there is none."""
    text, start = document.source.text, block.outer.start
    before = text[max(0, start - _REACH) : start]
    if before.rstrip()[-1:] not in _LAST or not _OPENED.search(before):
        return 0
    closed = _CLOSES.search(text, start)
    return closed.start() if closed else 0


def is_bold(block: Block, document: Document) -> bool:
    """Whether it is bold to its last word."""
    return bold_until(block, document) >= block.outer.end
