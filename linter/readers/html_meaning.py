"""Interpret HTML tags and the text between them: blocks, scopes, links, images, code, and hidden text.

`Markup` handles the HTML in Markdown and plain text; the module `html` handles HTML sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from linter import patterns
from linter.document import Attribute, Block, Image, Tag, simple_block
from linter.readers.builder import Ahead, Builder
from linter.word_lists import word_lists

_LISTS = word_lists("html_elements.txt")
ELEMENTS, VOID, OPTIONAL_END = _LISTS["all"], _LISTS["void"], _LISTS["optional end"]
RAW_TEXT = _LISTS["raw text"]  # elements whose content is not text of the article
BLOCK, ENDS_P = _LISTS["block"], _LISTS["ends a paragraph"]
PROSE, BOOLEAN = _LISTS["of running text"], _LISTS["attributes without value"]
SCOPE = {
    "li": "list",
    "dd": "list",
    "dt": "list",
    "blockquote": "quote",
    "td": "table",
    "th": "table",
    "caption": "caption",
    "figcaption": "caption",
}
CELL = {"th": "table.header", "td": "table.cell"}  # the scopes that elements add to the scope `table`
LEVELS = {f"h{level}": level for level in range(1, 7)}
HEADINGS = frozenset(LEVELS)
CODE = frozenset({"code", "pre", "samp", "kbd", "tt", "xmp", "listing", "plaintext"})
# The start tag of each of these elements ends an open element of the first set, unless an element of the second set is
# open inside that one.
_ENDS = {
    "li": ({"li"}, {"ul", "ol", "menu", "dir"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table"}),
    "th": ({"td", "th"}, {"table"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
}
_ENTITY = patterns.lazy(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_EMBEDS = word_lists("html_landmarks.txt")["embed boilerplate"]  # classes of quotations that embed a social media post
_EMBEDDED = "boilerplate"
_MAX_DEPTH = 256  # maximum open block elements; browsers stop at 512


class Element(NamedTuple):
    """An open block element.

    `scopes` has the scopes of its text, and `level` is the heading level of its text, or 0. `ends_line` is the index,
    in the stack of open elements, of the outermost element without an end tag. This is the element itself or one around
    it. The index is -1 if all of them have end tags, or if the reader does not know the end tags.
    """

    name: str
    scopes: tuple[str, ...]
    level: int
    ends_line: int


_NONE = Element("", (), 0, -1)


@dataclass(eq=False)
class Markup:
    """Adds tags, and the text between them, to a builder.

    `tag` and `text` must be called in source order. The content of a closed code element becomes a block with the scope
    `code`; unless the element is `pre`, it also becomes one U+FFFC in the text. The content of a closed element without
    readable text (script, style …) becomes only a block with the scope `code`. If elements of these two kinds are not
    closed, their content is text, so an unclosed script hides nothing.

    `closed` are the offsets of the start tags that have an end tag, or None if the reader does not know them. If they
    are known, the scope of any other start tag applies only up to the next call of `end_line`.
    """

    builder: Builder
    closed: frozenset[int] | None = None
    open: list[Element] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)  # number of open elements per name
    hides: bool = False  # whether the following text is code, or is not text for readers
    _deeper: int = 0  # elements opened beyond _MAX_DEPTH
    _until: tuple[str, int, int] | None = None  # element whose content is code, with the start and end of its tag

    def __post_init__(self) -> None:
        text = self.builder.source.text
        self._ahead = Ahead(text, len(text))

    def text(self, start: int, end: int) -> None:
        """Add `source.text[start:end]`, with entities decoded. Nothing is added while `hides` is true."""
        if self._until:
            return
        text, done = self.builder.source.text, start
        if "&" in text[start:end]:
            for entity in _ENTITY.finditer(text, start, end):
                if shown := _shown(entity[0]):
                    self.builder.text(done, entity.start())
                    self.builder.atom(*entity.span(), shown)
                    done = entity.end()
        self.builder.text(done, end)

    def tag(self, tag: Tag) -> None:
        """Handle a tag, and add it to the tags of the document."""
        self.builder.tags.append(tag)
        if self._until:
            self._maybe_end_code(tag)
        elif tag.kind == "open":
            self._opened(tag)
        elif tag.kind == "close":
            self._closed(tag)

    def flush(self) -> None:
        """End the current block, with the scopes of the innermost open element.

        The block becomes a heading if this element is a heading or is inside one. An embedded social media post has no
        headings, and its links are not kept.
        """
        inside = self.open[-1] if self.open else _NONE
        if inside.level and _EMBEDDED not in inside.scopes:
            self.builder.heading(inside.level, *inside.scopes)
            return
        links = len(self.builder.links)
        block = self.builder.flush(*inside.scopes)
        if block and _EMBEDDED in block.scopes:
            del self.builder.links[links:]

    def close_to(self, depth: int) -> None:
        """End all open elements except the first `depth` ones, because the container around them has ended.

        If any elements end, the current block ends too. Code and hidden text end in any case.
        """
        self._until, self.hides = None, False
        if len(self.open) > depth:
            self.flush()
            self._drop(depth)

    def end_line(self) -> None:
        """End the current block, the outermost open element without an end tag, and all elements inside it."""
        self.flush()
        if self.open and self.open[-1].ends_line >= 0:
            self._drop(self.open[-1].ends_line)

    def _opened(self, tag: Tag) -> None:
        name = tag.name
        if name in BLOCK:
            self.flush()
            if name in _ENDS:
                self._end_siblings(*_ENDS[name])
            if name not in VOID:
                self._push(tag)
        if name == "br":
            self.builder.atom(*tag.span, "\n")
        elif name == "img":
            alt = tag.attribute("alt")
            self.builder.image(
                image_of(tag, simple_block(alt.value, alt.span or tag.span, frozenset({"alt"})) if alt else None)
            )
        elif name == "a" and (href := tag.attribute("href")):
            self.builder.close_link(tag.span.start)  # an <a> ends the previous one
            self.builder.open_link(tag.span.start, **link_fields(tag, href))
        if (name in CODE or name in RAW_TEXT) and self._is_closed(tag):
            self._until, self.hides = (name, tag.span.start, tag.span.end), True

    def _closed(self, tag: Tag) -> None:
        name = tag.name
        if name == "a":
            self.builder.close_link(tag.span.end)
        elif name in BLOCK:
            self.flush()
            if self._deeper:
                self._deeper -= 1
            elif self._names[name]:
                depth = len(self.open) - 1
                while self.open[depth].name != name:
                    depth -= 1
                self._drop(depth)

    def _push(self, tag: Tag) -> None:
        if len(self.open) >= _MAX_DEPTH:
            self._deeper += 1
            return
        around = self.open[-1] if self.open else _NONE
        scope, heading = SCOPE.get(tag.name), LEVELS.get(tag.name, 0)
        ends_line = around.ends_line
        if self.closed is not None and tag.span.start not in self.closed:
            if not scope and not heading:
                return
            ends_line = len(self.open) if ends_line < 0 else ends_line
        named = [scope, CELL.get(tag.name)]
        scopes = (*around.scopes, *(each for each in named if each and each not in around.scopes))
        if scope == "quote" and self._is_embed(tag):
            scopes = (_EMBEDDED,)
        self.open.append(Element(tag.name, scopes, heading or around.level, ends_line))
        self._names[tag.name] += 1

    def _is_embed(self, tag: Tag) -> bool:
        """Whether `tag` begins a closed block quote that embeds a social media post, judging by its classes."""
        classes = tag.attribute("class")
        return classes is not None and not _EMBEDS.isdisjoint(classes.value.split()) and self._is_closed(tag)

    def _drop(self, depth: int) -> None:
        for element in self.open[depth:]:
            self._names[element.name] -= 1
        del self.open[depth:]
        self._deeper = 0

    def _end_siblings(self, siblings: set[str], containers: set[str]) -> None:
        if not any(self._names[name] for name in siblings):
            return
        for i in range(len(self.open) - 1, -1, -1):
            if self.open[i].name in containers:
                return
            if self.open[i].name in siblings:
                self._drop(i)
                return

    def _is_closed(self, tag: Tag) -> bool:
        """Whether the start tag `tag` seems to have an end tag."""
        if self.closed is not None:
            return tag.span.start in self.closed
        return self._ahead.find(rf"</{tag.name}[ \t\r\n\f]*+>", tag.span.end) is not None

    def _maybe_end_code(self, tag: Tag) -> None:
        assert self._until
        name, begin, inner = self._until
        if tag.kind != "close" or tag.name != name:
            return
        self._until, self.hides = None, False
        self.builder.code(inner, tag.span.start)
        if name in CODE and name != "pre":
            self.builder.atom(begin, tag.span.end)
        if name in BLOCK:
            self._closed(tag)


def link_fields(tag: Tag, href: Attribute) -> dict[str, Any]:
    """Return the keyword arguments of `Builder.open_link`, without `begin`, for the link whose start tag is `tag`.

    `href` is the attribute that has the URL.
    """
    title = tag.attribute("title")
    return {
        "url": href.value,
        "url_span": href.span or tag.span,
        "kind": "html",
        "title": title.value if title else "",
        "title_span": title.span if title else None,
        "attributes": {attribute.name: attribute.value for attribute in tag.attributes},
    }


def image_of(tag: Tag, alt: Block | None) -> Image:
    """Return the image for the tag of an image element, with `alt` as its alternative text."""
    src, title = tag.attribute("src"), tag.attribute("title")
    return Image(
        span=tag.span,
        alt=alt,
        url=src.value if src else "",
        url_span=src.span or tag.span if src else tag.span,
        title=title.value if title else "",
        title_span=title.span if title else None,
    )


def _shown(entity: str) -> str:
    """Return the text that an entity represents, or "" if it represents no text."""
    return unescape(entity) if entity[1] == "#" else references().get(entity[1:], "")


def unescape(text: str) -> str:
    """Return `text` with character references decoded, as `html.unescape` does."""
    if "&" not in text:
        return text
    import html  # its table takes 1 ms

    return html.unescape(text)


@cache
def references() -> Mapping[str, str]:
    """Return the texts of character references by their names, such as `amp;` and `amp`."""
    from html.entities import html5

    return html5
