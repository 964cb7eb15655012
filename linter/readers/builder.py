"""Build a document, part by part. All readers use this module.

The module also creates the notes on how an article was decoded, and converts bare URLs to links when a block ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache

from linter import patterns
from linter.document import (
    OBJECT,
    Block,
    Document,
    Fence,
    Heading,
    Image,
    Link,
    Metadata,
    Note,
    Span,
    Tag,
    simple_block,
    span_of,
)
from linter.source import Source

CODE = frozenset({"code"})
MARKDOWN_CODE = CODE | {"code.markdown"}  # for code in which entities are literal text
_PARAGRAPH = frozenset({"paragraph"})
_BOILERPLATE = frozenset({"boilerplate"})  # for text that is not part of the article; it has no other scopes
_NOTHING: Mapping[str, str] = {}
_NOWHERE = Block("", frozenset(), (0, 0, 0))
_NO_METADATA = Metadata()
_OPEN = -1  # the end of a link that is still open


class Builder:
    """Collects the blocks and other parts of a document.

    `text` adds unchanged source text to the current block, and `atom` adds text that represents its source, such as
    U+FFFC for an image. `flush` ends the block.

    `scopes` has the scopes of the open containers, such as `list`, from the outermost container to the innermost. The
    HTML reader leaves `scopes` empty, and passes all scopes to `flush`.
    """

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.kind = kind
        self.scopes: list[str] = []
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.headings: list[Heading] = []
        self.fences: list[Fence] = []
        self.tags: list[Tag] = []
        self.marks: list[Span] = []
        self.notes: list[Note] = []
        self.metadata = _NO_METADATA
        self.parts: list[str] = []  # text of the current block
        self.places: list[int] = []  # map of the current block
        self.length = 0  # length of the current block's text
        self.verbatim_end = -1  # source end of the last piece, if it is verbatim
        self._text = source.text
        self.open_links: list[Link] = []  # links whose anchor or block has not ended

    def copy(self) -> Builder:
        """Return a new builder with the blocks, links, notes and metadata that have been added so far.

        Adding to the new builder does not change this one. It has no parts of other kinds and no current block.
        """
        other = Builder(self.source, self.kind)
        other.blocks += self.blocks
        other.links += self.links
        other.notes += self.notes
        other.metadata = self.metadata
        return other

    def text(self, start: int, end: int) -> None:
        """Add `source.text[start:end]` to the current block, unchanged."""
        if start < end:
            self.words(start, end, self._text[start:end])

    def words(self, start: int, end: int, text: str) -> None:
        """Add `text`, which is `source.text[start:end]` and not empty, to the current block."""
        self.parts.append(text)
        if self.verbatim_end == start:  # extends the last piece
            self.places[-1] = end
        else:
            self.places += (self.length, start, end)
        self.verbatim_end = end
        self.length += end - start

    def atom(self, start: int, end: int, text: str = OBJECT) -> None:
        """Add `text`, which represents the source at `[start, end)`, to the current block as one piece.

        If `text` is identical to that source, it is added as unchanged source text instead. Empty text is not added.
        """
        if text == self._text[start:end]:
            self.text(start, end)
        elif text:
            self.parts.append(text)
            self.places += (self.length, start, end)
            self.verbatim_end = -1
            self.length += len(text)

    @property
    def is_begun(self) -> bool:
        """Whether any text or link has been added since the last block ended."""
        return bool(self.parts or self.open_links)

    def flush(self, *scopes: str) -> Block | None:
        """End the current block; return it without white space at its edges, or None if it is blank.

        The block gets the scopes `scopes` and the scopes of its containers, or `paragraph` if there are none. If
        `boilerplate` is among these scopes, the block gets only `boilerplate`.
        """
        text = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        left, right = _extent(text)
        block = None
        if left < right:
            named = _scope_set((*self.scopes, *scopes)) if self.scopes or scopes else _PARAGRAPH
            block = Block(text, named, tuple(self.places))
            if right - left < len(text):
                block = block.part(left, right)
            self.blocks.append(block)
        if self.open_links or may_hold_url(text):
            self._end_links(block, left)
        if self.parts:
            self.parts, self.places = [], []
            self.length, self.verbatim_end = 0, -1
        return block

    def heading(self, level: int, *scopes: str) -> None:
        """End the current block as a heading. A block that is blank or boilerplate is not added to `headings`."""
        if (block := self.flush("heading", *scopes)) and block.scopes != _BOILERPLATE:
            self.headings.append(Heading(level, block))

    def open_link(
        self,
        begin: int,
        url: str,
        url_span: Span,
        kind: str,
        title: str = "",
        title_span: Span | None = None,
        attributes: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Begin a link whose markup starts at the offset `begin`. The other arguments are as in `Link`.

        The text that is added until `close_link` is called, or until the block ends, is the text of the link.
        """
        span = span_of((begin, _OPEN))
        self.open_links.append(
            Link(span, _NOWHERE, self.length, _OPEN, url, url_span, kind, title, title_span, attributes)
        )

    def close_link(self, end: int) -> None:
        """End the open link, if there is one; `end` is the offset at which its markup ends."""
        if self.open_links and (link := self.open_links[-1]).end == _OPEN:  # links do not nest, so at most one is open
            link.span, link.end = span_of((link.span[0], end)), self.length

    def code(self, start: int, end: int, scopes: frozenset[str] = CODE) -> None:
        """Add `source.text[start:end]` as a block of code, separate from the current block. Empty text is not added."""
        if start < end:
            self.blocks.append(Block(self._text[start:end], scopes, (0, start, end)))

    def image(self, image: Image) -> None:
        """Add an image to `images`, U+FFFC to the current block, and any alternative text as a separate block."""
        self.atom(*image.span)
        self.images.append(image)
        if image.alt and image.alt.text:
            self.blocks.append(image.alt)

    def document(self, language: str = "") -> Document:
        """End the current block; return the finished document, with notes on how the source was decoded."""
        self.flush()
        return Document(
            source=self.source,
            kind=self.kind,
            blocks=tuple(self.blocks),
            links=tuple(self.links),
            images=tuple(self.images),
            headings=tuple(self.headings),
            fences=tuple(sorted(self.fences, key=lambda fence: fence.opener)),
            tags=tuple(self.tags),
            marks=tuple(self.marks),
            metadata=self.metadata,
            notes=tuple(sorted((*decoding_notes(self.source), *self.notes), key=lambda note: note.span)),
            language=language,
        )

    def _end_links(self, block: Block | None, left: int) -> None:
        """Add the links of the block that has just ended to `links`, including links for its bare URLs.

        `block` is None if the block is blank. `left` is the number of code points of white space that were removed from
        its start.
        """
        for link in self.open_links:
            home = block or simple_block("", link.url_span, frozenset(self.scopes) or _PARAGRAPH)
            size = len(home.text)
            if link.end == _OPEN:
                link.span = Span(link.span.start, max(home.places[-1], link.url_span.end))
                link.end = self.length
            start, end = link.start - left, link.end - left
            start = 0 if start < 0 else size if start > size else start
            end = start if end < start else size if end > size else end
            link.block, link.start, link.end = home, start, end
        self.links += with_bare(self.open_links, block) if block else self.open_links
        self.open_links = []


