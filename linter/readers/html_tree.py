"""Find where each element of a page ends, and which part of the page is the article.

As in browsers, elements may lack end tags. Landmarks are elements whose names or attributes mark them as the article,
as boilerplate around it, or as hidden.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from linter import patterns
from linter.document import Tag
from linter.readers.html_meaning import BLOCK, ENDS_P, HEADINGS, VOID
from linter.word_lists import word_lists

_BLOCK = BLOCK | {"button", "head", "listing", "noscript", "plaintext", "template", "xmp"}
_FOREIGN = frozenset({"svg", "math"})
_ENDS_P = HEADINGS | ENDS_P  # elements that end an open paragraph (WHATWG HTML 13.2.6.4.7)
# The start tag of each of these elements ends the open elements of the first set, unless an element of the second set
# is open inside them.
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
_IMPLYING = _ENDS_P | HEADINGS | _ENDS.keys() | {"a"}  # elements whose start tags may end open elements
_LEVELS = tuple(sorted(HEADINGS))
# Tags inside these elements end no element outside of them, except for the tags in _THROUGH.
_BARRIERS = frozenset({"td", "th", "caption", "table", "template", "object", "svg", "math"})
_THROUGH = _BARRIERS | {"tbody", "thead", "tfoot", "tr"}
_ONCE = frozenset({"html", "body"})  # their end tags have no effect: later content still belongs to the page


def element_ends(tags: Sequence[Tag], text: str) -> list[int]:
    """Return, for each tag, the index of the tag at which its element ends.

    That tag need not be the end tag of the element. The index is `len(tags)` if nothing ends the element. For end tags,
    comments, broken tags, and start tags that open no element, such as `<br>`, it is the index of the tag itself.
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
    """The state of a pass over the tags."""

    tags: Sequence[Tag]
    text: str
    ends: list[int]  # the result of `element_ends`
    # Indexes of the start tags of open elements, in order: of all elements, by name, of block elements, and of elements
    # in _BARRIERS. An element that `_end_alone` has ended may remain in all these lists except `_named`.
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
        named = self._named.get(name)
        if not named or name in _ONCE:
            return
        start = named[-1]
        if start == self._open[-1]:  # the usual case: no element is open inside
            self._open.pop()
            self._ended(start, i)
        elif start < self._barriers[-1] and name not in _THROUGH:
            return
        elif name in _BLOCK and name != "form":
            self._end_from(start, i)
        else:
            self._end_alone(start, i)

    def _imply_ends(self, i: int, name: str) -> None:
        """End open elements that cannot contain the element `name` that begins at the tag with the index `i`."""
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
        """Return the index of the start tag of the innermost open element called `name`, or -1."""
        places = self._named.get(name)
        return places[-1] if places else -1

    def _end_alone(self, start: int, i: int) -> None:
        """End the element that begins at the tag with the index `start`, at the tag with the index `i`.

        Elements inside it may stay open.
        """
        if self._blocks[-1] <= start:
            self._end_from(start, i)
        else:  # as in the “adoption agency” algorithm of browsers
            self._named[self.tags[start].name].pop()
            self.ends[start] = i

    def _end_from(self, start: int, i: int) -> None:
        """End the element that begins at the tag with the index `start`, and all open elements inside it.

        They end at the tag with the index `i`.
        """
        ended = len(self._open)
        while ended and self._open[ended - 1] >= start:
            ended -= 1
            self._ended(self._open[ended], i)
        del self._open[ended:]

    def _ended(self, inner: int, i: int) -> None:
        named = self._named[self.tags[inner].name]
        if named and named[-1] == inner:  # otherwise `_end_alone` has already ended it
            named.pop()
            self.ends[inner] = i
        if self._blocks[-1] == inner:
            self._blocks.pop()
        if self._barriers[-1] == inner:
            self._barriers.pop()


# Landmarks.

# The meanings of roles, elements, names (classes or IDs) and classes.
_ROLES, _ELEMENTS, _NAMES, _CLASSES = {"note": ""}, dict[str, str](), dict[str, str](), dict[str, str]()
for _title, _words in word_lists("html_landmarks.txt").items():
    _table, _, _means = _title.partition(" ")
    {"role": _ROLES, "element": _ELEMENTS, "name": _NAMES, "class": _CLASSES, "embed": _NAMES}[_table].update(
        dict.fromkeys(_words, _means)
    )
