"""Read HTML: whole pages, parts of pages, and broken pages.

`Page` adds the blocks, scopes, links, images and code of a page to a builder. Cells of layout tables do not get the
scope `table`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from linter.document import Block, Document, Fence, Heading, Span, Tag
from linter.readers import front_matter, html_head, html_lexer, html_tree
from linter.readers.builder import Builder
from linter.readers.fence_marks import find_marks
from linter.readers.html_meaning import BLOCK as _BLOCK
from linter.readers.html_meaning import CELL, HEADINGS, LEVELS, RAW_TEXT, SCOPE, image_of, link_fields
from linter.readers.html_text import TextFlow
from linter.readers.html_tree import ARTICLE, BOILERPLATE, HIDDEN
from linter.readers.listings import find_listings
from linter.source import Source


def read(source: Source) -> Document:
    """Return the document for a whole or partial HTML page. The source may begin with front matter."""
    builder = Builder(source, "html")
    start = front_matter.read_front_matter(builder)
    tags = html_lexer.lex_tags(source.text, start)
    ends = html_tree.element_ends(tags, source.text)
    language = html_head.read_head(builder, tags, ends)
    Page(builder, tags, ends, start).write()
    builder.tags += tags
    return builder.document(language)


# Elements that begin and end a block, including obsolete ones.
BLOCK = _BLOCK | {"button", "listing", "noscript", "plaintext", "xmp"}
_CODE_BLOCKS = frozenset({"pre", "listing", "xmp"})
_CODE = frozenset({"code", "samp", "kbd", "tt"})
# Elements whose content is not text of the article, or is shown only as a fallback.
SKIPPED = RAW_TEXT | frozenset(
    {"audio", "canvas", "datalist", "embed", "map", "noembed", "noframes", "rp", "rt", "title", "video"}
)
EMBED = "[embed]"  # in WordPress posts, the name of a tag that the reader adds for embedded media
_OBJECTS = frozenset({"math", EMBED})
_OPAQUE = _CODE_BLOCKS | _CODE | SKIPPED | _OBJECTS | {"sup"}
_SCOPES = SCOPE | dict.fromkeys(LEVELS, "heading")
_MEANINGFUL = frozenset({"a", "amp-img", "br", "img", "q", *_SCOPES})
_TELLING = _OPAQUE | _MEANINGFUL
_PERMALINK_CHARS = "#¶§🔗 \t\r\n"
_ALT = frozenset({"alt"})
_LISTING = 3  # the state of the content of an element that shows code; see `html_tree.content_states` for the others


class _Scope(NamedTuple):
    """A scope that an open element gives to its text, up to the tag with the index `end`."""

    end: int
    name: str


@dataclass(eq=False)
class Page:
    """Adds the content of a page to a builder.

    `at` is the offset of the first text that has not been handled yet.
    """

    builder: Builder
    tags: Sequence[Tag]
    ends: Sequence[int]  # for each tag, the index of the tag at which its element ends
    at: int = 0
    _open: list[_Scope] = field(default_factory=list)
    _scopes: Counter[str] = field(default_factory=Counter)  # number of open elements for each scope
    _levels: list[int] = field(default_factory=list)  # levels of the open headings
    _state: int = ARTICLE
    _links: int = 0  # number of links in the article
    _link_end: int = -1  # index of the tag at which the open link ends

    def __post_init__(self) -> None:
        self._text = self.builder.source.text
        self._flow = TextFlow(self.builder)
        self._states = html_tree.content_states(self.tags, self.ends, self._text, SKIPPED)
        for i, end in find_listings(self.tags, self.ends, self._text):
            if self._states[i + 1] == ARTICLE:
                self._states[i + 1 : end + 1] = bytes([_LISTING]) * (end - i)
        self._layout = layout_cells(self.tags, self.ends)

    def write(self) -> None:
        """Add the content of the page to the builder, beginning at the offset `at`."""
        text, tags, states, flow = self._text, self.tags, self._states, self._flow
        i, size = 0, len(tags)
        self._state = states[0]
        while i < size:
            tag = tags[i]
            start, end = tag.span
            if self.at < start and not (flow.blank and text[self.at : start].isspace()):
                flow.text(self.at, start)
            self.at = end
            if i == self._link_end:
                self._close_link(tag)
            name = tag.name
            if name in BLOCK:
                if not flow.blank:
                    self._flush()
                if self._open:
                    self._leave(i)
            if states[i + 1] != self._state or name == "q" or (name in _TELLING and tag.kind == "open"):
                i = self._enter(i, tag)
            else:
                i += 1
        flow.text(self.at, len(text))
        self._flush()

    def _enter(self, i: int, tag: Tag) -> int:
        """Handle the tag with the index `i`; return the index of the next tag to handle."""
        state = self._states[i + 1]
        if state == _LISTING:
            self._listing(tag, self.tags[self.ends[i]])
            return self._skip(i)
        if state != self._state:
            if state == HIDDEN and self._is_inline(i):
                return self._skip(i)
            self._flush()
            self._state = state
        if tag.kind == "open" and tag.name in _OPAQUE and self._opaque(i, tag):
            return self._skip(i)
        if self._levels and tag.name == "a" and self._is_permalink(i, tag):
            return self._skip(i)
        if tag.name in _MEANINGFUL:
            self._apply(i, tag)
        return i + 1

    def _listing(self, tag: Tag, end: Tag) -> None:
        self.builder.code(tag.span.end, end.span.start)
        if tag.name not in BLOCK:
            self._object(tag, end.span.end if end.name == tag.name else end.span.start)

    def _apply(self, i: int, tag: Tag) -> None:
        """Handle a tag whose name is in `_MEANINGFUL`, such as a link or an image."""
        name = tag.name
        if name == "q":
            self._flow.atom(*tag.span, "“" if tag.kind == "open" else "”")
        elif tag.kind != "open":
            return
        elif name == "a":
            if self._state != BOILERPLATE and (href := tag.attribute("href")):
                self._link_end = self.ends[i]
                self._flow.open_link(tag.span.start, link_fields(tag, href))
        elif name == "br":
            if self._flow.broken:  # a second line break makes a blank line
                self._flush()
            else:
                self._flow.line_break(*tag.span)
        elif name in ("img", "amp-img"):
            self._image(tag)
        elif i not in self._layout:
            for scope in (_SCOPES[name], CELL[name]) if name in CELL else (_SCOPES[name],):
                self._open.append(_Scope(self.ends[i], scope))
                self._scopes[scope] += 1
            if name in LEVELS:
                self._levels.append(LEVELS[name])

    def _leave(self, i: int) -> None:
        """Remove the scopes of the elements that end at or before the tag with the index `i`."""
        while self._open and self._open[-1].end <= i:
            scope = self._open.pop().name
            self._scopes[scope] -= 1
            if scope == "heading":
                self._levels.pop()

    def _flush(self) -> None:
        """End the current block, unless it is blank."""
        if self._flow.blank:
            return
        if self._state == ARTICLE:
            block = self._flow.flush(*[scope for scope, count in self._scopes.items() if count] if self._open else ())
            if block:
                self.builder.fences += _fences(block)
                if self._levels:
                    self.builder.headings.append(Heading(self._levels[-1], block))
        else:
            self._flow.flush("boilerplate")
        if self._state == BOILERPLATE:  # links in hidden text are kept
            del self.builder.links[self._links :]
        self._links = len(self.builder.links)

    def _opaque(self, i: int, tag: Tag) -> bool:
        """Return whether to skip the element that begins with `tag`, the tag with the index `i`.

        The content of a skipped element may be added as code.
        """
        name = tag.name
        if name == "sup":
            return self._is_reference(i)
        end = self.tags[self.ends[i]] if self.ends[i] < len(self.tags) else tag
        if end.kind != "close" or end.name != name:
            return False
        if name != "title":
            self.builder.code(tag.span.end, end.span.start)
        if name in _CODE or name in _OBJECTS:
            self._object(tag, end.span.end)
        return True

    def _object(self, tag: Tag, end: int) -> None:
        """Add code, a formula or embedded media. Media with a URL are also a link."""
        href = tag.attribute("href") if tag.name == EMBED else None
        if href and href.span:
            fields = {"url": href.value, "url_span": href.span, "kind": "autolink"}
            self._flow.open_link(tag.span.start, fields)
        self._flow.atom(tag.span.start, end)
        if href:
            self._flow.close_link(end)

    def _is_inline(self, i: int) -> bool:
        """Whether the hidden element that begins at the tag with the index `i` can be skipped without ending the block.

        It can if it contains no block elements and no links to other sites.
        """
        return not any(tag.name in BLOCK or _leads_away(tag) for tag in self.tags[i : self.ends[i]])

    def _is_reference(self, i: int) -> bool:
        """Whether the superscript that begins at the tag with the index `i` seems to be a footnote mark."""
        classes = self.tags[i].attribute("class")
        if classes and "footnote" in classes.value:
            return True
        if i + 1 >= min(self.ends[i], len(self.tags) - 1):
            return False
        link = self.tags[i + 1]
        href = link.attribute("href") if link.name == "a" else None
        return href is not None and href.value.startswith("#")

    def _is_permalink(self, i: int, tag: Tag) -> bool:
        """Whether `tag` begins a link to an anchor on the page, and the link has no text except symbols such as “¶”."""
        href, end = tag.attribute("href"), self.ends[i]
        if tag.kind != "open" or href is None or not href.value.startswith("#") or end == len(self.tags):
            return False
        shown = html_lexer.decoded_block(self._text, Span(tag.span.end, self.tags[end].span.start), frozenset())
        return not shown.text.strip(_PERMALINK_CHARS)

    def _skip(self, i: int) -> int:
        """Skip the element that begins at the tag with the index `i`; return the index of the next tag to handle."""
        end = self.ends[i]
        self.at = self.tags[end].span.start if end < len(self.tags) else len(self._text)
        return max(end, i + 1)

    def _close_link(self, tag: Tag) -> None:
        explicit = tag.kind == "close" and tag.name == "a"
        self._flow.close_link(tag.span.end if explicit else tag.span.start)

    def _image(self, tag: Tag) -> None:
        if self._state != ARTICLE:
            self._flow.atom(*tag.span)
            return
        block = None
        if alt := tag.attribute("alt"):
            block = html_lexer.decoded_block(self._text, alt.span or Span(tag.span.end, tag.span.end), _ALT)
        self._flow.image(image_of(tag, block))


def _leads_away(tag: Tag) -> bool:
    href = tag.attribute("href") if tag.name == "a" else None
    return href is not None and "//" in href.value


def _fences(block: Block) -> Iterator[Fence]:
    """Yield fences for the fence marks in a block."""
    found = find_marks(block.text)
    i = 0
    while i < len(found):
        mark, after = found[i], found[i + 1] if i + 1 < len(found) else None
        if after and "\n" not in block.text[mark.span.end : after.span.start]:
            yield Fence(block.span(*mark.span), block.span(*after.span), mark.info, "one-line")
            i += 2
        else:
            yield Fence(block.span(*mark.span), None, mark.info, "stray")
            i += 1


# Layout tables.


@dataclass(eq=False)
class _Table:
    end: int  # index of the tag at its end
    layout: bool  # whether it is known to be a layout table
    cells: list[int] = field(default_factory=list)  # indexes of the start tags of its cells


def layout_cells(tags: Sequence[Tag], ends: Sequence[int]) -> set[int]:
    """Return the indexes of the start tags of all cells of layout tables.

    A layout table has the role `presentation` or `none`, or contains headings or other tables.
    """
    found: set[int] = set()
    opened: list[_Table] = []
    for i, tag in enumerate(tags):
        while opened and opened[-1].end <= i:
            _close(opened, found)
        if tag.kind == "open" and tag.name == "table":
            if opened:
                opened[-1].layout = True
            role = tag.attribute("role")
            opened.append(_Table(ends[i], role is not None and role.value in ("presentation", "none")))
        elif opened and tag.kind == "open" and tag.name in ("td", "th"):
            opened[-1].cells.append(i)
        elif opened and tag.name in HEADINGS:
            opened[-1].layout = True
    while opened:
        _close(opened, found)
    return found


def _close(opened: list[_Table], found: set[int]) -> None:
    table = opened.pop()
    if table.layout:
        found.update(table.cells)
