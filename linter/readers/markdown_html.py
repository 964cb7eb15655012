"""Read the raw HTML in Markdown: tags, the text between them, and unclosed blocks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from linter import patterns
from linter.document import Attribute, Span, Tag
from linter.readers import listings, tags
from linter.readers.builder import Ahead, Builder
from linter.readers.html_meaning import BLOCK, CODE, ELEMENTS, RAW_TEXT, Markup, unescape
from linter.readers.markdown_inline import BLANKS, Inline
from linter.readers.recover import TEMPLATE, Damage

_HIDDEN = CODE | RAW_TEXT
_TAG = patterns.lazy(r"<(?:!--|/?([A-Za-z][A-Za-z0-9:-]*+))")
_LINE = patterns.lazy(r"(?:(?<=[\r\n])[ \t>]*+)?([^\r\n]*+(?:\r\n?|\n|\Z))")
_WHITE = BLANKS + "\r\n"
_ENDS_LINE = patterns.lazy(r"[ \t]*+(?:[\r\n]|\Z)")


class RawHtml:
    """Adds tags, and the text between them, to a builder. All offsets are in code points.

    `masked` is the source text in which everything that the parser must not see is masked. In all methods, `limit` is
    the end of the block or container around the tags. A script or code element that is not closed before `limit` hides
    nothing, except for `pre`, which may be closed later.
    """

    def __init__(self, builder: Builder, markup: Markup, inline: Inline, masked: str) -> None:
        self._builder, self._markup, self._inline = builder, markup, inline
        self._text, self._masked = builder.source.text, masked
        self._values = self._text if TEMPLATE in masked or "\r" in self._text else masked  # source of attribute values
        self._ahead = Ahead(self._text, len(self._text))
        self._others: list[int] = []  # ends of the elements around a tag that may show code and do not

    def tag(self, start: int, end: int, contiguous: bool, limit: int) -> None:
        """Add an inline tag at `[start, end)`.

        If `contiguous` is false, indents and `>` markers at the starts of its lines do not belong to the tag.
        """
        if start < self._inline.hidden_until:
            return
        self._inline.begin(start)
        self._inline.passed(end)
        lines = [(start, end)]
        if not contiguous:
            lines = [line.span(1) for line in _LINE.finditer(self._masked, start, end)]
        for tag in scan_raw_tags(self._masked, lines, self._values):
            self._add(tag, limit, limit)

    def block(self, lines: list[tuple[int, int]], limit: int) -> None:
        """Add an HTML block that consists of `lines`, the spans of its lines in order."""
        done = lines[0][0]
        for tag in scan_raw_tags(self._masked, lines, self._values):
            if tag.span.start >= self._inline.hidden_until:
                self._words(done, tag.span.start, lines)
                done = tag.span.end
                self._inline.passed(done)
                self._add(tag, limit, lines[-1][1])
        self._words(done, lines[-1][1], lines)

    def shown(self, start: int, limit: int) -> None:
        """Add the tag at `start`, which CommonMark treats as text, as a tag that readers see.

        Nothing is added if the element is unknown. A comment that is closed later is not added either, because other
        parsers hide such comments.
        """
        opening = _TAG.match(self._masked, start)
        if not opening:
            return
        tag: Tag | None = None
        if opening[1] is None:
            if self._comment_end(opening.end()) is None:  # otherwise Pandoc and Python-Markdown hide it
                tag = Tag("", "broken", Span(*opening.span()))
        elif opening[1].lower() in ELEMENTS:
            another = self._masked.find("<", start + 1, limit)
            end = limit if another < 0 else another
            tag = next(tags.scan_tags(self._masked, start, end, known_only=False, values=self._values), None)
        if tag:
            self._builder.tags.append(tag.shown())

    def _words(self, start: int, end: int, lines: list[tuple[int, int]]) -> None:
        """Add the text at `[start, end)` in an HTML block whose lines have the spans `lines`."""
        inline, text = self._inline, self._text
        start = max(start, inline.hidden_until)
        if start >= end or (not self._builder.is_begun and not text[start:end].strip(_WHITE)):
            return
        i = bisect_left(lines, start, key=itemgetter(1))
        while start < end and i < len(lines):
            low, high = max(start, lines[i][0]), min(end, lines[i][1])
            i, start, stop = i + 1, high, high
            while stop > low and text[stop - 1] in "\r\n":
                stop -= 1
            if inline.break_at >= 0 or not self._builder.is_begun:
                while low < stop and text[low] in BLANKS:
                    low += 1
            if low < stop and not inline.is_cut(low, stop):
                inline.begin(low, text[low])
                inline.passed(stop, text[stop - 1])
                inline.uncut(low, stop, self._markup.text)
            if stop < high and inline.break_at < 0 and self._builder.is_begun:
                inline.line_end(stop)

    def _add(self, tag: Tag, limit: int, block_end: int) -> None:
        if tag.kind in ("open", "close") and not self._markup.hides:
            self._inline.begin(tag.span.start)
        if tag.kind == "broken" and not tag.name:
            self._broken_comment(tag)
        elif tag.kind == "open" and tag.name in _HIDDEN and not self._is_closed(tag, limit):
            self._builder.tags.append(tag)
            if tag.name == "pre":
                self._broken_code(tag)
        elif (
            tag.attributes
            and tag.kind == "open"
            and not self._markup.hides
            and (end := self._listing_end(tag, block_end))
        ):
            self._listing(tag, end)
        else:
            self._markup.tag(tag)

    def _listing(self, tag: Tag, end: Span) -> None:
        """Add the code or formula of an element with the start tag `tag` and the end tag at `end`."""
        if tag.name in BLOCK:
            self._markup.flush()
        else:
            self._builder.atom(tag.span.start, end.end)
        self._builder.code(tag.span.end, end.start)
        self._builder.tags += (tag, Tag(tag.name, "close", end))
        self._inline.hidden_until = end.end

    def _listing_end(self, tag: Tag, limit: int) -> Span | None:
        """Return the span of the end tag of an element that shows code or a formula, or None if `tag` begins none."""
        start, at = tag.span
        self._others = [end for end in self._others if end > start]
        if len(self._others) >= listings.NESTED or not listings.may_show_code(self._text, start, at):
            return None
        end = tags.find_end(self._text, tag, limit)
        if end and listings.shows_code(tag, self._text[at : end.start]):
            return end
        self._others.append(end.end if end else limit)
        return None

    def _is_closed(self, tag: Tag, limit: int) -> bool:
        end = self._ahead.find(rf"</{tag.name}[\s>]", tag.span.end)
        return end is not None and end < limit

    def _broken_comment(self, tag: Tag) -> None:
        """Add a comment that does not end in its block; if it seems to end later, hide the text up to its end."""
        end = self._comment_end(tag.span.end)
        if end is not None and _ENDS_LINE.match(self._text, end + 3):
            tag = Tag(tag.name, "comment", Span(tag.span.start, end + 3), tag.attributes)
            self._inline.hidden_until = end + 3
        self._builder.tags.append(tag)

    def _broken_code(self, tag: Tag) -> None:
        """Hide the rest of the preformatted text that begins with `tag`, if its end tag can be found."""
        end = self._ahead.find(r"(?:</code>\s*)?</pre[\s>]", tag.span.end)
        another = self._ahead.find("<pre", tag.span.end)
        if end is not None and (another is None or end < another):
            self._inline.hidden_until = end

    def _comment_end(self, at: int) -> int | None:
        """Return the start of the `-->` of the comment whose content begins at `at`, or None if it has no end."""
        end, another = self._ahead.find("-->", at), self._ahead.find("<!--", at)
        return end if end is not None and (another is None or end < another) else None


# Tags, which may be interrupted by the “>” of a block quote at the start of a line.

# Hidden markup: processing instructions, CDATA, declarations (CommonMark 0.31, 6.6). Comments, scripts and style sheets
# are found too, because they may contain the same characters.
_OPENING = patterns.lazy(r"<(?:!--|\?|!\[CDATA\[|!(?!doctype\b)(?=[a-z])|(?:script|style)(?=[\s>]))", re.IGNORECASE)
_CLOSING = {"<!--": "-->", "<?": "?>", "<![": "]]>", "<!": ">", "<script": "</script", "<style": "</style"}
_NO_INSTRUCTION = frozenset({"<!--", "<script", "<style"})


def scan_raw_tags(text: str, lines: Sequence[tuple[int, int]], values: str) -> Iterator[Tag]:
    """Yield the tags in `lines`, which are spans of `text` in order, as if the lines were contiguous.

    Processing instructions, CDATA sections, and declarations other than a doctype count as comments. Values of
    attributes are taken from `values`, which has the same length as `text` and may be `text` itself.
    """
    start, end = lines[0][0], lines[-1][1]
    if len(lines) == 1 or all(one[1] == other[0] for one, other in pairwise(lines)):
        return _between(text, start, end, values)
    return (
        _moved(tag, start, None if values is text else values)
        for tag in _between(_blanked(text, lines), 0, end - start)
    )


def _between(text: str, start: int, end: int, values: str = "") -> Iterator[Tag]:
    done = start
    for low, high in _not_shown(text, start, end):
        yield from tags.scan_tags(text, done, low, known_only=False, values=values)
        yield Tag("", "comment", Span(low, high))
        done = high
    yield from tags.scan_tags(text, done, end, known_only=False, values=values)


def _not_shown(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of closed hidden markup, such as processing instructions, in order."""
    at, never = start, set()
    while opening := _OPENING.search(text, at, end):
        at = opening.end()
        name = "<![" if opening[0].startswith("<![") else opening[0].lower()
        closing = _CLOSING[name]
        close = text.find(closing, at, end) if closing not in never else -1
        if close < 0:
            never.add(closing)  # no search is repeated, so the function takes linear time
            continue
        at = close + len(closing)
        if name not in _NO_INSTRUCTION:
            yield opening.start(), at


