"""Runs of words IN CAPITALS among other text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.document import Block
from linter.rule import Match
from linter.text.lexicon import lexicon

_RUN = patterns.lazy(r"(?<![^\s“\"‘'—–\[{<(])[A-Z][A-Z'’-]*+(?:\s[A-Z][A-Z'’-]*+)*+")
_GOES_ON = patterns.lazy(r"[\w/@$]")  # searched for after a whole run; in _RUN it would cause backtracking
_WORD = patterns.lazy(r"[A-Z]{3,}")
_MIN_DOCS = 50  # minimum documents of the word table that contain an ordinary word
_MIN_LOWERCASE_RATIO = 3  # minimum ratio of the lowercase uses of an ordinary word to its uses in capitals
_MIN_ORDINARY_WORDS = 3  # minimum ordinary words of a run, which must also be at least half of all words
_MAX_WORDS = 25  # maximum words; longer runs are licenses and the like
# Minimum lowercase letters in the block; a block with fewer is considered to be all in capitals.
_MIN_LOWERCASE_LETTERS = 60
_BRACKETS = frozenset("[{<(")


@dataclass(frozen=True)
class CapsRun:
    """A run of at least `words` words in capitals, in a block that also has at least 60 lowercase letters.

    At least half of the words in the run, and at least three of them, must be ordinary words, not acronyms or names. A
    run is ignored if a colon follows it, as in a label, or if it directly follows an opening bracket. Runs of more than
    25 words are also ignored, because they may be licenses or similar texts.
    """

    words: int

    def find(self, block: Block) -> Iterator[Match]:
        text, found = block.text, []
        for match in _RUN.finditer(text):
            if _GOES_ON.match(text, match.end()):
                continue
            before, after = text[max(0, match.start() - 2) : match.start()].strip(), text[match.end() : match.end() + 2]
            if before[-1:] not in _BRACKETS and ":" not in after and self._shouts(match[0].split()):
                found.append(Match(*match.span()))
        if found and sum(map(str.islower, text)) >= _MIN_LOWERCASE_LETTERS:
            yield from found

    def _shouts(self, words: list[str]) -> bool:
        if not self.words <= len(words) <= _MAX_WORDS:
            return False
        return sum(map(_is_ordinary, words)) >= max(_MIN_ORDINARY_WORDS, len(words) / 2)


def _is_ordinary(word: str) -> bool:
    found = lexicon().find(word.lower())
    return (
        bool(_WORD.fullmatch(word))
        and found.dictionary
        and found.docs >= _MIN_DOCS
        and found.small > _MIN_LOWERCASE_RATIO * found.upper
    )
