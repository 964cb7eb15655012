"""Where the address and the title of a Markdown link stand in the source."""

from __future__ import annotations

import re
from collections.abc import Mapping

from linter import late
from linter.block import Span
from linter.readers import parsing
from linter.readers.parsing import Parsed

# A line end may stand between the parts, and with it the marks of the quotes around.
_GAP = late.pattern(r"[ \t]*+(?:(?:\r\n?|\n)[ \t>]*+)?+")
_ANGLED = late.pattern(r"<((?:[^<>\\\r\n]|\\.|\\)*+)>")
_SIMPLE = late.pattern(r"\]\(([^\x00-\x20\x7f<>()\\]*+)\)")
_BARE = late.pattern(r"[^\x00-\x20\x7f]*+")
_TITLES = {
    '"': late.pattern(r'"((?:[^"\\]|\\.|\\)*+)"', re.DOTALL),
    "'": late.pattern(r"'((?:[^'\\]|\\.|\\)*+)'", re.DOTALL),
    "(": late.pattern(r"\(((?:[^()\\]|\\.|\\)*+)\)", re.DOTALL),
}
_LABEL = late.pattern(r"\[(?:[^\[\]\\]|\\.)++\]:", re.DOTALL)


class Destinations:
    """Finds them in a text as it was parsed; all offsets are code points."""

    def __init__(self, parsed: Parsed) -> None:
        self._text, self._parsed = parsed.text, parsed
        self._definitions: dict[str, Span] | None = None
        self._defined: dict[Span, tuple[Span, Span | None]] = {}

    def simple(self, detail: Mapping[str, str], end: int) -> tuple[Span, Span | None] | None:
        """Those of a link or image that ends with `](address)`, all as it stands; None where there is more to it."""
        url = detail["dest_url"]
        if detail["link_type"] == "Inline" and not detail["title"] and self._text.endswith(f"]({url})", 0, end):
            return Span(end - 1 - len(url), end - 1), None
        return None

    def find(self, detail: Mapping[str, str], start: int, inner: int, end: int) -> tuple[Span, Span | None]:
        """Those of the link or image at `[start, end)` whose words end at `inner`; `detail` is what the parser says."""
        kind = detail["link_type"]
        if kind == "Inline":
            return _inline(self._text, inner, end)
        if kind in ("Autolink", "Email"):
            return Span(start + 1, end - 1), None
        if self._definitions is None:
            self._definitions = parsing.definitions(self._parsed)
        definition = self._definitions.get(parsing.label(detail["id"]))
        if not definition:
            return Span(start, end), None
        if definition not in self._defined:  # many links may share one
            self._defined[definition] = _defined(self._text, *definition)
        return self._defined[definition]


def _inline(text: str, at: int, end: int) -> tuple[Span, Span | None]:
    """The spans of address and title in `text[at:end]`, which reads `](address "title")`."""
    simple = _SIMPLE.match(text, at, end)
    if simple and simple.end() == end:
        return Span(*simple.span(1)), None
    return _both(text, text.find("(", at, end) + 1, end - 1)


def _defined(text: str, start: int, end: int) -> tuple[Span, Span | None]:
    """The spans of address and title in `text[start:end]`, which reads `[label]: address "title"`."""
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
