"""Articles declared to be in another language than they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.document import Document
from linter.rule import Match
from linter.text.words import words_of

_KEYS = ("lang", "language", "locale")
_TAG = patterns.lazy(r"([A-Za-z]{2,3})(?![A-Za-z])(?!-(?:en|ja|ko|zh)\b)")  # en-zh says that it is in both
_LOOKED_AT = 4000  # code points of prose
_FEWEST = 80  # words of it, to judge by
_SHARE = 0.15  # of the words are among the most frequent ones, in running text of a language: 0.2 to 0.45
_TIMES = 5  # as many as of the language that the article names
_FOREIGN = 0.8  # of the letters belong to no Latin alphabet
_LATIN = patterns.lazy(r"[a-zA-Z\u00aa-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True)
class OtherLanguage:
    """The language that the metadata name is not that of the text.

    `words` has the most frequent words of languages, by their codes; those of one line are told apart from no other of
    that line: `da nb nn no: og i at det …`. A language that has none here is not judged, nor is a text of a few words.
    The message may use {seen}, the code of the language that it is in, or “another script”.
    """

    words: Mapping[str, str]

    values: ClassVar[frozenset[str]] = frozenset({"seen"})
    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {codes: frozenset(words.split()) for codes, words in self.words.items()}

    def find(self, document: Document) -> Iterator[Match]:
        for key in _KEYS:
            value = document.metadata.fields.get(key)
            tag = _TAG.match(value.strip()) if isinstance(value, str) else None
            declared = next((codes for codes in self._known if tag and tag[1].lower() in codes.split()), None)
            if declared and key in document.metadata.places:
                if seen := self._seen(_opening(document), declared):
                    yield Match(*document.metadata.places[key], {"seen": seen})
                return

    def _seen(self, text: str, declared: str) -> str:
        """The code of the language that a text is in, if that is surely not the one of `said`; else ""."""
        letters = sum(map(str.isalpha, text))
        if letters >= _FEWEST and len(_LATIN.findall(text)) <= (1 - _FOREIGN) * letters:
            return "another script"
        words = words_of(text.lower())
        if len(words) < _FEWEST:
            return ""
        shares = {codes: sum(word in known for word in words) / len(words) for codes, known in self._known.items()}
        best = max(shares, key=lambda codes: shares[codes])
        sure = shares[best] >= _SHARE and shares[best] >= _TIMES * shares[declared]
        return best.split()[0] if sure else ""


def _opening(document: Document) -> str:
    parts, length = [], 0
    for block in document.prose:
        parts.append(block.text)
        length += len(block.text)
        if length > _LOOKED_AT:
            break
    return "\n".join(parts)[:_LOOKED_AT]
