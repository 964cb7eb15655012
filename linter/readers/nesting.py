"""Where each element of a page ends, with its end tag or without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from linter.document import Tag
from linter.elements import VOID
from linter.readers.markup import BLOCK

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK = BLOCK | {"button", "head", "listing", "noscript", "plaintext", "template", "xmp"}
_FOREIGN = frozenset({"svg", "math"})
# Tags that end a paragraph (WHATWG HTML 13.2.6.4.7).
_ENDS_P = HEADINGS | frozenset(
    """
    address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer
    form header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp
    """.split()
)
# A new one of these ends an open one of its group, if none of the containers behind it is open within that.
_CELLS, _TABLES = frozenset({"td", "th", "caption"}), frozenset({"table"})
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (_CELLS, _TABLES),
    "th": (_CELLS, _TABLES),
    "tr": (_CELLS | {"tr"}, _TABLES),
    "tbody": (_CELLS | {"tr", "tbody", "thead", "tfoot"}, _TABLES),
    "tfoot": (_CELLS | {"tr", "tbody", "thead", "tfoot"}, _TABLES),
    "option": (frozenset({"option"}), frozenset({"select"})),
    "optgroup": (frozenset({"option", "optgroup"}), frozenset({"select"})),
    "button": (frozenset({"button"}), frozenset()),
}
_IMPLYING = _ENDS_P | HEADINGS | _ENDS.keys() | {"a"}  # what may end what is open
_LEVELS = tuple(sorted(HEADINGS))
# What happens inside of these ends nothing outside of them, save by the end tags of tables.
_BARRIERS = frozenset({"td", "th", "caption", "table", "template", "object", "svg", "math"})
_THROUGH = _BARRIERS | {"tbody", "thead", "tfoot", "tr"}
_ONCE = frozenset({"html", "body"})  # whose end tags end nothing: what follows still belongs to the page


def ends(tags: Sequence[Tag], text: str) -> list[int]:
    """For each tag the index of the one that its element ends at, which need not be its end tag.

    It is len(tags) where nothing ends the element, and the tag's own index where there is none: end tags,
    comments, elements without content.
    """
    nesting = _Nesting(tags, text, list(range(len(tags))))
    for i, tag in enumerate(tags):
        if tag.kind == "open":
            nesting.start(i, tag.name)
        elif tag.kind == "close":
            nesting.end(i, tag.name)
    return nesting.ends


@dataclass(eq=False)
class _Nesting:
    """The elements that are open while tags are read; all lists hold indexes of tags, in order."""

    tags: Sequence[Tag]
    text: str
    ends: list[int]
    _open: list[int] = field(default_factory=list)
    _named: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _blocks: list[int] = field(default_factory=lambda: [-1])
    _barriers: list[int] = field(default_factory=lambda: [-1])

    def __post_init__(self) -> None:
        self._svg, self._math = self._named["svg"], self._named["math"]

    def start(self, i: int, name: str) -> None:
        if name in _IMPLYING:
            self._imply_ends(i, name)
        if name in VOID or (name in _ONCE and self._named[name]):
            return
        if (name in _FOREIGN or self._svg or self._math) and self.text[self.tags[i].span.end - 2] == "/":
            return
        self._open.append(i)
        self._named[name].append(i)
        if name in _BLOCK:
            self._blocks.append(i)
        if name in _BARRIERS:
            self._barriers.append(i)
        self.ends[i] = len(self.tags)

    def end(self, i: int, name: str) -> None:
        if name in HEADINGS:
            name = max(_LEVELS, key=self._last)
        start = self._last(name)
        if start < 0 or name in _ONCE:
            return
        if start == self._open[-1]:  # nearly always: nothing is open in it
            self._open.pop()
            self._ended(start, i)
        elif start < self._barriers[-1] and name not in _THROUGH:
            return
        elif name in _BLOCK and name != "form":
            self._end_from(start, i)
        else:
            self._end_alone(start, i)

    def _imply_ends(self, i: int, name: str) -> None:
        """End the elements that cannot hold one of this name."""
        barrier = self._barriers[-1]
        if name in _ENDS_P and (paragraph := self._last("p")) > barrier:
            self._end_from(paragraph, i)
        if name in HEADINGS and self._open and self.tags[self._open[-1]].name in HEADINGS:
            self._end_from(self._open[-1], i)
        elif name == "a" and (link := self._last("a")) > barrier:
            self._end_alone(link, i)
        elif name in _ENDS:
            group, containers = _ENDS[name]
            if not any(map(self._named.get, group)):
                return
            limit = max(map(self._last, containers), default=-1)
            limit = limit if name in _THROUGH else max(limit, barrier)
            siblings = [place for sibling in group if (place := self._last(sibling)) > limit]
            if siblings:
                self._end_from(min(siblings), i)

    def _last(self, name: str) -> int:
        """The innermost open element of a name, or -1."""
        places = self._named.get(name)
        return places[-1] if places else -1

    def _end_alone(self, start: int, i: int) -> None:
        """End an element, but no block in it: those that overlap it go on (as by the adoption agency algorithm)."""
        if self._blocks[-1] <= start:
            self._end_from(start, i)
        else:
            self._named[self.tags[start].name].pop()
            self.ends[start] = i

    def _end_from(self, start: int, i: int) -> None:
        """End an element and all that are open in it."""
        ended = len(self._open)
        while ended and self._open[ended - 1] >= start:
            ended -= 1
            self._ended(self._open[ended], i)
        del self._open[ended:]

    def _ended(self, inner: int, i: int) -> None:
        named = self._named[self.tags[inner].name]
        if named and named[-1] == inner:  # else it has ended alone
            named.pop()
            self.ends[inner] = i
        if self._blocks[-1] == inner:
            self._blocks.pop()
        if self._barriers[-1] == inner:
            self._barriers.pop()
