"""An article in pieces, each a paragraph, a heading, a whole list or code, with a number that stands for its text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from linter import late
from linter.digest import blake2b
from linter.document import OBJECT, Block, Document

LONG = 200  # words of a piece that is its article's own, whatever others say
LIST, SENTENCE, SILENT = 1, 2, 4  # what a piece may be; silent: nothing that could be said in several articles
_FEWEST = 4  # words of a sentence
_UNSPACED = 12  # letters that count as a word where no space is, as in Chinese; longer than most words
_APART = frozenset({"table", "caption", "quote"})
_ENDED = late.pattern(r"[.!…。！][\"”’»)\]]*\s*\Z")
_LABEL = late.pattern(r"[:：]\s*\Z")
_TURN = late.pattern(r"\A[A-Z][\w.-]*(?: [A-Z][\w.-]*){1,2}: ")  # “Ada Byron: See you next week.”
_LETTER = late.pattern(r"\w")
_CODE = late.pattern(r"\{[{%:<]|[}%]\}|<%")


class Piece(NamedTuple):
    """A piece of an article: the half-open spans of its blocks in the source, its text as a number, its words.

    `key` is 0 where no other article counts; `level` is that of a heading, else 0; `marks` are LIST, SENTENCE, SILENT.
    """

    spans: tuple[tuple[int, int], ...]
    key: int
    words: int
    level: int
    marks: int

    def is_a(self, mark: int) -> bool:
        return bool(self.marks & mark)


def pieces(document: Document) -> Iterator[Piece]:
    """The pieces of a story and of the code in it, in order. What leads elsewhere is another text."""
    levels = {heading.block: heading.level for heading in document.headings}
    urls: dict[Block, list[str]] = defaultdict(list)
    for link in document.links:
        urls[link.block].append(link.url)
    for blocks in _groups(document.flow):
        spans = tuple((block.pieces[0].start, block.pieces[-1].end) for block in blocks)
        parts = " ".join([block.text for block in blocks]).casefold().split()
        text = " ".join(parts)
        words = max(len(parts), len(text) // _UNSPACED) if _LETTER.search(text) else 0
        beside = [url for block in blocks for url in urls.get(block, ())] if urls else []
        if not words:
            beside += [document.source.text[start:end] for start, end in spans]
        own = words > LONG or "code" in blocks[0].scopes
        key = 0 if own else _key("\n".join((text, *beside)))
        yield Piece(spans, key, words, levels.get(blocks[0], 0), _marks(blocks, words))


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Lists as wholes, all other blocks alone."""
    for in_list, group in groupby(blocks, lambda block: "list" in block.scopes and "heading" not in block.scopes):
        if in_list:
            yield list(group)
        else:
            yield from ([block] for block in group)


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big") or 1


def _marks(blocks: Sequence[Block], words: int) -> int:
    first = blocks[0]
    if "code" in first.scopes or any(map(_is_silent, blocks)):
        return SILENT
    if "list" in first.scopes:
        return LIST
    return SENTENCE if words >= _FEWEST and _ENDED.search(first.text) else 0


def _is_silent(block: Block) -> bool:
    """Whether it is a table, a quotation, a label, code of a template, a turn in a talk, or holds code or an image."""
    text = block.text
    if OBJECT in text or not _APART.isdisjoint(block.scopes) or _CODE.search(text):
        return True
    return "list" not in block.scopes and bool(_LABEL.search(text) or _TURN.match(text))
