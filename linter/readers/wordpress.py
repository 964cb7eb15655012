"""Read WordPress posts as they are stored: HTML with blank lines, block comments, shortcodes and embedded URLs.

The reader adds tags for what WordPress adds to a page, such as `<p>` in place of a blank line, and reads the result as
HTML. The added tags are not part of the document. For the rules, see `wpautop` in formatting.php of WordPress.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from linter import patterns
from linter.document import Attribute, Document, Span, Tag
from linter.readers import html_head, html_lexer, html_tree
from linter.readers.builder import Builder
from linter.readers.html import BLOCK, EMBED, SKIPPED, Page
from linter.source import Source
from linter.word_lists import word_lists

# Elements in which line ends, shortcodes and URLs have no meaning.
_KEPT = SKIPPED | {"listing", "math", "pre", "svg", "textarea", "xmp"}
# Elements that plugins for code highlight if they have the attribute “lang”. The plugins escape tags in them.
_HIGHLIGHTED = frozenset({"code", "pre"})
_BLOCK_COMMENT = patterns.lazy(r"<!--\s++(?P<end>/?)wp:(?P<name>[a-z][a-z0-9_/-]*+)\s")
_CLASSIC = frozenset({"core/freeform", "core/shortcode", "freeform", "shortcode"})  # blocks with classic content
_NEXT_PAGE = patterns.lazy(r"<!--\s*+nextpage\s*+-->")
_LINE_END = patterns.lazy(r"(?:\r\n?|\n)(?P<rest>[ \t\n\f\r]*+)")
_URL = patterns.lazy(r"(?<![^\s>\]])https?://[^\s<>\"\[\]]++(?=[ \t]*+(?:[\r\n]|\Z))", re.IGNORECASE)
_PICTURE = patterns.lazy(r"(?:<a\s[^<>]++>\s*+)?+<img\s[^<>]++>(?:\s*+</a>)?+", re.IGNORECASE)
_CAPTION = patterns.lazy(r"\scaption=(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')")
_SPAN = attrgetter("span")


def read(source: Source) -> Document:
    """Return the document for a WordPress post."""
    builder = Builder(source, "wordpress")
    text = source.text
    tags = html_lexer.lex_tags(text)
    highlighted = [*_content_spans(tags, _HIGHLIGHTED, "lang")]
    tags = _outside(tags, highlighted)
    kept = sorted({*_content_spans(tags, _KEPT), *highlighted})
    shortcodes = find_shortcodes(text, _hidden(tags, kept))
    tags = _outside(tags, [*_code_spans(shortcodes)])
    added = [tag for one in _placed(text, tags, shortcodes) for tag in one]
    known = _without_overlaps(sorted([*added, *tags], key=_SPAN))
    own = set(map(id, tags))
    builder.tags = [tag for tag in known if id(tag) in own]
    builder.marks = list(_marks(text, known, own))
    broken = _Breaks(text, kept).add(known)
    ends = html_tree.element_ends(broken, text)
    language = html_head.read_head(builder, broken, ends)
    Page(builder, broken, ends).write()
    return builder.document(language)


def _content_spans(tags: Sequence[Tag], names: frozenset[str], attribute: str = "") -> Iterator[Span]:
    """Yield the spans of the content of the elements in `names` that have an end tag, in order.

    If `attribute` is given, only elements with this attribute count.
    """
    ends: dict[str, list[int]] = {name: [] for name in names}
    for tag in tags:
        if tag.kind == "close" and tag.name in ends:
            ends[tag.name].append(tag.span.start)
    done = 0
    for tag in tags:
        is_wanted = tag.kind == "open" and tag.name in ends and (not attribute or tag.attribute(attribute))
        if is_wanted and tag.span.start >= done:
            at = bisect_left(ends[tag.name], tag.span.end)
            if at < len(ends[tag.name]):
                done = ends[tag.name][at]
                yield Span(tag.span.end, done)


def _outside(tags: Sequence[Tag], spans: Sequence[Span]) -> list[Tag]:
    """Return the tags that do not begin inside of `spans`, which are in order."""
    found: list[Tag] = []
    at = 0
    for tag in tags:
        while at < len(spans) and spans[at].end <= tag.span.start:
            at += 1
        if at == len(spans) or tag.span.start < spans[at].start:
            found.append(tag)
    return found


def _code_spans(shortcodes: Sequence[Shortcode]) -> Iterator[Span]:
    """Yield the spans of the content of shortcodes for code, in which plugins escape tags."""
    for one in shortcodes:
        if one.end and not one.is_escaped and is_code(one.start.name):
            yield Span(one.start.span.end, one.end.span.start)


def _hidden(tags: Sequence[Tag], kept: Sequence[Span]) -> list[Span]:
    """Return the spans of the tags and of the kept content, in order, without spans inside other ones."""
    spans, done = [], 0
    for span in sorted([*kept, *map(_SPAN, tags)]):
        if span.start >= done and span.start < span.end:
            spans.append(span)
            done = span.end
    return spans


def _without_overlaps(tags: Sequence[Tag]) -> list[Tag]:
    """Return the tags that begin at or after the end of the previous one, such as HTML tags outside of shortcodes."""
    found, done = [], 0
    for tag in tags:
        if tag.span.start >= done:
            found.append(tag)
            done = tag.span.end
    return found


def _marks(text: str, tags: Sequence[Tag], block_comments: set[int]) -> Iterator[Span]:
    for tag in tags:
        is_block = tag.kind == "comment" and _BLOCK_COMMENT.match(text, *tag.span) is not None
        if (id(tag) not in block_comments or is_block) and tag.span.start < tag.span.end:
            yield tag.span


# Find shortcodes, such as `[gallery ids="1,2"]` and `[caption …]…[/caption]`.
#
# A text does not say which shortcodes a site has, and writers also put words in brackets: “[sic]”, “[laughs]”. So a
# shortcode is recognized by its name, its attributes or its end tag. Anything else remains text.

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
    for bracket in _visible(_brackets(text), hidden):
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


def _visible(brackets: Iterable[Bracket], hidden: Sequence[Span]) -> Iterator[Bracket]:
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


# Tags for shortcodes.


def _placed(text: str, tags: Sequence[Tag], shortcodes: Sequence[Shortcode]) -> Iterator[list[Tag]]:
    brackets = [bracket.span for one in shortcodes for bracket in (one.start, one.end) if bracket]
    blocks = [tag.span for tag in tags if tag.name in BLOCK]
    starts, ends = ({span[side] for span in (*brackets, *blocks)} for side in (0, 1))
    for one in shortcodes:
        start, end = one.start, one.end
        if one.is_escaped:
            yield [_nothing(*_before(start)), _nothing(*_after(end or start))]
        elif start.name in MEDIA or (not end and start.name not in CAPTIONS):
            yield _embed(text, one)
        elif start.name in CAPTIONS:
            yield [*_caption(text, start, end)]
        elif end and is_code(start.name):
            yield [Tag("pre", "open", start.span), Tag("pre", "close", end.span)]
        elif end and _is_at_edge(text, start, starts, ends) and _is_at_edge(text, end, starts, ends):
            yield [Tag("div", "open", start.span), Tag("div", "close", end.span)]
        elif end:
            yield [_nothing(*start.span), _nothing(*end.span)]


def _nothing(start: int, end: int) -> Tag:
    return Tag("", "comment", Span(start, end))


def _before(bracket: Bracket) -> Span:
    return Span(bracket.span.start - 1, bracket.span.start)


def _after(bracket: Bracket) -> Span:
    return Span(bracket.span.end, bracket.span.end + 1)


def _embed(text: str, one: Shortcode) -> list[Tag]:
    if not one.end:
        return _media(one.start.span)
    whole = Span(one.start.span.start, one.end.span.end)
    url = _URL.search(text, one.start.span.end, one.end.span.start) if one.start.name == "embed" else None
    return _media(whole, Span(*url.span()), text) if url else _media(whole)


def _media(span: Span, url: Span | None = None, text: str = "") -> list[Tag]:
    """Return the tags for media that are embedded at `span`, and that are also a link if they have a URL."""
    attributes = (Attribute("href", text[slice(*url)], url),) if url else ()
    return [Tag(EMBED, "open", span, attributes), Tag(EMBED, "close", Span(span.end, span.end))]


def _caption(text: str, start: Bracket, end: Bracket | None) -> Iterator[Tag]:
    """Yield the tags of a figure and its caption, which is an attribute in old posts."""
    old = _CAPTION.search(text, *start.rest)
    if old:
        low, high = old.span(old.lastgroup or 0)
        yield Tag("figcaption", "open", Span(start.span.start, low))
        yield Tag("figcaption", "close", Span(high, start.span.end))
    elif end and (picture := _PICTURE.search(text, start.span.end, end.span.start)):
        yield Tag("figure", "open", start.span)
        yield Tag("figcaption", "open", Span(picture.end(), picture.end()))
        yield Tag("figcaption", "close", Span(end.span.start, end.span.start))
        yield Tag("figure", "close", end.span)
        return
    else:
        yield _nothing(*start.span)
    if end:
        yield _nothing(*end.span)


def _is_at_edge(text: str, bracket: Bracket, starts: set[int], ends: set[int]) -> bool:
    """Whether only the edge of a line, a block element or another shortcode is on the outer side of a bracket.

    `starts` and `ends` are the offsets at which shortcodes and the tags of block elements begin and end.
    """
    if bracket.is_end:
        at = bracket.span.end
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        return at == len(text) or text[at] in "\r\n" or at in starts
    at = bracket.span.start
    while at and text[at - 1] in " \t":
        at -= 1
    return at == 0 or text[at - 1] in "\r\n" or at in ends


# Line ends and URLs.


@dataclass(eq=False)
class _Breaks:
    """Adds tags for line ends, blank lines, page breaks, and URLs on lines of their own.

    In a post with block comments, line ends are breaks only outside of blocks, and in classic blocks.
    """

    text: str
    kept: Sequence[Span]
    _open: list[str] = field(default_factory=list)  # names of the open blocks

    def add(self, tags: Sequence[Tag]) -> list[Tag]:
        found: list[Tag] = []
        at, before, kept = 0, None, iter([*self.kept, Span(len(self.text), len(self.text) + 1)])
        inside = next(kept)
        for tag in (*tags, None):
            end = tag.span.start if tag else len(self.text)
            while inside.end <= at:
                inside = next(kept)
            if at < end and at < inside.start:
                found += self._between(Span(at, end), before, tag)
            if tag:
                found += self._shown(tag)
                at, before = tag.span.end, tag
        return found

    def _shown(self, tag: Tag) -> list[Tag]:
        """Return the tags that a tag stands for: usually itself."""
        block = _BLOCK_COMMENT.match(self.text, *tag.span) if tag.kind == "comment" else None
        if block and block["end"]:
            if self._open:  # WordPress does not compare the names, either
                self._open.pop()
        elif block and self.text.endswith("/-->", *tag.span):  # a block that WordPress fills
            start, end = (Span(at, at) for at in tag.span)
            return [Tag("div", "open", start), *_media(tag.span), Tag("div", "close", end)]
        elif block:
            self._open.append(block["name"])
        elif tag.kind == "comment" and _NEXT_PAGE.match(self.text, *tag.span):
            return [Tag("p", "open", tag.span)]
        return [tag]

    def _between(self, gap: Span, before: Tag | None, after: Tag | None) -> list[Tag]:
        found: list[Tag] = []
        is_classic = not self._open or self._open[-1] in _CLASSIC
        if is_classic and ("\n" in self.text[slice(*gap)] or "\r" in self.text[slice(*gap)]):
            found += self._line_ends(gap, before, after)
        if not (before and before.kind == "open" and before.name == "a"):
            for url in _URL.finditer(self.text, *gap):
                if self._is_alone(Span(*url.span()), gap, before, after):
                    found += _media(Span(*url.span()), Span(*url.span()), self.text)
        return sorted(found, key=_SPAN)

    def _line_ends(self, gap: Span, before: Tag | None, after: Tag | None) -> Iterator[Tag]:
        """Yield a `<p>` for each blank line, and a `<br>` for each other line end, except next to block elements."""
        first = True
        for run in _LINE_END.finditer(self.text, *gap):
            is_blank = "\n" in run["rest"] or "\r" in run["rest"]
            leads = first and not self.text[gap.start : run.start()].strip()
            first = False
            if leads and (before is None or before.name in BLOCK or (before.name == "br" and not is_blank)):
                continue
            if run.end() < gap.end or (after and after.name not in BLOCK):
                yield Tag("p" if is_blank else "br", "open", Span(*run.span()))

    def _is_alone(self, url: Span, gap: Span, before: Tag | None, after: Tag | None) -> bool:
        """Whether a URL, which nothing but white space follows in the gap or line, is alone in its line or `<p>`."""
        at = url.start
        while at > gap.start and self.text[at - 1] in " \t":
            at -= 1
        if at > gap.start:
            begins = self.text[at - 1] in "\r\n"
        else:
            begins = before is None or (before.name == "p" and before.kind == "open")
        if not begins or self.text[url.end : gap.end].strip(" \t"):
            return begins
        return after is None or (after.name == "p" and after.kind == "close")
