"""Read the comments that switch Vale's rules off and on in an article, such as `<!-- vale off -->`.

- `vale off` and `vale on` apply to all rules.
- `vale Style = NO` and `vale Style.Rule = NO` apply to a style or a rule; `YES` switches it on again.
- `vale Style.Rule["a", "b"] = NO` applies to the matches “a” and “b” of a rule.
- `vale styles = A, B` switches all styles off except A and B.

A comment applies to everything that follows, up to the next comment about the same rules or the end of the article.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter import patterns
from linter.document import Document, Span
from linter.naming import is_vale_rule
from linter.vale.view_options import options_of

_HTML = ("<!--", "-->")
_MDX = ("{/*", "*/}")
_LONGEST = 2_000  # code points of a comment
_MOST = 1_000  # rules and texts that are off at the same time
_MOST_KEPT = 50  # styles that are on while all others are off
_SWITCH = patterns.lazy(r"vale (?P<name>[^=\[\]]{1,200}?)(?P<texts>\[.*\])? = (?P<state>YES|NO|on|off)\Z")
_STYLES = patterns.lazy(r"vale styles? = (?P<names>.*)\Z")


class Region(NamedTuple):
    """A part of an article in which some of Vale's rules are off.

    `comment` is the span of the comment that switches them off. `name` is that of a rule or a style, or "" for all
    rules. If there are `texts`, only findings with one of these texts are suppressed. The styles `kept` remain on.
    """

    comment: Span
    extent: Span
    name: str = ""
    texts: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()

    def suppresses(self, rule: str, text: str) -> bool:
        """Whether a finding with the text `text` is suppressed. Those of rules of packs are not."""
        style = rule.partition(".")[0]
        if not is_vale_rule(rule) or self.name not in ("", rule, style):
            return False
        return style not in self.kept and (not self.texts or text in self.texts)


def read_regions(document: Document) -> list[Region]:
    """Return the regions in which comments switch rules off, in the order of these comments."""
    if "vale" not in document.source.text:
        return []
    switches = _Switches(len(document.source.text))
    for span, text in sorted(_comments(document)):
        switches.read(span, text)
    switches.end()
    found = sorted(switches.regions, key=lambda region: region.comment)
    blank = found and not document.source.text[: found[0].comment.start].strip()
    # Findings about the whole article are at its start, even if a comment comes first.
    return [
        region._replace(extent=Span(0, region.extent.end)) if blank and region.comment == found[0].comment else region
        for region in found
    ]


class _Switches:
    """The state of the rules while the comments of an article are read."""

    def __init__(self, size: int) -> None:
        self.regions: list[Region] = []
        self._size = size
        self._open: dict[tuple[str, str], Region] = {}  # the rules that are off, by name and text

    def read(self, comment: Span, text: str) -> None:
        """Change the state as a comment says."""
        if text in ("vale off", "vale on"):
            self._set(comment, "", "", off=text == "vale off")
        elif found := _STYLES.match(text):
            self._only(comment, frozenset(name.strip() for name in found["names"].split(",")))
        elif found := _SWITCH.match(text):
            for each in _texts(found["texts"]):
                self._set(comment, found["name"].strip(), each, off=found["state"] in ("NO", "off"))

    def end(self) -> None:
        """End all regions at the end of the article."""
        for key in list(self._open):
            self._close(key, self._size)

    def _set(self, comment: Span, name: str, text: str, *, off: bool) -> None:
        key = name, text
        if off and key not in self._open and len(self._open) < _MOST:
            texts = (text,) if text else ()
            self._open[key] = Region(comment, Span(comment.end, comment.end), name, texts)
        elif not off:
            self._close(key, comment.start)
            self._keep(comment, name)

    def _only(self, comment: Span, styles: frozenset[str]) -> None:
        """Switch all styles off except `styles`, which are switched on."""
        for key in (_ALL_STYLES, *((style, "") for style in styles)):
            self._close(key, comment.start)
        self._open[_ALL_STYLES] = Region(comment, Span(comment.end, comment.end), kept=styles)

    def _keep(self, comment: Span, name: str) -> None:
        """Switch a style on that is off because of `vale styles = …`."""
        region = self._open.get(_ALL_STYLES)
        if region and name and "." not in name and name not in region.kept and len(region.kept) < _MOST_KEPT:
            self._close(_ALL_STYLES, comment.start)
            self._open[_ALL_STYLES] = region._replace(extent=Span(comment.end, comment.end), kept=region.kept | {name})

    def _close(self, key: tuple[str, str], end: int) -> None:
        if region := self._open.pop(key, None):
            self.regions.append(region._replace(extent=Span(region.extent.start, end)))


_ALL_STYLES = ("*", "")  # the key of the styles that `vale styles = …` switches off


def _texts(value: str | None) -> list[str]:
    """Return the texts that a comment names as a JSON list, [""] if it names none, or [] if the list is malformed."""
    if not value:
        return [""]
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _comments(document: Document) -> Iterator[tuple[Span, str]]:
    """Yield the comments of an article, each with its span and its text, in any order."""
    options, source = options_of(document), document.source.text
    if options.ignore_syntax or document.kind == "text":
        return
    for tag in document.tags:
        if tag.kind == "comment":
            text = source[slice(*tag.span)]
            yield (
                tag.span,
                (text.lstrip("#") if document.kind == "org" else text.removeprefix("<!--").removesuffix("-->")).strip(),
            )
    given = [options.comment_delimiters] if all(options.comment_delimiters) else []
    for opening, closing in {*given, *([_MDX] if options.suffix == ".mdx" else [])} - {_HTML}:
        yield from _delimited(document, opening, closing)


def _delimited(document: Document, opening: str, closing: str) -> Iterator[tuple[Span, str]]:
    """Yield the comments about Vale that have certain delimiters, except those in code."""
    text = document.source.text
    code = sorted(block.source_span for block in document.blocks_in(frozenset({"code"})))
    start = text.find(opening)
    while start >= 0:
        inner = start + len(opening)
        end = text.find(closing, inner, inner + _LONGEST)
        words = text[inner:end].strip() if end >= 0 else ""
        if words.startswith("vale ") and not _is_inside(code, start):
            yield Span(start, end + len(closing)), words
        start = text.find(opening, inner if end < 0 else end + len(closing))


def _is_inside(spans: Sequence[Span], at: int) -> bool:
    i = bisect_right(spans, Span(at, len(spans) and max(at, spans[-1].end))) - 1
    return i >= 0 and spans[i].start <= at < spans[i].end
