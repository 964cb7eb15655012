"""Add inline Markdown to a builder: words, line ends, code, links and images."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any, NamedTuple

from linter import patterns
from linter.document import Image, Span
from linter.readers import markdown_events
from linter.readers.builder import MARKDOWN_CODE, Builder
from linter.readers.html_meaning import Markup
from linter.readers.markdown_events import Event, Parsed
from linter.readers.recover import TEMPLATE

BLANKS = " \t"


class Inline:
    """Adds the inline content of successive blocks to the builder `out`.

    All offsets are in code points, and must not decrease from call to call. The following is left out: text before
    `hidden_until`, text that `markup` hides, and the spans `cuts`, which are in order. A cut that is also in `objects`
    becomes one U+FFFC. A line end is added only when the next line begins, because its form depends on that line.
    """

    def __init__(self, builder: Builder, markup: Markup, cuts: Sequence[Span], objects: Set[Span]) -> None:
        self.out = builder  # or the builder for the alt text of an image
        self.hidden_until = 0
        self.done = 0  # end of the last added text
        self._text, self._markup, self._cuts, self._objects = builder.source.text, markup, cuts, objects
        self._clear = 0  # no cut is between the last checked offset and this one
        self.last = ""  # last character, if it was text
        self.break_at = -1  # offset of a line end that has not been added yet, or -1
        self._resumes = -1  # offset of the markup that begins the line after `break_at`, or -1

    def words(self, shown: str, start: int, end: int, entity: bool) -> None:
        """Add the text at `[start, end)`. `shown` is the parsed text at its beginning.

        If `entity` is true, the source may be an entity for `shown`, such as `&amp;` for “&”.
        """
        text = self._text
        if end > self._clear:
            i = bisect_right(self._cuts, start, key=itemgetter(1))
            self._clear = self._cuts[i].start if i < len(self._cuts) else len(text)
        clear = end <= self._clear
        special = entity or not clear or self._markup.hides or start < self.hidden_until or self.break_at >= 0
        if not special and (start <= self.done or text[start - 1] != "\\"):  # the usual case
            self.done, self.last = end, text[end - 1]
            self.out.text(start, end)
            return
        verbatim = not entity or len(shown) == end - start
        if start < self.hidden_until:
            if end <= self.hidden_until:
                return
            start = self.hidden_until
        if not clear and self.is_cut(start, end):
            self.done = end
            return
        escaped = start > self.done and text[start - 1] == "\\"
        if self.break_at >= 0:
            self.begin(start - escaped, shown[0])
        self.done = end
        if self._markup.hides:
            return
        if not verbatim:
            self.last = shown[-1]
            self.out.atom(start, end, shown)
            return
        self.last = text[end - 1]
        if escaped:
            self.out.atom(start - 1, start + 1, text[start])
            start += 1
        self.uncut(start, end, self.out.text)

    def is_cut(self, start: int, end: int) -> bool:
        """Whether all of `[start, end)` is inside one cut that is not an object."""
        if not self._cuts:
            return False
        i = bisect_left(self._cuts, end, key=itemgetter(1))
        return i < len(self._cuts) and self._cuts[i].start <= start and self._cuts[i] not in self._objects

    def uncut(self, start: int, end: int, add: Callable[[int, int], None]) -> None:
        """Call `add` for each part of `[start, end)` outside the cuts.

        For each object that begins in this range, add U+FFFC, unless the text is hidden.
        """
        cuts = self._cuts
        i = bisect_left(cuts, start, key=itemgetter(1))
        while i < len(cuts) and cuts[i].start < end:
            if start < cuts[i].start:
                add(start, cuts[i].start)
            if cuts[i] in self._objects and start <= cuts[i].start and not self._markup.hides:
                self.out.atom(*cuts[i])
            start = max(start, cuts[i].end)
            i += 1
        if start < end:
            add(start, end)

    def line_end(self, at: int) -> None:
        """Record the line end at `at`, unless it is hidden. Spaces and tabs before it become part of the line end."""
        if at < self.hidden_until or self._markup.hides:
            return
        while at > self.done and self._text[at - 1] in BLANKS:
            at -= 1
        self.break_at, self._resumes = at, -1

    def resume(self, start: int) -> None:
        """Record that markup begins at `start`, if the line end before it has not been added yet.

        The source of that line end then ends at `start`, before the markup.
        """
        if self.break_at >= 0 and self._resumes < 0:
            self._resumes = start

    def begin(self, start: int, shown: str = "") -> None:
        """Add the recorded line end, if there is one. The next line begins at `start`.

        `shown` is the text at the beginning of that line, or "" if it begins with markup. A line end that is hidden, or
        is between Chinese or Japanese characters, is not added.
        """
        if self.break_at < 0:
            return
        resumes = start if self._resumes < 0 else self._resumes
        if not self._markup.hides and not is_no_break(self.last, shown[:1]):
            self.out.atom(self.break_at, max(resumes, self.break_at + 1), "\n")
        self.break_at = -1

    def passed(self, end: int, last: str = "") -> None:
        """Record that everything up to `end` has been handled. `last` is the last character, if it is text."""
        self.done, self.last = end, last

    def code(self, start: int, end: int) -> None:
        """Add the inline code at `[start, end)`, which includes its backticks."""
        if start < self.hidden_until:
            return
        if self.break_at >= 0:
            self.begin(start)
        self.done, self.last = end, ""
        if self._markup.hides:
            return
        self.out.atom(start, end)
        self.out.code(*self._without_marks(start, end), MARKDOWN_CODE)

    def code_words(self, start: int, end: int) -> None:
        """Add the inline code at `[start, end)` as text, without its backticks.

        This is used for the alternative text of images.
        """
        self.begin(start)
        self.passed(end)
        self.out.text(*self._without_marks(start, end))

    def restart(self, at: int) -> None:
        """Begin a block at `at`."""
        self.break_at, self.last, self.done = -1, "", at

    def end(self) -> None:
        """End the block. A line end that has been recorded is dropped."""
        self.break_at, self.last = -1, ""

    def _without_marks(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        if text[start + 1] != "`" and text[start] == "`":
            start, end = start + 1, end - 1
        else:
            while start < end and text[start] == "`":
                start, end = start + 1, end - 1
        if end - start > 2 and text[start] == text[end - 1] == " " and not text[start:end].isspace():
            start, end = start + 1, end - 1
        return start, end


# Links and images.

_KINDS = {"Inline": "inline", "Autolink": "autolink", "Email": "autolink"}


class _OpenImage(NamedTuple):
    """An image whose alternative text is being read."""

    start: int
    detail: dict[str, str]


class Links:
    """Opens and closes links and images in a builder.

    In all methods, `i` is the index of the next event, `where` is the range of an event in bytes, and `detail` is the
    data of an event. A link inside another link or an image adds only its text, and an image inside an image adds only
    its alternative text.
    """

    def __init__(self, builder: Builder, markup: Markup, inline: Inline, parsed: Parsed) -> None:
        self._builder, self._markup, self._inline = builder, markup, inline
        self._text, self._at = builder.source.text, parsed.at
        self._destinations = Destinations(parsed)
        self._images: list[_OpenImage] = []
        self.in_image = False  # whether an image is open
        self.open = 0  # number of open links

    def begin(self, detail: dict[str, str], where: dict[str, int], events: list[Event], i: int) -> None:
        """Begin a link, unless it is hidden or is inside another link or an image."""
        start, inline = self._at(where["start"]), self._inline
        if inline.break_at >= 0:
            inline.resume(start)
        self.open += 1
        if self.open > 1 or self.in_image or start < inline.hidden_until or self._markup.hides:
            return
        end = self._at(where["end"])
        last = _link_end(events, i)
        inner = self._at(events[last - 1][1]["end"]) if last > i else start + 1
        spans = self._destinations.find(detail, start, inner, end)
        if inline.break_at >= 0:  # the line end is before the words, not inside them
            inline.begin(start, self._text[start + 1 : start + 2])
        url, title = self._value(detail["dest_url"], spans[0]), self._value(detail["title"], spans[1])
        kind = _KINDS.get(detail["link_type"], "reference")
        self._builder.open_link(start, url, spans[0], kind, title, spans[1] if title else None)

    def end(self, where: dict[str, int]) -> None:
        """End the innermost open link."""
        self.open -= 1
        hidden = self._inline.hidden_until
        if not self.open and not self.in_image and (not hidden or self._at(where["start"]) >= hidden):
            self._builder.close_link(self._at(where["end"]))

    def begin_image(self, detail: dict[str, str], where: dict[str, int]) -> None:
        """Begin an image. The text added until the image ends is its alternative text."""
        start = self._at(where["start"])
        self._inline.begin(start)
        self._inline.passed(start)
        if not self._images:
            self._inline.out = Builder(self._builder.source, self._builder.kind)
        self._images.append(_OpenImage(start, detail))
        self.in_image = True

    def end_image(self, where: dict[str, int], events: list[Event], i: int) -> None:
        """End the innermost open image, and add it to the builder unless it is hidden or is inside another image."""
        image, end = self._images.pop(), self._at(where["end"])
        self.in_image = bool(self._images)
        self._inline.end()
        self._inline.passed(end)
        if self._images:
            return
        alt, self._inline.out = self._inline.out.flush("alt"), self._builder
        if image.start < self._inline.hidden_until or self._markup.hides:
            return
        detail, (before, inside) = image.detail, events[i - 2]
        opened = "Start" in before and "Image" in before["Start"]
        inner = image.start + 2 if opened else self._at(inside["end"])
        spans = self._destinations.find(detail, image.start, inner, end)
        url, title = self._value(detail["dest_url"], spans[0]), self._value(detail["title"], spans[1])
        self._builder.image(Image(Span(image.start, end), alt, url, spans[0], title, spans[1] if title else None))

    def _value(self, parsed: str, span: Span | None) -> str:
        """Return the value `parsed`, or its source text at `span` if it contains a masked template expression."""
        return self._text[slice(*span)] if TEMPLATE in parsed and span else parsed


def _link_end(events: list[Event], i: int) -> int:
    """Return the index of the event that ends a link; `i` is the index of the first event inside the link."""
    depth = 1
    while True:
        event: Any = events[i][0]
        if "End" in event and "Link" in event["End"]:
            depth -= 1
            if not depth:
                return i
        elif "Start" in event and "Link" in event["Start"]:
            depth += 1
        i += 1


# The source locations of the URL and the title of a link.

# A line end, with the “>” of block quotes on the next line, is allowed between the parts.
_GAP = patterns.lazy(r"[ \t]*+(?:(?:\r\n?|\n)[ \t>]*+)?+")
_ANGLED = patterns.lazy(r"<((?:[^<>\\\r\n]|\\.|\\)*+)>")
_SIMPLE = patterns.lazy(r"\]\(([^\x00-\x20\x7f<>()\\]*+)\)")
_BARE = patterns.lazy(r"[^\x00-\x20\x7f]*+")
_TITLES = {
    '"': patterns.lazy(r'"((?:[^"\\]|\\.|\\)*+)"', re.DOTALL),
    "'": patterns.lazy(r"'((?:[^'\\]|\\.|\\)*+)'", re.DOTALL),
    "(": patterns.lazy(r"\(((?:[^()\\]|\\.|\\)*+)\)", re.DOTALL),
}
_LABEL = patterns.lazy(r"\[(?:[^\[\]\\]|\\.)++\]:", re.DOTALL)


class Destinations:
    """Finds the source spans of the URLs and titles of links in a parsed text. All offsets are in code points."""

    def __init__(self, parsed: Parsed) -> None:
        self._text, self._parsed = parsed.text, parsed
        self._definitions: dict[str, Span] | None = None
        self._defined: dict[Span, tuple[Span, Span | None]] = {}

    def find(self, detail: Mapping[str, str], start: int, inner: int, end: int) -> tuple[Span, Span | None]:
        """Return the spans of the URL and the title of a link or image; the second is None if there is no title.

        The link is at `[start, end)`, its words end at `inner`, and `detail` is the parser's data about the link. If a
        reference has no known definition, the span of the URL is that of the whole link.
        """
        kind = detail["link_type"]
        if kind == "Inline":
            return _inline(self._text, inner, end)
        if kind in ("Autolink", "Email"):
            return Span(start + 1, end - 1), None
        if self._definitions is None:
            self._definitions = markdown_events.link_definitions(self._parsed)
        definition = self._definitions.get(markdown_events.link_label(detail["id"]))
        if not definition:
            return Span(start, end), None
        if definition not in self._defined:  # several links may share a definition
            self._defined[definition] = _defined(self._text, *definition)
        return self._defined[definition]


def _inline(text: str, at: int, end: int) -> tuple[Span, Span | None]:
    """Return the spans of the URL and the title (or None) in `text[at:end]`, which has the form `](url "title")`."""
    simple = _SIMPLE.match(text, at, end)
    if simple and simple.end() == end:
        return Span(*simple.span(1)), None
    return _both(text, text.find("(", at, end) + 1, end - 1)


def _defined(text: str, start: int, end: int) -> tuple[Span, Span | None]:
    """Return the spans of the URL and the title (or None) in a definition `[label]: url "title"`, `text[start:end]`."""
    label = _LABEL.search(text, start, end)
    return _both(text, label.end() if label else start, end)


def _both(text: str, at: int, end: int) -> tuple[Span, Span | None]:
    at = _behind_gap(text, at, end)
    if angled := _ANGLED.match(text, at, end):
        address, at = Span(*angled.span(1)), angled.end()
    else:
        bare = _BARE.match(text, at, end)
        at = bare.end() if bare else at
        address = Span(bare.start() if bare else at, at)
    at = _behind_gap(text, at, end)
    title = _TITLES[text[at]].match(text, at, end) if at < end and text[at] in _TITLES else None
    return address, Span(*title.span(1)) if title else None


def _behind_gap(text: str, at: int, end: int) -> int:
    gap = _GAP.match(text, at, end)
    return gap.end() if gap else at


# Line ends that show as nothing, between letters of scripts without spaces between words.

# Chinese and Japanese letters and their punctuation, without the ideographic space.
_LETTERS = "\u2e80-\u2fff\u3001-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
_FIRST = "\u2e80"  # lowest of the letters
_PAIR = patterns.lazy(f"[{_LETTERS}]{{2}}")


def is_no_break(before: str, after: str) -> bool:
    """Whether a line end between two characters is not shown, because both are Chinese or Japanese."""
    return before >= _FIRST <= after and bool(_PAIR.fullmatch(before + after))
