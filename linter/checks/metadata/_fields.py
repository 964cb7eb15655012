"""Read the metadata of articles by key, find where the metadata starts, and tell the folder of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from linter import patterns
from linter.document import Block, Document, Span
from linter.views import per_document

_PART = patterns.lazy(r"[^,;]+")
_TEMPLATE = ("{{", "{%", "<?php", "<?=", "<%")
_MARK = patterns.lazy(r"---|\+\+\+|\{")
_MIN_WORDS = 20  # minimum words of an article; a shorter text is a redirect or is filled in by a template


def values(document: Document, keys: Iterable[str]) -> Iterator[Block]:
    """Yield the values under `keys` as blocks, key by key.

    Only values that readers see as text have blocks. Keys are in lowercase, and nested keys are joined with dots
    (`og.title`).
    """
    by_key = _by_key(document)
    for key in filter(by_key.__contains__, keys):
        groups = by_key[key]
        if len(groups) == 1:
            yield from groups[0]
        else:
            yield from document.blocks_in(frozenset({f"metadata.{key}"}))


@per_document
def _by_key(document: Document) -> Mapping[str, Sequence[Sequence[Block]]]:
    """Map each metadata key to its blocks, in groups of blocks that have the same scopes."""
    found: dict[str, list[Sequence[Block]]] = {}
    for scopes, blocks in document.blocks_by_scopes.items():
        for scope in scopes if "metadata" in scopes else ():
            if scope.startswith("metadata."):
                found.setdefault(scope.removeprefix("metadata."), []).append(blocks)
    return found


def terms(document: Document, keys: Iterable[str]) -> Iterator[tuple[str, Block]]:
    """Yield the terms under `keys`, each as its key and its block.

    If there is only one value under a key, and it is not a list item, the terms are its parts, which commas or
    semicolons separate. Otherwise, each value is a term.
    """
    for key in filter(_by_key(document).__contains__, keys):
        blocks = list(values(document, [key]))
        if len(blocks) == 1 and not isinstance(document.metadata.fields.get(key), list):
            blocks = [*_parts(blocks[0])]
        yield from ((key, block) for block in blocks)


def _parts(block: Block) -> Iterator[Block]:
    for part in _PART.finditer(block.text):
        words = part[0].strip()
        if words:
            start = part.start() + part[0].index(words)
            yield block.part(start, start + len(words))


@per_document
def beginning(document: Document) -> Span | None:
    """Return the span at the start of an article's metadata.

    In front matter, this is the opening delimiter or, if there is none, the first value. In an HTML head, it is the
    first tag. Return None if there is no metadata, or if the document is not an article (see `_is_article`).
    """
    text, whole = document.source.text, document.metadata.span
    if whole is None or not _is_article(document):
        return None
    if is_page(document):
        return next((tag.span for tag in document.tags if tag.span.start == whole.start), None)
    if not document.metadata.fields:
        return None
    start = whole.end - len(text[: whole.end].lstrip())
    mark = _MARK.match(text, start)
    return Span(*mark.span()) if mark else min(document.metadata.places.values(), default=None)


def first_block(document: Document) -> Span | None:
    """Return the span of the first block of an article without metadata.

    Return None if there is metadata, or if the document is not an article (see `_is_article`).
    """
    if document.metadata.span is not None or not _is_article(document):
        return None
    return document.prose[0].source_span


def _is_article(document: Document) -> bool:
    """Whether the document is long enough for an article and is not a template."""
    is_template = document.markup == "html" and any(code in document.source.text for code in _TEMPLATE)
    return not is_template and _has_story(document)


def is_page(document: Document) -> bool:
    """Whether the metadata is the head of an HTML page."""
    whole = document.metadata.span
    return document.markup == "html" and whole is not None and document.source.text.startswith("<", whole.start)


def _has_story(document: Document) -> bool:
    words = 0
    for block in document.prose:
        words += block.text.count(" ") + 1
        if words >= _MIN_WORDS:
            return True
    return False


def folder_of(path: str) -> str:
    """Return the folder to which the article at `path` belongs.

    A file named `index` or `_index` belongs to the parent of its folder. Articles in a folder with a numeric name, such
    as a year, belong to the parent of that folder.
    """
    *parts, name = path.split("/")
    if name.partition(".")[0] in ("index", "_index"):
        parts = parts[:-1]
    while parts and parts[-1].isdigit():
        parts.pop()
    return "/".join(parts)
