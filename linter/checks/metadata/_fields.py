"""Read metadata: texts and terms under keys, and where a missing key would be due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from linter import patterns
from linter.document import Block, Document, Span, per_document

_PART = patterns.lazy(r"[^,;]+")
_TEMPLATE = patterns.lazy(r"\{\{|\{%|<\?(?:php|=)|<%")
_MARK = patterns.lazy(r"---|\+\+\+|\{")
_UNDER = "metadata."  # begins the scope of the texts under a key
_WORDS = 20  # of a story; what has fewer leads elsewhere, or is made by a template


def values(document: Document, keys: Iterable[str]) -> Iterator[Block]:
    """The texts under `keys`, which are in small letters and dotted where nested, key by key."""
    found = _by_key(document)
    for key in keys if found else ():
        if key in found:
            yield from found[key]


@per_document
def _by_key(document: Document) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for scopes, blocks in document.blocks_by_scopes.items():
        for key in _keys(scopes):
            if key in found:  # which hardly ever stands for blocks of two sorts
                under = _UNDER + key
                found[key] = [block for block in document.blocks if under in block.scopes]
            else:
                found[key] = blocks
    return found


@lru_cache(1 << 10)
def _keys(scopes: frozenset[str]) -> tuple[str, ...]:
    """Return the keys of blocks with such scopes."""
    return tuple(scope.removeprefix(_UNDER) for scope in scopes if scope.startswith(_UNDER))


def terms(document: Document, keys: Iterable[str]) -> Iterator[list[Block]]:
    """Yield the terms of an article, for each of `keys`: the items of a list, or of a text with commas."""
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


def has_value(value: Any) -> bool:
    """Whether a value is not empty."""
    return value not in (None, False, [], "") and bool(str(value).strip())


@per_document
def beginning(document: Document) -> Span | None:
    """What the metadata of an article begin with: the mark of front matter, or the tag of a page's head.

    None where there are none; where a template fills the head, or is the page; and where there is hardly a story.
    """
    text, whole = document.source.text, document.metadata.span
    if whole is None or (document.kind == "html" and _is_filled(text)) or not _has_story(document):
        return None
    if is_page(document):
        return next((tag.span for tag in document.tags if tag.span.start == whole.start), None)
    if not document.metadata.fields:
        return None
    start = whole.end - len(text[: whole.end].lstrip())
    mark = _MARK.match(text, start)
    return Span(*mark.span()) if mark else min(document.metadata.places.values(), default=None)


def _is_filled(text: str) -> bool:
    """Whether a text contains a template."""
    return ("{" in text or "<?" in text or "<%" in text) and _TEMPLATE.search(text) is not None


def is_page(document: Document) -> bool:
    """Whether the metadata are the head of a page."""
    whole = document.metadata.span
    return document.kind == "html" and whole is not None and document.source.text.startswith("<", whole.start)


def _has_story(document: Document) -> bool:
    words = 0
    for block in document.prose:
        words += block.text.count(" ") + 1
        if words >= _WORDS:
            return True
    return False


def article_folder(path: str) -> str:
    """Return the folder that an article belongs to: that of its bundle or of its date, if it has one."""
    *parts, name = path.split("/")
    if name.partition(".")[0] in ("index", "_index"):
        parts = parts[:-1]
    while parts and parts[-1].isdigit():
        parts.pop()
    return "/".join(parts)
