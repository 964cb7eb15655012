"""The links and images of Markdown, as they begin and end among the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linter.block import Span
from linter.document import Image
from linter.readers.builder import Builder
from linter.readers.destinations import Destinations
from linter.readers.inline import Inline
from linter.readers.markup import Markup
from linter.readers.parsing import Event, Parsed
from linter.readers.templates import TEMPLATE

_KINDS = {"Inline": "inline", "Autolink": "autolink", "Email": "autolink"}


@dataclass(slots=True)
class _OpenImage:
    """An image whose alt text is being read."""

    start: int
    detail: dict[str, str]


class Links:
    """Opens and closes them in a builder. `i` is the index of the event that comes next, and `detail` what one says.

    Of links that lie in another, or in an image, and of images in an image only the words count.
    """

    def __init__(self, builder: Builder, markup: Markup, inline: Inline, parsed: Parsed) -> None:
        self._builder, self._markup, self._inline = builder, markup, inline
        self._text, self._at = builder.source.text, parsed.at
        self._destinations = Destinations(parsed)
        self._images: list[_OpenImage] = []
        self.in_image = False  # whether an image is open
        self.open = 0  # how many are

    def begin(self, detail: dict[str, str], where: dict[str, int], events: list[Event], i: int) -> None:
        """Begin a link."""
        start, inline = self._at(where["start"]), self._inline
        inline.resume(start)
        self.open += 1
        if self.open > 1 or self.in_image or start < inline.hidden_until or self._markup.hides:
            return
        end = self._at(where["end"])
        spans = self._destinations.simple(detail, end)
        if not spans:
            last = _link_end(events, i)
            inner = self._at(events[last - 1][1]["end"]) if last > i else start + 1
            spans = self._destinations.find(detail, start, inner, end)
        inline.begin(start, self._text[start + 1 : start + 2])  # a line end stands before the words, not in them
        url, title = self._value(detail["dest_url"], spans[0]), self._value(detail["title"], spans[1])
        kind = _KINDS.get(detail["link_type"], "reference")
        self._builder.open_link(start, url, spans[0], kind, title, spans[1] if title else None)

    def end(self, where: dict[str, int]) -> None:
        """End the innermost link."""
        self.open -= 1
        hidden = self._inline.hidden_until
        if not self.open and not self.in_image and (not hidden or self._at(where["start"]) >= hidden):
            self._builder.close_link(self._at(where["end"]))

    def begin_image(self, detail: dict[str, str], where: dict[str, int]) -> None:
        """Begin an image; what is added until it ends is its alt text."""
        start = self._at(where["start"])
        self._inline.begin(start)
        self._inline.passed(start)
        if not self._images:
            self._inline.out = Builder(self._builder.source, self._builder.kind)
        self._images.append(_OpenImage(start, detail))
        self.in_image = True

    def end_image(self, where: dict[str, int], events: list[Event], i: int) -> None:
        """End the innermost image."""
        image, end = self._images.pop(), self._at(where["end"])
        self.in_image = bool(self._images)
        self._inline.end()
        self._inline.passed(end)
        if self._images:
            return
        alt, self._inline.out = self._inline.out.flush("alt"), self._builder
        if image.start < self._inline.hidden_until or self._markup.hides:
            return
        detail, spans = image.detail, self._destinations.simple(image.detail, end)
        if not spans:
            before, inside = events[i - 2]
            opened = "Start" in before and "Image" in before["Start"]
            inner = image.start + 2 if opened else self._at(inside["end"])
            spans = self._destinations.find(detail, image.start, inner, end)
        url, title = self._value(detail["dest_url"], spans[0]), self._value(detail["title"], spans[1])
        self._builder.image(Image(Span(image.start, end), alt, url, spans[0], title, spans[1] if title else None))

    def _value(self, parsed: str, span: Span | None) -> str:
        """What the parser read at `span`, or what truly stands there if it was painted over for it."""
        return self._text[slice(*span)] if TEMPLATE in parsed and span else parsed


def _link_end(events: list[Event], i: int) -> int:
    """The index of the event that ends a link whose words begin with event `i`."""
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