_ITEMS = {"articleBody": "body", "comment": "boilerplate"}
_TYPE = patterns.lazy(
    r"schema\.org/(?:(?P<article>\w*Article|\w*BlogPosting|Report|Review)"
    r"|(?P<boilerplate>Comment|UserComments)|(?P<frame>WPHeader|WPFooter|WPSideBar|SiteNavigationElement))\b"
)
_NO_DISPLAY = patterns.lazy(r"(?:\A|;)\s*display\s*:\s*none\b", re.IGNORECASE)
_TELLING = patterns.lazy(
    rf"""[\s"'=;](?:role|item(?:prop|type)|hidden|display|{"|".join(sorted({*_NAMES, *_CLASSES}))})"""
)
_SECTIONS = frozenset({"article", "main", "section", "aside", "nav", "blockquote", "figure"})
_QUOTES = frozenset({"blockquote", "figure"})


class Landmark(NamedTuple):
    """A landmark: the element that begins at the tag with the index `start` and ends at the tag with the index `end`.

    `meaning` is main, article, body (of an article), boilerplate, frame (boilerplate, or a wrapper around the article),
    or hidden (permanently, or until a script has run).
    """

    start: int
    end: int
    meaning: str


def find_landmarks(tags: Sequence[Tag], ends: Sequence[int], text: str) -> Iterator[Landmark]:
    """Yield the landmarks of a page, in order.

    Landmarks with the meaning boilerplate, frame or hidden are left out if nothing ends them, because they would
    contain the rest of the page.
    """
    sections = quotes = -1  # indexes of the tags at which the open sections and quotations end
    for i, tag in enumerate(tags):
        telling = bool(tag.attributes) and _TELLING.search(text, *tag.span) is not None
        if telling or tag.name in _ELEMENTS or tag.name in _SECTIONS:
            end = ends[i]
            meaning = _meaning(tag, telling, i < sections, i < quotes) if end > i else ""
            if meaning in ("main", "article", "body") or (meaning and end < len(tags)):
                yield Landmark(i, end, meaning)
            if tag.name in _SECTIONS:
                sections = max(sections, end)
            if tag.name in _QUOTES:
                quotes = max(quotes, end)


def _meaning(tag: Tag, telling: bool, in_section: bool, in_quote: bool) -> str:
    if telling:
        if _hidden(tag):
            return "hidden"
        declared = _declared_meaning(tag, in_section)
        if declared is not None:
            return declared
    if (tag.name == "header" and in_section) or (tag.name == "footer" and in_quote):
        return ""
    if tag.name in _ELEMENTS:
        return _ELEMENTS[tag.name]
    return _named(tag) if telling and tag.name in BLOCK and tag.name != "body" else ""


def _hidden(tag: Tag) -> bool:
    """Whether the element that begins with `tag` is hidden, judging by its attributes."""
    hidden, style = tag.attribute("hidden"), tag.attribute("style")
    if hidden and hidden.value.lower() != "until-found":  # readers can find that content by searching
        return True
    return bool(style and _NO_DISPLAY.search(style.value)) or not _CLASSES.keys().isdisjoint(_classes(tag))


def _declared_meaning(tag: Tag, in_section: bool) -> str | None:
    """Return the meaning that attributes such as `role` declare, or None if they declare none.

    The meaning is "" if the attributes rule out a landmark.
    """
    role, prop, kind = (tag.attribute(name) for name in ("role", "itemprop", "itemtype"))
    if role and (role.value.lower() in _ROLES or role.value.lower().startswith("doc-")):
        return _ROLES.get(role.value.lower(), "")
    if prop and prop.value in _ITEMS:
        return _ITEMS[prop.value]
    found = _TYPE.search(kind.value) if kind else None
    if not found or (found.lastgroup == "frame" and in_section):
        return None
    return found.lastgroup


def _named(tag: Tag) -> str:
    """Return the meaning that the classes and the ID of an element suggest, or "" if they suggest none."""
    id_ = tag.attribute("id")
    names = (*_classes(tag), id_.value if id_ else "")
    return next((_NAMES[name] for name in names if name in _NAMES), "")


def _classes(tag: Tag) -> list[str]:
    classes = tag.attribute("class")
    return classes.value.split() if classes else []


# The extent of the article.

ARTICLE, BOILERPLATE, HIDDEN = 0, 1, 2

_MIN_ARTICLE_LENGTH = 1000  # code points of text that are enough for an article, whatever else the page contains
_MIN_ARTICLE_SHARE = 0.3  # minimum share of the surrounding text for a shorter article
# Minimum length of any other article, as a share of the longest one; for pages with several teasers.
_MIN_OTHER_ARTICLE = 0.25
_MIN_MAIN_SHARE = 0.1  # minimum share of the text of a page in its main part; a smaller main part counts as empty


