"""Characters decoded with the wrong encoding: `mayorâ€™s`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import ClassVar

from linter import patterns
from linter.analysis import syntax_tree
from linter.document import Block
from linter.finding import Edit
from linter.rule import Match

# Possible damage: the first character of a UTF-8 sequence that was read as Latin-1 or a similar encoding (Windows-1250
# to 1257, Mac, DOS), before a character that words do not have there. ftfy decides whether it is damage.
_CHARS = "\u0080-\u00bfŒœŠšŸŽžśťƒ\u02d8\u02c6\u02dc\u2013-\u2026‰‹›€™"
_DAMAGE = patterns.lazy(
    rf"[\x80-\x9f]|[À-ïðĂĹĄÄ][{_CHARS}]|[РС][Ђ-Џђ-џ\u00a0-\u00bf\u2013-\u203a]|‚Ä|√[©®†°±∂∫]|ΓÇ|├[⌐íóúñª]"
    r"|[вβגāโâ]€|вЂ|ÔÇ|[тв]А[^\w\s]|тА[У-Южв]|вА[Ф-Я]|Б─|[鈥窶]|(?<=[A-Za-z])(?:[ĂĆГ├Γֳأ][^\x00-\x7f]|ﾃ[ｦ-ﾟ])"
    r"|┬[^\x00-\x7f]|[ВΒﾂֲآ]°|(?<=[a-z\d.,;:!?)%”])Â\Z"
)
# First characters of punctuation and accented letters in UTF-8, read in encodings that ftfy does not support or is not
# sure of.
_FOREIGN = patterns.lazy(
    r"(?P<cp1251>вЂ.)|(?P<cp1253>β€.)|(?P<cp1255>ג€.)|(?P<cp874>โ€.)|(?P<cp850>ÔÇ.)|(?P<cp437>ΓÇ.)|(?P<cp866>(?<![а-я])тА[^а-дз-я\s](?![а-я]))"
    r"|(?P<mac_cyrillic>(?<![а-я])вА[^а-я\s](?![а-я]))|(?P<koi8_r>Б─.)|(?P<gb18030>鈥.)|(?P<cp932>窶.)"
    r"|(?<=[A-Za-z])(?:(?P<l1250>Ă.)|(?P<l1257>Ć.)|(?P<l1251>Г.)|(?P<l850>[├┬].)|(?P<l1253>Γ.)|(?P<l1255>ֳ.)|(?P<l1256>أ.)|(?P<l932>ﾃ.))"
    r"|(?P<s850>┬.)|(?P<s1251>В°)|(?P<s1253>Β°)|(?P<s1255>ֲ°)|(?P<s1256>آ°)|(?P<s932>ﾂ°)"
)
# The encodings that ftfy tries, a complete sequence of several bytes in UTF-8, and the characters that ftfy also uses
# for bytes that are undefined in an encoding.
_TRIED = ("latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac-roman", "cp437")
_SEQUENCE = patterns.lazy(rb"[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}")
_UNDEFINED = patterns.lazy(r"[\x80-\x9f¡¥ªÒÿ\ufffd]")
_ALIKE = {"cp850": ("cp850", "cp852", "cp437")}  # encodings that share the first characters of this damage
# Damage that ftfy would repair wrongly: punctuation that lost a byte or was replaced by a straight quotation mark, and
# letters before a closing quotation mark.
_ODD = patterns.lazy(
    r"â(?:€|\x80)(?:[\"']|(?!["
    rf"{_CHARS}]))|(?<![\x80-\xff€])(?:\x80[\x80-\xbf]|[\x81\x8d\x8f\x90\x9d])|[À-ß][“”‘’‹›«»](?!\w)"
)
_MARK, _DAMAGED_MARK = "\ufeff", "ï»¿"  # the byte-order mark, which is deleted
_CHUNK, _CHUNK_END = patterns.lazy(r"[^ \t\r\n\ufffc]*+"), patterns.lazy(r"[^ \t\r\n\ufffc]*+\Z")
_REACH_AFTER = 200  # maximum code points after the first damaged character that are repaired together
_REACH_BEFORE = 60  # maximum code points before the first damaged character that are repaired with it
_MAX_GAP = 12  # maximum code points between two damaged words in one match
_BREAKS = frozenset("\n\ufffc")
_EDGE = "–—“”„«»\"'‘’()[]{}.,;:!?…*_"
_SIGNS_OF_PROSE = "PSZ"  # general categories: punctuation, symbols, spaces


@dataclass(frozen=True)
class Mojibake:
    """Words that were damaged by decoding with the wrong encoding.

    Damaged words on one line with at most 12 characters between them are one match. There is a fix only if the repaired
    words look like normal text. Matches whose only damage is a byte-order mark are ignored. The message may use
    {right}, the repaired words with the text between them.
    """

    values: ClassVar[frozenset[str]] = frozenset({"right"})

    @cached_property
    def chars(self) -> str:
        return syntax_tree.odd_characters_of_pattern(_DAMAGE.pattern)

    def find(self, block: Block) -> Iterator[Match]:
        text = block.text
        if text.isascii() or not _DAMAGE.search(text):
            return
        for run in _runs(text, _damaged(text)):
            edits = [Edit(start, end, _repaired(text[start:end]).replace(_MARK, "")) for start, end in run]
            start, end = run[0][0], run[-1][1]
            right = "".join(_with_gaps(text, edits))
            if right != text[start:end].replace(_DAMAGED_MARK, ""):
                certain = all(_is_certain(text[edit.start : edit.end], edit.text) for edit in edits)
                yield Match(start, end, {"right": right}, tuple(edits) if certain else ())


_HALF = "Â"  # all that remains of a damaged no-break space at the end of a block, because blocks are stripped


def _damaged(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of damaged words, in order."""
    done = 0
    for char in _DAMAGE.finditer(text):
        if char.start() < done:
            continue
        start, done = _chunk(text, done, char.start())
        if char[0] == _HALF:
            yield start, done
            continue
        for piece in (*(odd.start() for odd in _ODD.finditer(text, start, done)), done):
            chunk = text[start:piece]
            if (right := _repaired(chunk)) != chunk:
                yield _core(start, chunk, right)
            odd = _ODD.match(text, piece)
            start = odd.end() if odd else piece


