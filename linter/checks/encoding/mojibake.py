"""Characters decoded in the wrong encoding: `mayorâ€™s`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import ClassVar

from linter import patterns
from linter.analysis import syntax_tree
from linter.document import Block
from linter.finding import Edit
from linter.record import record
from linter.rule import Match

# Possible damage: a letter that begins a character of UTF-8 when it is read as Latin-1 or a similar encoding
# (Windows-1250 to 1257, Mac, DOS), before one that no word has there. ftfy decides whether it is damage.
_CHARS = "\u0080-\u00bfŒœŠšŸŽžƒ\u02c6\u02dc\u2013-\u2026‰‹›€™"
_DAMAGE = patterns.lazy(
    rf"[\x80-\x9f]|[À-ïðĂĹĄÄ][{_CHARS}]|[РС][Ђ-Џђ-џ\u00a0-\u00bf\u2013-\u203a]|‚Ä|√[©®†°±∂∫]|ΓÇ|├[⌐íóúñª]"
)
# What ftfy would repair wrongly: marks that lost a byte or were made straight, and quoted letters before the closing
# quotation mark.
_ODD = patterns.lazy(
    r"â(?:€|\x80)(?:[\"']|(?!["
    rf"{_CHARS}]))|(?<![\x80-\xff€])(?:\x80[\x80-\xbf]|[\x81\x8d\x8f\x90\x9d])|[À-ß][“”‘’‹›«»](?!\w)"
)
_MARK, _DAMAGED_MARK = "\ufeff", "ï»¿"  # of byte order, which is to be deleted
_CHUNK, _CHUNK_END = patterns.lazy(r"[^ \t\r\n\ufffc]*+"), patterns.lazy(r"[^ \t\r\n\ufffc]*+\Z")
_LONGEST = 200  # code points of a chunk that are looked at together
_AROUND = 60
_EDGE = "–—“”„«»\"'‘’()[]{}.,;:!?…*_"
_SIGNS_OF_PROSE = "PSZ"  # general categories: punctuation, symbols, spaces


@record
class Mojibake:
    """The match is a run of damaged words. The fix repairs it, if the repair makes only letters and marks of prose.

    A damaged byte-order mark is none. The message may use {right}, the repaired words.
    """

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    @cached_property
    def chars(self) -> str:
        return syntax_tree.odd_characters_of_pattern(_DAMAGE.pattern)

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        if text.isascii() or not _DAMAGE.search(text):
            return
        for start, end in _joined(text, _damaged(text)):
            wrong = text[start:end]
            right = " ".join(map(_repaired, wrong.split(" "))).replace(_MARK, "")
            if right != wrong.replace(_DAMAGED_MARK, ""):
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
    """Return the range of a run of characters without a space around `at`, within limits, and not before `floor`."""
    before = _CHUNK_END.search(text, max(floor, at - _AROUND), at)
    behind = _CHUNK.match(text, at + 1, at + _LONGEST)
    return before.start() if before else at, behind.end() if behind else at + 1


def _core(start: int, chunk: str, right: str) -> tuple[int, int]:
    """Return the span of a chunk, without marks at its ends that the repair leaves as they are."""
    low = _edge_length(chunk, right)
    high = _edge_length(chunk[low:][::-1], right[low:][::-1])
    return start + low, start + len(chunk) - high


def _edge_length(chunk: str, right: str) -> int:
    """Return how many marks both texts begin with."""
    pairs = zip(chunk, right, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0] in _EDGE, pairs))


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans, with those of words that follow each other as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        first = joined.pop()[0] if joined and text[joined[-1][1] : start] == " " else start
        joined.append((first, end))
    return joined


@lru_cache(1024)
def _repaired(chunk: str) -> str:
    """Return the chunk as ftfy repairs it, or as it is."""
    if chunk.isascii():
        return chunk
    import ftfy  # 46 ms, and hardly ever needed

    right = ftfy.fix_encoding(chunk, explain=False, replace_lossy_sequences=False)
    return chunk if "\ufffd" in right else right


def _is_certain(wrong: str, right: str) -> bool:
    """Whether the repair makes only characters of prose, and no capital within a word."""
    if _DAMAGE.search(right):
        return False
    for i, character in enumerate(right):
        if character in wrong or unicodedata.category(character)[0] in _SIGNS_OF_PROSE:
            continue
        if not character.isalpha() or (character.isupper() and right[i - 1 : i].islower()):
            return False
    return True
