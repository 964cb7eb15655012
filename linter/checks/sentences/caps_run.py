"""Runs of words IN CAPITALS within a text."""

from __future__ import annotations

from collections.abc import Iterator

from linter import patterns
from linter.document import Block
from linter.record import record
from linter.rule import Match
from linter.text.lexicon import lexicon

_CAPITALS = patterns.lazy(r" [A-Z](?<=[A-Z]{2} [A-Z])")  # it begins with a literal, for speed
_RUN = patterns.lazy(r"(?<![^\s“\"‘'—–\[{<(])[A-Z][A-Z'’-]*+(?:\s[A-Z][A-Z'’-]*+)*+")
_GOES_ON = patterns.lazy(r"[\w/@$]")  # looked for behind a whole run, as _RUN would else look through each of its tails
_WORD = patterns.lazy(r"[A-Z]{3,}")
_ORDINARY = 50  # documents of the word table that hold a word that is no name, and
_SMALL = 3  # how many times as often it must appear in lower case as in capitals
_FEWEST = 3  # ordinary words of a run, which must be half of its words at least
_LONGEST = 25  # words; longer runs are licences and the like
_AROUND = 60  # small letters of the rest; where there are fewer, all of it is in capitals
_BRACKETS = frozenset("[{<(")


@record
class CapsRun:
    """At least `words` in capitals, most of them ordinary words: acronyms and names do not count.

    In a text that is otherwise in small letters; labels (what a colon follows), slots in brackets and long runs, which
    licences have, are passed over.
    """

    words: int

    def may_match(self, text: str) -> bool:
        return _CAPITALS.search(text) is not None

    def find(self, block: Block) -> Iterator[Match]:
        text, found = block.text, []
        for match in _RUN.finditer(text):
            if _GOES_ON.match(text, match.end()):
                continue
            before, after = text[max(0, match.start() - 2) : match.start()].strip(), text[match.end() : match.end() + 2]
            if before[-1:] not in _BRACKETS and ":" not in after and self._shouts(match[0].split()):
                found.append(Match(*match.span()))
        if found and sum(map(str.islower, text)) >= _AROUND:
            yield from found

    def _shouts(self, words: list[str]) -> bool:
        if not self.words <= len(words) <= _LONGEST:
            return False
        return sum(map(_is_ordinary, words)) >= max(_FEWEST, len(words) / 2)


def _is_ordinary(word: str) -> bool:
    found = lexicon().find(word.lower())
    return (
        bool(_WORD.fullmatch(word))
        and found.dictionary
        and found.docs >= _ORDINARY
        and found.small > _SMALL * found.upper
    )
