"""What a page says of itself: title, description, Open Graph, headline, language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from linter import late
from linter.block import Span
from linter.document import Metadata, Tag
from linter.readers import frontmatter, jsonld
from linter.readers.builder import Builder
from linter.readers.flow import Flow

_NAME = late.pattern(r"(?:description|keywords|author|og:(?:title|description|site_name)|twitter:[\w:]+)\Z", re.ASCII)
# What is no copy, and so no block.
_FACT = late.pattern(r"(?:date|section|desk|status|og:image|article:(?:section|(?:published|modified)_time))\Z")
_TELLING = frozenset({"html", "body", "head", "title", "meta", "link", "script", "svg"})


def read(builder: Builder, tags: Sequence[Tag], ends: Sequence[int]) -> str:
    """Add what the tags of a page say of it to a builder, besides front matter; returns its language, or "".

    `ends` holds, for each tag, the index of the one that its element ends at.
    """
    head = _Head(builder)
    drawing = -1
    for i, tag in enumerate(tags):
        if tag.kind == "open" and tag.name in _TELLING and i >= drawing:
            if tag.name == "svg":  # a title in it is its own
                drawing = ends[i]
            head.add(tag, tags[ends[i]] if ends[i] < len(tags) else None)
    front = builder.metadata
    places = {**head.places, **front.places}
    builder.metadata = Metadata({**head.values, **front.values}, front.span or head.span, places)
    return frontmatter.language(front.values) or frontmatter.language({"lang": head.language})


@dataclass(eq=False)
class _Head:
    """What was said so far; of each thing what is said first counts."""

    builder: Builder
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    span: Span | None = None
    language: str = ""

    def add(self, tag: Tag, end: Tag | None) -> None:
        """Take an element into account that ends at the tag `end`, or never."""
        if tag.name in ("html", "body"):
            if language := tag.attribute("lang") or tag.attribute("xml:lang"):
                self._language(language.value, language.span or tag.span)
        elif tag.name == "meta":
            self._meta(tag)
        elif tag.name == "link":
            self._canonical(tag)
        elif end and tag.name == "head":
            self.span = Span(tag.span.start, end.span.end if end.name == "head" else end.span.start)
        elif end and tag.name == "title":
            self._add("title", partial(Flow.text, start=tag.span.end, end=end.span.start), tag.span)
        elif end and tag.name == "script" and _value(tag, "type").lower() == "application/ld+json":
            pieces = jsonld.headline(self.builder.source.text, tag.span.end, end.span.start)
            if pieces:
                self._add("headline", partial(_add_pieces, pieces=pieces), tag.span)

    def _meta(self, tag: Tag) -> None:
        content = tag.attribute("content")
        if not content or not content.span:
            return
        name = (_value(tag, "name") or _value(tag, "property")).lower()
        if _NAME.match(name):
            start, end = content.span
            self._add(name.replace(":", "."), partial(Flow.text, start=start, end=end, attribute=True), tag.span)
        elif _FACT.match(name):
            place, last = self._place(name.replace(":", "."))
            if last not in place:
                place[last] = content.value.strip()
                self.places[name.replace(":", ".")] = content.span if content.value.strip() else tag.span
        elif _value(tag, "http-equiv").lower() == "content-language":
            self._language(content.value, content.span)

    def _canonical(self, tag: Tag) -> None:
        href = tag.attribute("href")
        if href and href.span and "canonical" in _value(tag, "rel").lower().split():
            start, end = href.span
            self._add("canonical", partial(Flow.text, start=start, end=end, attribute=True), tag.span)

    def _language(self, language: str, span: Span) -> None:
        if language.strip() and not self.language:
            self.language = self.values["lang"] = language.strip()
            self.places["lang"] = span

    def _add(self, key: str, write: Callable[[Flow], None], tag: Span) -> None:
        """Add the value that `write` writes, as a block, for a key with dots; `tag` is where it is said."""
        place, last = self._place(key)
        if last in place:
            return
        flow = Flow(self.builder)
        write(flow)
        block = flow.flush("metadata", f"metadata.{key}", *(["title"] if key == "title" else []))
        place[last] = block.text if block else ""
        self.places[key] = block.outer if block else tag

    def _place(self, key: str) -> tuple[dict[str, Any], str]:
        """Where the value of a key with dots belongs, and under which key there."""
        place = self.values
        *path, last = key.split(".")
        for part in path:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}  # twitter:image and twitter:image:alt
        return place, last


def _add_pieces(flow: Flow, pieces: Sequence[jsonld.Piece]) -> None:
    for start, end, text in pieces:
        flow.atom(start, end, text)


def _value(tag: Tag, name: str) -> str:
    attribute = tag.attribute(name)
    return attribute.value.strip() if attribute else ""
