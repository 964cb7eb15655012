"""Puts a document together from pieces of text, in source order; what all readers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linter.block import OBJECT, Block, Span, whole
from linter.document import Document, Fence, Heading, Image, Link, Metadata, Note, Tag
from linter.readers import notes
from linter.readers.urls import bare_links, may_hold, with_bare
from linter.source import Source

_PARAGRAPH = frozenset({"paragraph"})


CODE = frozenset({"code"})
_NOTHING: Mapping[str, str] = {}


_NOWHERE = Block("", frozenset(), (0, 0, 0))
_OPEN = -1  # where an open link ends


@dataclass(eq=False)
class Builder:
    """Collects pieces into blocks.

    `text` adds what stands verbatim, `atom` what the reader sees as something else, `flush` ends the block.
    `scopes` is the stack of containers the text lies in; the outermost prose has none.
    """

    source: Source
    kind: str
    scopes: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    metadata: Metadata = field(default_factory=Metadata)
    parts: list[str] = field(default_factory=list)  # of the block that is begun: its text,
    places: list[int] = field(default_factory=list)  # its map,
    length: int = 0  # of its text,
    joint: int = -1  # and where the last piece ends in the source, if it is verbatim
    _links: list[Link] = field(default_factory=list)  # whose anchor is still being read, or whose block is
    _sets: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    def copy(self) -> Builder:
        """Another one that has made the same up to here, with no block begun."""
        return Builder(
            self.source,
            self.kind,
            blocks=list(self.blocks),
            links=list(self.links),
            metadata=self.metadata,
            notes=list(self.notes),
        )

    def text(self, start: int, end: int) -> None:
        """Add `source.text[start:end]` as it stands."""
        self.piece(self.source.text[start:end], start, end)

    def piece(self, text: str, start: int, end: int) -> None:
        """Add `text`, which stands at `[start, end)` of the source: verbatim if the lengths agree, else as one."""
        if not text:
            return
        length = len(text)
        self.parts.append(text)
        if length != end - start:
            self.places += (self.length, start, end)
            self.joint = -1
        else:
            if self.joint == start:  # one piece with the last
                self.places[-1] = end
            else:
                self.places += (self.length, start, end)
            self.joint = end
        self.length += length

    def atom(self, start: int, end: int, text: str = OBJECT) -> None:
        """Add `text` for what stands at `[start, end)`, as one whole; what stands there verbatim is no atom."""
        if text == self.source.text[start:end]:
            self.piece(text, start, end)
        else:
            self.joint = -1
            self.piece(text, start, end)
            self.joint = -1

    @property
    def begun(self) -> bool:
        """Whether anything was added since the last block ended."""
        return bool(self.parts or self._links)

    def flush(self, *scopes: str) -> Block | None:
        """End the block: its scopes are the containers', or `scopes` besides, or paragraph. None if blank."""
        text = "".join(self.parts)
        left, right = _extent(text)
        block = None
        if left < right:
            named = self._named(scopes) if self.scopes or scopes else _PARAGRAPH
            raw = Block(text, named, tuple(self.places))
            block = raw if right - left == len(text) else raw.part(left, right)
            self.blocks.append(block)
        if self._links or may_hold(text):
            self._end_links(block, left)
        if self.parts:
            self.parts, self.places = [], []
            self.length, self.joint = 0, -1
        return block

    def whole(self, start: int, end: int, *scopes: str) -> None:
        """Add a block at once, `source.text[start:end]`; it is not to be begun, and is none if blank."""
        text = self.source.text[start:end]
        left, right = _extent(text)
        if left == right:
            return
        named = self._named(scopes) if self.scopes or scopes else _PARAGRAPH
        block = Block(text[left:right], named, (0, start + left, start + right))
        self.blocks.append(block)
        if may_hold(text):
            self.links += bare_links(block)

    def heading(self, level: int) -> None:
        """End the block as a heading."""
        if block := self.flush("heading"):
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
        """Begin a link whose first mark is at `begin`; what is added until `close_link` is its anchor."""
        span = Span(begin, _OPEN)
        self._links.append(Link(span, _NOWHERE, self.length, _OPEN, url, url_span, kind, title, title_span, attributes))

    def close_link(self, end: int) -> None:
        """End the link opened last, if one is open; `end` is behind its last mark."""
        if self._links and (link := self._links[-1]).end == _OPEN:  # never more than one is: none lies in another
            link.span, link.end = Span(link.span.start, end), self.length

    def code(self, start: int, end: int) -> None:
        """Add code, which is a block of its own and nothing in the text."""
        if start < end:
            self.blocks.append(Block(self.source.text[start:end], CODE, (0, start, end)))

    def image(self, image: Image) -> None:
        """Add an image, which stands in the text as one U+FFFC."""
        self.atom(*image.span)
        self.images.append(image)
        if image.alt and image.alt.text:
            self.blocks.append(image.alt)

    def document(self, language: str = "") -> Document:
        """The finished document, with the notes on how it was decoded."""
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
            metadata=self.metadata,
            notes=tuple(sorted((*notes.of(self.source), *self.notes), key=lambda note: note.span)),
            language=language,
        )

    def _end_links(self, block: Block | None, left: int) -> None:
        """Make the links of the block just ended, bare ones too; one that is still open ends with it."""
        for link in self._links:
            home = block or whole("", link.url_span, frozenset(self.scopes) or _PARAGRAPH)
            size = len(home.text)
            if link.end == _OPEN:
                link.span = Span(link.span.start, max(home.places[-1], link.url_span.end))
                link.end = self.length
            start, end = link.start - left, link.end - left
            start = 0 if start < 0 else size if start > size else start
            end = start if end < start else size if end > size else end
            link.block, link.start, link.end = home, start, end
        self.links += with_bare(self._links, block) if block else self._links
        self._links = []

    def _named(self, scopes: tuple[str, ...]) -> frozenset[str]:
        """The containers' scopes and `scopes`, one object each: blocks are compared by them a lot."""
        key = (*self.scopes, *scopes)
        if key not in self._sets:
            self._sets[key] = frozenset(key)
        return self._sets[key]


def _extent(text: str) -> tuple[int, int]:
    """`text` without white space around it, as a span of it."""
    if text and not (text[0].isspace() or text[-1].isspace()):
        return 0, len(text)
    right = len(text.rstrip())
    return (len(text) - len(text.lstrip()) if right else 0), right