@lru_cache(1000)
def _scope_set(scopes: tuple[str, ...]) -> frozenset[str]:
    """Return the set of scopes for a block, always as the same object, because such sets are fast to compare."""
    return _BOILERPLATE if "boilerplate" in scopes else frozenset(scopes)


class Ahead:
    """Finds the next match of a pattern in `text[:stop]`.

    The offsets of successive searches for the same pattern must not decrease. All these searches together take linear
    time.
    """

    def __init__(self, text: str, stop: int) -> None:
        self._text, self._stop = text, stop
        self._known: dict[str, int | None] = {}

    def find(self, pattern: str, at: int) -> int | None:
        """Return the offset of the first match of `pattern` at or after `at`, or None if there is none.

        Case is ignored.
        """
        known = self._known.get(pattern, -1)
        if known is not None and known < at:
            found = re.compile(pattern, re.IGNORECASE).search(self._text, at, self._stop)
            known = self._known[pattern] = found.start() if found else None
        return known


def _extent(text: str) -> tuple[int, int]:
    """Return the start and end of `text`, not counting white space at its edges; (0, 0) if `text` is blank."""
    if text and not (text[0].isspace() or text[-1].isspace()):
        return 0, len(text)
    right = len(text.rstrip())
    return (len(text) - len(text.lstrip()) if right else 0), right


# Notes on how an article was decoded, for all kinds.

