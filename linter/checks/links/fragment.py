"""Links to a place in the article that does not exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from typing import ClassVar
from urllib.parse import unquote

from linter import patterns
from linter.document import OBJECT, Block, Document, Link
from linter.rule import Match

# Names that a place may have: in HTML, behind a heading of kramdown or Pandoc, before one of MyST or AsciiDoc.
_NAMED = patterns.lazy(
    r"""(?:\b(?:id|name)\s*+=\s*+["'{\\]*+|\{[:\s]*+(?:[^{}\n]*?\s)?\#|^[^\S\n]*+\(|\[\[|\[\#|^\[\^)([^\s"'<>{}()\[\]\\]++)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FILLED = patterns.lazy(
    r"\{[{%]|<%|<[A-Z]\w*[\s/>]|^import\s|^[^\S\n]*+(?:\.\. |:::)|\[\[?_?TOC", re.MULTILINE
)  # more may come
_LISTING = patterns.lazy(r"(?:\A|/)_index(?:\.\w+)*\Z")  # Hugo puts the list of a folder together there
_SHORTEST = 4  # letters of a heading that a generator may have put something before
_NUMBER = patterns.lazy(r"[-_]\d+\Z")


@dataclass(frozen=True)
class Fragment:
    """Headings and names in the source are the existing places; how a generator spells them does not matter.

    Those that fit one of `elsewhere` (`*` stands for any characters) are made by the page around the article. An
    article that a template or a program completes is passed over. The match is the destination; the message may use
    {anchor} and {place}.
    """

    elsewhere: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "place"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @cached_property
    def _elsewhere(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.elsewhere)) or "(?!)", re.IGNORECASE)

    def find(self, document: Document) -> Iterator[Match]:
        links = [link for link in document.links if link.url[:1] == "#" != link.url]
        links = [link for link in links if not self._elsewhere.fullmatch(link.url[1:])]
        links = _lost(links, _headings(document)) if links and document.kind != "text" else []
        if not links or _LISTING.search(document.source.path) or _FILLED.search(document.source.text):
            return
        for link in _lost(links, _names(document)):  # which are looked for in the source where no heading will do
            values = {"anchor": " ".join(link.text.split()), "place": unquote(link.url[1:])}
            yield Match(*link.url_span, values)


def _lost(links: Iterable[Link], places: Iterable[str]) -> list[Link]:
    """Those of the links that lead to none of `places`."""
    known = frozenset(places)
    ends = tuple(place for place in known if len(place) >= _SHORTEST)
    return [
        link
        for link in links
        if not any(form in known or form.endswith(ends) for form in _forms(unquote(link.url[1:])))
    ]


def _headings(document: Document) -> Iterator[str]:
    for heading in document.headings:
        text = _written(heading.block, document)
        bare = plain(text)
        yield from (bare, plain(text.replace("&", "and")) if "&" in text else bare, bare.lstrip("0123456789"))


def _names(document: Document) -> Iterator[str]:
    for name in _NAMED.finditer(document.source.text):
        yield plain(unquote(name[1]))


def _forms(name: str) -> Iterator[str]:
    """A name as it may stand there: a second heading of the same words has a number behind it."""
    yield plain(name)
    yield plain(_NUMBER.sub("", name))


def plain(text: str) -> str:
    """The letters and digits of a text, without accents, in small letters."""
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum()).casefold()


def _written(block: Block, document: Document) -> str:
    """The text of a block, with the code in it."""
    if OBJECT not in block.text:
        return block.text
    parts, done = [], 0
    for low, high in block.atoms(0, len(block.text)):
        if block.text[low:high] == OBJECT:
            parts += [block.text[done:low], document.source.text[slice(*block.span(low, high))]]
            done = high
    return "".join(parts) + block.text[done:]
