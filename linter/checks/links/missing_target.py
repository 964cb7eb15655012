"""URLs whose target is missing: an image file or a position in the article."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import unquote

from linter import patterns
from linter.document import OBJECT, Block, Document, Link
from linter.files import images
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

# Names of link targets: in HTML, after a heading in kramdown or Pandoc, before a heading in MyST or AsciiDoc.
_NAMED = patterns.lazy(
    r"""\b(?:id|name)\s*+=\s*+(["'])([^"'<>\n]*+)\1|(?:\b(?:id|name)\s*+=\s*+["'{\\]*+|\{[:\s]*+(?:[^{}\n]*?\s)?\#|^[^\S\n]*+\(|\[\[|\[\#|^\[\^)([^\s"'<>{}()\[\]\\]++)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FILLED = patterns.lazy(
    r"\{[{%!]|<%|<[A-Z]\w*[\s/>]|^import\s|^[^\S\n]*+(?:\.\. |::[:\w]|(?:!!!|\?\?\?\+?|===) |-+8<)|\[\[?_?TOC|@include",
    re.MULTILINE,
)  # a program may add more link targets
# Hugo adds a list of the pages in the folder to this page, and Material for MkDocs a list of all posts to its blog.
LISTING = patterns.lazy(r"(?:\A|/)(?:_index(?:\.\w+)*|blog/index\.md)\Z")
_TOGGLES = frozenset({"data-toggle", "data-bs-toggle"})
# Minimum missing images, and articles with them, of a folder without its images.
_MIN_MISSING_IMAGES, _MIN_ARTICLES = 10, 3
_MIN_MISSING_SHARE = 0.95  # minimum share of its images that such a folder lacks
_MIN_HEADING_LETTERS = 4  # minimum letters of a heading to which a site generator may add a prefix
_SIGNS = patterns.lazy(r"[\W_]+")
_NUMBER = patterns.lazy(r"[-_]\d+\Z")


@dataclass(frozen=True)
class MissingTarget:
    """URLs whose target is missing. The match is the URL.

    `target` is `file` (an image file) or `place` (a position in the article, as in `#history`).

    With `file`, the rule checks the URLs of local images. A URL is relative to the article or, if it begins with a
    slash, to the root of the site. In the source of a site, an image file with the same name in any folder is enough.
    URLs that contain template code are ignored, and so are URLs for which the root is unclear or that lead out of the
    site. If nearly all of at least ten images in at least three articles are missing, the folder seems to have come
    without its images, and only the first is a match; in a run with named files, only their images count. The message
    may use {name}, the last part of the URL, and
    {others}, which is empty or, for this one match, how many more images are missing.

    With `place`, the rule checks URLs that begin with “#”. The target may be a heading, as a site generator would spell
    it, or a name in the source, such as the id of an HTML element. `elsewhere` lists targets that are not missing
    because the page around the article has them; `*` stands for any characters (`comment*`). The rule ignores plain
    text, articles that a template or a program seems to complete, links that are tabs or open a menu, and links on a
    sign alone to a name of several words, which all-contributors writes. The message may use {anchor}, the link text,
    and {place}, the name of the target.
    """

    target: Literal["file", "place"]
    elsewhere: tuple[str, ...] = ()

    data: ClassVar[object] = tuple[str]

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"name", "others"} if self.across else {"anchor", "place"})

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(() if self.across else {"links"})

    @property
    def across(self) -> bool:
        return self.target == "file"

    @cached_property
    def _elsewhere(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.elsewhere)) or "(?!)", re.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        links = [link for link in document.links if link.url[:1] == "#" != link.url]
        links = [link for link in links if not self._elsewhere.fullmatch(link.url[1:]) and not _is_made(link)]
        links = _lost(links, _headings(document)) if links and document.kind != "text" else []
        if not links or LISTING.search(document.source.path) or _FILLED.search(document.source.text):
            return
        for link in _lost(links, _names(document)):  # names are only searched if no heading fits
            values = {"anchor": " ".join(link.text.split()), "place": unquote(link.url[1:])}
            yield Match(*link.url_span, values)

    def facts(self, document: Document) -> Iterator[Fact]:
        for image in document.images:
            if image.url_span.start < image.url_span.end and images.is_local(image.url):
                yield Fact(*image.url_span, (image.url,))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        images = [(article, *fact) for article in folder.asked_articles for fact in article.facts]
        missing = [each for each in images if not folder.holds(each[0], each[3][0])]
        articles = len({article.path for article, *_ in missing})
        is_bare = articles >= _MIN_ARTICLES and len(missing) >= _MIN_MISSING_IMAGES
        if is_bare:  # an absolute URL without a file may count as present, because its root is unclear
            relative = sum(not address.startswith("/") for *_, (address,) in images)
            is_bare = len(missing) >= _MIN_MISSING_SHARE * relative
        others = f", like {len(missing) - 1} more in {articles} articles. The folder seems to be without its images"
        for article, start, end, (address,) in missing[:1] if is_bare else missing:
            values = {"name": posixpath.basename(address), "others": others if is_bare else ""}
            yield article, Match(start, end, values)


def _is_made(link: Link) -> bool:
    """Whether a link works as a button, for example as a tab or to open a menu, or is a sign such as “📖”."""
    is_sign = "-" in link.url and not any(map(str.isalnum, link.text))
    return is_sign or link.attributes.get("role") in ("tab", "button") or not _TOGGLES.isdisjoint(link.attributes)


def _lost(links: Iterable[Link], places: Iterable[str]) -> list[Link]:
    """Return the links whose targets match none of `places`, not even roughly.

    `places` are names in the form that `_plain` returns.
    """
    known = frozenset(places)
    ends = tuple(place for place in known if len(place) >= _MIN_HEADING_LETTERS)  # some site generators add a prefix
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
    """Yield the plain form of `name` as it is, and the plain form without a number at its end."""
    yield _plain(name)
    yield _plain(_NUMBER.sub("", name))  # site generators number headings with the same words


def _plain(text: str) -> str:
    """Return the letters and digits of `text`, without accents and in lowercase."""
    return _SIGNS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _with_code(block: Block, document: Document) -> str:
    """Return the text of a block, with each U+FFFC replaced by the source of the code or image at that place."""
    text, source = block.text, document.source.text
    atoms = block.atoms(0, len(text)) if OBJECT in text else ()
    code = {low: source[slice(*block.span(low, high))] for low, high in atoms if text[low:high] == OBJECT}
    return "".join(code.get(i, char) for i, char in enumerate(text)) if code else text
