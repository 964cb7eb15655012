"""Characters decoded in the wrong encoding: `mayorâ€™s`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from linter import patterns
from linter.analysis import syntax_tree
from linter.document import Block
from linter.finding import Edit
from linter.rule import Match

# Where damage may lie: a letter that begins a character of UTF-8 when it is read as Latin-1 or its kin (Windows-1250
# to 1257, Mac, DOS), with one behind it that no word has there. It is ftfy that tells whether it is damage.
_CHARS = "\u0080-\u00bfŒœŠšŸŽžƒ\u02c6\u02dc\u2013-\u2026‰‹›€™"
_DAMAGE = patterns.lazy(
    rf"[\x80-\x9f]|[À-ïðĂĹĄÄ][{_CHARS}]|[РС][Ђ-Џђ-џ\u00a0-\u00bf\u2013-\u203a]|‚Ä|√[©®†°±∂∫]|ΓÇ|├[⌐íóúñª]"
)
# What ftfy would repair wrongly: marks of which a byte is lost or was made straight, and letters that are spoken of,
# before the mark that closes their quotation.
_ODD = patterns.lazy(
    r"â(?:€|\x80)(?:[\"']|(?!["
    rf"{_CHARS}]))|(?<![\x80-\xff€])(?:\x80[\x80-\xbf]|[\x81\x8d\x8f\x90\x9d])|[À-ß][“”‘’‹›«»](?!\w)"
)
_CHUNK = patterns.lazy(r"[^ \t\r\n\ufffc]+")
_LONGEST = 200  # code points of a chunk that are looked at together
_AROUND = 60
_EDGE = "–—“”„«»\"'‘’()[]{}.,;:!?…*_"
_SIGNS_OF_PROSE = "PSZ"  # general categories: punctuation, symbols, spaces


@dataclass(frozen=True)
class Mojibake:
    """The damaged words, with the repair as an edit where it is certain: one that makes letters and marks of prose.

    The message may use {right}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    @cached_property
    def chars(self) -> str:
        return syntax_tree.odd_characters_of_pattern(_DAMAGE.pattern)

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        if text.isascii() or not _DAMAGE.search(text):
            return
        for start, end in _joined(text, list(_damaged(text))):
            wrong = text[start:end]
            right = " ".join(map(_repaired, wrong.split(" ")))
            if right != wrong:
                edits = (Edit(start, end, right),) if _is_certain(wrong, right) else ()
                yield Match(start, end, {"right": right}, edits)


def _damaged(text: str) -> Iterator[tuple[int, int]]:
    """Return the range of the damaged words, without undamaged text around them."""
    done = 0
    for char in _DAMAGE.finditer(text):
        if char.start() < done:
            continue
        start, done = _chunk(text, done, char.start())
        for piece in (*(odd.start() for odd in _ODD.finditer(text, start, done)), done):
            chunk = text[start:piece]
            if (right := _repaired(chunk)) != chunk:
                yield _core(start, chunk, right)
            odd = _ODD.match(text, piece)
            start = odd.end() if odd else piece


def _chunk(text: str, floor: int, at: int) -> tuple[int, int]:
    """The run of characters without a space around `at`, as far as it is looked at, and not before `floor`."""
    start, end = at, at + 1
    while start > floor and at - start < _AROUND and _CHUNK.match(text, start - 1, start):
        start -= 1
    while end < len(text) and end - at < _LONGEST and _CHUNK.match(text, end, end + 1):
        end += 1
    return start, end


def _core(start: int, chunk: str, right: str) -> tuple[int, int]:
    """The chunk as a span, without marks at its ends that the repair leaves as they are."""
    low = 0
    while low < len(chunk) and low < len(right) and chunk[low] in _EDGE and right[low] == chunk[low]:
        low += 1
    end, last = len(chunk), len(right)
    while end > low and last > low and chunk[end - 1] in _EDGE and right[last - 1] == chunk[end - 1]:
        end, last = end - 1, last - 1
    return start + low, start + end


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Damaged words that follow each other as one."""
    i = 0
    while i < len(spans):
        start, end = spans[i]
        while i + 1 < len(spans) and text[end : spans[i + 1][0]] == " ":
            i += 1
            end = spans[i][1]
        yield start, end
        i += 1


@lru_cache(1024)
def _repaired(chunk: str) -> str:
    """The chunk as ftfy repairs it, or as it is."""
    if chunk.isascii():
        return chunk
    import ftfy  # 46 ms, and hardly ever needed

    right = ftfy.fix_encoding(chunk, explain=False, replace_lossy_sequences=False)
    return chunk if "\ufffd" in right else right


def _is_certain(wrong: str, right: str) -> bool:
    """Whether the repair makes nothing but what prose is made of, capitals where capitals are due."""
    if _DAMAGE.search(right):
        return False
    for i, character in enumerate(right):
        if character in wrong or unicodedata.category(character)[0] in _SIGNS_OF_PROSE:
            continue
        if not character.isalpha() or (character.isupper() and right[i - 1 : i].islower()):
            return False
    return True
