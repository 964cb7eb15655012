"""Keywords inserted into an article about something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import PROSE, Block, Document
from linter.rule import Match

_PHRASE = r"[a-z][\w-]*(?: [a-z][\w-]*){1,4}"
_SUFFIX = patterns.lazy(rf"\s(?:\((?P<bracket>{_PHRASE})\)|[—–-]\s(?P<dash>{_PHRASE}))\s*\Z")
_MIN_OCCURRENCES = 3  # minimum occurrences of the phrase after “a” or “an”
_MIN_SHARE = 0.6  # minimum share of occurrences after “a” or “an” among all occurrences of the phrase
_HEADING = frozenset({"heading"})


@dataclass(frozen=True)
class SplicedKeyword:
    """A keyword phrase that an article mentions again and again, although the phrase is not the article's subject.

    The phrase has two to five words that start with lowercase letters. It is at the end of a heading, in parentheses or
    after a dash. The metadata also contains the phrase, in a value under one of `keys` or as a whole term, such as a
    tag, under one of `terms`. Both options list metadata keys.

    Writers put “a” or “an” before something that is not the subject (“such as a harbor tram”). Outside headings, at
    least three occurrences of the phrase, and at least 60 percent of all its occurrences, must follow “a” or “an”. If
    so, each occurrence in the text, or in a value under `keys`, is a match. The match includes an introduction such as
    “such as a” or “like a”. The message may use {phrase}.
    """

    keys: tuple[str, ...]
    terms: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"phrase"})
    parts: ClassVar[frozenset[str]] = frozenset({"metadata", "headings"})

    def find_in(self, document: Document) -> Iterator[Match]:
        phrases = {phrase for heading in document.headings if (phrase := _suffix(heading.block.text))}
        for phrase in sorted(phrases) if phrases else ():
            values = list(_fields.values(document, self.keys))
            known = any(phrase in value.text.lower() for value in values) or any(
                phrase == term.text.lower() for _, term in _fields.terms(document, self.terms)
            )
            if known and _is_introduced(phrase, document):
                for block in (*values, *document.blocks_in(PROSE)):
                    for start, end in (*_places(phrase, block), *_cut_place(phrase, block)):
                        yield Match(*block.span(start, end), {"phrase": phrase})


def _suffix(heading: str) -> str:
    if not heading or not (heading.endswith(")") or "— " in heading or "– " in heading or " - " in heading):
        return ""
    found = _SUFFIX.search(heading)
    return (found["bracket"] or found["dash"]) if found else ""


def _is_introduced(phrase: str, document: Document) -> bool:
    """Whether the article often uses a phrase after “a” or “an”."""
    text = "\n".join(block.text for block in document.blocks_in(PROSE, _HEADING)).lower()
    introduced = len(re.findall(rf"\ban? {re.escape(phrase)}\b", text))
    return introduced >= _MIN_OCCURRENCES and introduced >= _MIN_SHARE * text.count(phrase)


def _cut_place(phrase: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield the range of a cut-off `phrase` (“harbor tra…”) at the end of a block, if there is one."""
    text = block.text.rstrip().lower()
    whole = text.rstrip(".… ")
    if len(whole) == len(text):
        return
    for size in range(len(phrase) - 1, phrase.index(" ") - 1, -1):
        start = len(whole) - size
        if start > 0 and whole.endswith(phrase[:size]) and not whole[start - 1].isalnum():
            yield start, len(whole)
            return


def _places(phrase: str, block: Block) -> Iterator[tuple[int, int]]:
    before = r"(?:(?:such as|like|including|using|even|plus|of|for|as) )?(?:\ban? |\bthe )?"
    for found in re.finditer(rf"{before}\b{re.escape(phrase)}\b", block.text, re.IGNORECASE):
        yield found.span()
