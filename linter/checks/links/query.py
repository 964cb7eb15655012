"""Unwanted parameters in the URLs of links and images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from html.entities import html5
from itertools import groupby, pairwise
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.analysis.literals import Literals
from linter.document import Document, Span
from linter.finding import Edit
from linter.folding import folded
from linter.rule import Match
from linter.views import per_document

_SEPARATOR = patterns.lazy(r"\?|&(?:amp;|#38;|#x26;)?", re.IGNORECASE)  # HTML may escape “&”
_QUERY = patterns.lazy(r"\?((?:[^#\s<>]|(?<=&)#)*)")
_SPECIAL = patterns.lazy(r"[*?\[]")  # what `fnmatch` does not take literally
_HOST = patterns.lazy(r"(?:[a-z][a-z0-9+.-]*:)?//(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)


class _Parameter(NamedTuple):
    """A parameter of a URL, as offsets in the URL.

    `separator` is the start of the separator before the parameter. `start` and `end` are the range of the parameter.
    `following` is the start of the next parameter, or 0 if there is none. `unwanted` is true if the options of the rule
    select the parameter.
    """

    separator: int
    start: int
    end: int
    following: int
    unwanted: bool


@dataclass(frozen=True)
class Query:
    """URL parameters that match one of `parameters`. Adjacent parameters are one match.

    `parameters` lists the parameters to delete, such as `CMP=share_*` or `utm_*`; each must match a whole parameter
    with its name and value. `spare` lists exceptions in the same form. `spare_addresses` lists whole URLs to ignore. In
    all three options, case is ignored, and `*` stands for any characters.

    The rule checks the URLs of links and images as written in the source, and link text that contains “?”, which may be
    a URL. The fix deletes the parameters and the separator that is no longer needed. The message may use {host}, the
    host of the URL without “www.”.
    """

    parameters: tuple[str, ...]
    spare: tuple[str, ...] = ()
    spare_addresses: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"host"})
    parts: ClassVar[frozenset[str]] = frozenset({"links", "images"})

    @cached_property
    def literals(self) -> Literals | None:
        """The fixed beginnings of the parameters. None if one is empty, or may be part of an entity after “&”."""
        fixed = frozenset(folded(_SPECIAL.split(parameter)[0]) for parameter in self.parameters)
        if any(name.startswith(text) or text.startswith(name) for text in fixed for name in map(str.lower, html5)):
            return None
        return (fixed | {"\\"},)  # in the source, a backslash may be anywhere in a parameter

    @cached_property
    def _unwanted(self) -> re.Pattern[str]:
        wanted = f"(?!{_any(self.spare)})" if self.spare else ""
        return re.compile(f"{wanted}(?:{_any(self.parameters)})", re.IGNORECASE)

    @cached_property
    def _spared(self) -> re.Pattern[str]:
        return re.compile(_any(self.spare_addresses) or "(?!)", re.IGNORECASE)

    def find_in(self, document: Document) -> Iterator[Match]:
        for (offset, _), address in _places(document):
            host = _HOST.match(address)
            for unwanted, run in groupby(self._parameters(address), lambda parameter: parameter.unwanted):
                if unwanted and not self._spared.fullmatch(address):
                    parameters = [*run]
                    first, last = parameters[0], parameters[-1]
                    gone = (first.start, last.following) if last.following else (first.separator, last.end)
                    edit = Edit(offset + gone[0], offset + gone[1], "")
                    yield Match(offset + first.start, offset + last.end, {"host": host[1] if host else ""}, (edit,))

    def _parameters(self, address: str) -> Iterator[_Parameter]:
        query = _QUERY.search(address)
        if not query:
            return
        found = (separator.span() for separator in _SEPARATOR.finditer(address, query.start(1), query.end()))
        separators = [(query.start(), query.start(1)), *found, (query.end(), 0)]
        for (separator, start), (end, following) in pairwise(separators):
            unwanted = bool(self._unwanted.fullmatch(address[start:end].replace("\\", "")))
            yield _Parameter(separator, start, end, following, unwanted)


def _any(parameters: tuple[str, ...]) -> str:
    return "|".join(map(translate, parameters))


@per_document
def _places(document: Document) -> list[tuple[Span, str]]:
    """Return the spans and source texts of URLs and plain link texts that contain “?”, in source order."""
    text = document.source.text
    places = {one.url_span for some in (document.links, document.images) for one in some if "?" in one.url}
    shown = [link for link, words in zip(document.links, document.anchor_texts, strict=True) if "?" in words]
    for link in shown:
        if link.block.is_contiguous(link.start, link.end):
            places.add(link.block.span(link.start, link.end))
    written = ((place, text[place.start : place.end]) for place in sorted(places))
    return [(place, address) for place, address in written if "?" in address]
