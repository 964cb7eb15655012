"""Find HTML tags in running text, one by one, so that a broken tag does not hide the text after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from linter import patterns
from linter.document import Attribute, Span, Tag, span_of
from linter.readers.builder import Ahead
from linter.readers.html_meaning import BOOLEAN, ELEMENTS, unescape

# Values contain no blank line. Unquoted values end at white space or “>” (WHATWG 13.1.2.3) and may contain “=”, as in
# browsers.
_NEWLINE = r"(?:\r\n?|\n)(?![ \t]*+[\r\n])"
_VALUE = rf"""(?:"(?:[^"\n\r]++|{_NEWLINE})*+"|'(?:[^'\n\r]++|{_NEWLINE})*+'|[^\s"'=<>`][^\s"'<>`]*+)"""
_SPACE = rf"(?:[ \t\f]++|{_NEWLINE})"
_ATTRIBUTE = rf"""[^\s"'<>/=\x00]++(?:{_SPACE}*+=(?:{_SPACE}*+{_VALUE})?+)?+"""
_TAG = patterns.lazy(
    rf"""
    < (?:
        (?P<close>/?) (?:
            (?P<name>(?i:[a-z][a-z0-9:-]*+))
            (?: (?P<attributes>(?:{_SPACE}++{_ATTRIBUTE}|/(?!>)|(?<=[\"']){_ATTRIBUTE})*+) (?P<end>{_SPACE}*+/?>) )?+
          | (?i:!doctype)(?=[\s>])
        )
      | (?P<comment>!--(?:-?>)?)
    )
    """,
    re.VERBOSE,
)
_PART = patterns.lazy(rf"""(?P<name>[^\s"'<>/=\x00]++)(?:{_SPACE}*+=(?:{_SPACE}*+(?P<value>{_VALUE}))?+)?+""")
# An unfinished start tag is a tag only if it has the start of an attribute (`<a href=`), or a URL after `href"` or
# `src"`, without “=”. Its span extends to the next “>” on the line. If there is none before the next “<”, the span
# covers the complete attributes and the first word of an incomplete one.
_UNFINISHED = patterns.lazy(
    rf"""
    (?= [ \t]++ (?: [a-zA-Z][\w:-]*+ [ \t]*+ = | (?:href|src)["'“”]+ (?:https?:|/) ) )
    (?: [^\n\r<>]*+ >
      | (?: [ \t]++ [a-zA-Z][\w:-]*+ [ \t]*+ = [ \t]*+ {_VALUE} )*+
        (?: [ \t]++ [a-zA-Z][\w:-]*+ [ \t]*+ = [ \t]*+ ["'“”]? [^\s<>"'“”]*+ )?+ )
    """,
    re.VERBOSE,
)
_DOCTYPE = patterns.lazy(r"[^<>]*+>")
_CUT = patterns.lazy(r"[ \t]*+(?=[\r\n]|\Z)")
_COMMENT_END = patterns.lazy(r"--!?>")
# Elements whose content is not markup (WHATWG 13.1.2, “raw text”).
_RAW = frozenset({"script", "style", "textarea"})
_CURLY = "“”„″"
_NAMES = {name: name for name in ELEMENTS}  # one shared string per name
_BETWEEN = "/ \t\f\r\n"  # characters between attributes


def scan_tags(
    text: str, start: int = 0, end: int | None = None, *, known_only: bool = True, values: str = ""
) -> Iterator[Tag]:
    """Yield the tags and comments in `text[start:end]`, in order, with spans in `text`.

    An unfinished comment is broken. An unfinished start tag is broken if an attribute begins in it (`<a href=`), and an
    unfinished end tag is broken if it ends its line; otherwise, the tag is text. The text after a broken tag is scanned
    as usual. The content of closed `script`, `style` and `textarea` elements is not scanned.

    If `known_only` is true, tags of unknown elements (`<user@example.com>`), type parameters (`List<A>`) and words in
    angle brackets (`<b and c>`) are text, and a comment that contains the start of another comment is broken. If
    `values` is given, the values of attributes are taken from it; it must have the same length as `text`.
    """
    return _Scanner(text, len(text) if end is None else end, known_only, values or text).tags(start)


