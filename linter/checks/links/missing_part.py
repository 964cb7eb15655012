"""Links without text or a URL, and images without a URL or alt text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.links import _anchors
from linter.document import OBJECT, Document, Image, Link, Tag
from linter.rule import Match

# White space, inline tags and comments: an empty link may contain only these.
_NOTHING = patterns.lazy(
    r"(?:\s|&(?:nbsp|#160);|</?(?:b|strong|i|em|u|span|font)\s*+>|<!--(?:[^-]|-(?!->))*+-->)*+", re.I
)
_PLAIN = frozenset({"href", "target", "rel", "title", "ping", "hreflang"})  # attributes of ordinary links
_LATER = patterns.lazy(r"\A(?:data-|:|v-|\[|@|srcset\Z|x-|is\Z)")  # attributes from which a script sets a URL later
_EMBED = patterns.lazy(r"<blockquote\b[^<>]*embed[^<>]*>\s*+\Z")  # an element that a script fills
_TAG_REACH = 400  # code points before a link that are searched for this tag
_BLOCK = patterns.lazy(r"^:{3,}+[^\n]*\bfig-(?:cap|alt)=[^\n]*+\n\s*+\Z", re.MULTILINE)
_ATTRIBUTE = patterns.lazy(r"\{[^{}\n]*\b(?:fig-)?alt=")
_MEDIA = patterns.lazy(r"\.(?:mp4|webm|ogv|mov|mp3|ogg|wav|pdf)(?:[?#]|\Z)", re.IGNORECASE)  # Pandoc embeds these
_DECORATION = frozenset({"aria-hidden", "aria-label", "aria-labelledby", "role", "title"})
_WRITTEN = frozenset({"inline", "reference"})


@dataclass(frozen=True)
class MissingPart:
    """Links and images that lack a part. The match is the link or the image.

    `part` is the missing part: `anchor` (link text), `address` (link URL), `image` (image URL) or `alt` (alt text).
    With `address` and `image`, `nowhere` lists URLs that count as missing, such as “#”. With `address`, `spare` lists
    link texts to ignore, such as “back to top”; they are given in lowercase and match in any case.
    Markdown links with a title, which readers see as a tooltip, are ignored, too.

    Links and images are ignored if their source suggests that a template or a script supplies the missing part. In
    HTML, links without text are ignored if they have a title or a label. With `alt`, HTML images are ignored if they
    have empty alt text, which is intentional, or an attribute such as `title` or `role`. Slides are
    ignored, too, and so are images that Quarto describes by an attribute: `fig-cap`, `fig-alt` or `alt`.

    The message may use {anchor}, the link text or alt text, and {address}, the URL.
    """

    part: Literal["anchor", "address", "image", "alt"]
    nowhere: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "address"})

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"links" if self.part in ("anchor", "address") else "images"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.part in ("anchor", "address"):
            for link, words in zip(document.links, document.anchor_texts, strict=True):
                if self._lacks(link, words.strip(), document):
                    yield Match(*link.span, {"anchor": " ".join(words.split()), "address": link.url})
            return
        text = document.source.text
        tags = {tag.span.start: tag for tag in document.tags_by_name.get("img", ())}
        for image in () if self.part == "alt" and document.is_slides else document.images:
            filled = "{{" in text[slice(*image.span)] or "{%" in text[slice(*image.span)]
            filled = filled or (self.part == "alt" and _is_described(text, image))
            if not filled and self._is_without(image, tags.get(image.span.start)):
                yield Match(*image.span, {"anchor": image.alt.text if image.alt else "", "address": image.url})

    @cached_property
    def _missing(self) -> frozenset[str]:
        return frozenset({"", *self.nowhere})

    def _lacks(self, link: Link, words: str, document: Document) -> bool:
        if self.part == "anchor":
            return not words and bool(link.url.strip()) and _is_blank(link, document)
        if not words or link.title or link.url.strip() not in self._missing:
            return False
        if OBJECT in words or words.lower() in self.spare or "{" in document.source.text[slice(*link.url_span)]:
            return False
        return link.attributes.keys() <= _PLAIN

    def _is_without(self, image: Image, tag: Tag | None) -> bool:
        names = {attribute.name for attribute in tag.attributes} if tag else set()
        if tag and not names:  # the text only mentions the tag
            return False
        if self.part == "alt":
            is_picture = image.url != "" and not _MEDIA.search(image.url)
            return image.alt is None and is_picture and names.isdisjoint(_DECORATION)
        return image.url.strip() in self._missing and not any(map(_LATER.match, names))


def _is_described(text: str, image: Image) -> bool:
    """Whether Quarto takes the alt text of an image from an attribute behind it or of the block around it."""
    start, end = image.span
    around = _BLOCK.search(text, max(0, start - _TAG_REACH), start)
    return around is not None or _ATTRIBUTE.match(text, end) is not None


def _is_blank(link: Link, document: Document) -> bool:
    """Whether a link has nothing between its brackets or tags and probably gets no text from elsewhere."""
    text = document.source.text
    if _EMBED.search(text, max(0, link.span.start - _TAG_REACH), link.span.start):
        return False
    if link.kind in _WRITTEN:
        return text[link.span.start + 1 : link.url_span.start].lstrip().startswith("]")
    within = _anchors.inside(link, document)
    return (
        link.attributes.keys() <= _PLAIN - {"title"} and within is not None and bool(_NOTHING.fullmatch(text, *within))
    )