def _chunk(text: str, floor: int, at: int) -> tuple[int, int]:
    """Return the range of the damaged word around the offset `at`, starting at `floor` or later."""
    before = _CHUNK_END.search(text, max(floor, at - _REACH_BEFORE), at)
    behind = _CHUNK.match(text, at + 1, at + _REACH_AFTER)
    return before.start() if before else at, behind.end() if behind else at + 1


def _core(start: int, chunk: str, right: str) -> tuple[int, int]:
    """Return the range of `chunk` in the text, without the unchanged punctuation at both ends.

    `start` is the offset of `chunk` in the text, and `right` is the repaired chunk.
    """
    low = _edge_length(chunk, right)
    high = _edge_length(chunk[low:][::-1], right[low:][::-1])
    return start + low, start + len(chunk) - high


def _edge_length(chunk: str, right: str) -> int:
    """Return the number of identical punctuation marks at the start of `chunk` and `right`."""
    pairs = zip(chunk, right, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0] in _EDGE, pairs))


def _runs(text: str, spans: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Group the spans of damaged words that are near each other on one line."""
    runs: list[list[tuple[int, int]]] = []
    for start, end in spans:
        gap = text[runs[-1][-1][1] : start] if runs else ""
        if runs and len(gap) <= _MAX_GAP and _BREAKS.isdisjoint(gap):
            runs[-1].append((start, end))
        else:
            runs.append([(start, end)])
    return runs


def _with_gaps(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    """Yield the repaired words and the unchanged text between them, in order."""
    done = None
    for edit in edits:
        yield text[done : edit.start] if done is not None else ""
        yield edit.text
        done = edit.end


@lru_cache(1024)
def _repaired(chunk: str) -> str:
    """Return `chunk` with its damage repaired, or unchanged if it is not damaged or cannot be repaired."""
    if chunk.isascii():
        return chunk
    if chunk.endswith(_HALF) and (right := chunk.removesuffix(_HALF)).isascii():
        return right
    if (right := _FOREIGN.sub(_decoded, chunk)) != chunk:
        return right
    if not _may_be_utf8(chunk):
        return chunk
    import ftfy  # takes 46 ms and is rarely needed

    right = ftfy.fix_encoding(chunk, explain=False, replace_lossy_sequences=False)
    return chunk if "\ufffd" in right else right


def _may_be_utf8(chunk: str) -> bool:
    """Whether a part of `chunk`, which contains no spaces, may be UTF-8 in an encoding that ftfy tries."""
    return _UNDEFINED.search(chunk) is not None or any(
        _SEQUENCE.search(chunk.encode(encoding, "replace")) for encoding in _TRIED
    )


def _decoded(found: re.Match[str]) -> str:
    """Return the text of a match of _FOREIGN, decoded with the right encoding, or unchanged if no encoding fits."""
    name = "cp" + (found.lastgroup or "")[1:] if (found.lastgroup or "")[0] in "ls" else str(found.lastgroup)
    for encoding in _ALIKE.get(name, (name,)):
        try:
            right = found[0].encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if all("\u00a0" <= char < "\u0180" or "\u2010" <= char <= "\u203a" or char in "€™" for char in right[:1]):
            return right
    return found[0]


def _is_certain(wrong: str, right: str) -> bool:
    """Whether `right`, the repair of `wrong`, looks like undamaged text."""
    if _DAMAGE.search(right):
        return False
    for i, character in enumerate(right):
        if character in wrong or unicodedata.category(character)[0] in _SIGNS_OF_PROSE:
            continue
        if not character.isalpha() or (character.isupper() and right[i - 1 : i].islower()):
            return False
    return True
