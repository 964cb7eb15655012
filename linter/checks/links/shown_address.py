"""Links whose words show another address than their target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal
from urllib.parse import unquote

from linter import patterns
from linter.checks.links._linking import Address, lies_in, split_address
from linter.document import Document, Link, per_document
from linter.record import record
from linter.rule import Match
from linter.text.lexicon import word_list

_SHOWN = patterns.lazy(r"(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+(?:[:/?#][^\s<>{}]*)?", re.IGNORECASE)
_CUT = patterns.lazy(r"(?:…|\.\.\.)/?\Z")
_INDEX = patterns.lazy(r"/(?:(?:index|default)\.\w+)?\Z")
_TRAILING = ".,;:)]>\"'”’_*\u2060\u200b"


@record
class ShownAddress:
    """`differs` is site or page: the words of a link show an address of another site, or of another page of the site.

    Two parts of one domain are one site; an address that contains the shown one (an archive, a redirect) leads there. A
    shown address has its “https://” or “www.”; pages are compared without their queries, and a page that is cut by dots
    up to them. Addresses at `hosts`, which stand for others, are left out. The match is the address of the link; the
    message may use {shown} and {host}.
    """

    differs: Literal["site", "page"]
    hosts: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"shown", "host"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        for link, shown in _showing(document):
            here, there = _split(shown), _split(link.url.strip())
            if here and there and there.host and self._differ(here, there, link, shown):
                yield Match(*link.url_span, {"shown": shown, "host": there.host})

    def _differ(self, here: Address, there: Address, link: Link, shown: str) -> bool:
        if lies_in(here.host, self.hosts) or lies_in(there.host, self.hosts):
            return False
        if here.host in unquote(link.url).lower().partition("//")[2].partition("/")[2]:
            return False
        if self.differs == "site":
            return _domain(here.host) != _domain(there.host)
        return here.host == there.host and not _same_page(here.path, there.path, cut=bool(_CUT.search(shown)))


@per_document
def _showing(document: Document) -> list[tuple[Link, str]]:
    """Return the links whose words are an address, with that address."""
    found = []
    for link, text in zip(document.links, document.anchor_texts, strict=True):
        if "." in text and link.kind not in ("bare", "autolink") and "{" not in link.url:
            shown = text.strip().rstrip(_TRAILING)
            if _SHOWN.fullmatch(shown):
                found.append((link, shown))
    return found


def _split(url: str) -> Address | None:
    """Return where an address leads, with or without a scheme; None for a place of the same site, or a mail."""
    return split_address(f"//{url}" if url.lower().startswith("www.") else url)


def _domain(host: str) -> str:
    """Return the part of a host that somebody has registered: example.co.uk of news.example.co.uk."""
    labels = host.split(".")
    deep = len(labels) > 2 and labels[-2] in word_list("second-level domains") and len(labels[-1]) == 2
    return ".".join(labels[-3:] if deep else labels[-2:])


def _same_page(shown: str, true: str, *, cut: bool) -> bool:
    shown, true = shown.lower(), true.lower()
    if cut:
        return true.startswith(_CUT.sub("", shown))
    shown, true = _INDEX.sub("", shown), _INDEX.sub("", true)
    return not shown or not true or shown == true or true.startswith(f"{shown}/") or shown.startswith(f"{true}/")
