"""CommonMark as pyromark parses it, fed to a builder."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pyromark

from linter.document import Block, Image, Span, Tag
from linter.elements import ELEMENTS, RAW_TEXT
from linter.readers import destinations, rawhtml, tags
from linter.readers.builder import Builder
from linter.readers.markup import CODE, Markup
from linter.readers.offsets import Offsets
from linter.readers.shadow import TEMPLATE

Event = tuple[Any, dict[str, int]]

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
_SCOPES = {"BlockQuote": "quote", "Item": "list", "Table": "table", "FootnoteDefinition": ""}
_SPANNING = frozenset({"Emphasis", "Strong", "Strikethrough"})
_HIDDEN = CODE | RAW_TEXT
_TAG = re.compile(r"<(?:!--|/?([A-Za-z][A-Za-z0-9:-]*+))")
_LINE = re.compile(r"(?:(?<=[\r\n])[ \t>]*+)?([^\r\n]*+(?:\r\n?|\n|\Z))")
_LINE_ENDS = re.compile(r"[ \t]*+(?:[\r\n]|\Z)")
_CJK = re.compile("[\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]{2}")
_BLANKS = " \t"
_AMPERSAND, _NEWLINE, _ASCII = ord("&"), ord("\n"), 0x7F
_SPECIAL = b"&<"  # text that begins so is looked at


def parse(text: str) -> tuple[list[Event], Offsets | None]:
    """The events of `text`, which holds no surrogates, and what makes code points of their byte ranges.

    There is nothing to be made in ASCII text.
    """
    events: Any = pyromark.events_with_range(text, options=_OPTIONS)
    return list(events), None if text.isascii() else Offsets(text.encode())


class _Container(NamedTuple):
    """A block that holds blocks: where it ends (in bytes), and what was open in it before."""

    end: int
    scope: str
    depth: int
    hidden: bool


@dataclass(eq=False)
class Writer:
    """Feeds `builder` from the events of `shadow`, a copy of the source of the same length that was parsed.

    `cuts` are spans, in order, that the copy has other characters in: they are left out.
    """

    builder: Builder
    shadow: str
    cuts: Sequence[Span] = ()
    markup: Markup = field(init=False)

    def __post_init__(self) -> None:
        self.markup = Markup(self.builder)
        self._text = self.builder.source.text
        self._raw = self.shadow.encode()
        self._joins = "\r" not in self._text  # line ends may be added as they stand
        self._out = self.builder  # or what collects the alt text of an image
        self._events: list[Event] = []
        self._at: Callable[[int], int] = _same
        self._done = 0  # the end of what was last added
        self._last = ""  # the last character added, if it is text
        self._break = -1  # where a line end stands whose next line has not begun yet,
        self._resumes = -1  # and where its first markup does
        self._leaf_end = 0  # of the innermost block, in bytes
        self._containers: list[_Container] = []
        self._scopes: dict[str, int] = {}
        self._links = 0  # open ones; an address in the words of a link is no link of its own
        self._images: list[tuple[int, dict[str, str]]] = []  # those whose alt text is being read
        self._definitions: dict[str, tuple[Span, Span | None]] | None = None
        self._hidden_until = 0  # the end of a comment that runs over blocks
        self._next: dict[str, int] = {}

    def write(self, events: list[Event], offsets: Offsets | None) -> None:
        """Add everything that `events` tell to the builder."""
        self._events = events
        at = self._at = offsets or _same
        i, size = 0, len(events)
        while i < size:
            event, where = events[i]
            i += 1
            if type(event) is str:
                if event != "Rule":
                    self._line_end(at(where["start"]))
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                i = self._words(value, where["start"], where["end"], i)
            elif kind == "Start":
                i = self._start(value, where, i)
            elif kind == "End":
                self._end(value, where, i)
            elif kind == "Code":
                self._code(at(where["start"]), at(where["end"]))
            elif kind == "InlineHtml":
                self._inline_html(value, at(where["start"]), at(where["end"]))
            elif self._break >= 0 and self._resumes < 0:
                self._resumes = at(where["start"])

    # Text

    def _words(self, shown: str, first: int, last: int, i: int) -> int:
        """Add text that begins at the byte `first`, and what follows; returns the index of the next event."""
        entity, text = self._raw[first] == _AMPERSAND, self._text
        if not entity:
            last, i = self._run(last, i)
        start, end = self._at(first), self._at(last)
        if start < self._hidden_until:
            if end <= self._hidden_until:
                return i
            start = self._hidden_until
        escaped = text[start - 1 : start] == "\\" and start > self._done
        if self._break >= 0:
            self._end_break(start - escaped, shown[0])
        self._done = end
        if self.markup.hides:
            return i
        if entity and len(shown) != end - start:
            self._last = shown[-1]
            self._out.atom(start, end, shown)
            return i
        self._last = text[end - 1]
        if escaped:
            self._out.atom(start - 1, start + 1, text[start])
            start += 1
        elif shown[0] == "<":
            self._shown_tag(start)
        if self.cuts:
            self._uncut(start, end, self._out.text)
        else:
            self._out.text(start, end)
        return i

    def _run(self, last: int, i: int) -> tuple[int, int]:
        """How far text that ends at the byte `last` goes on as it stands, from event `i` on, line ends included."""
        events, raw = self._events, self._raw
        while True:
            event, where = events[i]
            if where["start"] != last:
                return last, i
            if "Text" in event:
                if raw[last] in _SPECIAL:
                    return last, i
                last = where["end"]
            elif event == "SoftBreak" and self._joins:
                following, there = events[i + 1]
                end = where["end"]
                plain = there["start"] == end == last + 1 and raw[last] == _NEWLINE and "Text" in following
                if not plain or (raw[last - 1] > _ASCII and raw[end] > _ASCII) or raw[end] in _SPECIAL:
                    return last, i
                last = end
            else:
                return last, i
            i += 1

    def _uncut(self, start: int, end: int, add: Callable[[int, int], None]) -> None:
        """Add the parts of `[start, end)` that are not cut out."""
        i = bisect_left(self.cuts, start, key=_end_of)
        while i < len(self.cuts) and self.cuts[i].start < end:
            if start < self.cuts[i].start:
                add(start, self.cuts[i].start)
            start = max(start, self.cuts[i].end)
            i += 1
        if start < end:
            add(start, end)

    def _line_end(self, at: int) -> None:
        """Remember a line end: what stands in its place depends on what comes next."""
        if at < self._hidden_until or self.markup.hides:
            return
        while at > self._done and self._text[at - 1] in _BLANKS:
            at -= 1
        self._break, self._resumes = at, -1

    def _end_break(self, start: int, shown: str) -> None:
        """The next line begins at `start` with what is `shown`; there is no space between CJK letters."""
        resumes = start if self._resumes < 0 else self._resumes
        if not self.markup.hides and not _CJK.match(self._last + shown):
            self._out.atom(self._break, max(resumes, self._break + 1), "\n")
        self._break = -1

    def _code(self, start: int, end: int) -> None:
        if start < self._hidden_until:
            return
        text = self._text
        inner, inner_end = start, end
        while inner < end and text[inner] == "`":
            inner, inner_end = inner + 1, inner_end - 1
        if inner_end - inner > 2 and text[inner] == text[inner_end - 1] == " " and not text[inner:inner_end].isspace():
            inner, inner_end = inner + 1, inner_end - 1
        if self._break >= 0:
            self._end_break(start, "")
        self._done, self._last = end, ""
        if self.markup.hides:
            return
        if self._images:
            self._out.text(inner, inner_end)
        else:
            self.builder.atom(start, end)
            self.builder.code(inner, inner_end)

    # Blocks

    def _start(self, value: Any, where: dict[str, int], i: int) -> int:
        """Begin what `value` names; returns the index of the next event to be read."""
        name, detail = _named(value)
        if name in _SPANNING:
            if self._break >= 0 and self._resumes < 0:
                self._resumes = self._at(where["start"])
        elif name == "Link":
            self._link(detail, where, i)
        elif name == "Image":
            self._open_image(detail, self._at(where["start"]))
        else:
            self._flush()
            if name == "CodeBlock":
                return self._code_block(i)
            if name == "HtmlBlock":
                return self._html_block(i)
            self._done = self._at(where["start"])
            if name in _SCOPES:
                self._open_container(where["end"], _SCOPES[name])
            self._leaf_end = where["end"]
        return i

    def _end(self, value: Any, where: dict[str, int], i: int) -> None:
        name, detail = _named(value)
        if name in _SPANNING:
            return
        if name == "Link":
            self._links -= 1
            if not self._links and not self._images and self._at(where["start"]) >= self._hidden_until:
                self.builder.close_link(self._at(where["end"]))
        elif name == "Image":
            self._close_image(where, i)
        elif name == "Heading":
            self._break = -1
            self.builder.heading(int(detail[1]))
        else:
            self._flush()
            if name in _SCOPES:
                self._close_container()

    def _flush(self) -> None:
        self._break, self._last = -1, ""
        if self.builder.begun:
            self.markup.flush()

    def _open_container(self, end: int, scope: str) -> None:
        self._containers.append(_Container(end, scope, len(self.markup.open), self.markup.hides))
        if scope:
            if not self._scopes.get(scope):
                self.builder.scopes.append(scope)
            self._scopes[scope] = self._scopes.get(scope, 0) + 1

    def _close_container(self) -> None:
        container = self._containers.pop()
        if not container.hidden:
            self.markup.close_to(container.depth)
        if scope := container.scope:
            self._scopes[scope] -= 1
            if not self._scopes[scope]:
                self.builder.scopes.remove(scope)

    def _code_block(self, i: int) -> int:
        """Add a block of code, without the marks of the quotes around it."""
        first = i
        while "Text" in self._events[i][0]:
            i += 1
        if i > first and self._at(self._events[first][1]["start"]) >= self._hidden_until and not self.markup.hides:
            lines = [(self._at(where["start"]), self._at(where["end"])) for _, where in self._pieces(first, i)]
            lines = [line for line in lines if line[0] < line[1]] or lines[:1]  # a tab counts as spaces of no place
            if len(lines) == 1 or not self._scopes.get("quote"):
                self.builder.code(lines[0][0], self._behind_paint(lines[0][0], lines[-1][1]))
            else:
                self.builder.blocks.append(_pieced(self._text, lines))
        return i + 1

    def _behind_paint(self, start: int, end: int) -> int:
        """Where code ends, without the lines at its end that were painted over in the shadow."""
        code = self.shadow[start:end].rstrip()
        return end if len(code) == len(self._text[start:end].rstrip()) else start + len(code)

    def _pieces(self, first: int, last: int) -> list[Event]:
        """The events of a code block that must be looked at: in a quote all, else its ends."""
        if self._scopes.get("quote"):
            return self._events[first:last]
        return [self._events[first]] if last - first == 1 else [self._events[first], self._events[last - 1]]

    # Links and images

    def _link(self, detail: dict[str, str], where: dict[str, int], i: int) -> None:
        start = self._at(where["start"])
        if self._break >= 0 and self._resumes < 0:
            self._resumes = start
        self._links += 1
        if self._links > 1 or self._images or start < self._hidden_until or self.markup.hides:
            return
        last = self._link_end(i)
        inner = self._at(self._events[last - 1][1]["end"]) if last > i else start + 1
        url_span, title_span = self._destination(detail, start, inner, self._at(where["end"]))
        kind = _KINDS.get(detail["link_type"], "reference")
        url, title = self._value(detail["dest_url"], url_span), self._value(detail["title"], title_span)
        self._line_begins(start)
        self.builder.open_link(start, url, url_span, kind, title=title, title_span=title_span if title else None)

    def _link_end(self, i: int) -> int:
        """The index of the event that ends a link whose content begins with event `i`."""
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

    def _line_begins(self, start: int) -> None:
        """Put the line end before the anchor of a link, not into it."""
        if self._break >= 0:
            self._end_break(start, self._text[start + 1 : start + 2])

    def _destination(self, detail: dict[str, str], start: int, inner: int, end: int) -> tuple[Span, Span | None]:
        """Where address and title stand of a link or image at `[start, end)` whose words end at `inner`."""
        kind = detail["link_type"]
        if kind == "Inline":
            return destinations.inline(self.shadow, inner, end)
        if kind in ("Autolink", "Email"):
            return Span(start + 1, end - 1), None
        if self._definitions is None:
            self._definitions = _definitions(self.shadow)
        return self._definitions.get(_label(detail["id"]), (Span(start, end), None))

    def _value(self, parsed: str, span: Span | None) -> str:
        """What the parser read at `span`, or what truly stands there if it was painted over for it."""
        return self._text[slice(*span)] if TEMPLATE in parsed and span else parsed

    def _open_image(self, detail: dict[str, str], start: int) -> None:
        if self._break >= 0:
            self._end_break(start, "")
        if not self._images:
            self._out = Builder(self.builder.source, self.builder.kind)
        self._images.append((start, detail))
        self._done, self._last = start, ""

    def _close_image(self, where: dict[str, int], i: int) -> None:
        """End an image; one in the alt text of another is no more than its words."""
        (start, detail), end = self._images.pop(), self._at(where["end"])
        self._done, self._last, self._break = end, "", -1
        if self._images:
            return
        alt, self._out = self._out.flush("alt"), self.builder
        if start < self._hidden_until or self.markup.hides:
            return
        before, inside = self._events[i - 2]
        opened = "Start" in before and "Image" in before["Start"]
        inner = start + 2 if opened else self._at(inside["end"])
        url_span, title_span = self._destination(detail, start, inner, end)
        url, title = self._value(detail["dest_url"], url_span), self._value(detail["title"], title_span)
        self.builder.image(Image(Span(start, end), alt, url, url_span, title, title_span if title else None))

    # HTML

    def _inline_html(self, value: str, start: int, end: int) -> None:
        if self._images or start < self._hidden_until:
            return
        if self._break >= 0:
            self._end_break(start, "")
        self._done, self._last = end, ""
        lines = [(start, end)]
        if len(value) != end - start:  # the marks of a quote lie in it
            lines = [line.span(1) for line in _LINE.finditer(self.shadow, start, end)]
        for tag in rawhtml.scan(self.shadow, lines):
            self._tag(tag, self._leaf_end)

    def _html_block(self, i: int) -> int:
        """Add a block of HTML: its tags, and the text between them line by line."""
        lines = []
        while "Html" in self._events[i][0] or "Text" in self._events[i][0]:
            start, end = (self._at(self._events[i][1][place]) for place in ("start", "end"))
            if lines and self._text[lines[-1][1] : start] == "\r":  # the parser skips it
                start = lines.pop()[0]
            lines.append((start, end))
            i += 1
        if lines:
            limit = self._containers[-1].end if self._containers else -1
            self._html(lines, limit)
        self._flush()
        return i + 1

    def _html(self, lines: list[tuple[int, int]], limit: int) -> None:
        self._done = lines[0][0]
        for tag in rawhtml.scan(self.shadow, lines):
            if tag.span.start >= self._hidden_until:
                self._html_text(self._done, tag.span.start, lines)
                self._done = tag.span.end
                self._tag(tag, limit)
        self._html_text(self._done, lines[-1][1], lines)

    def _html_text(self, start: int, end: int, lines: list[tuple[int, int]]) -> None:
        """Add the text between two tags, in which a line end with its indent is one of a paragraph."""
        start = max(start, self._hidden_until)
        i = bisect_left(lines, start, key=_end_of)
        while start < end and i < len(lines):
            low, high = max(start, lines[i][0]), min(end, lines[i][1])
            i += 1
            start = high
            stop = high
            while stop > low and self._text[stop - 1] in "\r\n":
                stop -= 1
            if self._break >= 0 or not self.builder.begun:
                while low < stop and self._text[low] in _BLANKS:
                    low += 1
            if low < stop:
                if self._break >= 0:
                    self._end_break(low, self._text[low])
                self._done, self._last = stop, self._text[stop - 1]
                self._uncut(low, stop, self.markup.text)
            if stop < high and self._break < 0 and self.builder.begun:
                self._line_end(stop)

    def _tag(self, tag: Tag, limit: int) -> None:
        """Take a tag into account; what is hidden in it must end before `limit` (in bytes, -1 for no limit)."""
        tag = self._true(tag)
        if self._break >= 0 and tag.kind in ("open", "close") and not self.markup.hides:
            self._end_break(tag.span.start, "")
        if tag.kind == "broken" and not tag.name:
            self._broken_comment(tag)
        elif tag.kind == "open" and tag.name in _HIDDEN and not self._closed_before(tag, limit):
            self.builder.tags.append(tag)
        else:
            self.markup.tag(tag)

    def _true(self, tag: Tag) -> Tag:
        """`tag` with the values that truly stand in its attributes."""
        spans = [a.span for a in tag.attributes if a.span]
        if all(self.shadow[slice(*span)] == self._text[slice(*span)] for span in spans):
            return tag
        attributes = tuple(
            replace(a, value=html.unescape(self._text[slice(*a.span)])) if a.span else a for a in tag.attributes
        )
        return replace(tag, attributes=attributes)

    def _broken_comment(self, tag: Tag) -> None:
        """A comment may run over blank lines, and over the blocks that they make."""
        end, another = self._find("-->", tag.span.end), self._find("<!--", tag.span.end)
        if end < another and _LINE_ENDS.match(self._text, end + 3):
            tag = replace(tag, kind="comment", span=Span(tag.span.start, end + 3))
            self._hidden_until = end + 3
        self.builder.tags.append(tag)

    def _closed_before(self, tag: Tag, limit: int) -> bool:
        end = len(self._text) if limit < 0 else self._at(limit)
        return self._find(rf"</{tag.name}[\s>]", tag.span.end) < end

    def _find(self, pattern: str, at: int) -> int:
        """Where `pattern` is found first at or behind `at`, which only grows; the end of the text if nowhere."""
        known = self._next.get(pattern, -1)
        if known < at:
            found = re.compile(pattern, re.IGNORECASE).search(self._text, at)
            known = self._next[pattern] = found.start() if found else len(self._text)
        return known

    def _shown_tag(self, start: int) -> None:
        """Remember a tag that CommonMark takes for text: the reader sees it."""
        opening = _TAG.match(self.shadow, start)
        if not opening:
            return
        tag: Tag | None = None
        if opening[1] is None:
            tag = Tag("", "broken", Span(*opening.span()))
        elif opening[1].lower() in ELEMENTS:
            end = self._at(self._leaf_end)
            another = self.shadow.find("<", start + 1, end)
            tag = next(tags.scan(self.shadow, start, end if another < 0 else another, known_only=False), None)
        if tag:
            self.builder.tags.append(replace(self._true(tag), showing=True))


_KINDS = {"Inline": "inline", "Autolink": "autolink", "Email": "autolink"}


def _named(value: Any) -> tuple[str, Any]:
    """`Paragraph` and `{"Heading": …}` → the name and the details of what starts or ends."""
    if type(value) is str:
        return value, None
    ((name, detail),) = value.items()
    return name, detail


def _same(offset: int) -> int:
    return offset


def _end_of(span: tuple[int, int]) -> int:
    return span[1]


def _pieced(text: str, lines: list[tuple[int, int]]) -> Block:
    """The block of code that stands in `lines`, each a span of the source."""
    starts, length = [], 0
    for low, high in lines:
        starts.append(length)
        length += high - low
    shown = "".join(text[low:high] for low, high in lines)
    return Block(shown, frozenset({"code"}), tuple(starts), tuple(Span(*line) for line in lines))


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _definitions(shadow: str) -> dict[str, tuple[Span, Span | None]]:
    """Where the address and the title of each link reference definition stand, by label."""
    at = _same if shadow.isascii() else Offsets(shadow.encode())
    found: dict[str, tuple[Span, Span | None]] = {}
    for label, definition in pyromark.reference_definitions(shadow, options=_OPTIONS).items():
        span = definition["span"]
        found.setdefault(_label(label), destinations.defined(shadow, at(span["start"]), at(span["end"])))
    return found
