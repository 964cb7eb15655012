"""Read the head of a page: metadata, language, the headline in JSON-LD, and the declared encoding."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from linter import patterns
from linter.document import Metadata, Span, Tag
from linter.readers import front_matter, html_lexer
from linter.readers.builder import Builder
from linter.readers.front_matter_values import ScalarPiece
from linter.readers.html_text import TextFlow
from linter.source import SURROGATE

_NAME = patterns.lazy(r"(?:description|keywords|author|og:(?:title|description|site_name)|twitter:[\w:]+)\Z", re.ASCII)
# Metadata that is not text for readers and therefore not a block.
_FACT = patterns.lazy(r"(?:date|section|desk|status|og:image|article:(?:section|(?:published|modified)_time))\Z")
_TELLING = frozenset({"html", "body", "head", "title", "meta", "link", "script", "svg"})


def read_head(builder: Builder, tags: Sequence[Tag], ends: Sequence[int]) -> str:
    """Add the metadata in the tags of a page to `builder`; return the language, such as "en", or "".

    Front matter takes precedence over the page. `ends` has, for each tag, the index of the tag at which its element
    ends.
    """
    head = _Head(builder)
    drawing = -1
    for i, tag in enumerate(tags):
        if tag.kind == "open" and tag.name in _TELLING and i >= drawing:
            if tag.name == "svg":  # its title is not that of the page
                drawing = ends[i]
            head.add(tag, tags[ends[i]] if ends[i] < len(tags) else None)
    front = builder.metadata
    places = {**head.places, **front.places}
    builder.metadata = Metadata({**head.values, **front.values}, front.span or head.span, places)
    return front_matter.front_matter_language(front.values) or front_matter.front_matter_language(
        {"lang": head.language}
    )


@dataclass(eq=False)
class _Head:
    """The metadata found so far."""

    builder: Builder
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    span: Span | None = None
    language: str = ""

    def add(self, tag: Tag, end: Tag | None) -> None:
        """Add the metadata of the element that begins with `tag`.

        `end` is the tag at which the element ends, or None if the element has no end.
        """
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
            self._add("title", partial(TextFlow.text, start=tag.span.end, end=end.span.start), tag.span)
        elif end and tag.name == "script" and _value(tag, "type").lower() == "application/ld+json":
            pieces = jsonld_headline(self.builder.source.text, tag.span.end, end.span.start)
            if pieces:
                self._add("headline", partial(_add_pieces, pieces=pieces), tag.span)

    def _meta(self, tag: Tag) -> None:
        content = tag.attribute("content")
        if not content or not content.span:
            return
        name = (_value(tag, "name") or _value(tag, "property")).lower()
        if _NAME.match(name):
            start, end = content.span
            self._add(name.replace(":", "."), partial(TextFlow.text, start=start, end=end, attribute=True), tag.span)
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
            self._add("canonical", partial(TextFlow.text, start=start, end=end, attribute=True), tag.span)

    def _language(self, language: str, span: Span) -> None:
        if language.strip() and not self.language:
            self.language = self.values["lang"] = language.strip()
            self.places["lang"] = span

    def _add(self, key: str, write: Callable[[TextFlow], None], tag: Span) -> None:
        """Add the metadata for `key`, unless the key already has a value.

        `write` adds the text of the value to a `TextFlow`, and `tag` is the span of the tag that has the value.
        """
        place, last = self._place(key)
        if last in place:
            return
        flow = TextFlow(self.builder)
        write(flow)
        block = flow.flush("metadata", f"metadata.{key}", *(["title"] if key == "title" else []))
        place[last] = block.text if block else ""
        self.places[key] = block.source_span if block else tag

    def _place(self, key: str) -> tuple[dict[str, Any], str]:
        """Return the mapping for the value of `key`, and the last dot-separated part of `key`.

        The mapping is created if necessary.
        """
        place = self.values
        *path, last = key.split(".")
        for part in path:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}  # for example twitter:image and twitter:image:alt
        return place, last


def _add_pieces(flow: TextFlow, pieces: Sequence[ScalarPiece]) -> None:
    for piece in pieces:
        flow.atom(piece.start, piece.end, piece.text)


def _value(tag: Tag, name: str) -> str:
    attribute = tag.attribute(name)
    return attribute.value.strip() if attribute else ""


# The headline in JSON-LD, character by character.

_TOKEN = patterns.lazy(r'"(?P<string>(?:[^"\\]|\\.)*+)"(?P<colon>\s*+:)?+|[{}\[\]]', re.DOTALL)
_ESCAPE = patterns.lazy(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_ARTICLE = patterns.lazy(r"(?:Article|BlogPosting|Report|Review)\Z")


@dataclass
class _Object:
    """A JSON object or array that is still open."""

    key: str = ""  # key of the next value
    types: list[str] = field(default_factory=list)  # values of `@type`
    headline: Span | None = None  # without quotation marks


def jsonld_headline(text: str, start: int, end: int) -> list[ScalarPiece]:
    """Return the headline of the first article with a headline in the JSON-LD script `text[start:end]`, as pieces.

    If there is no headline, or if the script is not valid JSON, the list is empty. If articles are nested, the inner
    one counts as the first.
    """
    try:
        json.loads(text[start:end], strict=False)
    except (ValueError, RecursionError):
        return []
    span = next(_headlines(text, start, end), None)
    return list(_pieces(text, *span)) if span else []


def _headlines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the headlines of articles, in the order in which the articles end."""
    opened = [_Object()]
    for token in _TOKEN.finditer(text, start, end):
        mark, inner = token[0], opened[-1]
        if mark == "{":
            opened.append(_Object())
        elif mark == "[":  # its values belong to the key of the array
            opened.append(_Object(inner.key, inner.types))
        elif mark in ("}", "]"):
            opened.pop()
            if mark == "}" and inner.headline and any(map(_ARTICLE.search, inner.types)):
                yield inner.headline
        elif token["colon"]:
            inner.key = token["string"]
        elif inner.key == "@type":
            inner.types.append(token["string"])
        elif inner.key == "headline":
            inner.headline = Span(*token.span("string"))


