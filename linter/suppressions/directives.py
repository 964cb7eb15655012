"""What an article says to copydesk in comments: `<!-- copydesk: ignore names/proper-noun -- quoted -->`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from linter import patterns
from linter.document import Block, Document, Span, Tag, pair_tags
from linter.rule import OWN

WORDS = ("ignore", "ignore-start", "ignore-end", "ignore-file")
_MOST = 2_000  # code points of a comment that may be one
# Comments of Markdown's users and of site generators, none of which a reader of the page sees.
_OTHERS = patterns.lazy(
    rf"""
    \{{/\*       (?P<mdx>(?:[^*]|\*(?!/)){{0,{_MOST}}}+)            \*/\}}
    | \{{\{{-?[ ]?/\*  (?P<hugo>(?:[^*]|\*(?!/)){{0,{_MOST}}}+)     \*/[ ]?-?\}}\}}
    | \{{%-?[ ]*+comment[ ]*+-?%\}} (?P<liquid>[^{{]{{0,{_MOST}}}+) \{{%-?[ ]*+endcomment[ ]*+-?%\}}
    | \{{\#      (?P<jinja>[^#]{{0,{_MOST}}}+)              \#\}}
    | ^\[(?://|comment)\]:[ ]\#[ ]\( (?P<label>[^()\r\n]{{0,{_MOST}}}+) \)[ \t]*+(?=[\r\n]|\Z)
    """,
    re.VERBOSE | re.MULTILINE,
)
_COMMENT_START = patterns.lazy(r"<!---*+")
_COMMENT_END = "-->"
# An em dash will do before the reason: that is what two hyphens become in some editors.
_SAID = patterns.lazy(r"\s*+copydesk(?::\s*+|\s++(?=ignore\b))(?P<word>[\w-]++)?(?P<rest>.*)\Z", re.DOTALL)
_REASON = patterns.lazy(r"(?:(?<=\s)|\A)(?:--|[—–])(?:\s|\Z)")
_NAME = patterns.lazy(r"[^\s,]++")


class Named(NamedTuple):
    """A rule, a pack or a glob for rules, and where it stands in the source."""

    name: str
    span: Span


class Directive(NamedTuple):
    """A comment for copydesk: `word` is what it asks for; without `names` it is about all rules."""

    span: Span
    word: str
    word_span: Span
    names: tuple[Named, ...]
    reason: str


def find_directives(document: Document) -> list[Directive]:
    """The comments for copydesk, in order. Plain text has none: a comment would be printed there."""
    if document.kind == "text" or OWN not in document.source.text:
        return []
    found = [*_in_tags(document), *_in_others(document)]
    return sorted(found)


def _in_tags(document: Document) -> Iterator[Directive]:
    text = document.source.text
    for tag in document.tags:
        if tag.kind == "comment" and (inside := _inside(text, *tag.span)):
            yield from _read(text, tag.span, inside)


def _inside(text: str, start: int, end: int) -> Span | None:
    """The span of what the comment `text[start:end]` says, without hyphens around it; None where it is left open."""
    opening, end = _COMMENT_START.match(text, start, end), end - len(_COMMENT_END)
    if not opening or opening.end() > end or not text.startswith(_COMMENT_END, end):
        return None
    while text[end - 1] == "-" and end > opening.end():
        end -= 1
    return Span(opening.end(), end)


def _in_others(document: Document) -> Iterator[Directive]:
    text = document.source.text
    code = sorted(block.source_span for block in document.blocks_in(frozenset({"code"})))
    starts = [span.start for span in code]
    for comment in _OTHERS.finditer(text):
        at = bisect_right(starts, comment.start()) - 1
        if comment.lastgroup and (at < 0 or code[at].end <= comment.start()):
            yield from _read(text, Span(*comment.span()), Span(*comment.span(comment.lastgroup)))


def _read(text: str, span: Span, inside: Span) -> Iterator[Directive]:
    if said := _SAID.match(text, *inside):
        names, reason = read_directive(text, Span(*said.span("rest")))
        word_span = Span(*said.span("word")) if said["word"] else span
        yield Directive(span, said["word"] or "", word_span, names, reason)


def read_directive(text: str, span: Span) -> tuple[tuple[Named, ...], str]:
    """The names in `text[start:end]`, with commas or spaces between, and the reason behind “--”."""
    dash = _REASON.search(text, *span)
    end = dash.start() if dash else span.end
    names = tuple(Named(name[0], Span(*name.span())) for name in _NAME.finditer(text, span.start, end))
    return names, " ".join(text[dash.end() : span.end].split()) if dash else ""


# What the front matter says to copydesk: `copydesk: {ignore: [names/proper-noun -- quoted]}`.

_SCOPE = f"metadata.{OWN}"
KEYS = ("ignore", "reason")


class MetadataItem(NamedTuple):
    """What one text under `ignore` says, or the key without any names for all rules."""

    span: Span
    names: tuple[Named, ...]
    reason: str


def find_metadata_items(document: Document) -> list[MetadataItem]:
    """What is ignored in the whole article."""
    own = _own(document)
    shared = " ".join(str(own.get("reason") or "").split())
    items = [
        MetadataItem(block.source_span, *_said(block))._replace(reason=_said(block)[1] or shared)
        for block in document.blocks_in(frozenset({f"{_SCOPE}.ignore"}))
    ]
    if own.get("ignore") is True and document.metadata.span:
        items.append(MetadataItem(document.metadata.span, (), shared))
    return items


def unknown_metadata_names(document: Document) -> list[Named]:
    """The keys that say nothing to copydesk, each at what stands under it."""
    keys = [str(key) for key in _own(document) if str(key).lower() not in KEYS]
    found = []
    for key in keys:
        scope = f"{_SCOPE}.{key.lower()}"
        spans = [block.source_span for block in document.blocks_in(frozenset({scope}))]
        found.append(Named(key, spans[0] if spans else document.metadata.span or Span(0, 0)))
    return found


def metadata_value_spans(document: Document) -> Iterator[Span]:
    """Where the texts stand that are no copy, being said to copydesk."""
    if _own(document):
        for block in document.blocks:
            if any(scope.startswith(f"{_SCOPE}.") for scope in block.scopes):
                yield block.source_span


def _own(document: Document) -> Mapping[str, object]:
    own = document.metadata.values.get(OWN)
    return own if isinstance(own, Mapping) else {}


def _said(block: Block) -> tuple[tuple[Named, ...], str]:
    names, reason = read_directive(block.text, Span(0, len(block.text)))
    return tuple(Named(name, block.span(*span)) for name, span in names), reason


# How far a comment for copydesk holds: over the same line, or over the next block.

_NEAR = 2_000  # code points beside a comment in which other comments may stand, for it to be alone on its line
# What may stand before one that is: marks of a quote and of a list item.
_MARKS = patterns.lazy(r"[\s>]*+(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]++|\Z))?[\s>]*+\Z")
_TO_LINE_END = patterns.lazy(r"[ \t]*+(?:[\r\n]|\Z)")
_SHOWN = patterns.lazy(r"[^\r\n]")
# Elements inside of a line; all others end one that a reader sees.
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr
    """.split()
)


def extents_of(document: Document, comments: Sequence[Span]) -> list[Span]:
    """The source span that each of `comments`, in order, holds for: its line, or if it is alone there the next block.

    A block of Markdown goes on to the next blank line, or to the end of the code fence that begins in it; in HTML it is
    the element, or the text, that follows.
    """
    made = _InPage(document, comments) if document.kind == "html" else _InLines(document, comments)
    return [made.of(comment) for comment in comments]


@dataclass(frozen=True, eq=False)
class _InLines:
    """Comments in Markdown."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        source = self.document.source
        if not self._is_alone(comment):
            return Span(source.line_span(comment.start)[0], source.line_span(comment.end)[1])
        line = source.position(comment.end)[0]  # 1-based, so that of the next one, 0-based
        first = bisect_left(self._full, line)
        if first == len(self._full):
            return Span(comment.end, comment.end)
        last = bisect_right(self._blank, self._full[first])
        start = source.line_starts[self._full[first]]
        end = source.line_starts[self._blank[last]] if last < len(self._blank) else len(source.text)
        return Span(start, self._past_fences(start, end))

    def _is_alone(self, comment: Span) -> bool:
        """Whether nothing but marks, and other comments, stands on its line."""
        start, end = comment
        line = self.document.source.line_span(start)[0]
        if start - line > _NEAR or not _MARKS.match(self._bare, line, start):
            return False
        return _TO_LINE_END.match(self._bare, end, end + _NEAR) is not None

    def _past_fences(self, start: int, end: int) -> int:
        """`end`, or the end of the last code fence that begins between `start` and there."""
        low, high = bisect_left(self._fences, (start, 0)), bisect_left(self._fences, (end, 0))
        return max([end, *(closed for _, closed in self._fences[low:high][-1:])])

    @cached_property
    def _bare(self) -> str:
        return _blanked(self.document.source.text, self.comments)

    @cached_property
    def _fences(self) -> list[tuple[int, int]]:
        return sorted((fence.opener.start, fence.closer.end) for fence in self.document.fences if fence.closer)

    @cached_property
    def _full(self) -> list[int]:
        """The 0-based lines with text on them."""
        starts = [*self.document.source.line_starts, len(self._bare)]
        return [i for i in range(len(starts) - 1) if self._bare[starts[i] : starts[i + 1]].strip(" \t\r\n>")]

    @cached_property
    def _blank(self) -> list[int]:
        full = set(self._full)
        return [i for i in range(len(self.document.source.line_starts)) if i not in full]


@dataclass(frozen=True, eq=False)
class _InPage:
    """Comments in HTML."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        start, end = comment
        at, line = bisect_left(self._block_starts, start), self.document.source.line_span(start)[0]
        before = max(line, self._blocks[at - 1].span.end if at else 0)
        if self._next_word(before) < start:
            line_end = self.document.source.line_span(end)[1]
            return Span(before, min(line_end, self._block_starts[at] if at < len(self._blocks) else line_end))
        tag, word = bisect_left(self._open_starts, end), self._next_word(end)
        if tag < len(self._open) and self._open_starts[tag] < word:
            start = self._open_starts[tag]
            return Span(start, max(self._element_end(self._open[tag]), self._block_end(start)))
        return Span(word, max(word, self._block_end(word)))

    def _next_word(self, at: int) -> int:
        """Where the first word begins that ends behind `at`; behind the text where none does."""
        i = bisect_right(self._words, at, key=_end)
        return max(at, self._words[i].start) if i < len(self._words) else len(self.document.source.text)

    def _element_end(self, number: int) -> int:
        """Where an element ends, by the number of its start tag; that of the tag itself where nobody can tell."""
        tags = self.document.tags
        return tags[max(number, self._partners.get(number, 0))].span.end

    def _block_end(self, start: int) -> int:
        """Where the block of text ends that `start` lies in, or that has the next word; 0 where none does."""
        word = self._next_word(start)
        at = bisect_right(self._flow_starts, word) - 1
        end = self.document.top_level_blocks[at].source_span.end if at >= 0 else 0
        return end if end > word else 0

    @cached_property
    def _words(self) -> list[Span]:
        """What of the page is neither tag nor comment."""
        bare = _blanked(self.document.source.text, (tag.span for tag in self.document.tags))
        bare = _blanked(bare, self.comments)
        return [Span(*word.span()) for word in re.finditer(r"\S++", bare)]

    @cached_property
    def _partners(self) -> dict[int, int]:
        return pair_tags(self.document.tags)

    @cached_property
    def _open(self) -> list[int]:
        """The numbers of start tags."""
        return [i for i, tag in enumerate(self.document.tags) if tag.kind == "open"]

    @cached_property
    def _open_starts(self) -> list[int]:
        return [self.document.tags[i].span.start for i in self._open]

    @cached_property
    def _blocks(self) -> list[Tag]:
        """The tags of elements that are none inside of a line."""
        return [tag for tag in self.document.tags if tag.kind in ("open", "close") and tag.name not in _INLINE]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [tag.span.start for tag in self._blocks]

    @cached_property
    def _flow_starts(self) -> list[int]:
        return [block.source_span.start for block in self.document.top_level_blocks]


def _end(span: Span) -> int:
    return span.end


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces, and line ends as they are, for what lies in `spans`, which are in order."""
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts += [text[done:start], _SHOWN.sub(" ", text[start:end])]
            done = end
    return "".join([*parts, text[done:]])


# `[sic]` behind a word: it stands there so on purpose, as in a quotation with its mistakes.

_REACH = 4  # words before the mark that a finding may begin in; it must end in the last of them
_SIC = patterns.lazy(
    r"[\[(](?:[*_]{1,3}|<(?:em|i)>)?sic[!.]?(?:[*_]{1,3}|</(?:em|i)>)?\\?[\])]",
    re.IGNORECASE,
)
# One of these stands in every mark; a plain look for them is done in no time, and most articles have none.
_FORMS = ("[sic", "(sic", "[Sic", "(Sic", "[SIC", "(SIC", ">sic<", "*sic*", "_sic_")
_WORD = patterns.lazy(r"\S++")
_CLOSING = " \t\r\n\"'”’»›*_)]"


def has_sic(text: str) -> bool:
    """Whether there may be such a mark in a text."""
    return any(form in text for form in _FORMS)


def find_sic(text: str) -> Iterator[tuple[Span, Span]]:
    """For each mark in `text` the span of the word before it, and that of this word and the few before it."""
    if not has_sic(text):
        return
    done = 0
    for mark in _SIC.finditer(text):
        begin = mark.start()
        if begin > done and text[begin - 1] == "\\":  # the pattern is fast as it begins with a bracket
            begin -= 1
        end = begin
        while end > done and text[end - 1] in _CLOSING:
            end -= 1
        start = max(done, end - 200)
        start = max(start, text.rfind("\n\n", start, end) + 1)
        words = [*_WORD.finditer(text, start, end)][-_REACH:]
        if words:
            yield Span(words[-1].start(), begin), Span(words[0].start(), begin)
        done = mark.end()
