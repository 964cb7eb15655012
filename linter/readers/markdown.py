"""Read Markdown: front matter, then CommonMark with GitHub's extensions.

If damage such as an unclosed fence hides prose from readers, it is masked, and the text is parsed again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

from linter import patterns
from linter.document import Block, Document, Fence, Span, span_of
from linter.readers import (
    fence_marks,
    fences,
    front_matter,
    inner_front_matter,
    markdown_events,
    markdown_html,
)
from linter.readers.builder import MARKDOWN_CODE, Builder
from linter.readers.fences import Code, fenced
from linter.readers.html_meaning import Markup
from linter.readers.jsx import find_definitions, find_jsx, find_statements
from linter.readers.markdown_events import Event, Parsed
from linter.readers.markdown_html import RawHtml
from linter.readers.markdown_inline import Inline, Links
from linter.readers.recover import Damage, MaskedSource
from linter.source import Source

_MAX_PASSES = 8  # maximum passes over a damaged article; each pass reveals what the damage hid
_NO_MARKS = frozenset({"code", "alt", "metadata", "table"})  # scopes of blocks in which fence marks are not stray


def read(source: Source) -> Document:
    """Return the document for a Markdown source.

    Damage that hides prose from readers, such as an unclosed fence, is reported and masked.
    """
    front = Builder(source, "markdown")
    body = front_matter.read_front_matter(front)
    masked = MaskedSource(source.text, body)
    code = find_statements(masked.text, body, source.path) or find_definitions(masked.text, body)
    if code:
        masked.mask(Damage(code=code))
    if source.path.endswith(".mdx"):
        masked.mask(find_jsx(masked.text, body))
    if fence_marks.may_be_plain(masked.text):
        masked.mask(fences.tildes_around_html(masked.text, body))
        masked.mask(fences.fence_around_article(masked.text, body))
    masked.mask(inner_front_matter.find_inner_front_matter(masked.text, body, front))
    builder = _write_body(front, masked, body)
    if damage := _leftover_marks(builder):
        masked.mask(damage)
        builder = _write_body(front, masked, body)
    return builder.document(front_matter.front_matter_language(builder.metadata.values))


def _write_body(front: Builder, masked: MaskedSource, body: int) -> Builder:
    """Return a builder with the front matter and the body. Damage found in the body is masked in `masked`."""
    if not fences.may_hold_code(masked.text):
        builder, _ = _parse(front, masked)
        _add_damage(builder, masked.damage, ())
        return builder
    for _ in range(_MAX_PASSES):
        builder, code = _parse(front, masked)
        damage = fences.find_fence_damage(masked.text, body, code)
        damage += markdown_html.find_html_damage(masked.text, code.html)
        if not damage:
            break
        masked.mask(damage)
    else:
        builder, _ = _parse(front, masked)
    for block in code.fenced:
        builder.fences.append(Fence(block.opener, block.closer, block.info, "closed" if block.closer else "unclosed"))
    _add_damage(builder, masked.damage, code.blocks)
    return builder


def _parse(front: Builder, masked: MaskedSource) -> tuple[Builder, Code]:
    """Parse the body once; return a builder with the front matter and the body, and the code in the body."""
    builder, parsed = front.copy(), markdown_events.parse_markdown(masked.text)
    writer = _Writer(builder, parsed, masked.damage.cuts, masked.objects)
    for events in parsed.events():
        writer.write(events)
    return builder, writer.found


def _add_damage(builder: Builder, damage: Damage, code: Sequence[Span]) -> None:
    """Add the fences, tags and code of `damage` to `builder`, except for tags inside `code`.

    `code` has the spans of the code blocks, in order.
    """
    builder.fences += damage.fences
    starts = [block.start for block in code]
    for tag in damage.tags:
        i = bisect_right(starts, tag.span.start) - 1
        if i < 0 or tag.span.start >= code[i].end:
            builder.tags.append(tag)
    builder.tags.sort(key=lambda tag: tag.span)
    for span in damage.code:
        builder.code(*span, MARKDOWN_CODE)
    if damage.code:
        builder.blocks.sort(key=lambda block: block.source_span)


def _leftover_marks(builder: Builder) -> Damage:
    """Return, as damage, fence marks that remain in prose, except for escaped marks and those in tables."""
    damage = Damage()
    text = builder.source.text
    if not fence_marks.may_be_plain(text):
        return damage
    for block in builder.blocks:
        if ("```" in block.text or "~~~" in block.text) and block.scopes.isdisjoint(_NO_MARKS):
            marks = [(block.span(*mark.span), mark) for mark in fence_marks.find_marks(block.text)]
            found = [(span, mark.info) for span, mark in marks if text.startswith(mark.char * 3, span.start)]
            damage.cuts += [span for span, _ in found]
            damage.fences += fences.stray_fences(found)
    return damage


# Feed a builder with the parser's events.

_SCOPES = {
    "BlockQuote": "quote",
    "Item": "list",
    "Table": "table",
    "TableHead": "table.header",
    "TableRow": "table.cell",
    "FootnoteDefinition": "",
}
_SPANNING = frozenset({"Emphasis", "Strong", "Strikethrough"})
_SIGNATURE_REACH = 400  # code points at the end of a quotation in which the author of a post may be named
_POST = patterns.lazy(
    r"(?:[—–]|&[mn]dash;|--)[^\r\n@]{1,100}\(@\w{1,15}\)[^\r\n]{0,200}//(?:mobile\.)?(?:twitter|x)\.com/\w+/status(?:es)?/\d"
    r"[^\r\n]*\s*+\Z"
)
_SPECIAL = b"&<"  # first bytes of text that needs a closer look
_AMPERSAND, _LESS = _SPECIAL
_NEWLINE, _ASCII = ord("\n"), 0x7F


class _Container(NamedTuple):
    """A Markdown block that contains other blocks, such as a list item."""

    end: int  # in bytes
    scope: str  # the scope that it adds, or ""
    depth: int  # number of HTML elements that are open at its start
    hidden: bool  # whether HTML around it hides it; then, no elements are closed at its end


class _Writer:
    """Adds the parsed text to a builder, event by event.

    In all methods, `i` is the index of the next event, and `where` the range of an event, in bytes. `cuts` and
    `objects` are as in `Inline`.
    """

    def __init__(self, builder: Builder, parsed: Parsed, cuts: Sequence[Span], objects: Set[Span]) -> None:
        self.found = Code()  # with spans in code points
        self._builder, self._masked, self._raw, self._at = builder, *parsed
        self._events: list[Event] = []
        self._text = builder.source.text
        self._markup = Markup(builder)
        self._inline = Inline(builder, self._markup, cuts, objects)
        self._html = RawHtml(builder, self._markup, self._inline, self._masked)
        self._links = Links(builder, self._markup, self._inline, parsed)
        self._joins = "\r" not in self._text  # whether line ends may be added verbatim
        self._block_end = len(self._raw)  # end of the innermost block, in bytes
        self._containers: list[_Container] = []

    def write(self, events: list[Event]) -> None:
        """Handle the next events, the last of which ends a block or is the last event of the article."""
        self._events = events
        at, raw, inline, links = self._at, self._raw, self._inline, self._links
        i, size = 0, len(events)
        while i < size:
            event, where = events[i]
            i += 1
            if "Text" in event:
                first, last = where["start"], where["end"]
                first_byte = raw[first]
                after = events[i][0]
                if first_byte != _AMPERSAND and ("Text" in after or after == "SoftBreak"):
                    last, i = self._run(i, last)
                if first_byte == _LESS:
                    self._less(at(first))
                inline.words(event["Text"], at(first), at(last), first_byte == _AMPERSAND)
            elif type(event) is str:
                if event != "Rule":
                    inline.line_end(at(where["start"]))
            elif "Start" in event:
                value = event["Start"]
                if type(value) is dict and "Link" in value:
                    links.begin(value["Link"], where, events, i)
                elif type(value) is dict or value not in _SPANNING:
                    i = self._start(value, where, i)
                else:
                    inline.resume(at(where["start"]))
            elif "End" in event:
                value = event["End"]
                if value == "Link":
                    links.end(where)
                elif type(value) is dict or value not in _SPANNING:
                    self._end(value, where, i)
            else:
                self._single(event, where)

    def _less(self, start: int) -> None:
        """Record the tag that readers see as text at `start`, if there is one."""
        if not self._markup.hides and self._text[start - 1 : start] != "\\":
            self._html.shown(start, self._at(self._block_end))

    def _run(self, i: int, last: int) -> tuple[int, int]:
        """Extend verbatim text, which ends at the byte `last`, with the text of the events directly after it.

        Return the end of the extended text, in bytes, and the index of the event after it.
        """
        events, raw = self._events, self._raw
        while True:
            event, where = events[i]
            if where["start"] != last:
                return last, i
            if event == "SoftBreak" and self._joins and raw[last] == _NEWLINE:
                i, begin = i + 1, last + 1
                event, where = events[i]
                if where["start"] != begin or (raw[begin] > _ASCII and raw[last - 1] > _ASCII):
                    return last, i - 1
                if "Text" not in event or raw[begin] in _SPECIAL:
                    return last, i - 1
            elif "Text" not in event or raw[last] in _SPECIAL:
                return last, i
            last = where["end"]
            i += 1

    def _single(self, event: Any, where: dict[str, int]) -> None:
        """Handle an event that is neither a start nor an end, such as inline code or an inline tag."""
        start, end = self._at(where["start"]), self._at(where["end"])
        if "Code" in event:
            self.found.inline.append(span_of((start, end)))
            (self._inline.code_words if self._links.in_image else self._inline.code)(start, end)
        elif "InlineHtml" not in event:
            self._inline.resume(start)
        elif not self._links.in_image:
            self._html.tag(start, end, len(event["InlineHtml"]) == end - start, self._at(self._block_end))

    # Blocks

    def _start(self, value: Any, where: dict[str, int], i: int) -> int:
        """Begin the element described by `value`; return the index of the next event."""
        name, detail = _named(value)
        if name == "Image":
            self._links.begin_image(detail, where)
        else:
            self._flush()
            if name == "CodeBlock":
                return self._code_block(detail, where, i)
            if name == "HtmlBlock":
                return self._html_block(where, i)
            self._inline.restart(self._at(where["start"]))
            if name in _SCOPES:
                embed = name == "BlockQuote" and _shows_post(
                    self._text, self._at(where["start"]), self._at(where["end"])
                )
                self._open_container(where["end"], "boilerplate" if embed else _SCOPES[name])
            self._block_end = where["end"]
        return i

    def _end(self, value: Any, where: dict[str, int], i: int) -> None:
        name, detail = _named(value)
        if name == "Image":
            self._links.end_image(where, self._events, i)
        elif name == "Heading":
            self._inline.end()
            self._builder.heading(int(detail[1]))
        else:
            self._flush()
            if name in _SCOPES:
                self._close_container()

    def _flush(self) -> None:
        self._inline.end()
        builder = self._builder
        if builder.parts or builder.open_links:
            if self._markup.open or builder.scopes:
                self._markup.flush()
            else:
                builder.flush()

    def _open_container(self, end: int, scope: str) -> None:
        scope = "" if scope in self._builder.scopes else scope
        self._containers.append(_Container(end, scope, len(self._markup.open), self._markup.hides))
        if scope:
            self._builder.scopes.append(scope)

    def _close_container(self) -> None:
        container, markup = self._containers.pop(), self._markup
        if not container.hidden and (markup.open or markup.hides):
            markup.close_to(container.depth)
        if container.scope:
            self._builder.scopes.remove(container.scope)

    def _code_block(self, detail: Any, where: dict[str, int], i: int) -> int:
        """Handle a code block; return the index of the next event."""
        span = Span(self._at(where["start"]), self._at(where["end"]))
        self.found.blocks.append(span)
        if "Fenced" in detail:
            self.found.fenced.append(fenced(self._masked, *span, len(self._containers)))
        first = i
        while "Text" in self._events[i][0]:
            i += 1
        quoted = "quote" in self._builder.scopes
        events = self._events[first:i] if quoted else self._events[first : min(first + 1, i)] + self._events[i - 1 : i]
        if i == first or self._at(events[0][1]["start"]) < self._inline.hidden_until or self._markup.hides:
            return i + 1
        lines = [(self._at(where["start"]), self._at(where["end"])) for _, where in events]
        if quoted:
            # If part of a tab counts as spaces, the parser yields these with an empty range.
            lines = [line for line in lines if line[0] < line[1]]
            self._builder.blocks += _pieced(self._text, lines)
        else:
            end = self._end_before_mask(lines[0][0], lines[-1][1])
            self._builder.code(lines[0][0], end, MARKDOWN_CODE)
        return i + 1

    def _end_before_mask(self, start: int, end: int) -> int:
        """Return the end of the code at `[start, end)`, not counting masked text at its end."""
        code = self._masked[start:end].rstrip()
        return end if len(code) == len(self._text[start:end].rstrip()) else start + len(code)

    def _html_block(self, where: dict[str, int], i: int) -> int:
        """Handle an HTML block; return the index of the next event."""
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


def _shows_post(text: str, start: int, end: int) -> bool:
    """Whether the block quote `text[start:end]` seems to be a Twitter post, judging by its end."""
    # for example “— Anna Berg (@anna) [May 3](https://x.com/…/status/1)”
    return _POST.search(text, max(start, end - _SIGNATURE_REACH), end) is not None


def _named(value: Any) -> tuple[str, Any]:
    """Return the name of an event's value, such as `Paragraph`, and its details, or None if it has no details."""
    if type(value) is str:
        return value, None
    ((name, detail),) = value.items()
    return name, detail


def _pieced(text: str, lines: list[tuple[int, int]]) -> list[Block]:
    """Return a list with one block of code that consists of the spans `lines`, or [] if there are none."""
    if not lines:
        return []
    places: list[int] = []
    length = 0
    for low, high in lines:
        places += (length, low, high)
        length += high - low
    shown = "".join(text[low:high] for low, high in lines)
    return [Block(shown, MARKDOWN_CODE, tuple(places))]
