"""Bare web addresses in a block's text, as GitHub's Markdown links them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from linter import late
from linter.block import OBJECT, Block
from linter.document import Link

# GFM, “Autolinks (extension)”; besides, quotation marks and the punctuation of Chinese and Japanese end one.
_URL = late.pattern(
    rf"""
    (?<![A-Za-z0-9@/.])
    (?P<head> (?:https?|ftp):// (?=[^\W_]) | www\. (?=[\w-]+\.[^\W_]) )
    [^\s<>"`{OBJECT}“”„«»「」『』（）【】《》。，、；：！？\u200b\u2060\ufeff]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}
_TRAILING = "?!.,:;*_~'’‘…"


def may_hold(text: str) -> bool:
    """Whether there can be any bare address; most texts hold none of this."""
    return "://" in text or "www." in text or "WWW." in text


def with_bare(links: list[Link], block: Block) -> list[Link]:
    """`links` of `block`, which are in order and apart, and its bare addresses outside of them, in order."""
    bare = list(bare_links(block)) if may_hold(block.text) else ()
    if not bare:
        return links
    starts = [link.start for link in links]
    outside = []
    for link in bare:
        i = bisect_right(starts, link.start) - 1
        if i < 0 or links[i].end <= link.start:
            outside.append(link)
    return sorted(links + outside, key=lambda link: link.start)


def bare_links(block: Block) -> Iterator[Link]:
    """The addresses in `block.text` that markup did not make links of, in order, with kind "bare".

    The punctuation that follows an address is not of it, nor is a bracket that closes one opened before it.
    An address ends where markup begins.
    """
    text = block.text
    for found in _URL.finditer(text):
        start = found.start()
        end = _trimmed(text, start, _joined(block, start, found.end()))
        if end > found.end("head"):
            span = block.span(start, end)
            yield Link(span, block, start, end, text[start:end], span, "bare")


def _joined(block: Block, start: int, end: int) -> int:
    """Where in `text[start:end]` the first markup stands, or `end`."""
    i = bisect_right(block.starts, start) - 1
    for at in range(3 * i + 3, len(block.places), 3):
        if block.places[at] >= end:
            break
        if block.places[at - 1] != block.places[at + 1]:
            return block.places[at]
    return end


def _trimmed(text: str, start: int, end: int) -> int:
    """`end` without trailing punctuation and unbalanced closing brackets."""
    surplus: dict[str, int] = {}
    while end > start:
        last = text[end - 1]
        if last in _CLOSES:
            if last not in surplus:
                surplus[last] = text.count(last, start, end) - text.count(_CLOSES[last], start, end)
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end
