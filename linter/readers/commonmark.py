"""CommonMark as it was parsed, fed to a builder."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from linter.document import Block, Image, Span
from linter.readers.builder import Builder
from linter.readers.destinations import Destinations
from linter.readers.fenced import Code, fenced
from linter.readers.inline import SPANNING, SPECIAL, Inline
from linter.readers.markup import Markup
from linter.readers.parsing import Event, Parsed
from linter.readers.rawhtml import RawHtml
from linter.readers.templates import TEMPLATE

_SCOPES = {"BlockQuote": "quote", "Item": "list", "Table": "table", "FootnoteDefinition": ""}
_KINDS = {"Inline": "inline", "Autolink": "autolink", "Email": "autolink"}
_AMPERSAND, _LESS = b"&<"
_CODE = frozenset({"code"})


def write(builder: Builder, parsed: Parsed, cuts: Sequence[Span], objects: Set[Span]) -> Code:
    """Add to `builder` what is parsed: a copy of its source that differs in single characters.

    `cuts` are spans, in order, in which it does and which are left out; in place of `objects` stands one U+FFFC.
    Returns the code that was found, in code points of the copy.
    """
    writer = _Writer(builder, parsed, cuts, objects)
    for events in parsed.events():
        writer.write(events)
    return writer.found


class _Container(NamedTuple):
    """A block that holds blocks: where it ends (in bytes), and what was open in it before."""

    end: int
    scope: str
    depth: int
    hidden: bool


@dataclass
class _OpenImage:
    """An image whose alt text is being read."""

    start: int
    detail: dict[str, str]


class _Writer:
    """Takes the events in order; `i` is always the index of the event that comes next."""

    def __init__(self, builder: Builder, parsed: Parsed, cuts: Sequence[Span], objects: Set[Span]) -> None:
        self.found = Code()
        self._builder, self._shadow, self._raw, self._at = builder, *parsed
        self._events: list[Event] = []
        self._text = builder.source.text
        self._markup = Markup(builder)
        self._inline = Inline(builder, self._markup, parsed, cuts, objects)
        self._html = RawHtml(builder, self._markup, self._inline, self._shadow)
        self._block_end = len(self._raw)  # of the innermost block, in bytes
        self._containers: list[_Container] = []
        self._scopes: dict[str, int] = {}
        self._links = 0  # open ones; an address in the words of a link is no link of its own
        self._images: list[_OpenImage] = []
        self._destinations = Destinations(parsed)

    def write(self, events: list[Event]) -> None:
        """Take the next events, of whole blocks."""
        self._events = events
        at, inline = self._at, self._inline
        i, size = 0, len(events)
        while i < size:
            event, where = events[i]
            i += 1
            if "Text" in event:
                i = self._words(i - 1)
            elif type(event) is str:
                if event != "Rule":
                    inline.line_end(at(where["start"]))
            elif "Start" in event:
                i = self._start(event["Start"], where, i)
            elif "End" in event:
                value = event["End"]
                if type(value) is dict or value not in SPANNING:
                    self._end(value, where, i)
            elif "Code" in event:
                span = Span(at(where["start"]), at(where["end"]))
                self.found.inline.append(span)
                (inline.code_words if self._images else inline.code)(*span)
            elif "InlineHtml" not in event:
                inline.resume(at(where["start"]))
            elif not self._images:
                start, end = at(where["start"]), at(where["end"])
                self._html.tag(start, end, len(event["InlineHtml"]) == end - start, at(self._block_end))

    def _words(self, i: int) -> int:
        """Add the text of event `i`, and what goes on with it."""
        inline, (event, where) = self._inline, self._events[i]
        first, last = where["start"], where["end"]
        begins, start = self._raw[first], self._at(first)
        if begins not in SPECIAL and start >= inline.hidden_until and not (self._markup.hides or self._images):
            return inline.take(self._events, i, bool(self._links), self.found)
        if begins == _AMPERSAND:
            inline.words(event["Text"], start, self._at(last), True)
            return i + 1
        last, i = inline.run(self._events, i + 1, last)
        if begins == _LESS and not self._markup.hides and self._text[start - 1 : start] != "\\":
            self._html.shown(start, self._at(self._block_end))
        inline.words(event["Text"], start, self._at(last), False)
        return i

    # Blocks

    def _start(self, value: Any, where: dict[str, int], i: int) -> int:
        """Begin what `value` names."""
        name, detail = _named(value)
        if name in SPANNING:
            self._inline.resume(self._at(where["start"]))
        elif name == "Link":
            self._open_link(detail, where, i)
        elif name == "Image":
            self._open_image(detail, self._at(where["start"]))
        else:
            self._flush()
            if name == "CodeBlock":
                return self._code_block(detail, where, i)
            if name == "HtmlBlock":
                return self._html_block(where, i)
            self._inline.passed(self._at(where["start"]))
            if name in _SCOPES:
                self._open_container(where["end"], _SCOPES[name])
            self._block_end = where["end"]
        return i

    def _end(self, value: Any, where: dict[str, int], i: int) -> None:
        """End what `value` names."""
        name, detail = _named(value)
        if name == "Link":
            self._links -= 1
            if not self._links and not self._images and self._at(where["start"]) >= self._inline.hidden_until:
                self._builder.close_link(self._at(where["end"]))
        elif name == "Image":
            self._close_image(self._at(where["end"]), i)
        elif name == "Heading":
            self._inline.end()
            self._builder.heading(int(detail[1]))
        else:
            self._flush()
            if name in _SCOPES:
                self._close_container()

    def _flush(self) -> None:
        self._inline.end()
        if self._builder.begun:
            self._markup.flush()

    def _open_container(self, end: int, scope: str) -> None:
        self._containers.append(_Container(end, scope, len(self._markup.open), self._markup.hides))
        if scope:
            if not self._scopes.get(scope):
                self._builder.scopes.append(scope)
            self._scopes[scope] = self._scopes.get(scope, 0) + 1

    def _close_container(self) -> None:
        container = self._containers.pop()
        if not container.hidden:
            self._markup.close_to(container.depth)
        if scope := container.scope:
            self._scopes[scope] -= 1
            if not self._scopes[scope]:
                self._builder.scopes.remove(scope)

    def _code_block(self, detail: Any, where: dict[str, int], i: int) -> int:
        """Add a block of code, without the marks of the quotes around it."""
        span = Span(self._at(where["start"]), self._at(where["end"]))
        self.found.blocks.append(span)
        if "Fenced" in detail:
            self.found.fenced.append(fenced(self._shadow, *span, len(self._containers)))
        first = i
        while "Text" in self._events[i][0]:
            i += 1
        quoted = self._scopes.get("quote", 0) > 0
        events = self._events[first:i] if quoted else self._events[first : min(first + 1, i)] + self._events[i - 1 : i]
        if i == first or self._at(events[0][1]["start"]) < self._inline.hidden_until or self._markup.hides:
            return i + 1
        lines = [(self._at(where["start"]), self._at(where["end"])) for _, where in events]
        if quoted:
            lines = [line for line in lines if line[0] < line[1]]  # a tab may count as spaces that stand nowhere
            self._builder.blocks += _pieced(self._text, lines)
        else:
            self._builder.code(lines[0][0], self._behind_paint(lines[0][0], lines[-1][1]))
        return i + 1

    def _behind_paint(self, start: int, end: int) -> int:
        """Where code ends, without the lines at its end that were painted over in the shadow."""
        code = self._shadow[start:end].rstrip()
        return end if len(code) == len(self._text[start:end].rstrip()) else start + len(code)

    def _html_block(self, where: dict[str, int], i: int) -> int:
        """Add a block of HTML."""
        self.found.html.append(Span(self._at(where["start"]), self._at(where["end"])))
        lines: list[tuple[int, int]] = []
        while "Html" in self._events[i][0] or "Text" in self._events[i][0]:
            where = self._events[i][1]
            start = self._at(where["start"])
            if lines and self._text[lines[-1][1] : start] == "\r":  # the parser skips it
                start = lines.pop()[0]
            lines.append((start, self._at(where["end"])))
            i += 1
        if lines:
            self._html.block(lines, self._at(self._containers[-1].end) if self._containers else len(self._text))
        self._flush()
        return i + 1

    # Links and images

    def _open_link(self, detail: dict[str, str], where: dict[str, int], i: int) -> None:
        start = self._at(where["start"])
        self._inline.resume(start)
        self._links += 1
        if self._links > 1 or self._images or start < self._inline.hidden_until or self._markup.hides:
            return
        last = self._link_end(i)
        inner = self._at(self._events[last - 1][1]["end"]) if last > i else start + 1
        url_span, title_span = self._destinations.find(detail, start, inner, self._at(where["end"]))
        url, title = self._value(detail["dest_url"], url_span), self._value(detail["title"], title_span)
        kind = _KINDS.get(detail["link_type"], "reference")
        self._inline.begin(start, self._text[start + 1 : start + 2])  # a line end stands before the words, not in them
        self._builder.open_link(start, url, url_span, kind, title=title, title_span=title_span if title else None)

    def _link_end(self, i: int) -> int:
        """The index of the event that ends a link whose words begin with event `i`."""
        depth = 1
        while True:
            event = self._events[i][0]
            if "End" in event and "Link" in event["End"]:
                depth -= 1
                if not depth:
                    return i
            elif "Start" in event and "Link" in event["Start"]:
                depth += 1
            i += 1

    def _open_image(self, detail: dict[str, str], start: int) -> None:
        self._inline.begin(start)
        self._inline.passed(start)
        if not self._images:
            self._inline.out = Builder(self._builder.source, self._builder.kind)
        self._images.append(_OpenImage(start, detail))

    def _close_image(self, end: int, i: int) -> None:
        """End an image; one in the alt text of another is no more than its words."""
        image = self._images.pop()
        self._inline.end()
        self._inline.passed(end)
        if self._images:
            return
        alt, self._inline.out = self._inline.out.flush("alt"), self._builder
        if image.start < self._inline.hidden_until or self._markup.hides:
            return
        before, inside = self._events[i - 2]
        opened = "Start" in before and "Image" in before["Start"]
        inner = image.start + 2 if opened else self._at(inside["end"])
        url_span, title_span = self._destinations.find(image.detail, image.start, inner, end)
        url, title = self._value(image.detail["dest_url"], url_span), self._value(image.detail["title"], title_span)
        self._builder.image(Image(Span(image.start, end), alt, url, url_span, title, title_span if title else None))

    def _value(self, parsed: str, span: Span | None) -> str:
        """What the parser read at `span`, or what truly stands there if it was painted over for it."""
        return self._text[slice(*span)] if TEMPLATE in parsed and span else parsed


def _named(value: Any) -> tuple[str, Any]:
    """`Paragraph` and `{"Heading": …}` → the name and the details of what starts or ends."""
    if type(value) is str:
        return value, None
    ((name, detail),) = value.items()
    return name, detail


def _pieced(text: str, lines: list[tuple[int, int]]) -> list[Block]:
    """The block of code that stands in `lines`, each a span of the source."""
    if not lines:
        return []
    places: list[int] = []
    length = 0
    for low, high in lines:
        places += (length, low, high)
        length += high - low
    shown = "".join(text[low:high] for low, high in lines)
    return [Block(shown, _CODE, tuple(places))]