_NOT_ASCII = patterns.lazy(r"[^\x00-\x7f]")
_WINDOWS = patterns.lazy(r"cp(125[0-8])\Z")
_MAX_NOTED_RUNS = 100  # maximum runs of undecodable bytes that have their own note; a file with more is not text
_MAX_LISTED_BYTES = 4  # maximum bytes that the note about a run lists


def decoding_notes(source: Source) -> Iterator[Note]:
    """Yield a note `encoding` if the encoding was detected, and notes `undecodable` for undecodable bytes.

    Each of the first 100 sequences of such bytes gets its own note; all others share one. UTF-8 does not count as
    detected.
    """
    if source.recognized:
        first = _NOT_ASCII.search(source.text)
        span = Span(*first.span()) if first else Span(0, min(1, len(source.text)))
        yield Note("encoding", span, {"what": _WINDOWS.sub(r"Windows-\1", source.encoding)})
    for start, run in source.undecodable[:_MAX_NOTED_RUNS]:
        yield Note("undecodable", Span(start, start + len(run)), {"what": _named(run)})
    if rest := source.undecodable[_MAX_NOTED_RUNS:]:
        start, run = rest[0]
        last, end = rest[-1]
        yield Note("undecodable", Span(start, last + len(end)), {"what": _named(run)})


def _named(run: bytes) -> str:
    return " ".join(f"0x{byte:02X}" for byte in run[:_MAX_LISTED_BYTES]) + (
        " …" if len(run) > _MAX_LISTED_BYTES else ""
    )


# Bare URLs in the text of a block, detected as GitHub does.

# GFM, “Autolinks (extension)”. Quotation marks and Chinese and Japanese punctuation also end a URL.
_URL = patterns.lazy(
    rf"""
    (?<![A-Za-z0-9@/.])
    (?P<head> (?:https?|ftp):// (?=[^\W_]) | www\. (?=[\w-]+\.[^\W_]) )
    [^\s<>"`{OBJECT}“”„«»「」『』（）【】《》。，、；：！？\u200b\u2060\ufeff]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}
_TRAILING = "?!.,:;*_~'’‘…"


def may_hold_url(text: str) -> bool:
    """Whether `text` may contain bare URLs. This quick test is also true for some text without URLs."""
    return "://" in text or (("w." in text or "W." in text) and "www." in text.lower())


def with_bare(links: list[Link], block: Block) -> list[Link]:
    """Return `links` together with new links for the bare URLs outside of them, in order.

    `links` are the links already found in `block`. They must be in order and must not overlap.
    """
    bare = list(bare_links(block)) if may_hold_url(block.text) else ()
    if not bare:
        return links
    starts = [link.start for link in links]
    outside = []
    for link in bare:
        i = bisect_right(starts, link.start) - 1
        if i < 0 or links[i].end <= link.start:
            outside.append(link)
    return sorted(links + outside, key=lambda link: link.start)


def bare_links(block: Block) -> Iterator[Link]:
    """Yield a link of the kind `bare` for each URL in `block.text`, in order, even if it is inside another link.

    A URL begins with `http://`, `https://`, `ftp://` or `www.`, and ends before any markup. The URL does not include
    punctuation or unmatched closing brackets at its end.
    """
    text = block.text
    for found in _URL.finditer(text):
        start = found.start()
        end = _trimmed(text, start, _markup_start(block, start, found.end()))
        if end > found.end("head"):
            span = block.span(start, end)
            yield Link(span, block, start, end, text[start:end], span, "bare")


def _markup_start(block: Block, start: int, end: int) -> int:
    """Return the offset of the first markup inside `block.text[start:end]`, or `end` if there is no markup."""
    i = bisect_right(block.starts, start) - 1
    for at in range(3 * i + 3, len(block.places), 3):
        if block.places[at] >= end:
            break
        if block.places[at - 1] != block.places[at + 1]:
            return block.places[at]
    return end


def _trimmed(text: str, start: int, end: int) -> int:
    """Return the end of the URL in `text[start:end]`, without trailing punctuation or unmatched closing brackets."""
    surplus: dict[str, int] = {}
    while end > start:
        last = text[end - 1]
        if last in _CLOSES:
            if last not in surplus:
                surplus[last] = text.count(last, start, end) - text.count(_CLOSES[last], start, end)
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end
