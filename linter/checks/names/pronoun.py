"""The English pronoun “I” in lowercase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text import quotes
from linter.text.words import Passage, word_places

_I = patterns.lazy(
    r"(?<![\w'’.&/@#$\\-])i(?:(?P<short>['’](?:m|ve|ll|d)\b)|(?=[ \n](?P<next>[a-z]++(?:['’]t)?)[\s,.!?;:]))"
)
_WORD_BEFORE = patterns.lazy(r"[\w.]+(?=[ \n]+\Z)")
_VERBATIM = frozenset({"quote", "table"})  # scopes that reproduce the writing of others, such as chats
_WORD_REACH = 30  # code points that are searched for the preceding word


@dataclass(frozen=True)
class Pronoun:
    """A lowercase “i” in an article in which “i” is a pronoun.

    “i” is a pronoun in an article if it occurs in a contraction (“i'm”, “i've”) or before one of `verbs` (“am”). Then
    every “i” in a contraction or before a lowercase word is reported, except after one of the words in `not_after`,
    which are in lowercase (“chapter i”).

    An “i” is also ignored if it is in a quotation or table, if it has markup on both sides, if its block also contains
    “j”, because then both letters are indexes, or if its block has no capitals at all, as in a letter or a chat that is
    reproduced.
    """

    verbs: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    def find_in(self, document: Document) -> Iterator[Match]:
        passages = {passage: None for passage, _ in word_places(document, {"i"})}  # each passage once, in order
        found = [(passage, match) for passage in passages for match in self._candidates(passage)]
        if any(match["short"] or match["next"] in self.verbs for _, match in found):
            for passage, match in found:
                start, end = passage.block.span(match.start(), match.start() + 1)
                yield Match(start, end, {}, (Edit(start, end, "I"),))

    def _candidates(self, passage: Passage) -> Iterator[re.Match[str]]:
        if "j" in passage.vocabulary or passage.text.islower() or not _VERBATIM.isdisjoint(passage.block.scopes):
            return
        for match in _I.finditer(passage.text):
            at = match.start()
            before = _WORD_BEFORE.search(passage.text, max(0, at - _WORD_REACH), at)
            if (before and before[0].lower() in self.not_after) or quotes.is_quoted(passage.text, at):
                continue
            if not at or passage.block.is_contiguous(at - 1, at + 1) or passage.block.is_contiguous(at, at + 2):
                yield match
