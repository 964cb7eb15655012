"""URLs that readers see: bare URLs in sentences, and link text that shows a URL other than the target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import unquote

from linter import patterns
from linter.checks.links._linking import Address, address, lies_in, split_address
from linter.document import PROSE, Block, Document, Link
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.views import per_document

_SHOWN = patterns.lazy(r"(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+(?:[:/?#][^\s<>{}]*)?", re.IGNORECASE)
_CUT = patterns.lazy(r"(?:…|\.\.\.)/?\Z")
_LOOKUP = patterns.lazy(r"[?&](?:host|url|site|domain)=")  # the URL of a page about another site
_INDEX = patterns.lazy(r"/(?:(?:index|default)\.\w+)?\Z")
_TRAILING = ".,;:)]>\"'”’_*\u2060\u200b"

# Text around bare URLs
_WORD = patterns.lazy(r"[^\W\d_]{2,}")
_SENTENCE = patterns.lazy(r"[.!?:…][”\"’')]*(?:\s|\Z)")
_BRACKET = patterns.lazy(r"\]\s?(?:\(|:\s*)\Z")  # end of an attempted link
_BEFORE = patterns.lazy(r"(?:\A|[\s(:,;–—])\Z")  # what may precede a URL that is not part of something else
_YEAR = patterns.lazy(r"\b(?:19|20)\d\d[a-z]?\b[).,]")  # the date of a work in a list of references
_DATE_REACH = 300  # code points before a URL that are searched for the date


@dataclass(frozen=True)
class ShownAddress:
    """URLs that readers see. The match is the URL of the link.

    `problem` is `bare`, `site` or `page`. `hosts` lists hosts whose URLs are ignored.

    With `bare`, a bare URL is part of a sentence, where words should be linked instead. `words` is the minimum number
    of other words in the block, which must also contain the end of a sentence. A URL at the end of a block is ignored
    if it comes after a year, as in a list of references. In Markdown, the fix puts the URL in angle brackets if it has
    a scheme such as “https:”.

    With `site`, the link text shows a URL of another site; with `page`, it shows the URL of another page on the same
    host. The text must be a URL with “https://”, “http://” or “www.”. A link is ignored if its URL also contains the
    shown host in the path or query, as in the URLs of archives and redirects.

    With `site`, hosts of one domain are the same site, and so is a host that begins with the shown domain. With `page`,
    queries are ignored, and a page and the pages below it are the same page; if the text ends in an ellipsis, only the
    part before the ellipsis is compared.

    The message may use {host}, the host of the link, and, except with `bare`, {shown}, the URL in the text.
    """

    problem: Literal["bare", "site", "page"]
    hosts: tuple[str, ...] = ()
    words: int = 0

    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"host"} if self.problem == "bare" else {"shown", "host"})

    def find_in(self, document: Document) -> Iterator[Match]:
        yield from self._bare(document) if self.problem == "bare" else self._other(document)

    def _bare(self, document: Document) -> Iterator[Match]:
        bare = [link for link in document.links if link.kind == "bare" and not link.block.scopes.isdisjoint(PROSE)]
        if not bare:
            return
        own: Counter[Block] = Counter()  # the number of words in these links, by block
        for link in bare:
            own[link.block] += len(_WORD.findall(link.text))
        telling = {block for block, words in own.items() if self._is_telling(block, words)}
        for link in bare:
            place = address(link.url if "//" in link.url else f"//{link.url}")
            if place and link.block in telling and not lies_in(place.host, self.hosts) and _is_separate(link, document):
                yield Match(*link.url_span, {"host": place.host}, _linked(link, document))

    def _is_telling(self, block: Block, own: int) -> bool:
        """Whether a block contains the end of a sentence and enough words besides those of its bare URLs.

        `own` is the number of words in its bare URLs.
        """
        return bool(_SENTENCE.search(block.text)) and len(_WORD.findall(block.text)) - own >= self.words

    def _other(self, document: Document) -> Iterator[Match]:
        for link, shown in _showing(document):
            here, there = _split(shown), _split(link.url.strip())
            if here and there and there.host and self._differ(here, there, link, shown):
                yield Match(*link.url_span, {"shown": shown, "host": there.host})

    def _differ(self, here: Address, there: Address, link: Link, shown: str) -> bool:
        if lies_in(here.host, self.hosts) or lies_in(there.host, self.hosts):
            return False
        if _LOOKUP.search(link.url):
            return False
        if here.host in unquote(link.url).lower().partition("//")[2].partition("/")[2]:
            return False
        if self.problem == "site":
            return _domain(here.host) != _domain(there.host) and not there.host.startswith(f"{_domain(here.host)}.")
        return here.host == there.host and not _same_page(here.path, there.path, cut=bool(_CUT.search(shown)))


def _is_separate(link: Link, document: Document) -> bool:
    """Whether a bare URL is part of neither a longer string, nor a reference, nor a link with broken syntax."""
    text = link.block.text
    if not text[link.end :].strip(_TRAILING) and _YEAR.search(text, max(0, link.start - _DATE_REACH), link.start):
        return False
    if not _BEFORE.search(text[max(0, link.start - 1) : link.start]):
        return False
    return not _BRACKET.search(document.source.text[max(0, link.span.start - 5) : link.span.start])


def _linked(link: Link, document: Document) -> tuple[Edit, ...]:
    """Return the edits that put a bare URL in angle brackets, or () if that is not a safe fix."""
    if document.kind != "markdown" or "//" not in link.url or link.url != document.source.text[slice(*link.url_span)]:
        return ()
    start, end = link.url_span
    return (Edit(start, start, "<"), Edit(end, end, ">"))


@per_document
def _showing(document: Document) -> list[tuple[Link, str]]:
    """Return links whose text is a URL, such as `[example.com](https://example.org)`, each with that URL."""
    found = []
    for link, text in zip(document.links, document.anchor_texts, strict=True):
        if "." in text and link.kind not in ("bare", "autolink") and "{" not in link.url:
            shown = text.strip().rstrip(_TRAILING)
            if _SHOWN.fullmatch(shown):
                found.append((link, shown))
    return found


def _split(url: str) -> Address | None:
    """Return the address of a URL that begins with “www.” or that `split_address` accepts; None for any other URL."""
    return split_address(f"//{url}" if url.lower().startswith("www.") else url)


def _domain(host: str) -> str:
    """Return the probable registered domain of a host: “example.co.uk” for “news.example.co.uk”."""
    labels = host.rstrip(".)],;").split(".")
    deep = len(labels) > 2 and labels[-2] in word_list("second-level domains") and len(labels[-1]) == 2
    return ".".join(labels[-3:] if deep else labels[-2:])


def _same_page(shown: str, true: str, *, cut: bool) -> bool:
    shown, true = shown.lower(), true.lower()
    if cut:
        return true.startswith(_CUT.sub("", shown))
    shown, true = _INDEX.sub("", shown), _INDEX.sub("", true)
    return not shown or not true or shown == true or true.startswith(f"{shown}/") or shown.startswith(f"{true}/")
