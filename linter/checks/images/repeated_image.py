"""Images that appear twice in an article."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import OBJECT, Document, Image
from linter.rule import Match

_SMALL = (
    "icon",
    "logo",
    "badge",
    "avatar",
    "spacer",
    "pixel",
    "separator",
    "divider",
    "emoji",
    "smil",
    "arrow",
    "star",
)


@dataclass(frozen=True)
class RepeatedImage:
    """The second of two images of one address that stand alone, not within a line, a list or a table.

    An image that appears three times is an ornament, and so is one whose name says so (icon, logo, badge …). The
    message may use {line}, the line of the first one.
    """

    values: ClassVar[frozenset[str]] = frozenset({"line"})
    parts: ClassVar[frozenset[str]] = frozenset({"images"})

    def find(self, document: Document) -> Iterator[Match]:
        places: dict[str, list[Image]] = defaultdict(list)
        for image in document.images:
            places[image.url].append(image)
        twice = [images for url, images in places.items() if len(images) == 2 and _is_picture(url)]
        if not twice:
            return
        blocks = sorted(document.prose, key=lambda block: block.source_span.start)
        starts = [block.source_span.start for block in blocks]

        def alone(image: Image) -> bool:
            at = bisect_right(starts, image.span.start) - 1
            block = blocks[at] if at >= 0 and image.span.start < blocks[at].source_span.end else None
            return not block or (block.scopes == {"paragraph"} and not block.text.replace(OBJECT, "").strip())

        for first, second in twice:
            if alone(first) and alone(second):
                line, _ = document.source.position(first.span.start)
                yield Match(*second.span, {"line": str(line)})


def _is_picture(url: str) -> bool:
    name = url.lower()
    return bool(name) and not name.startswith("data:") and not any(word in name for word in _SMALL) and "{" not in name