def content_states(tags: Sequence[Tag], ends: Sequence[int], text: str, skipped: frozenset[str]) -> bytearray:
    """Return the state of the text before the first tag and after each tag: ARTICLE, BOILERPLATE or HIDDEN.

    `ends` is the result of `element_ends`, and `skipped` has the names of elements without text. By default, all text
    that is not boilerplate or hidden belongs to the article. If landmarks mark the article itself, as determined by
    `_article_landmarks`, only these landmarks and first-level headings belong to it.
    """
    found = list(find_landmarks(tags, ends, text))
    page = bytearray(len(tags) + 1)
    if not found:
        return page
    lengths = _lengths(tags, ends, text, skipped)
    sums = [0, *accumulate(lengths)]
    for mark in found:
        wraps = mark.meaning in ("frame", "hidden") and 2 * _length(sums, mark) > sums[-1]
        if mark.meaning in ("boilerplate", "frame", "hidden") and not wraps and page[mark.start + 1] == ARTICLE:
            _mark(page, mark, HIDDEN if mark.meaning == "hidden" else BOILERPLATE)
    if any(page):
        sums = [0, *accumulate(0 if state else length for state, length in zip(page, lengths, strict=True))]
    kept = _article_landmarks([mark for mark in found if page[mark.start + 1] == ARTICLE], sums)
    return _without_the_rest(page, kept, found, tags, ends) if kept else page


def _lengths(tags: Sequence[Tag], ends: Sequence[int], text: str, skipped: frozenset[str]) -> list[int]:
    """Return the lengths of the texts before, between and after the tags, not counting white space at their edges.

    Usually, the text inside `skipped` elements has the length 0.
    """
    lengths, at, skip = [], 0, -1
    for i, tag in enumerate(tags):
        start, end = tag.span
        lengths.append(0 if at == start or i <= skip else len(text[at:start].strip()))
        at = end
        if tag.name in skipped:
            skip = max(skip, ends[i])
    return [*lengths, len(text[at:].strip())]


def _length(sums: Sequence[int], mark: Landmark) -> int:
    return sums[mark.end + 1] - sums[mark.start + 1]


def _mark(page: bytearray, mark: Landmark, state: int) -> None:
    page[mark.start + 1 : mark.end + 1] = bytes([state]) * (mark.end - mark.start)


def _article_landmarks(candidates: Sequence[Landmark], sums: Sequence[int]) -> list[Landmark]:
    """Return the landmarks that contain the article, in order, or [] if no landmarks mark the article.

    `sums[i]` is the length of all text before the tag with the index `i - 1`, except for boilerplate and hidden text.
    """
    least = _MIN_MAIN_SHARE * sums[-1]
    main = [mark for mark in candidates if mark.meaning == "main" and _length(sums, mark) > least]
    around = max((_length(sums, mark) for mark in main), default=sums[-1])
    own, outer = _own_lengths([mark for mark in candidates if mark.meaning == "article"], sums)
    longest = max(own.values(), default=0)
    if longest and (longest >= min(_MIN_ARTICLE_LENGTH, _MIN_ARTICLE_SHARE * around) or 2 * sum(own.values()) > around):
        similar = [
            mark for mark, length in own.items() if length >= min(_MIN_ARTICLE_LENGTH, _MIN_OTHER_ARTICLE * longest)
        ]
        return [mark for mark in similar if mark not in outer or own[mark] > own[outer[mark]]]
    return main or [mark for mark in candidates if mark.meaning == "body" and _length(sums, mark) > least]


def _own_lengths(
    articles: Iterable[Landmark], sums: Sequence[int]
) -> tuple[dict[Landmark, int], dict[Landmark, Landmark]]:
    """Return the length of each article without its nested articles, and the article around each nested article."""
    own: dict[Landmark, int] = {}
    outer: dict[Landmark, Landmark] = {}
    opened: list[Landmark] = []
    for mark in articles:
        while opened and opened[-1].end <= mark.start:
            opened.pop()
        own[mark] = _length(sums, mark)
        if opened:
            own[opened[-1]] -= own[mark]
            outer[mark] = opened[-1]
        opened.append(mark)
    return own, outer


def _without_the_rest(
    page: bytearray, kept: Sequence[Landmark], found: Iterable[Landmark], tags: Sequence[Tag], ends: Sequence[int]
) -> bytearray:
    """Return a copy of `page` in which all text outside of `kept` and first-level headings is boilerplate."""
    only = bytearray([BOILERPLATE]) * len(page)
    keeping = set(kept)
    for i, tag in enumerate(tags):
        if tag.name == "h1" and ends[i] > i and only[i + 1] != page[i + 1]:
            only[i + 1 : ends[i] + 1] = page[i + 1 : ends[i] + 1]
    for mark in found:
        place = slice(mark.start + 1, mark.end + 1)
        if mark in keeping and only[place.start] != page[place.start]:
            only[place] = page[place]
        elif mark.meaning == kept[0].meaning == "article" and mark not in keeping and only[place.start] == ARTICLE:
            _mark(only, mark, BOILERPLATE)  # a comment on the article
    return only
