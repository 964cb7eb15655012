"""Alt text that repeats the file name, the caption or the title."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import unquote

import regex

from linter import patterns
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block, Document, Image, Span, pair_tags
from linter.matching import matches
from linter.rule import Match

_NAME = patterns.lazy(r"[^/\\?#]++(?=(?:[?#].*)?\Z)")
_EXTENSION = patterns.lazy(r"\.[a-z0-9]{2,5}\Z", re.IGNORECASE)
_CODED = patterns.lazy(r"\S*_\S*|[^\sA-Z]*-[^\sA-Z]*|\S*\d{3}\S*")  # looks like a file name, not like a word
_CAPTION = frozenset({"caption"})


@dataclass(frozen=True)
class AltText:
    """Alt text that repeats a file name or other text. The match is the alt text.

    `same_as` is what the alt text repeats: `file`, `caption` or `title`. `file` is the name of the image file, with or
    without its extension and in any case; alt text that looks like a word is ignored. `caption` is the caption of the
    figure around the image. `title` is the title (tooltip) of the image.

    `names` is a regular expression for the `regex` package. With `same_as: file`, alt text that contains a match of
    `names` counts as a file name, even if the image file now has another name. The message may use {alt} and {file},
    the name of the image file.
    """

    same_as: Literal["file", "caption", "title"]
    names: str = r"(?!)."

    values: ClassVar[frozenset[str]] = frozenset({"alt", "file"})
    parts: ClassVar[frozenset[str]] = frozenset({"images"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"names": (self.names,)}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.names)

    def find_in(self, document: Document) -> Iterator[Match]:
        for image, alt in self._same(document):
            yield Match(*alt.source_span, {"alt": _plain(alt.text), "file": _file(image.url)})

    def _same(self, document: Document) -> Iterator[tuple[Image, Block]]:
        described = [(image, image.alt) for image in document.images if image.alt and image.alt.text.strip()]
        match self.same_as:
            case "file":
                yield from (pair for pair in described if self._is_file(pair[1].text.strip(), pair[0].url))
            case "title":
                yield from (pair for pair in described if _plain(pair[0].title) == _plain(pair[1].text) != "")
            case "caption":
                yield from _captioned(described, document)

    def _is_file(self, alt: str, url: str) -> bool:
        """Whether the alt text `alt` of the image at `url` is probably a file name."""
        name, own = _file(url).lower(), alt.lower()
        same = bool(name) and own in (name, _EXTENSION.sub("", name))
        return any(matches(self.compiled, alt)) or (same and bool(_CODED.fullmatch(alt)))


def _captioned(described: list[tuple[Image, Block]], document: Document) -> Iterator[tuple[Image, Block]]:
    """Yield the images in `described` whose alt text repeats the caption of the figure around the image."""
    captions = sorted((block.source_span, _plain(block.text)) for block in document.blocks_in(_CAPTION))
    if not described or not captions:
        return
    pairs = pair_tags(document.tags)
    figures = sorted(
        Span(tag.span.start, document.tags[pairs[i]].span.end)
        for i, tag in enumerate(document.tags)
        if tag.name == "figure" and tag.kind == "open" and i in pairs
    )
    for image, alt in described:
        around = bisect_right(figures, image.span) - 1
        if around >= 0 and image.span.end <= figures[around].end:
            first, last = (bisect_left(captions, (Span(place, place), "")) for place in figures[around])
            if any(caption == _plain(alt.text) for _, caption in captions[first:last]):
                yield image, alt


def _file(url: str) -> str:
    """Return the file name at the end of a URL, decoded, or "" if there is none."""
    found = _NAME.search(url)
    return unquote(found[0]) if found else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
