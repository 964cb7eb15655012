"""Puts a document together from pieces of text, in source order; what all readers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
    whole,
)
from linter.readers import notes
from linter.readers.urls import bare_links, with_bare
from linter.source import Source

_PARAGRAPH = frozenset({"paragraph"})


@dataclass
class _OpenLink:
    """A link whose anchor is still being read, or whose block is."""

    begin: int  # where its first mark stands in the source
    start: int  # where the anchor begins in the block's text
    fields: dict[str, Any]
    end: int | None = None


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
    _parts: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _pieces: list[Span] = field(default_factory=list)
    _length: int = 0
    _verbatim_end: int = -1  # where the last piece ends in the source, if it is verbatim
    _links: list[_OpenLink] = field(default_factory=list)

    def text(self, start: int, end: int) -> None:
        """Add `source.text[start:end]` as it stands."""
        self.piece(self.source.text[start:end], start, end)

    def piece(self, text: str, start: int, end: int) -> None:
        """Add `text`, which stands at `[start, end)` of the source: verbatim if the lengths agree, else as one."""
        if not text:
            return
        length = len(text)
        self._parts.append(text)
        if self._verbatim_end == start and length == end - start:  # one piece with the last
            self._pieces[-1] = Span(self._pieces[-1].start, end)
        else:
            self._starts.append(self._length)
            self._pieces.append(Span(start, end))
        self._verbatim_end = end if length == end - start else -1
        self._length += length

    def atom(self, start: int, end: int, text: str = OBJECT) -> None:
        """Add `text` for what stands at `[start, end)`, as one whole; what stands there verbatim is no atom."""
        if text == self.source.text[start:end]:
            self.piece(text, start, end)
        else:
            self._verbatim_end = -1
            self.piece(text, start, end)
            self._verbatim_end = -1

    @property
    def begun(self) -> bool:
        """Whether anything was added since the last block ended."""
        return bool(self._parts or self._links)

    def flush(self, *scopes: str) -> Block | None:
        """End the block: its scopes are the containers', or `scopes` besides, or paragraph. None if blank."""
        text = "".join(self._parts)
        left, right = _extent(text)
        block = None
        if left < right:
            named = frozenset((*self.scopes, *scopes)) if self.scopes or scopes else _PARAGRAPH
            raw = Block(text, named, tuple(self._starts), tuple(self._pieces))
            block = raw if right - left == len(text) else raw.part(left, right)
            self.blocks.append(block)
        if block or self._links:
            self._end_links(block, left)
        self._parts, self._starts, self._pieces = [], [], []
        self._length, self._verbatim_end = 0, -1
        return block

    def whole(self, start: int, end: int, *scopes: str) -> None:
        """Add a block at once, `source.text[start:end]`; it is not to be begun, and is none if blank."""
        text = self.source.text[start:end]
        left, right = _extent(text)
        if left == right:
            return
        named = frozenset((*self.scopes, *scopes)) if self.scopes or scopes else _PARAGRAPH
        block = Block(text[left:right], named, (0,), (Span(start + left, start + right),))
        self.blocks.append(block)
        self.links += bare_links(block)

    def heading(self, level: int) -> None:
        """End the block as a heading."""
        if block := self.flush("heading"):
            self.headings.append(Heading(level, block))

    def open_link(self, begin: int, url: str, url_span: Span, kind: str, **fields: Any) -> None:
        """Begin a link whose first mark is at `begin`; what is added until `close_link` is its anchor.

        `fields` are others of Link.
        """
        fields |= {"url": url, "url_span": url_span, "kind": kind}
        self._links.append(_OpenLink(begin, self._length, fields))

    def close_link(self, end: int) -> None:
        """End the link opened last, if one is open; `end` is behind its last mark."""
        if self.link_open():
            link = self._links[-1]
            link.end = self._length
            link.fields["span"] = Span(link.begin, end)

    def link_open(self) -> bool:
        """Whether a link is open; there is never more than one (no link lies in another)."""
        return bool(self._links) and self._links[-1].end is None

    def code(self, start: int, end: int) -> None:
        """Add code, which is a block of its own and nothing in the text."""
        if start < end:
            span = Span(start, end)
            self.blocks.append(whole(self.source.text[start:end], span, frozenset({"code"})))

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
        made: list[Link] = []
        for link in self._links:
            fields = link.fields
            home = block or Block("", frozenset(self.scopes) or _PARAGRAPH, (0,), (fields["url_span"],))
            size = len(home.text)
            start, end = link.start - left, (self._length if link.end is None else link.end) - left
            start = 0 if start < 0 else size if start > size else start
            end = start if end < start else size if end > size else end
            if "span" not in fields:
                fields["span"] = Span(link.begin, max(home.outer.end, fields["url_span"].end))
            made.append(Link(block=home, start=start, end=end, **fields))
        self.links += with_bare(made, block) if block else made
        self._links = []


def _extent(text: str) -> tuple[int, int]:
    """`text` without white space around it, as a span of it."""
    right = len(text.rstrip())
    return (len(text) - len(text.lstrip()) if right else 0), right
