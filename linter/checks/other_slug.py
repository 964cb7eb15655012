"""Addresses that were made of another title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from linter.document import Document
from linter.prose import fields
from linter.rule import Match

_WORD = re.compile(r"[a-z]{3,}")
_FEWEST = 3  # words of a slug, and of a title, that can differ


@dataclass(frozen=True)
class OtherSlug:
    """The slug under one of `keys` shares no word with the title, nor with a heading of the first level.

    Of a path the last part is the slug. Words have three letters, at least, and three of them must be there; those that
    begin with the same four are the same. It is the business of languages in Latin letters.
    """

    keys: tuple[str, ...]

    def find(self, document: Document) -> Iterator[Match]:
        titles = [block.text for block in document.blocks if "title" in block.scopes]
        titles += [heading.block.text for heading in document.headings if heading.level == 1]
        words = {word for title in titles for word in _words(title)}
        for block in fields.values(document, self.keys) if len(words) >= _FEWEST else ():
            path = block.text.rstrip("/")
            start = path.rfind("/") + 1
            own = _words(path[start:])
            if len(own) >= _FEWEST and not any(one[:4] == other[:4] for one in own for other in words):
                yield Match(*block.span(start, len(path)))


def _words(text: str) -> list[str]:
    """Words in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