def _pieces(text: str, start: int, end: int) -> Iterator[ScalarPiece]:
    """Yield the pieces of the string `text[start:end]`, with escape sequences decoded."""
    done = start
    for escape in _ESCAPE.finditer(text, start, end):
        yield ScalarPiece(text[done : escape.start()], done, escape.start())
        done = escape.end()
        shown = json.loads(f'"{escape[0]}"')
        yield ScalarPiece(SURROGATE.sub("\ufffd", shown), escape.start(), done)
    yield ScalarPiece(text[done:end], done, end)


# The declared encoding.

_HEAD_BYTES = 8192  # bytes; WHATWG HTML 13.2.3.2 requires at least 1,024, and browsers honor later declarations
_CHARSET = patterns.lazy(r"charset\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s;\"']+)", re.IGNORECASE)
_XML = patterns.lazy(r"\s*+<\?xml\s[^<>]*?\bencoding\s*+=\s*+[\"']([^\"']+)")
# The encodings that browsers use for some labels, by Python codec name (WHATWG Encoding 4.2).
_BROWSERS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_OF_PAGES = patterns.lazy(r"(?:cp\d+|iso8859-\d+|iso2022_jp|koi8-[rtu]|mac-\w+|big5hkscs|euc_jp|gb18030)\Z")


def declared_charset(data: bytes) -> str | None:
    """Return the name of the Python codec for the encoding that the page `data` declares, or None if there is none.

    The declaration must be in the first 8,192 bytes. If the page declares UTF-8 or an encoding that is not used for
    pages, or is valid UTF-8, the result is also None.
    """
    try:
        data.decode("utf-8")  # takes less time than looking for a declaration
    except UnicodeDecodeError:
        return codec_name(_label(data[:_HEAD_BYTES].decode("latin-1"))) or None
    return None


def _label(head: str) -> str:
    """Return the name of the encoding that `head`, the start of a page, declares, or ""."""
    if xml := _XML.match(head):
        return xml[1]
    for tag in html_lexer.lex_tags(head):
        if tag.name == "meta" and tag.kind == "open" and (label := _of_meta(tag)):
            return label
    return ""


def _of_meta(tag: Tag) -> str:
    charset, kind, content = (tag.attribute(name) for name in ("charset", "http-equiv", "content"))
    if charset:
        return charset.value
    if not (kind and content and kind.value.strip().lower() == "content-type"):
        return ""
    found = _CHARSET.search(content.value)
    return found[1].strip("\"'") if found else ""


def codec_name(label: str) -> str:
    """Return the name of the Python codec for the label of an encoding.

    The result is "" if the encoding is unknown, is UTF-8 or UTF-16, or is not used for pages.
    """
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return ""
    name = _BROWSERS.get(name, name)
    return name if _OF_PAGES.match(name) else ""
