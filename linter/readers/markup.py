"""What HTML tags mean for the text between them: blocks, scopes, links, images, code, and what nobody sees."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from linter.document import Image, Span, Tag, whole
from linter.elements import RAW_TEXT
from linter.readers.builder import Builder

# Elements that begin and end a block (WHATWG HTML, "Rendering", display: block, and table parts).
BLOCK = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p
    pre search section summary table tbody td tfoot th thead title tr ul
    """.split()
)
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
CODE = frozenset({"code", "pre", "samp", "kbd", "tt", "xmp", "listing", "plaintext"})
# A new one of these ends an open one of its group, up to the container named behind it.
_ENDS = {
    "li": ({"li"}, {"ul", "ol", "menu", "dir"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table"}),
    "th": ({"td", "th"}, {"table"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HEADING = re.compile(r"h([1-6])\Z")


@dataclass(eq=False)
class Markup:
    """Feeds a builder from tags and the text between them.

    `tag` and `text` must come in source order. The content of code is one U+FFFC, and a block of scope code;
    of elements that show no copy (script, style …) it is such a block alone, but only where they are closed:
    an open script hides nothing.
    """

    builder: Builder
    open: list[tuple[str, str]] = field(default_factory=list)  # block elements, with the scope they give or ""
    _until: tuple[str, int, int] | None = None  # element whose content is code, and where that begins
    _next_close: dict[str, int] = field(default_factory=dict)

    def text(self, start: int, end: int) -> None:
        """Add source text that may hold entities."""
        if self._until:
            return
        text, done = self.builder.source.text, start
        if "&" in text[start:end]:
            for entity in _ENTITY.finditer(text, start, end):
                shown = html.unescape(entity[0])
                if shown != entity[0]:
                    self.builder.text(done, entity.start())
                    self.builder.atom(*entity.span(), shown)
                    done = entity.end()
        self.builder.text(done, end)

    def tag(self, tag: Tag) -> None:
        """Take a tag into account, and remember it for the document."""
        self.builder.tags.append(tag)
        if self._until:
            self._maybe_end_code(tag)
        elif tag.kind == "open":
            self._opened(tag)
        elif tag.kind == "close":
            self._closed(tag)

    def flush(self) -> None:
        """End the block, in the scopes that open elements give it."""
        level = next((int(m[1]) for name, _ in reversed(self.open) if (m := _HEADING.match(name))), 0)
        if level:
            self.builder.heading(level)
        else:
            self.builder.flush(*(scope for _, scope in self.open if scope))

    def close_to(self, depth: int) -> None:
        """Forget block elements opened since `len(open)` was `depth`: their container has ended."""
        self._until = None
        if len(self.open) > depth:
            self.flush()
            del self.open[depth:]

    def _opened(self, tag: Tag) -> None:
        name = tag.name
        if name in BLOCK:
            self.flush()
            if name in _ENDS:
                self._end_siblings(*_ENDS[name])
            if name != "hr":
                self.open.append((name, SCOPE.get(name, "")))
        if name == "br":
            self.builder.atom(*tag.span, "\n")
        elif name == "img":
            self._image(tag)
        elif name == "a" and (href := tag.attribute("href")):
            self._link(tag, href.value, href.span or tag.span)
        if (name in CODE or name in RAW_TEXT) and self._close_follows(name, tag.span.end):
            self._until = (name, tag.span.start, tag.span.end)

    def _closed(self, tag: Tag) -> None:
        name = tag.name
        if name == "a":
            self.builder.close_link(tag.span.end)
        elif name in BLOCK:
            self.flush()
            if any(name == opened for opened, _ in self.open):
                while self.open.pop()[0] != name:
                    pass

    def _end_siblings(self, siblings: set[str], containers: set[str]) -> None:
        for i in range(len(self.open) - 1, -1, -1):
            if self.open[i][0] in containers:
                return
            if self.open[i][0] in siblings:
                del self.open[i:]
                return

    def _link(self, tag: Tag, url: str, url_span: Span) -> None:
        self.builder.close_link(tag.span.start)  # an <a> ends the one before it
        title = tag.attribute("title")
        self.builder.open_link(
            tag.span.start,
            url,
            url_span,
            "html",
            title=title.value if title else "",
            title_span=title.span if title else None,
            attributes={a.name: a.value for a in tag.attributes},
        )

    def _image(self, tag: Tag) -> None:
        src, alt, title = (tag.attribute(name) for name in ("src", "alt", "title"))
        self.builder.image(
            Image(
                span=tag.span,
                alt=whole(alt.value, alt.span or tag.span, frozenset({"alt"})) if alt else None,
                url=src.value if src else "",
                url_span=src.span or tag.span if src else tag.span,
                title=title.value if title else "",
                title_span=title.span if title else None,
            )
        )

    def _close_follows(self, name: str, offset: int) -> bool:
        """Whether `</name` stands at or behind `offset`; linear over all calls of a document."""
        known = self._next_close.get(name, -1)
        if known < offset:
            found = re.compile(rf"</{name}(?![\w-])", re.IGNORECASE).search(self.builder.source.text, offset)
            known = self._next_close[name] = found.start() if found else len(self.builder.source.text) + 1
        return known <= len(self.builder.source.text)

    def _maybe_end_code(self, tag: Tag) -> None:
        assert self._until
        name, begin, inner = self._until
        if tag.kind != "close" or tag.name != name:
            return
        self._until = None
        self.builder.code(inner, tag.span.start)
        if name in CODE and name != "pre":
            self.builder.atom(begin, tag.span.end)
        if name in BLOCK:
            self._closed(tag)
