"""Find the tags of a page as browsers do, except that a broken tag does not hide the text after it.

Each attribute has the source span of its value.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from linter import patterns
from linter.document import Attribute, Block, Span, Tag, span_of
from linter.readers.builder import Ahead
from linter.readers.html_meaning import ELEMENTS, references, unescape

# Attributes.

# WHATWG HTML 13.2.5, for regular tags: quoted values contain no “<”, “>” or blank line.
WS = r"[\t\n\f\r ]"
_NEWLINE = r"(?:\r\n?|\n)(?![ \t]*+[\r\n])"
_QUOTED = "|".join(f"{q}[^{q}<>\\n\\r]*+(?:{_NEWLINE}[^{q}<>\\n\\r]*+)*+{q}" for q in "\"'")
VALUE = rf"""(?:{_QUOTED}|[^\s"'<>=`][^\s"'<>`]*+)"""
_PART = patterns.lazy(rf"""(?P<name>[^\s"'<>/=]++)(?:{WS}*+={WS}*+(?P<value>{VALUE}))?+""")


def parse_attributes(text: str, start: int, end: int) -> Iterator[Attribute]:
    """Yield the attributes in `text[start:end]`, in order. Their syntax must be correct."""
    for part in _PART.finditer(text, start, end):
        low, high = part.span("value")
        if low >= 0 and text[low] in "\"'":
            low, high = low + 1, high - 1
        yield attributes_of(text, part["name"], low, high)


def attributes_of(text: str, name: str, low: int, high: int) -> Attribute:
    """Return the attribute `name` with the value at `text[low:high]`, or without a value if `low` is negative."""
    if low < 0:
        return Attribute(name.lower(), "", None)
    return Attribute(name.lower(), decode_references(text, low, high), Span(low, high))


_MARK = patterns.lazy(
    rf"""
    < (?:
        (?P<close>/?) (?P<name>[A-Za-z][A-Za-z0-9:_.-]*+)
        (?P<attributes>
            (?: {WS}++ (?: [^\s"'<>/=]++ (?: {WS}*+ = {WS}*+ {VALUE} (?=[\s/>]) | (?!{WS}*+=) ) )?+ )*+
        )
        /?>
      | (?P<odd>/?[A-Za-z]) | (?P<comment>!--) | [!?/]
    )
    """,
    re.VERBOSE,
)
_COMMENT_END = patterns.lazy(r"-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+--!?>")

# An irregular tag, piece by piece.
_NAME = patterns.lazy(r"[^\t\n\f\r /><]++")
_GAP = patterns.lazy(r"[\t\n\f\r /]*+")
_KEY = patterns.lazy(r"=?[^\t\n\f\r />=<]*+")
_IS = patterns.lazy(rf"{WS}*+={WS}*+")
_UNQUOTED = patterns.lazy(r"[^\t\n\f\r ><]*+")
_UNFINISHED = patterns.lazy(r"[^\r\n<>]*+>?+")
_BLANK_LINE = patterns.lazy(r"(?:\r\n?|\n)[ \t]*+[\r\n]")
_WELL_FORMED = patterns.lazy(r"[A-Za-z][\w:-]*+=")

# Elements whose content has no tags, each with a pattern. If the text up to the next end tag contains a match, this end
# tag belongs to another element, and that of the first element is missing. In style sheets and scripts, whose comments
# may mention tags, the match must begin a line or a rule.
_PAGE = "html|head|body|meta|link|title|script|style|div|p|h[1-6]|article|main|section"
_LEAD = dict.fromkeys(("style", "script"), r"(?<=[\r\n}>])[ \t]*")
_RAW = {
    name: patterns.lazy(rf"{_LEAD.get(name, '')}(?:</?(?:{not_held})(?=[\s/>])|<{name}(?=[\s/>]))", re.IGNORECASE)
    for name, not_held in {
        "title": _PAGE,
        "style": _PAGE,
        "iframe": _PAGE,
        "script": _PAGE,
        "noscript": "head|body",
        "textarea": "body",
        "xmp": "body",
        "noembed": "body",
        "noframes": "noframes",
    }.items()
}
_NAMES = {name: name for name in ELEMENTS}  # one shared string per name
_OPAQUE = frozenset({*_RAW, "plaintext"})
_NESTING = patterns.lazy(r"<!--|-->|<(?P<end>/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


def lex_tags(text: str, start: int = 0) -> list[Tag]:
    """Return the tags and comments in `text[start:]`, in order.

    Any other markup that begins with `<!`, `<?` or `</`, such as a doctype, counts as a comment. A tag or comment is
    broken if it is unfinished. The start tag of an element whose content is not markup, such as `<script>`, is also
    broken if the end tag is missing. The text after a broken tag is read as usual.
    """
    return list(_Lexer(text).tags(start))


@dataclass(eq=False)
class _Lexer:
    """Finds the tags of the page `text`."""

    text: str
    _comments: bool = True  # whether another comment may be closed
    _nested: bool = True  # whether scripts end as in browsers; otherwise, at the next end tag

    def __post_init__(self) -> None:
        self._ahead = Ahead(self.text, len(self.text))

    def tags(self, at: int) -> Iterator[Tag]:
        text = self.text
        for mark in _MARK.finditer(text, at):
            span = span_of(mark.span())
            if span[0] < at:  # inside the previous tag or the content of its element
                continue
            close, name, behind, odd, _ = mark.groups()
            at = span[1]
            if name:
                attributes: Sequence[Attribute] = ()
                if behind and not behind.isspace():
                    attributes = tuple(parse_attributes(text, *mark.span("attributes")))
                tag = Tag(_NAMES.get(name) or name.lower(), "close" if close else "open", span, attributes)
            else:
                tag = self._odd(*span) if odd else self._comment(mark)
                at = tag.span.end
            if tag.name in _OPAQUE and tag.kind == "open":
                end = self._content_end(tag)
                tag = tag if end else Tag(tag.name, "broken", tag.span, tag.attributes)
                at = end or at
            yield tag

    def _content_end(self, tag: Tag) -> int:
        """Return the offset of the end tag of the element that begins with `tag`, or 0 if it seems to be missing."""
        name, start = tag.name, tag.span.end
        end = self._ahead.find(rf"</{name}(?=[\t\n\f\r />])", start) if name != "plaintext" else None
        if end is None:
            return 0
        if (name != "script" or tag.attribute("src")) and _RAW[name].search(self.text, start, end):
            return 0
        return self._script_end(start, end) if name == "script" else end

    def _script_end(self, start: int, next_end: int) -> int:
        """Return the offset of the end tag that closes a script in browsers, or `next_end` if there seems to be none.

        The content of the script begins at `start`.
        """
        # In a comment inside a script, scripts may be nested (WHATWG HTML 13.2.5.18–31).
        at, commented, nested = start, False, False
        while self._nested and (mark := _NESTING.search(self.text, at)):
            at = mark.end()
            if mark[0] == "<!--":
                commented = True
                at = mark.start() + 2  # “<!-->” is a complete comment
            elif mark[0] == "-->":
                commented = nested = False
            elif not mark["end"]:
                nested = commented
            elif nested:
                nested = False
            else:
                return mark.start()
        self._nested = False  # an unclosed comment hides nothing
        return next_end

    def _comment(self, mark: re.Match[str]) -> Tag:
        """Return the comment that begins with `mark`; its kind is "broken" if the comment is unfinished."""
        start, at = mark.span()
        if mark["comment"]:
            end = _COMMENT_END.match(self.text, at) if self._comments else None
            self._comments = end is not None
            return Tag("", "comment", Span(start, end.end())) if end else Tag("", "broken", Span(start, at))
        # Some other markup also counts as a comment (WHATWG HTML 13.2.5.41, bogus comment state).
        close = self.text.find(">", at) if start < self._last_close else -1
        return Tag("", "comment", Span(start, close + 1)) if close >= 0 else Tag("", "broken", Span(start, at))

    @cached_property
    def _last_close(self) -> int:
        return self.text.rfind(">")

    def _odd(self, start: int, at: int) -> Tag:
        """Return the irregular tag that begins at `start`. Its kind is "broken" if the tag is unfinished.

        `at` is the offset after the first letter of the tag's name.
        """
        text, size = self.text, len(self.text)
        kind = "close" if text[start + 1] == "/" else "open"
        at = own = _NAME.match(text, at - 1).end()  # type: ignore[union-attr]
        name = text[start + (2 if kind == "close" else 1) : at].lower()
        attributes: list[Attribute] = []
        while True:
            at = _GAP.match(text, at).end()  # type: ignore[union-attr]
            if at == size or text[at] in "<>":
                break
            begin, at = at, _KEY.match(text, at).end()  # type: ignore[union-attr]
            key, low, high = text[begin:at], -1, -1
            if found := _IS.match(text, at):
                low, high, at = self._value(found.end())
                if at < 0:  # unfinished
                    rest = _UNFINISHED.match(text, low)
                    assert rest
                    return Tag(name, "broken", Span(start, rest.end()), tuple(attributes))
                own = at
            attributes.append(attributes_of(text, key, low, high))
        if at < size and text[at] == ">":
            return Tag(name, kind, Span(start, at + 1), tuple(attributes))
        return Tag(name, "broken", Span(start, own), tuple(attributes))

    def _value(self, at: int) -> tuple[int, int, int]:
        """Return the start and end of the attribute value at `at`, without quotation marks, and the offset after it.

        If the quotation mark at `at` seems to be unclosed, this offset is -1.
        """
        quote = self.text[at : at + 1]
        if quote not in ("'", '"'):
            end = _UNQUOTED.match(self.text, at).end()  # type: ignore[union-attr]
            return at, end, end
        low = at + 1
        high = self._ahead.find(quote, low)
        if high is None or self._swallows(low, high):
            return low, low, -1
        return low, high, high + 1

    def _swallows(self, low: int, high: int) -> bool:
        """Whether the quotation mark at `high` probably does not close the value that begins at `low`."""
        value = self.text[low:high]
        if "<" not in value and ">" not in value and not _BLANK_LINE.search(value):
            return False
        if value.rstrip().endswith("="):
            return True
        after = self.text[high + 1 : high + 2]
        if after not in ("\t", "\n", "\f", "\r", " ", "/", ">"):
            return not _WELL_FORMED.match(self.text, high + 1)
        at = _GAP.match(self.text, high + 1).end()  # type: ignore[union-attr]
        key = _KEY.match(self.text, at)
        assert key
        return '"' in key[0] or "'" in key[0] or self.text[key.end() : key.end() + 1] == "<"


# Character references, as browsers decode them.

_REFERENCE = patterns.lazy(r"&(?:#(?:[0-9]{1,1000}|[xX][0-9A-Fa-f]{1,1000});?|[A-Za-z][A-Za-z0-9]{0,31};?)")
_GOES_ON = frozenset("=" + string.ascii_letters + string.digits)
_MIN_NAME_LETTERS = 2  # minimum letters of a name without a semicolon


class Reference(NamedTuple):
    """A character reference at `text[start:end]`, which represents `shown`."""

    start: int
    end: int
    shown: str


def find_references(text: str, start: int, end: int, *, attribute: bool = False) -> Iterator[Reference]:
    """Yield the character references in `text[start:end]`, in order, including those without a semicolon.

    If `attribute` is true, the text is the value of an attribute. There, `&copy` in `&copy=1` is not a reference,
    because it may be part of a URL (WHATWG HTML 13.2.5.73).
    """
    for found in _REFERENCE.finditer(text, start, end):
        name = found[0]
        if name[1] == "#":
            yield Reference(found.start(), found.end(), unescape(name) or chr(_number(name)))
        elif length := _known(name[1:]):
            stop = found.start() + 1 + length
            if not (attribute and name[length] != ";" and (text[stop : min(stop + 1, end)] or " ") in _GOES_ON):
                yield Reference(found.start(), stop, references()[name[1 : 1 + length]])


def decode_references(text: str, start: int, end: int) -> str:
    """Return the value of an attribute at `text[start:end]`, with character references decoded."""
    value = text[start:end]
    if "&" not in value:
        return value
    return decoded_block(text, Span(start, end), frozenset()).text


def decoded_block(text: str, span: Span, scopes: frozenset[str], *, attribute: bool = True) -> Block:
    """Return the text at `span`, with character references decoded, as a block with the scopes `scopes`.

    `attribute` is as in `find_references`.
    """
    parts: list[str] = []
    places: list[int] = []
    length, done = 0, span.start
    for reference in (*find_references(text, *span, attribute=attribute), Reference(span.end, span.end, "")):
        for low, high, shown in ((done, reference.start, text[done : reference.start]), reference):
            if shown:
                places += (length, low, high)
                parts.append(shown)
                length += len(shown)
        done = reference.end
    return Block("".join(parts), scopes, tuple(places) or (0, *span))


def _number(name: str) -> int:
    digits = name[2:].rstrip(";")
    return int(digits[1:], 16) if digits[0] in "xX" else int(digits)


def _known(name: str) -> int:
    """Return the length of the longest prefix of `name` that names a character reference, or 0 if there is none."""
    known = references()
    if name in known:
        return len(name)
    for length in range(len(name) - 1, _MIN_NAME_LETTERS - 1, -1):
        if name[:length] in known:
            return length
    return 0
