"""Find WordPress shortcodes, such as `[gallery ids="1,2"]` and `[caption …]…[/caption]`.

A text does not say which shortcodes a site has, and writers also put words in brackets: “[sic]”, “[laughs]”. So this
module recognizes a shortcode by its name, its attributes or its end tag. Anything else remains text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from linter import patterns
from linter.document import Span
from linter.word_lists import word_lists

_LISTS = word_lists("wordpress_shortcodes.txt")
MEDIA, _CODE = _LISTS["media"], _LISTS["code"]
CAPTIONS = frozenset({"caption", "wp_caption"})
_BARE, _FORUM = _LISTS["bare"], _LISTS["forum"]
_PREFIXES, _CODE_PREFIXES = (tuple(name[:-1] for name in names if name.endswith("*")) for names in (_BARE, _CODE))

# A value may begin with “[”, but not contain “]”.
_TAG = patterns.lazy(
    r"""\[(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9_-]*+)
    (?P<rest>(?:[\s\u00a0=/][^\[\]]*+(?:(?<==["'])\[[^\[\]]*+){0,3}+)?+)\](?!\()""",
    re.VERBOSE,
)
_BLANK_LINE = patterns.lazy(r"\n[ \t\r]*+\n")
_KEY = r"[\s\u00a0]++[A-Za-z_][\w-]*+[ \t]*+="
_QUOTED = patterns.lazy(rf"{_KEY}[ \t]*+(?:\"[^\"]*+\"|'[^']*+'|[“”„″‘’′«»][^“”„″‘’′«»]*+[“”″‘’′«»])")
_PLAIN = patterns.lazy(rf"(?:{_KEY}[^\s\"'<>=]*+)++\s*+/?")
_USUAL = patterns.lazy(r"[\s\u00a0]++(?:align|class|height|ids?+|link|name|size|src|type|url|width)=[^\s=]")
_CODED = patterns.lazy(r"[=\"'/“”0-9_]|[a-z][A-Z]")  # a sign that what follows the name of a shortcode is not prose


class Bracket(NamedTuple):
    """A start tag or an end tag of a shortcode.

    `rest` is the span of its attributes.
    """

    span: Span
    name: str
    is_end: bool
    rest: Span


class Shortcode(NamedTuple):
    """A shortcode. `end` is its end tag, or None. `is_escaped` is true for `[[gallery]]`, which shows `[gallery]`."""

    start: Bracket
    end: Bracket | None
    is_escaped: bool


def is_code(name: str) -> bool:
    """Whether the content of shortcodes called `name` is code."""
    return name.lower() in _CODE or name.lower().startswith(_CODE_PREFIXES)


def find_shortcodes(text: str, hidden: Sequence[Span]) -> list[Shortcode]:
    """Return the shortcodes in `text`, in the order of their start tags.

    `hidden` are the spans in which no shortcode may begin or end, such as HTML tags, in order.
    """
    if "[" not in text:
        return []
    found: list[Shortcode] = []
    opened: defaultdict[str, list[int]] = defaultdict(list)  # indexes in `found` of the unpaired start tags, by name
    for bracket in _outside(_brackets(text), hidden):
        if not bracket.is_end:
            opened[bracket.name].append(len(found))
            found.append(Shortcode(bracket, None, _is_escaped(text, bracket, bracket)))
        elif opened[bracket.name]:
            i = opened[bracket.name].pop()
            start = found[i].start
            # A blank line suggests that the end tag of the media is missing, and that this one is left over.
            if start.name not in MEDIA or not _BLANK_LINE.search(text, start.span.end, bracket.span.start):
                found[i] = Shortcode(start, bracket, _is_escaped(text, start, bracket))
    return [one for one in found if _is_shortcode(text, one)]


def _brackets(text: str) -> Iterator[Bracket]:
    for tag in _TAG.finditer(text):
        name, is_end, rest = tag["name"], bool(tag["close"]), Span(*tag.span("rest"))
        if is_end and tag["rest"]:
            continue
        if name.lower() not in _FORUM and not _BLANK_LINE.search(text, *rest):
            yield Bracket(Span(*tag.span()), name, is_end, rest)


def _outside(brackets: Iterable[Bracket], hidden: Sequence[Span]) -> Iterator[Bracket]:
    """Yield the brackets that begin and end outside of the spans `hidden`."""
    first = last = 0
    for bracket in brackets:
        start, end = bracket.span
        while first < len(hidden) and hidden[first].end <= start:
            first += 1
        last = max(first, last)
        while last < len(hidden) and hidden[last].end < end:
            last += 1
        begins_inside = first < len(hidden) and hidden[first].start <= start
        if not begins_inside and not (last < len(hidden) and hidden[last].start < end < hidden[last].end):
            yield bracket


def _is_escaped(text: str, start: Bracket, end: Bracket) -> bool:
    return text[start.span.start - 1 : start.span.start] == "[" and text[end.span.end : end.span.end + 1] == "]"


def _is_shortcode(text: str, one: Shortcode) -> bool:
    name, rest = one.start.name, text[slice(*one.start.rest)]
    is_bare = not rest.strip(" /")
    if name in _BARE or name in CAPTIONS or name.startswith(_PREFIXES):
        return one.end is not None or is_bare or _CODED.search(rest) is not None
    if name in MEDIA:
        return one.end is not None or _CODED.search(rest) is not None
    if rest.startswith("=") or (is_code(name) and not one.end):
        return False
    if _QUOTED.match(rest):
        return True
    has_options = _PLAIN.fullmatch(rest) is not None
    if one.end:
        return not name.isupper() and (is_bare or has_options)
    if not name.islower():
        return False
    return rest.strip() == "/" or (has_options and ("_" in name or _USUAL.match(rest) is not None))