def find_end(text: str, tag: Tag, stop: int) -> Span | None:
    """Return the span of the end tag in `text[:stop]` of the element that begins with `tag`, or None if it has none."""
    depth = 0
    same = re.compile(rf"<(/?){re.escape(tag.name)}(?=[\s>])[^<>]*>", re.IGNORECASE)
    for found in same.finditer(text, tag.span.end, stop):
        depth += -1 if found[1] else 1
        if depth < 0:
            return span_of(found.span())
    return None


class _Scanner:
    """A scan of a text for tags, up to the offset `stop`."""

    def __init__(self, text: str, stop: int, known_only: bool, values: str) -> None:
        self.text, self.stop, self.known_only, self.values = text, stop, known_only, values
        self._ahead = Ahead(text, stop)

    def tags(self, at: int) -> Iterator[Tag]:
        search, stop = _TAG.search, self.stop
        while found := search(self.text, at, stop):
            _, name, _, end, comment = found.groups()
            at = found.end()
            if not name:
                tag = self._comment(found) if comment else self._doctype(found)
            elif end and not self.known_only:
                tag = self._whole(found)
            else:
                at = found.end("name")
                tag = self._doubtful(found)
            if tag:
                yield tag
                at = tag.span.end
                if tag.name in _RAW and tag.kind == "open":
                    close = self._ahead.find(rf"</{tag.name}[ \t\r\n\f]*+>", at)
                    at = at if close is None else close

    def _comment(self, opening: re.Match[str]) -> Tag:
        start, at = opening.span()
        if self.text[at - 1] == ">":
            return Tag("", "comment", Span(start, at))
        close = self._ahead.find(_COMMENT_END.pattern, at)
        another = self._ahead.find("<!--", at) if self.known_only and close is not None else None
        if close is None or (another is not None and another < close):
            return Tag("", "broken", Span(start, at))
        end = _COMMENT_END.match(self.text, close)
        assert end
        return Tag("", "comment", Span(start, end.end()))

    def _doctype(self, match: re.Match[str]) -> Tag | None:
        rest = _DOCTYPE.match(self.text, match.end(), self.stop)
        return Tag("!doctype", "open", Span(match.start(), rest.end())) if rest else None

    def _whole(self, match: re.Match[str]) -> Tag:
        low, high = match.span("attributes")
        attributes: Sequence[Attribute] = ()
        if low < high and (part := self.text[low:high]).strip(_BETWEEN):
            attributes = tuple(_attributes(part, self.values[low:high], low))
        kind = "close" if match["close"] else "open"
        name = match["name"]
        return Tag(_NAMES.get(name) or name.lower(), kind, span_of(match.span()), attributes)

    def _doubtful(self, match: re.Match[str]) -> Tag | None:
        """Return the tag, possibly broken, that begins with `match`, or None if this match seems to be text."""
        name, at = match["name"].lower(), match.end("name")
        if self.known_only and name not in ELEMENTS:
            return None
        if match["end"]:
            tag = self._whole(match)
            return None if _are_words(tag.attributes) or _is_type(self.text, match, tag.attributes) else tag
        rest = _CUT.match(self.text, at, self.stop) if match["close"] else _UNFINISHED.match(self.text, at, self.stop)
        return Tag(name, "broken", Span(match.start(), rest.end())) if rest else None


def _are_words(attributes: Sequence[Attribute]) -> bool:
    """Whether the attributes seem to be words, as in `a <b and c> d`."""
    return not any(a.span for a in attributes) and any(
        a.name not in BOOLEAN and not a.name.startswith(("data-", "aria-")) for a in attributes
    )


def _is_type(text: str, opening: re.Match[str], attributes: Sequence[Attribute]) -> bool:
    """Whether a tag seems to be a type parameter, as in `List<A>` or `Promise<Data>`."""
    before, name = text[max(0, opening.start() - 1) : opening.start()], opening["name"]
    return before.isalnum() and not opening["close"] and not attributes and name[0].isupper() and not name[1:].isupper()


def _attributes(text: str, values: str, at: int) -> Iterator[Attribute]:
    """Yield the attributes in `text`, which begins at the offset `at` in the source, in order.

    Their values are taken from `values`, which has the same length as `text`.
    """
    for part in _PART.finditer(text):
        name = part["name"].lower()
        if part["value"] is None:
            yield Attribute(name, "", None)
            continue
        low, high = part.span("value")
        if text[low] in "\"'" or (high - low > 1 and text[low] in _CURLY and text[high - 1] in _CURLY):
            low, high = low + 1, high - 1
        yield Attribute(name, unescape(values[low:high]), Span(at + low, at + high))
