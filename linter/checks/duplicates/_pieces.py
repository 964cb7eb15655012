"""Split an article into pieces (paragraphs, headings, whole lists, code), each with a number for its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import adler32, crc32

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.text.view import comparable_text, comparable_words

LONG = 200  # words of a piece that is taken for its article's own
LIST, SENTENCE, SILENT = 1, 2, 4  # marks of a piece; silent: its repetition means nothing
_FEWEST = 4  # words of a sentence
_UNSPACED = 12  # letters that count as a word where no space is, as in Chinese; longer than most words
_UNGROUPED = frozenset({"table", "caption", "quote"})
_ENDS, _CLOSERS = (".", "!", "…", "。", "！"), '"”’»)]'
_LABEL = (":", "：")
_TURN = patterns.lazy(r"\A[A-Z][\w.-]*(?: [A-Z][\w.-]*){1,2}: ")  # “Ada Byron: See you next week.”
_LETTER = patterns.lazy(r"\w")
_CODE = patterns.lazy(r"\{[{%:<]|[}%]\}|<%")


class Piece(NamedTuple):
    """A piece of an article: the half-open source spans of its blocks, a number for its text, its word count.

    `key` is 0 where repetition does not matter; `level` is that of a heading, else 0; `marks` are LIST, SENTENCE,
    SILENT.
    """

    spans: tuple[tuple[int, int], ...]
    key: int
    words: int
    level: int
    marks: int

    def is_a(self, mark: int) -> bool:
        return bool(self.marks & mark)


class Part(NamedTuple):
    """A piece with its blocks, before its marks are computed."""

    blocks: Sequence[Block]
    key: int
    words: int
    level: int


def parts(document: Document) -> list[Part]:
    """Return the pieces of an article and its code, in order. Texts with different link targets differ."""
    levels = {heading.block: heading.level for heading in document.headings}
    urls: dict[Block, list[str]] = {}
    for link in document.links:
        urls.setdefault(link.block, []).append(link.url)
    texts = comparable_text(document)
    found = []
    for blocks in _groups(document.top_level_blocks):
        first = blocks[0]
        if len(blocks) == 1:
            text = texts[first] if first in texts else comparable_words(first.text)
        else:
            text = " ".join([text for text in map(texts.__getitem__, blocks) if text])
        words = 0
        if text[:1].isalnum() or _LETTER.search(text):
            words, unspaced = text.count(" ") + 1, len(text) // _UNSPACED
            if unspaced > words:
                words = unspaced
        key = 0
        if words <= LONG and "code" not in first.scopes:
            for block in blocks if urls else ():
                if block in urls:
                    text = "\n".join((text, *urls[block]))
            if not words:
                shown = [document.source.text[slice(*block.source_span)] for block in blocks]
                text = "\n".join((text, *shown))
            key = _key(text)
        found.append(Part(blocks, key, words, levels.get(first, 0)))
    return found


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Group the blocks of each list; all other blocks stay alone."""
    kinds = {block.scopes for block in blocks}
    listed = {scopes for scopes in kinds if "list" in scopes and "heading" not in scopes}
    groups: list[list[Block]] = []
    in_list = False
    for block in blocks:
        if in_list and block.scopes in listed:
            groups[-1].append(block)
        else:
            groups.append([block])
            in_list = block.scopes in listed
    return groups


def _key(text: str) -> int:
    """Return a number of 64 bits for a text, the same in any process."""
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | adler32(data)


def marks(part: Part) -> int:
    """Return the marks of a piece; a heading has none."""
    if part.level:
        return 0
    first = part.blocks[0]
    if "code" in first.scopes or any(map(_is_silent, part.blocks)):
        return SILENT
    if "list" in first.scopes:
        return LIST
    return SENTENCE if part.words >= _FEWEST and first.text.rstrip().rstrip(_CLOSERS).endswith(_ENDS) else 0


def _is_silent(block: Block) -> bool:
    """Whether it is a table, a quotation, a label, code of a template, a turn in a talk, or holds code or an image."""
    text = block.text
    if OBJECT in text or not _UNGROUPED.isdisjoint(block.scopes):
        return True
    if ("{" in text or "}" in text or "<%" in text) and _CODE.search(text):
        return True
    if "list" in block.scopes:
        return False
    return text.rstrip().endswith(_LABEL) or (": " in text and _TURN.match(text) is not None)
