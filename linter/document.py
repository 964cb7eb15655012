"""The document that `linter.readers` creates from a source: its blocks, links, images, metadata and other parts."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar, cast

from linter import patterns
from linter.source import SIZE, Source

T = TypeVar("T")
PROSE = frozenset({"paragraph", "heading", "list", "quote", "table", "caption"})
ADDRESSES = frozenset({"link.url", "image.url", "odd.url"})
# The scopes of rules of Vale styles. `linter.vale.view` creates their blocks. Rules of packs cannot use these scopes.
VALE_VIEWS = ("vale.text", "vale.paragraph", "vale.sentence", "vale.raw", "vale.summary")
_DERIVED_NAMES = {"lead", "opening", "closing", "link.text", "link.title", "source", "source+code"}
DERIVED = ADDRESSES | _DERIVED_NAMES | frozenset(VALE_VIEWS)
_OTHERS = {"prose", "table.header", "table.cell", "alt", "title", "metadata", "code", "code.markdown", "boilerplate"}
SCOPES = PROSE | ADDRESSES | _DERIVED_NAMES | _OTHERS
MARKUPS = ("markdown", "html", "text")  # the values of `Document.markup`
OBJECT = "\ufffc"  # represents inline code and images in the text of a block

_MARKUP_OF = {"wordpress": "html", "org": "text"}
_LARGE = 1_000_000  # code points
_EDGE = 3  # blocks in the opening, and in the closing, of an article; headings are not counted
# A plain address: the URL of a page with only common characters, an anchor such as `#top`, a path such as `/news/tram`
# (but not one in a system folder, such as `/home`), or a template such as `{{ url }}`. All other addresses have the
# scope `odd.url`.
_PLAIN_ADDRESS = patterns.lazy(
    r"""(?: https?://(?:[\w-]++\.)+[a-z]{2,} (?:/[\w./~+=?&\#-]*+)?
    | \#[\w.-]*+ | /(?!users|home|storage|private|var)[\w./\#-]*+ | \{\{.*\}\} )\Z""",
    re.ASCII | re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_PARTS = ("blocks", "links", "images", "headings", "fences", "tags", "notes")
# Deckset, Quarto, Marp and HTML pages with reveal.js
_SLIDES = patterns.lazy(
    r"\Atheme: |^(?:format:[ ]*+|[ ]+)revealjs\b|^marp:[ ]*+true\b|\breveal(?:\.min)?\.css\b|\bclass=\"reveal\"",
    re.MULTILINE,
)
_SLIDE_WORDS = ("theme: ", "reveal", "marp:")  # any match contains one; searching for them is much faster
_OPENING = 4000  # code points at the start of a document that are searched for the program that shows slides
# Metadata with which publishing systems mark a draft, in lowercase.
_DRAFT_VALUES = {"draft": "true", "published": "false", "status": "draft"}

# A run creates tens of thousands of objects of the classes from here to `Note`. Once the document is complete, nothing
# changes them, but the classes are not `frozen` records, because creating such objects takes three times as long.


class Span(NamedTuple):
    """A half-open range in the source, as 0-based offsets in code points."""

    start: int
    end: int


# `span_of(pair)` is `Span(*pair)`, but runs no Python code.
span_of = cast("Callable[[tuple[int, int]], Span]", partial(tuple.__new__, Span))


@dataclass(eq=False, slots=True)
class Block:
    """A piece of text that rules can check, with a map from the text to the source.

    `text` is usually what readers see. `scopes` are the names by which rules select the block.

    `places` is the map. It has three numbers for each piece of the text: the offset of the piece in `text`, and the
    start and end of the piece in the source. A piece that has the same length in `text` and in the source is verbatim:
    its text counts as identical to its source. Any other piece is indivisible, for example an entity, a soft line break
    with its indent, or inline code. Source between two pieces, such as markup, is not part of the text.
    """

    text: str
    scopes: frozenset[str]
    places: tuple[int, ...]
    _starts: tuple[int, ...] | None = field(default=None, init=False)

    @property
    def starts(self) -> tuple[int, ...]:
        """The offset in `text` of each piece."""
        if self._starts is None:
            self._starts = self.places[::3]
        return self._starts

    @property
    def pieces(self) -> tuple[Span, ...]:
        """The source span of each piece."""
        return tuple(map(Span, self.places[1::3], self.places[2::3]))

    def span(self, start: int, end: int) -> Span:
        """Return the source span of `text[start:end]`. Indivisible pieces that overlap the range are fully included.

        The span of an empty range is empty. It is directly after the source of the character before the range or, at
        the start of the text, at the start of the block's source.
        """
        places = self.places
        if len(places) == 3 and places[2] - places[1] == len(self.text):  # most blocks are verbatim
            return Span(places[1] + start, places[1] + end)
        if start == end:
            place = self._end(start) if start else self._start(0)
            return Span(place, place)
        return Span(self._start(start), self._end(end))

    def part(self, start: int, end: int, scopes: frozenset[str] | None = None) -> Block:
        """Return `text[start:end]` as a new block with its own map. The text is empty if `start >= end`.

        The new block has the scopes `scopes`; by default, it has the same scopes as this block.
        """
        scopes = self.scopes if scopes is None else scopes
        if start >= end:
            return Block("", scopes, (0, *self.span(start, start)))
        first, last = self._at(start), self._at(end - 1)
        places: list[int] = []
        for i in range(first, last + 3, 3):
            low, high = max(start, self.places[i]), min(end, self._piece_end(i))
            places += (low - start, self._start(low), self._end(high))
        return Block(self.text[start:end], scopes, tuple(places))

    def is_contiguous(self, start: int, end: int) -> bool:
        """Whether the source of `text[start:end]` has no gaps, such as markup. Entities and code are not gaps."""
        first, last = self._at(start), self._at(max(start, end - 1))
        return all(self.places[i + 2] == self.places[i + 4] for i in range(first, last, 3))

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` has no indivisible pieces, such as entities, and no gaps, such as markup."""
        return self.is_contiguous(start, end) and not any(self.atoms(start, end))

    def atoms(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges in `text` of the indivisible pieces that overlap `text[start:end]`, in order."""
        for i in range(max(0, self._at(start)), len(self.places), 3):
            low, high = self.places[i], self._piece_end(i)
            if low >= end:
                return
            if high > start and not self._is_verbatim_piece(i):
                yield low, high

    @property
    def source_span(self) -> Span:
        """The source span from the start of the block's first piece to the end of its last piece."""
        return Span(self.places[1], self.places[-1])

    def _at(self, at: int) -> int:
        """Return the index in `places` of the first number of the piece that contains `text[at]`."""
        return 3 * bisect_right(self.starts, at) - 3

    def _start(self, at: int) -> int:
        i = self._at(at)
        start = self.places[i + 1]
        return start + at - self.places[i] if self._is_verbatim_piece(i) else start

    def _end(self, at: int) -> int:
        i = self._at(at - 1)
        return self.places[i + 1] + at - self.places[i] if self._is_verbatim_piece(i) else self.places[i + 2]

    def _piece_end(self, i: int) -> int:
        """Return the end in `text` of the piece whose numbers begin at the index `i` of `places`."""
        return self.places[i + 3] if i + 3 < len(self.places) else len(self.text)

    def _is_verbatim_piece(self, i: int) -> bool:
        return self._piece_end(i) - self.places[i] == self.places[i + 2] - self.places[i + 1]


def simple_block(text: str, span: Span, scopes: frozenset[str]) -> Block:
    """Return a block with a single piece: the whole `text`, which represents the source at `span`."""
    return Block(text, scopes, (0, span.start, span.end))


def _without(spans: Iterable[tuple[int, int]], text: str, filler: str, longest: int = sys.maxsize) -> list[str]:
    """Return `text` as a list of parts, in which `filler` replaces each character in `spans`.

    The spans are in order and do not overlap. For each of them, `filler` is repeated at most `longest` times.
    """
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], filler * min(longest, end - start)]
        done = end
    return [*parts, text[done:]]


@dataclass(eq=False, slots=True)
class Link:
    """A link.

    The text of the link is `block.text[start:end]`. `span` is the source span of the whole link, `url_span` is the span
    of its URL, and `title_span` is the span of its title, or None if there is no title. `kind` is inline, reference,
    autolink, bare or html. For a link in HTML, `attributes` maps the names of the tag's attributes to their values; for
    other links, it is empty.
    """

    span: Span
    block: Block
    start: int
    end: int
    url: str
    url_span: Span
    kind: str
    title: str = ""
    title_span: Span | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]


@dataclass(eq=False, slots=True)
class Image:
    """An image.

    `span` is the source span of the whole image, and `url_span` is the span of its URL. `alt` is a block with the
    alternative text, or None if there is no such text; for `alt=""` in HTML, the text of the block is empty.
    `title_span` is the span of the title, or None if there is no title.
    """

    span: Span
    alt: Block | None
    url: str
    url_span: Span
    title: str = ""
    title_span: Span | None = None


@dataclass(eq=False, slots=True)
class Heading:
    """A heading. `level` is 1 to 6, and `block` contains the text of the heading."""

    level: int
    block: Block


@dataclass(eq=False, slots=True)
class Fence:
    """A code fence.

    `opener` is the span of its opening mark with the info word. `closer` is the span of its closing mark, or None.
    `info` is the info word in lowercase, or "". `state` is one of these:
    - closed: a code block with both marks
    - unclosed: a fence without a closing mark
    - nested: a code block that ends too early because it contains code blocks; `closer` is None
    - one-line: both marks are next to prose, usually on one line
    - wrapped: all or nearly all of the article is inside
    - around-front-matter: the front matter of the article is inside
    - stray: a mark, or a pair of marks, that does not delimit a code block
    """

    opener: Span
    closer: Span | None
    info: str
    state: str


@dataclass(eq=False, slots=True)
class Attribute:
    """An attribute of a tag.

    `name` is in lowercase. Entities in `value` are decoded. `span` is the source span of the value without quotation
    marks, or None if the attribute has no value.
    """

    name: str
    value: str
    span: Span | None


@dataclass(eq=False, slots=True)
class Tag:
    """An HTML tag or comment in the source.

    `kind` is open, close, comment or broken (the tag is unfinished, or the end tag of an element such as `<script>` is
    missing). `name` is in lowercase; for a comment, even a broken one, it is "". `visible` is true if readers see the
    tag itself, as in plain text.
    """

    name: str
    kind: str
    span: Span
    attributes: Sequence[Attribute] = ()
    visible: bool = False

    def shown(self) -> Tag:
        """Return a copy of the tag in which `visible` is true."""
        return Tag(self.name, self.kind, self.span, self.attributes, visible=True)

    def attribute(self, name: str) -> Attribute | None:
        for attribute in self.attributes:  # a loop is faster than next()
            if attribute.name == name:
                return attribute
        return None


def pair_tags(tags: Sequence[Tag]) -> dict[int, int]:
    """Map the index of each start tag in `tags` to the index of its end tag, and vice versa.

    Only names are compared: an end tag is paired with the last unpaired start tag of the same name before it. Tags
    without a partner are left out.
    """
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for i, tag in enumerate(tags):
        if tag.kind == "open":
            opened.setdefault(tag.name, []).append(i)
        elif tag.kind == "close" and opened.get(tag.name):
            other = opened[tag.name].pop()
            found[i], found[other] = other, i
    return found


@dataclass(eq=False, slots=True)
class Note:
    """A problem, such as malformed front matter or an unused suppression, that a rule with the check `note` can report.

    `id` is the id of the problem, and `values` are the values for the message of the rule. `edits` are the edits that
    together fix the problem, each as (start, end, text) with offsets in the source, or () if there is no fix.
    """

    id: str
    span: Span
    values: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Metadata:
    """The metadata of an article.

    `values` has the values of the front matter, of the HTML head, or of both, as plain data. `span` is the source span
    of the front matter or, if there is none, of the head; None if there is neither. Values that are text for readers
    are usually also blocks of the document, so that rules can check them. These blocks have the scopes `metadata` and
    `metadata.<key>`, with dots between nested keys.

    `places` maps keys, in lowercase and with dots between nested keys, to the spans of their values. For an empty
    value, a list or a mapping, the span is that of the key. For an empty value in HTML, the span is that of the tag.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    span: Span | None = None
    places: Mapping[str, Span] = field(default_factory=dict)

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The values by key. Keys are in lowercase, and nested keys are joined with dots.

        A mapping has no entry of its own, only entries for the values inside it.
        """
        found: dict[str, Any] = {}
        todo: list[tuple[str, Any]] = [("", self.values)]
        while todo:
            path, value = todo.pop()
            if isinstance(value, Mapping):
                todo += [(f"{path}.{key}".lower().lstrip("."), inner) for key, inner in value.items()]
            else:
                found.setdefault(path, value)
        return found


@dataclass(frozen=True, eq=False)
class Document:
    """An article in the form in which rules check it.

    `kind` is markdown, html, text, wordpress or org. `language` is a code such as "en", or "" if the language is
    unknown. `site` is the name of the site generator that uses the article as a source, such as "Hugo", or "", and
    `dialect` is the dialect of Markdown that it reads, such as "goldmark", or "". `marks` are the spans of what only
    WordPress reads: shortcodes and the comments around blocks. Parts of a page around the article appear only as tags
    and as blocks with the scope `boilerplate`.
    """

    source: Source
    kind: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    headings: tuple[Heading, ...] = ()
    fences: tuple[Fence, ...] = ()
    tags: tuple[Tag, ...] = ()
    marks: tuple[Span, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[Note, ...] = ()
    language: str = ""
    site: str = ""
    dialect: str = ""

    @property
    def markup(self) -> str:
        """The markup of the source: markdown, html or text. WordPress posts are HTML, and Org counts as text."""
        return _MARKUP_OF.get(self.kind, self.kind)

    @cached_property
    def parts(self) -> frozenset[str]:
        """The names of the parts that the document has.

        Possible parts are blocks, links, images, headings, fences, tags, notes and metadata.
        """
        has_metadata = bool(self.metadata.span or self.metadata.values)
        named = [name for name in _PARTS if getattr(self, name)]
        return frozenset([*named, "metadata"] if has_metadata else named)

    def blocks_in(self, scopes: frozenset[str], without: frozenset[str] = frozenset()) -> Iterator[Block]:
        """Yield the blocks that have at least one of `scopes` and none of `without`.

        Blocks do not store the scopes in DERIVED, such as `lead` and `link.text`. The blocks of these scopes are
        determined here and yielded last. In `without`, a derived scope only cancels the same scope in `scopes`.
        """
        key = scopes, without
        if key not in self._selected:  # many rules check the same scopes
            self._selected[key] = self._select(expand_scopes(scopes), expand_scopes(without))
        return iter(self._selected[key])

    def _select(self, wanted: frozenset[str], unwanted: frozenset[str]) -> list[Block]:
        fits = {
            scopes for scopes in self.blocks_by_scopes if not wanted.isdisjoint(scopes) and unwanted.isdisjoint(scopes)
        }
        if len(fits) == 1:
            chosen = self.blocks_by_scopes[fits.pop()]
        else:
            chosen = [block for block in self.blocks if block.scopes in fits] if fits else []
        derived = wanted & DERIVED - unwanted
        if not derived:
            return chosen
        made = (block for scope in sorted(derived) for block in DERIVED_BLOCKS[scope](self))
        return [*chosen, *(block for block in made if unwanted.isdisjoint(block.scopes))]

    @cached_property
    def results(self) -> dict[object, Any]:
        """The cached results of functions decorated with `views.per_document`, by function and arguments."""
        return {}

    @property
    def is_large(self) -> bool:
        """Whether the article is so large that results are not kept longer than necessary, to save memory."""
        return len(self.source.text) > _LARGE

    def forget(self, package: str) -> None:
        """Delete the cached results of the functions in the modules of `package`, such as "linter.text"."""
        for key in [*self.results]:
            function: Any = key[0] if isinstance(key, tuple) else key
            if f"{function.__module__}.".startswith(f"{package}."):
                del self.results[key]

    def forget_selected(self) -> None:
        """Delete the cached results of `blocks_in`, and the blocks that they alone refer to, such as the source."""
        self._selected.clear()
        self.__dict__.pop("source_block", None)

    @cached_property
    def _selected(self) -> dict[tuple[frozenset[str], frozenset[str]], list[Block]]:
        return {}

    @cached_property
    def blocks_by_scopes(self) -> dict[frozenset[str], list[Block]]:
        """The blocks, grouped by their sets of scopes. Each group is in order. An article has few different sets."""
        return _grouped(self.blocks, attrgetter("scopes"))

    @cached_property
    def prose(self) -> tuple[Block, ...]:
        """The blocks of prose, in the order of `blocks`."""
        return tuple(self.blocks_in(PROSE))

    @cached_property
    def tags_by_name(self) -> Mapping[str, Sequence[Tag]]:
        """The tags, grouped by name. Each group is in order. Comments have the name ""."""
        return _grouped(self.tags, attrgetter("name"))

    @cached_property
    def anchor_texts(self) -> list[str]:
        """The text of each link, in the order of `links`."""
        return [link.block.text[link.start : link.end] for link in self.links]

    @cached_property
    def links_by_block(self) -> Mapping[Block, Sequence[Link]]:
        """For each block that contains the text of links, these links in order. Other blocks have no entry."""
        return _grouped(self.links, attrgetter("block"))

    def links_or_images(self, scope: str) -> Sequence[Link | Image]:
        """Return the links and images whose addresses have the scope `scope`, one of ADDRESSES."""
        if scope == "odd.url":
            return self._odd_addresses
        return self.images if scope == "image.url" else self.links

    @cached_property
    def _odd_addresses(self) -> list[Link | Image]:
        is_plain = _PLAIN_ADDRESS.match
        every: tuple[Link | Image, ...] = (*self.links, *self.images)
        return [one for one in every if not is_plain(one.url)]

    @cached_property
    def has_code(self) -> bool:
        """Whether the article contains code. If so, unusual words in its text may be names from the code."""
        return any("code" in scopes for scopes in self.blocks_by_scopes)

    @cached_property
    def top_level_blocks(self) -> tuple[Block, ...]:
        """The blocks of prose and code in source order, without blocks inside other blocks, such as inline code."""
        outermost: list[Block] = []
        done = -1
        blocks = [(block.places[1], -block.places[-1], block) for block in self.blocks_in(PROSE | {"code"})]
        blocks.sort(key=itemgetter(0, 1))
        for start, end, block in blocks:
            if start >= done:
                outermost.append(block)
                done = -end
        return tuple(outermost)

    @cached_property
    def is_draft(self) -> bool:
        """Whether the metadata marks the article as a draft with a top-level value, such as `draft: true`."""
        fields = self.metadata.fields
        return any(str(fields.get(key, "")).strip().lower() == value for key, value in _DRAFT_VALUES.items())

    @cached_property
    def is_slides(self) -> bool:
        """Whether the document is a set of slides, in which headings and images are laid out like pictures."""
        opening = self.source.text[:_OPENING]
        return any(map(opening.__contains__, _SLIDE_WORDS)) and bool(_SLIDES.search(opening))

    @cached_property
    def source_block(self) -> Block:
        """The source text as a block with the scope `source`, and with U+FFFC for each character of code and marks."""
        text = "".join(self.text_without_code(OBJECT))
        return simple_block(text, Span(0, len(text)), frozenset({"source"}))

    def text_without_code(self, filler: str, longest: int = sys.maxsize) -> list[str]:
        """Return the source text as a list of parts, in which `filler` replaces each character of code and of `marks`.

        For each block of code and each mark, `filler` is repeated at most `longest` times.
        """
        return _without(self._code, self.source.text, filler, longest)

    def part_without_code(self, start: int, end: int) -> str:
        """Return `text[start:end]` of `source_block`."""
        text = self.source.text[start:end]
        for at in range(max(0, bisect_right(self._code, (start, sys.maxsize)) - 1), len(self._code)):
            low, high = (max(0, place - start) for place in self._code[at])
            if start + low >= end:
                break
            text = text[:low] + OBJECT * (min(high, len(text)) - low) + text[high:]
        return text

    def lines_without_code(self) -> Iterator[tuple[int, str]]:
        """Yield the text of `source_block` in portions of whole lines, each with its offset in the source."""
        waiting: list[str] = []
        start = size = 0
        for part in self.text_without_code(OBJECT):
            waiting.append(part)
            size += len(part)
            if size > SIZE and (end := part.rfind("\n") + 1):
                waiting[-1] = part[:end]
                yield start, "".join(waiting)
                start, waiting, size = start + size - len(part) + end, [part[end:]], len(part) - end
        yield start, "".join(waiting)

    @cached_property
    def _code(self) -> list[tuple[int, int]]:
        """The source spans of code and `marks` in order. Of spans that overlap, only the first is included."""
        code = [(block.places[1], block.places[-1]) for block in self.blocks_in(frozenset({"code"}))]
        found, done = [], 0
        for start, end in sorted([*code, *self.marks]):
            if start >= done:
                found.append((start, end))
                done = end
        return found


def _grouped(some: Sequence[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    """Group objects by the results of `key`. Each group is in order."""
    found: dict[Any, list[T]] = defaultdict(list)
    for value, one in zip(map(key, some), some, strict=True):
        found[value].append(one)
    return dict(found)


def _addresses(document: Document, scope: str) -> tuple[Block, ...]:
    scopes = frozenset({scope})
    return tuple(simple_block(one.url, one.url_span, scopes) for one in document.links_or_images(scope))


# For each derived scope, the function that returns its blocks. `linter.vale.view` adds the functions for VALE_VIEWS.
DERIVED_BLOCKS: dict[str, Callable[[Document], tuple[Block, ...]]] = {
    "lead": lambda document: _edge(document.prose, 1),
    "opening": lambda document: _edge(document.prose, _EDGE),
    "closing": lambda document: _edge(document.prose[::-1], _EDGE)[::-1],
    "link.text": lambda document: tuple(
        link.block.part(link.start, link.end, frozenset({"link.text"})) for link in document.links if link.text
    ),
    "link.title": lambda document: tuple(
        simple_block(link.title, link.title_span, frozenset({"link.title"}))
        for link in document.links
        if link.title_span
    ),
    **{scope: partial(_addresses, scope=scope) for scope in ADDRESSES},
    "source": lambda document: (document.source_block,),
    "source+code": lambda document: (
        simple_block(document.source.text, Span(0, len(document.source.text)), frozenset({"source+code"})),
    ),
}


def _edge(blocks: tuple[Block, ...], count: int) -> tuple[Block, ...]:
    """Return the blocks through the one that completes `count` blocks other than headings, or all blocks."""
    others = 0
    for i, block in enumerate(blocks):
        others += "heading" not in block.scopes
        if others == count:
            return blocks[: i + 1]
    return blocks


def expand_scopes(scopes: frozenset[str]) -> frozenset[str]:
    """Return `scopes` and, if `prose` is one of them, all scopes of prose, such as `paragraph` and `heading`."""
    return scopes | PROSE if "prose" in scopes else scopes
