"""Read suppressions as they are written in articles: comments for copydesk, front matter, and “[sic]” marks.

- `<!-- copydesk: ignore names/proper-noun -- quoted -->` applies to its line or to the next block.
- `copydesk: {ignore: [names/proper-noun -- quoted]}` in front matter applies to the whole article.
- `[sic]` applies to the word before the mark. That word is then considered intended, as in a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from linter import patterns
from linter.document import Document, Span, Tag, pair_tags
from linter.rule import OWN
from linter.suppressions import has_sic_mark

WORDS = ("ignore", "ignore-start", "ignore-end", "ignore-file")
_MAX_COMMENT = 2_000  # code points of a comment for copydesk
# Comments of Markdown and of site generators, which do not appear in the page.
_OTHER_COMMENTS = patterns.lazy(
    rf"""
    \{{/\*       (?P<mdx>(?:[^*]|\*(?!/)){{0,{_MAX_COMMENT}}}+)            \*/\}}
    | \{{\{{-?[ ]?/\*  (?P<hugo>(?:[^*]|\*(?!/)){{0,{_MAX_COMMENT}}}+)     \*/[ ]?-?\}}\}}
    | \{{%-?[ ]*+comment[ ]*+-?%\}} (?P<liquid>[^{{]{{0,{_MAX_COMMENT}}}+) \{{%-?[ ]*+endcomment[ ]*+-?%\}}
    | \{{\#      (?P<jinja>[^#]{{0,{_MAX_COMMENT}}}+)              \#\}}
    | ^\[(?://|comment)\]:[ ]\#[ ]\( (?P<label>[^()\r\n]{{0,{_MAX_COMMENT}}}+) \)[ \t]*+(?=[\r\n]|\Z)
    """,
    re.VERBOSE | re.MULTILINE,
)
_COMMENT_START = patterns.lazy(r"<!---*+")
_COMMENT_END = "-->"
# The reason may also follow a dash, since some editors turn two hyphens into a dash.
_DIRECTIVE = patterns.lazy(r"\s*+copydesk(?::\s*+|\s++(?=ignore\b))(?P<word>[\w-]++)?(?P<rest>.*)\Z", re.DOTALL)
_REASON = patterns.lazy(r"(?:(?<=\s)|\A)(?:--|[—–])(?:\s|\Z)")
_NAME = patterns.lazy(r"[^\s,]++")

_SCOPE = f"metadata.{OWN}"
KEYS = ("ignore", "reason")

_MAX_LINE = 2_000  # code points on either side of a comment that are searched for other text on its line
# Quote and list markers may precede a comment that is alone on its line.
_MARKS = patterns.lazy(r"[\s>]*+(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]++|\Z))?[\s>]*+\Z")
_TO_LINE_END = patterns.lazy(r"[ \t]*+(?:[\r\n]|\Z)")
_START = attrgetter("span.start")
_SHOWN = patterns.lazy(r"[^\r\n]")
# Inline elements; all other elements end a line.
INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr
    """.split()
)

_MAX_SIC_WORDS = 4  # a finding may begin in any of this many words before the mark, and must end in the last of them
_SIC = patterns.lazy(
    r"[\[(](?:[*_]{1,3}|<(?:em|i)>)?sic[!.]?(?:[*_]{1,3}|</(?:em|i)>)?\\?[\])]",
    re.IGNORECASE,
)
_WORD = patterns.lazy(r"\S++")
_CLOSING = " \t\r\n\"'”’»›*_)]"


class Named(NamedTuple):
    """A name and its span in the source: the name of a rule or pack, a glob for rules, or an unknown word."""

    name: str
    span: Span


class Directive(NamedTuple):
    """A comment for copydesk, or an item in front matter.

    `word` is the keyword, such as “ignore”, or "". Without `names`, the directive applies to all rules except those of
    the copydesk pack.
    """

    span: Span
    word: str
    word_span: Span
    names: tuple[Named, ...]
    reason: str


def find_directives(document: Document) -> list[Directive]:
    """Return the comments for copydesk, in order. Plain text has none, since readers would see them."""
    if document.kind == "text" or OWN not in document.source.text:
        return []
    found = [*_in_tags(document), *_in_other_comments(document)]
    return sorted(found)


def _in_tags(document: Document) -> Iterator[Directive]:
    text = document.source.text
    for tag in document.tags:
        if tag.kind == "comment" and (inside := _inside(text, *tag.span)):
            yield from _read(text, tag.span, inside)


def _inside(text: str, start: int, end: int) -> Span | None:
    """Return the span of the content of the comment `text[start:end]`, or None if the comment is malformed."""
    opening, end = _COMMENT_START.match(text, start, end), end - len(_COMMENT_END)
    if not opening or opening.end() > end or not text.startswith(_COMMENT_END, end):
        return None
    while text[end - 1] == "-" and end > opening.end():
        end -= 1
    return Span(opening.end(), end)


def _in_other_comments(document: Document) -> Iterator[Directive]:
    text = document.source.text
    code = sorted(block.source_span for block in document.blocks_in(frozenset({"code"})))
    starts = [span.start for span in code]
    for comment in _OTHER_COMMENTS.finditer(text):
        at = bisect_right(starts, comment.start()) - 1
        if comment.lastgroup and (at < 0 or code[at].end <= comment.start()):
            yield from _read(text, Span(*comment.span()), Span(*comment.span(comment.lastgroup)))


def _read(text: str, span: Span, inside: Span) -> Iterator[Directive]:
    if match := _DIRECTIVE.match(text, *inside):
        names, reason = read_directive(text, Span(*match.span("rest")))
        word_span = Span(*match.span("word")) if match["word"] else span
        yield Directive(span, match["word"] or "", word_span, names, reason)


def read_directive(text: str, span: Span) -> tuple[tuple[Named, ...], str]:
    """Return the names in `text[span.start:span.end]`, and the reason after “--” or a dash, or "" if there is none.

    The names are separated by commas or white space.
    """
    dash = _REASON.search(text, *span)
    end = dash.start() if dash else span.end
    names = tuple(Named(name[0], Span(*name.span())) for name in _NAME.finditer(text, span.start, end))
    return names, " ".join(text[dash.end() : span.end].split()) if dash else ""


def find_metadata_items(document: Document) -> list[Directive]:
    """Return the suppressions in front matter, which apply to the whole article.

    There is a suppression for each item of `ignore`, or a single suppression of all rules if `ignore` is `true`.
    """
    metadata = _metadata(document)
    shared = " ".join(str(metadata.get("reason") or "").split())
    items = []
    for block in document.blocks_in(frozenset({f"{_SCOPE}.ignore"})):
        found, reason = read_directive(block.text, Span(0, len(block.text)))
        names = tuple(Named(name, block.span(*span)) for name, span in found)
        items.append(Directive(block.source_span, "ignore", block.source_span, names, reason or shared))
    if metadata.get("ignore") is True and document.metadata.span:
        items.append(Directive(document.metadata.span, "ignore", document.metadata.span, (), shared))
    return items


def unknown_metadata_names(document: Document) -> list[Named]:
    """Return the unknown keys under `copydesk` in front matter, each with the span of its value.

    If the value has no text, the span is that of the front matter.
    """
    keys = [str(key) for key in _metadata(document) if str(key).lower() not in KEYS]
    found = []
    for key in keys:
        scope = f"{_SCOPE}.{key.lower()}"
        spans = [block.source_span for block in document.blocks_in(frozenset({scope}))]
        found.append(Named(key, spans[0] if spans else document.metadata.span or Span(0, 0)))
    return found


def metadata_value_spans(document: Document) -> Iterator[Span]:
    """Yield the spans of the text values under `copydesk` in front matter."""
    if _metadata(document):
        for block in document.blocks:
            if any(scope.startswith(f"{_SCOPE}.") for scope in block.scopes):
                yield block.source_span


def _metadata(document: Document) -> Mapping[str, object]:
    metadata = document.metadata.values.get(OWN)
    return metadata if isinstance(metadata, Mapping) else {}


def extents_of(document: Document, comments: Sequence[Span]) -> list[Span]:
    """Return the source span to which each of `comments` applies. The comments must be in order.

    In Markdown, a comment applies to its line or, if there is no other text on the line, to the next block. That block
    ends at the next blank line, or at the end of a code block that begins before the blank line. In HTML, a comment
    applies to its line if there is text before the comment on the line. Otherwise, it applies to the element or text
    that follows and, if that is inside a block, to the rest of the block. Lines in HTML also begin and end at tags of
    block elements. If nothing follows to which the comment can apply, the
    span is empty.
    """
    extents = _HtmlExtents(document, comments) if document.markup == "html" else _MarkdownExtents(document, comments)
    return [extents.of(comment) for comment in comments]


@dataclass(frozen=True, eq=False)
class _MarkdownExtents:
    """Determines the spans to which comments in Markdown apply."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        source = self.document.source
        if not self._is_alone(comment):
            return Span(source.line_span(comment.start)[0], source.line_span(comment.end)[1])
        line = source.position(comment.end)[0]  # 1-based, so it is the 0-based number of the next line
        first = bisect_left(self._full, line)
        if first == len(self._full):
            return Span(comment.end, comment.end)
        last = bisect_right(self._blank, self._full[first])
        start = source.line_starts[self._full[first]]
        end = source.line_starts[self._blank[last]] if last < len(self._blank) else len(source.text)
        return Span(start, self._past_fences(start, end))

    def _is_alone(self, comment: Span) -> bool:
        """Whether the line of a comment contains no text other than comments and markers."""
        start, end = comment
        line = self.document.source.line_span(start)[0]
        if start - line > _MAX_LINE or not _MARKS.match(self._bare, line, start):
            return False
        return _TO_LINE_END.match(self._bare, end, end + _MAX_LINE) is not None

    def _past_fences(self, start: int, end: int) -> int:
        """Return `end` or, if later, the end of the last closed code block that begins between `start` and `end`."""
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
        """The 0-based numbers of the lines with text other than comments and quote markers."""
        starts = [*self.document.source.line_starts, len(self._bare)]
        return [i for i in range(len(starts) - 1) if self._bare[starts[i] : starts[i + 1]].strip(" \t\r\n>")]

    @cached_property
    def _blank(self) -> list[int]:
        full = set(self._full)
        return [i for i in range(len(self.document.source.line_starts)) if i not in full]


@dataclass(frozen=True, eq=False)
class _HtmlExtents:
    """Determines the spans to which comments in HTML apply."""

    document: Document
    comments: Sequence[Span]

    def of(self, comment: Span) -> Span:
        start, end = comment
        at, line = bisect_left(self._blocks, start, key=_START), self.document.source.line_span(start)[0]
        before = max(line, self._blocks[at - 1].span.end if at else 0)
        if self._next_word(before) < start:
            line_end = self.document.source.line_span(end)[1]
            return Span(before, min(line_end, self._blocks[at].span.start if at < len(self._blocks) else line_end))
        at, word = bisect_left(self._elements, Span(end, 0)), self._next_word(end)
        if at < len(self._elements) and self._elements[at].start < word:
            start, element_end = self._elements[at]
            return Span(start, max(element_end, self._block_end(start)))
        return Span(word, max(word, self._block_end(word)))

    def _next_word(self, at: int) -> int:
        """Return `at` if it is inside a word; otherwise, the start of the next word, or the end of the text."""
        i = bisect_right(self._words, at, key=attrgetter("end"))
        return max(at, self._words[i].start) if i < len(self._words) else len(self.document.source.text)

    def _block_end(self, start: int) -> int:
        """Return the end of the block that contains the first word at or after `start`, or 0 if there is none."""
        word = self._next_word(start)
        flow = self.document.top_level_blocks
        at = bisect_right(flow, word, key=attrgetter("source_span.start")) - 1
        end = flow[at].source_span.end if at >= 0 else 0
        return end if end > word else 0

    @cached_property
    def _words(self) -> list[Span]:
        bare = _blanked(self.document.source.text, (tag.span for tag in self.document.tags))
        bare = _blanked(bare, self.comments)
        return [Span(*word.span()) for word in re.finditer(r"\S++", bare)]

    @cached_property
    def _elements(self) -> list[Span]:
        tags, partners = self.document.tags, pair_tags(self.document.tags)
        ends = ((tag, tags[max(i, partners.get(i, 0))]) for i, tag in enumerate(tags) if tag.kind == "open")
        return [Span(tag.span.start, last.span.end) for tag, last in ends]  # without an end tag, `last` is `tag`

    @cached_property
    def _blocks(self) -> list[Tag]:
        return [tag for tag in self.document.tags if tag.kind in ("open", "close") and tag.name not in INLINE]


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with a space in place of each character in `spans`, except line ends. `spans` must be in order."""
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts += [text[done:start], _SHOWN.sub(" ", text[start:end])]
            done = end
    return "".join([*parts, text[done:]])


def find_sic_marks(text: str) -> Iterator[tuple[Span, Span]]:
    """Yield two spans for each “[sic]” mark after a word: one with the last word before it, one with up to four words.

    Both spans end at the mark.
    """
    if not has_sic_mark(text):
        return
    done = 0
    for mark in _SIC.finditer(text):
        begin = mark.start()
        if begin > done and text[begin - 1] == "\\":  # a pattern that began with the backslash would be slow
            begin -= 1
        end = begin
        while end > done and text[end - 1] in _CLOSING:
            end -= 1
        start = max(done, end - 200)
        start = max(start, text.rfind("\n\n", start, end) + 1)
        words = [*_WORD.finditer(text, start, end)][-_MAX_SIC_WORDS:]
        if words:
            yield Span(words[-1].start(), begin), Span(words[0].start(), begin)
        done = mark.end()
