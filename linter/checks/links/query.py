"""Parameters that a tool left in the addresses of links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.document import Document, Span, per_document
from linter.finding import Edit
from linter.rule import Match

_SEPARATOR = patterns.lazy(r"\?|&(?:amp;|#38;|#x26;)?", re.IGNORECASE)  # “&” as HTML writes it, too
_QUERY = patterns.lazy(r"\?((?:[^#\s<>]|(?<=&)#)*)")
_HOST = patterns.lazy(r"(?:[a-z][a-z0-9+.-]*:)?//(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)


class _Parameter(NamedTuple):
    """A parameter in an address; `separator` is the offset of the separator before it."""

    separator: int
    start: int
    end: int
    unwanted: bool


@dataclass(frozen=True)
class Query:
    """`parameters` are those to take out, each as `name=value`, in any case; `*` stands for any characters. Those
    that fit one of `spare` stay.

    They are looked for in the addresses of links and images and in the words of a link that show its address, as
    they are written there. Those side by side are one match; the fix takes them out with the sign that joins them
    to the rest of the address. The message may use {host}.
    """

    parameters: tuple[str, ...]
    spare: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"host"})
    parts: ClassVar[frozenset[str]] = frozenset({"links", "images"})

    @cached_property
    def _unwanted(self) -> re.Pattern[str]:
        wanted = f"(?!{_any(self.spare)})" if self.spare else ""
        return re.compile(f"{wanted}(?:{_any(self.parameters)})", re.IGNORECASE)

    def find(self, document: Document) -> Iterator[Match]:
        for place, address in _places(document):
            host = _HOST.match(address)
            for run, cut in _runs(self._parameters(address)):
                found, gone = (Span(place.start + start, place.start + end) for start, end in (run, cut))
                yield Match(*found, {"host": host[1] if host else ""}, (Edit(*gone, ""),))

    def _parameters(self, address: str) -> Iterator[_Parameter]:
        query = _QUERY.search(address)
        if not query:
            return
        separator, at = query.start(), query.start(1)
        for next_separator in (*_SEPARATOR.finditer(address, at, query.end()), None):
            end = next_separator.start() if next_separator else query.end()
            yield _Parameter(separator, at, end, bool(self._unwanted.fullmatch(address[at:end].replace("\\", ""))))
            separator, at = end, next_separator.end() if next_separator else end


def _any(parameters: tuple[str, ...]) -> str:
    return "|".join(map(translate, parameters))


@per_document
def _places(document: Document) -> list[tuple[Span, str]]:
    """Return the spans of addresses with parameters, as they are written, in order.

    They are destinations of links and images, and words of links that show one.
    """
    text = document.source.text
    spans = [one.url_span for some in (document.links, document.images) for one in some]
    places = {span for span in spans if "?" in text[span.start : span.end]}
    for link, words in zip(document.links, document.anchor_texts, strict=True):
        if "?" in words and link.block.is_contiguous(link.start, link.end):
            places.add(link.block.span(link.start, link.end))
    written = ((place, text[place.start : place.end]) for place in sorted(places))
    return [(place, address) for place, address in written if "?" in address]


def _runs(parameters: Iterator[_Parameter]) -> Iterator[tuple[Span, Span]]:
    """The runs of unwanted parameters in an address, each with what to delete so that the rest is whole."""
    run: list[_Parameter] = []
    for parameter in parameters:
        if parameter.unwanted:
            run.append(parameter)
        elif run:
            yield Span(run[0].start, run[-1].end), Span(run[0].start, parameter.start)
            run = []
    if run:
        yield Span(run[0].start, run[-1].end), Span(run[0].separator, run[-1].end)
