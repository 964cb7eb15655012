"""Links to a place in the article that does not exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import cached_property
from typing import ClassVar
from urllib.parse import unquote

from linter import patterns
from linter.document import OBJECT, Block, Document, Link
from linter.record import record
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


@record
class Fragment:
    """Headings and names in the source are the existing places, however a generator spells them.

    Places that match one of `elsewhere` (`*` stands for any characters) are in the page around the article. Articles
    that a template or a program completes are left out. The match is the address; the message may use {anchor} and
    {place}.
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
    """Return the links that lead to none of `places`."""
    known = frozenset(places)
    ends = tuple(place for place in known if len(place) >= _SHORTEST)
    return [
        link
        for link in links
        if not any(form in known or form.endswith(ends) for form in _forms(unquote(link.url[1:])))
    ]


def _headings(document: Document) -> Iterator[str]:
    for heading in document.headings:
        text = _with_code(heading.block, document)
        yield from (_plain(text), _plain(text.replace("&", "and")), _plain(text).lstrip("0123456789"))


def _names(document: Document) -> Iterator[str]:
    return (_plain(unquote(name[1])) for name in _NAMED.finditer(document.source.text))


def _forms(name: str) -> Iterator[str]:
    """Yield the forms that a place may have: the second heading of the same words has a number at its end."""
    yield _plain(name)
    yield _plain(_NUMBER.sub("", name))


def _plain(text: str) -> str:
    """Return the letters and digits of a text, without accents, in lower case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum()).casefold()


def _with_code(block: Block, document: Document) -> str:
    """Return the text of a block, with the code in it."""
    text, source = block.text, document.source.text
    atoms = block.atoms(0, len(text)) if OBJECT in text else ()
    code = {low: source[slice(*block.span(low, high))] for low, high in atoms if text[low:high] == OBJECT}
    return "".join(code.get(i, char) for i, char in enumerate(text)) if code else text
