"""The values of metadata as text, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from linter.document import Block, Document

_PART = re.compile(r"[^,;]+")


def values(document: Document, keys: Iterable[str]) -> Iterator[Block]:
    """The texts under `keys`, which are in small letters and dotted where nested, key by key."""
    wanted = [f"metadata.{key}" for key in keys]
    found = [block for block in document.blocks if "metadata" in block.scopes]
    for scope in wanted if found else ():
        yield from (block for block in found if scope in block.scopes)


def terms(document: Document, keys: Iterable[str]) -> Iterator[list[Block]]:
    """The terms that an article stands under, for each of `keys`: the items of a list, or of a text with commas."""
    for key in keys:
        blocks = list(values(document, [key]))
        if len(blocks) == 1 and not isinstance(document.metadata.fields.get(key), list):
            yield list(_parts(blocks[0]))
        elif blocks:
            yield blocks


def _parts(block: Block) -> Iterator[Block]:
    for part in _PART.finditer(block.text):
        words = part[0].strip()
        if words:
            start = part.start() + part[0].index(words)
            yield block.part(start, start + len(words))
