"""Addresses of something that does not exist: the file of an image, a place in the article."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import unquote

from linter import patterns
from linter.document import OBJECT, Block, Document, Link
from linter.files import images
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

# Names that a place may have: in HTML, behind a heading of kramdown or Pandoc, before one of MyST or AsciiDoc.
_NAMED = patterns.lazy(
    r"""\b(?:id|name)\s*+=\s*+(["'])([^"'<>\n]*+)\1|(?:\b(?:id|name)\s*+=\s*+["'{\\]*+|\{[:\s]*+(?:[^{}\n]*?\s)?\#|^[^\S\n]*+\(|\[\[|\[\#|^\[\^)([^\s"'<>{}()\[\]\\]++)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FILLED = patterns.lazy(
    r"\{[{%]|<%|<[A-Z]\w*[\s/>]|^import\s|^[^\S\n]*+(?:\.\. |:::)|\[\[?_?TOC", re.MULTILINE
)  # more may come
_LISTING = patterns.lazy(r"(?:\A|/)_index(?:\.\w+)*\Z")  # Hugo puts the list of a folder together there
_TOGGLES = frozenset({"data-toggle", "data-bs-toggle"})
_SHORTEST = 4  # letters of a heading that a generator may have put something before
_SIGNS = patterns.lazy(r"[\W_]+")
_NUMBER = patterns.lazy(r"[-_]\d+\Z")


@record
class MissingTarget:
    """`target` is file (of an image) or place (in the article, to which a link leads). The match is the address.

    The address of a file is relative to the article, or to the top of the site, if the folder shows where that is.
    Images that are elsewhere, or made when the page is built, are left out. In the source of a site, a file of that
    name anywhere in it is enough. The message may use {name}, that of the file.

    Headings and names in the source are the existing places, however a generator spells them. Places that match one of
    `elsewhere` (`*` stands for any characters) are in the page around the article. Articles that a template or a
    program completes are left out, and so are links that are tabs or open a menu. The message may use {anchor} and
    {place}.
    """

    target: Literal["file", "place"]
    elsewhere: tuple[str, ...] = ()

    data: ClassVar[object] = tuple[str]

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"name"} if self.across else {"anchor", "place"})

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(() if self.across else {"links"})

    @property
    def across(self) -> bool:
        return self.target == "file"

    @cached_property
    def _elsewhere(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.elsewhere)) or "(?!)", re.IGNORECASE)

    def find(self, document: Document) -> Iterator[Match]:
        links = [link for link in document.links if link.url[:1] == "#" != link.url]
        links = [link for link in links if not self._elsewhere.fullmatch(link.url[1:]) and not _is_button(link)]
        links = _lost(links, _headings(document)) if links and document.kind != "text" else []
        if not links or _LISTING.search(document.source.path) or _FILLED.search(document.source.text):
            return
        for link in _lost(links, _names(document)):  # which are looked for in the source where no heading will do
            values = {"anchor": " ".join(link.text.split()), "place": unquote(link.url[1:])}
            yield Match(*link.url_span, values)

    def facts(self, document: Document) -> Iterator[Fact]:
        for image in document.images:
            if image.url_span.start < image.url_span.end and images.is_local(image.url):
                yield Fact(*image.url_span, (image.url,))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.articles:
            for start, end, (address,) in article.facts:
                if not folder.holds(article, address):
                    yield article, Match(start, end, {"name": posixpath.basename(address)})


def _is_button(link: Link) -> bool:
    """Whether a script opens what the link is for: a tab, a menu."""
    return link.attributes.get("role") in ("tab", "button") or not _TOGGLES.isdisjoint(link.attributes)


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
        plain = _plain(text)
        yield from (plain, plain.lstrip("0123456789"))
        if "&" in text:
            yield _plain(text.replace("&", "and"))


def _names(document: Document) -> Iterator[str]:
    return (_plain(unquote(name[2] or name[3] or "")) for name in _NAMED.finditer(document.source.text))


def _forms(name: str) -> Iterator[str]:
    """Yield the forms that a place may have: the second heading of the same words has a number at its end."""
    yield _plain(name)
    yield _plain(_NUMBER.sub("", name))


def _plain(text: str) -> str:
    """Return the letters and digits of a text, without accents, in lower case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _with_code(block: Block, document: Document) -> str:
    """Return the text of a block, with the code in it."""
    text, source = block.text, document.source.text
    atoms = block.atoms(0, len(text)) if OBJECT in text else ()
    code = {low: source[slice(*block.span(low, high))] for low, high in atoms if text[low:high] == OBJECT}
    return "".join(code.get(i, char) for i, char in enumerate(text)) if code else text