def _blanked(text: str, lines: Sequence[tuple[int, int]]) -> str:
    """Return `text` from the first of `lines` to the last, with the characters between lines replaced by spaces."""
    parts, done = [], lines[0][0]
    for start, end in lines:
        parts += [" " * (start - done), text[start:end]]
        done = end
    return "".join(parts)


def _moved(tag: Tag, by: int, values: str | None) -> Tag:
    attributes = []
    for name, value, span in ((a.name, a.value, a.span) for a in tag.attributes):
        if span:
            span = Span(span.start + by, span.end + by)
            value = value if values is None else unescape(values[slice(*span)])
        attributes.append(Attribute(name, value, span))
    return Tag(tag.name, tag.kind, Span(tag.span.start + by, tag.span.end + by), tuple(attributes))


# Unclosed blocks, which would hide the rest of the article.

# The start and end of HTML blocks that may contain blank lines (CommonMark 0.31, 4.6, kinds 1 to 5).
_KINDS = (
    (
        patterns.lazy(r"<(?:script|pre|style|textarea)(?=[\s>]|\Z)[^<>\r\n]*>?", re.I),
        patterns.lazy(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (patterns.lazy(r"<!--"), patterns.lazy(r"-->")),
    (patterns.lazy(r"<\?"), patterns.lazy(r"\?>")),
    (patterns.lazy(r"<!\[CDATA\["), patterns.lazy(r"\]\]>")),
    (patterns.lazy(r"<![A-Za-z]"), patterns.lazy(r">")),
)


def find_html_damage(text: str, blocks: Sequence[Span]) -> Damage:
    """Return the damage from unclosed comments, scripts and similar HTML. `blocks` are the spans of all HTML blocks."""
    damage = Damage()
    for start, end in blocks:
        for opening, closing in _KINDS:
            if not opening.match(text, start, end):
                continue
            if not closing.search(text, start, end):
                for found in opening.finditer(text, start, end):
                    damage.cuts.append(Span(*found.span()))
                    damage.tags.append(_tag(text, found))
            break
    return damage


def _tag(text: str, match: re.Match[str]) -> Tag:
    tag = next(tags.scan_tags(text, match.start(), match.end(), known_only=False), None)
    return tag or Tag("", "broken", Span(*match.span()))
