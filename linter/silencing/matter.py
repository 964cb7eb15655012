"""What the front matter says to copydesk: `copydesk: {ignore: [names/proper-noun -- quoted]}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from linter.block import Block, Span
from linter.document import Document
from linter.rule import OWN
from linter.silencing.directives import Named, read

_SCOPE = f"metadata.{OWN}"
KEYS = ("ignore", "reason")


class Item(NamedTuple):
    """What one text under `ignore` says, or the key without any names for all rules."""

    span: Span
    names: tuple[Named, ...]
    reason: str


def find(document: Document) -> list[Item]:
    """What is ignored in the whole article."""
    own = _own(document)
    shared = " ".join(str(own.get("reason") or "").split())
    items = [
        Item(block.outer, *_said(block))._replace(reason=_said(block)[1] or shared)
        for block in document.blocks_in(frozenset({f"{_SCOPE}.ignore"}))
    ]
    if own.get("ignore") is True and document.metadata.span:
        items.append(Item(document.metadata.span, (), shared))
    return items


def unknown(document: Document) -> list[Named]:
    """The keys that say nothing to copydesk, each at what stands under it."""
    keys = [str(key) for key in _own(document) if str(key).lower() not in KEYS]
    found = []
    for key in keys:
        scope = f"{_SCOPE}.{key.lower()}"
        spans = [block.outer for block in document.blocks_in(frozenset({scope}))]
        found.append(Named(key, spans[0] if spans else document.metadata.span or Span(0, 0)))
    return found


def spans(document: Document) -> Iterator[Span]:
    """Where the texts stand that are no copy, being said to copydesk."""
    if _own(document):
        for block in document.blocks:
            if any(scope.startswith(f"{_SCOPE}.") for scope in block.scopes):
                yield block.outer


def _own(document: Document) -> Mapping[str, object]:
    own = document.metadata.values.get(OWN)
    return own if isinstance(own, Mapping) else {}


def _said(block: Block) -> tuple[tuple[Named, ...], str]:
    names, reason = read(block.text, Span(0, len(block.text)))
    return tuple(Named(name, block.span(*span)) for name, span in names), reason
