"""Read exports of WordPress (WXR) and other RSS files.

Exports often violate the rules of XML: they contain control characters, an unescaped “&”, or CDATA sections that are
not closed. An XML parser stops at the first such place. This reader knows only as much of XML as an export needs, and
goes on: it reports the place as a problem of its item. It does not expand entities. Line ends are not changed.
"""

from __future__ import annotations

import codecs
import html
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from linter import patterns
from linter.records.archives import KEEP, Archive, BadArchive, Change, OnProgress, Part, Record, clean
from linter.records.formats._window import LIMIT, Window, clean_text

_POST_TYPES = frozenset(
    "attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_template"
    " wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face".split()
)  # not articles
_STATUSES = frozenset({"trash", "auto-draft", "inherit"})  # not articles
_DRAFTS = frozenset({"draft", "pending", "future", "private"})
# The fields that are read, by the namespace, or its usual prefix, and the local name of their element.
_FIELDS = {
    "": {name: name for name in ("title", "link", "guid", "description", "language", "pubDate", "item")},
    "wp": {name: name for name in ("post_id", "post_type", "post_date", "post_date_gmt", "status")},
    "content": {"encoded": "content"},
    "excerpt": {"encoded": "excerpt"},
    "dc": {"date": "dc_date", "language": "language"},
}
_BODIES = frozenset({"content", "description"})
_OUTER = frozenset({"channel", "rss", "rdf:RDF"})  # elements that contain items
_NAMESPACES = {
    "wp": patterns.lazy(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/?\Z"),
    "excerpt": patterns.lazy(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/excerpt/?\Z"),
    "content": patterns.lazy(r"https?://purl\.org/rss/1\.0/modules/content/?\Z"),
    "dc": patterns.lazy(r"https?://purl\.org/dc/elements/1\.1/?\Z"),
}

_ATTRIBUTES = r"(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+"
_XML = patterns.lazy(rb"\s*+<\?xml\s[^<>]*?\bencoding\s*+=\s*+[\"']([\w.:-]+)")
_ROOT = patterns.lazy(rf"<((?:\w+:)?(?:rss|RDF))(?:\s({_ATTRIBUTES}))?>", re.IGNORECASE)
_ELEMENT = patterns.lazy(r"<([a-zA-Z][\w:.-]*)")
_XMLNS = patterns.lazy(r"\bxmlns:([\w.-]+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
_TAG = patterns.lazy(rf"<(/?)([\w:][\w:.-]*+)({_ATTRIBUTES})>")
_MAX_TAG = 1 << 16  # code points of a tag
# An element without elements. A long text, and a text with “]”, is read in another way.
_LEAF = patterns.lazy(
    rf"<([\w:][\w:.-]*+)(?:\s{_ATTRIBUTES})?(?<!/)>(?:<!\[CDATA\[([^\]]{{0,2000}}+)\]\]>|([^<]*+))</\1\s*+>"
)
_CDATA = "<![CDATA["
_OTHER = (("<!--", "-->"), ("<?", "?>"))
_OPENINGS = tuple(opening for opening, _ in _OTHER)
_REFERENCE = patterns.lazy(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([\w:.-]{1,40}+));|&")
_UNENCODABLE = "copydesk.wxr"  # the name of an error handler
_MAX_PROBLEMS = 10  # of an item
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_NOT_RSS = "it is not an RSS file, such as an export of WordPress"
_TRUNCATED = "the file ends within this item"
_CUT = "it ends before </{}>; the rest is missing"
_TOO_LARGE = "the item is larger than {:,} characters and was not read"
_STRAY = "there is text outside of an element, which was not read"
_TAGS = "{} contains “<”, which is not escaped; it was read as text"
_AMPERSAND = "“&” is not escaped; it was read as text"
_ENTITY = "the entity “{}” is not declared; it was read as text"
_NO_CHARACTER = "“{}” is not a character; it was read as text"
_OPEN_CDATA = "the CDATA section of {} is not closed"
_OPEN_ELEMENT = "{} is not closed"
_AGAIN = "there is more than one {}; only the first was read"


class _Value(NamedTuple):
    """The content of an element: its text, the offset of its end, and the offset at which the next markup is."""

    text: str
    end: int
    after: int


class _Markup(NamedTuple):
    """Markup at `[start, end)`.

    `kind` is "open", "close", "empty" (a tag), "cdata", "other" (such as a comment) or "text" (not markup). `name` is
    the name of the tag. `content_end` is the end of the text of a CDATA section, and `unclosed` is true if it was found
    in spite of a missing “]]>”.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    content_end: int = 0
    unclosed: bool = False


@dataclass(eq=False)
class _Item:
    """An item at `[start, end)` in the text of a window; its end tag begins at `closing`.

    `number` is its 1-based position in the file. `fields` has the texts of its elements, and `spans` the spans of their
    contents or, if they are in `empty`, of their tags. `problems` are offsets by problem. `damaged` is true if the
    content may differ from what was written.
    """

    start: int
    number: int
    end: int = 0
    closing: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    problems: dict[str, int] = field(default_factory=dict)
    damaged: bool = False

    def note(self, problem: str, offset: int, *, damaged: bool = False) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.setdefault(problem, offset)
        self.damaged |= damaged

    def add(self, name: str, text: str, start: int, end: int) -> None:
        if name not in self.fields:
            self.fields[name], self.spans[name] = text, (start, end)
        elif name in _BODIES:
            self.note(_AGAIN.format(name), start, damaged=True)

    def finish(self, closing: int, end: int) -> _Item:
        self.closing, self.end = closing, end
        return self

    @property
    def body(self) -> str:
        """The name of the field that is the body."""
        return "content" if "content" in self.fields or "post_type" in self.fields else "description"


class _Lexer:
    """Find markup in `text`. If `final` is true, nothing follows the text."""

    def __init__(self, text: str, final: bool) -> None:
        self.text, self.final = text, final
        self._found: dict[str, tuple[int, int]] = {}

    def markup(self, at: int, name: str) -> _Markup | None:
        """Return the first markup at or after `at`, or None if there is none or the text ends within it.

        `name` is the name of the element that contains `at`.
        """
        text = self.text
        start = text.find("<", at)
        if start < 0:
            return None
        if tag := _TAG.match(text, start):
            kind = "close" if tag[1] else "empty" if tag[3].endswith("/") else "open"
            return _Markup(kind, start, tag.end(), tag[2])
        if text.startswith(_CDATA, start):
            return self._section(start, name)
        for opening, closing in _OTHER:
            if text.startswith(opening, start) and (end := self._find(closing, start + len(opening))) < len(text):
                item = self._find("</item", start)
                if item < end and item < self._find("<item", start):  # it would hide the end of an item
                    return _Markup("text", start, start + 1)
                return _Markup("other", start, end + len(closing))
        is_cut_off = text.startswith(_OPENINGS, start) or len(text) - start < _MAX_TAG
        return None if is_cut_off and not self.final else _Markup("text", start, start + 1)

    def _find(self, mark: str, at: int) -> int:
        """Return the offset of the first `mark` at or after `at`, or the end of the text.

        The last result is kept, so that the time is linear even if every mark is searched from many places.
        """
        start, found = self._found.get(mark, (0, -1))
        if not start <= at <= found:
            found = self.text.find(mark, at)
            found = found if found >= 0 else len(self.text)
            self._found[mark] = at, found
        return found

    def _section(self, start: int, name: str) -> _Markup | None:
        """Return the CDATA section at `start` in the element `name`, or None if the text ends within it.

        If the section ends but the element does not end there, the “]]>” belongs to a later section. The section then
        ends in front of the first end tag of the element or of an item.
        """
        text, end = self.text, self._find("]]>", start)
        after, is_closed = self._find("<", end), end < len(text)
        if after == len(text) and not self.final:
            return None
        if is_closed and (after == len(text) or text.startswith((f"</{name}", _CDATA, "<!--"), after)):
            return _Markup("cdata", start, end + 3, "", end)
        limit = min(end, self._find("</item", start))
        cut = text.find(f"</{name}", start, limit)
        if cut >= 0 or limit < end:
            cut = cut if cut >= 0 else limit
            return _Markup("cdata", start, cut, "", cut, True)
        return _Markup("cdata", start, end + 3 if is_closed else end, "", end, not is_closed)


class _Scan:
    """Read one item. `names` has the name of the field for each name of an element that is read."""

    def __init__(self, lexer: _Lexer, names: Mapping[str, str], item: _Item) -> None:
        self.lexer, self.names, self.item = lexer, names, item
        self.text, self.final = lexer.text, lexer.final

    def run(self, at: int) -> _Item | None:
        """Return the item, whose start tag ends at `at`, or None if the text ends within it."""
        text, name = self.text, ""
        while (start := text.find("<", at)) >= 0:
            if not name and start > at and not text[at:start].isspace():
                self.item.note(_STRAY, start - len(text[at:start].lstrip()), damaged=True)
            leaf = _LEAF.match(text, start)
            if leaf and self.names.get(leaf[1]) != "item":
                if leaf[1] in self.names:
                    self._leaf(leaf)
                at, name = leaf.end(), ""
                continue
            markup = self.lexer.markup(start, name)
            if not markup:
                return None
            if markup.kind in ("open", "close") and self._ends(markup):
                return self._end(markup)
            after = self._step(markup, name)
            if after < 0:
                return None
            at = after
            name = "" if markup.kind == "close" or markup.name in self.names else markup.name or name
        if self.final:
            self.item.note(_TRUNCATED, len(text), damaged=True)
            return self.item.finish(len(text), len(text))
        return None

    def _leaf(self, leaf: re.Match[str]) -> None:
        if leaf[2] is not None:
            self.item.add(self.names[leaf[1]], leaf[2], leaf.start(2) - len(_CDATA), leaf.end(2) + 3)
        else:
            self.item.add(self.names[leaf[1]], self._unescape(leaf[3], leaf.start(3)), *leaf.span(3))

    def _ends(self, tag: _Markup) -> bool:
        """Whether a tag shows that the item ends."""
        return self.names.get(tag.name) == "item" or (tag.kind == "close" and tag.name in _OUTER)

    def _end(self, tag: _Markup) -> _Item:
        if tag.kind == "close" and tag.name not in _OUTER:
            return self.item.finish(tag.start, tag.end)
        self.item.note(_OPEN_ELEMENT.format("the item"), tag.start, damaged=True)
        return self.item.finish(tag.start, tag.start)

    def _step(self, markup: _Markup, name: str) -> int:
        """Read markup in the element `name`, and return the offset after it, or -1 if the text ends within it."""
        item, what = self.item, f"<{name}>" if name else "the item"
        if markup.kind == "cdata":
            if markup.unclosed:
                item.note(_OPEN_CDATA.format(what), markup.start, damaged=not name)
            elif not name:
                item.note(_STRAY, markup.start, damaged=True)
        elif markup.kind == "text":
            item.note(_TAGS.format(what), markup.start)
        elif markup.name in self.names and markup.kind == "empty":
            read_as = self.names[markup.name]
            if read_as not in item.fields:
                item.empty.add(read_as)
            item.add(read_as, "", markup.start, markup.end)
        elif markup.name in self.names and markup.kind == "open":
            value = self._value(markup.end, markup.name)
            if not value:
                return -1
            item.add(self.names[markup.name], value.text, markup.end, value.end)
            return value.after
        return markup.end

    def _value(self, at: int, name: str) -> _Value | None:
        """Return the content of the element `name`, whose start tag ends at `at`, or None if the text ends within it.

        Tags in the content are read as text, since it should have been escaped.
        """
        text, pieces = self.text, list[str]()
        while markup := self.lexer.markup(at, name):
            pieces.append(self._unescape(text[at : markup.start], at))
            if markup.kind == "close" and markup.name == name:
                return _Value("".join(pieces), markup.start, markup.end)
            if self._interrupts(markup, name):
                self.item.note(_OPEN_ELEMENT.format(f"<{name}>"), markup.start, damaged=True)
                return _Value("".join(pieces), markup.start, markup.start)
            if markup.kind == "cdata":
                pieces.append(text[markup.start + len(_CDATA) : markup.content_end])
                if markup.unclosed:
                    self.item.note(_OPEN_CDATA.format(f"<{name}>"), markup.start, damaged=True)
            elif markup.kind != "other":
                pieces.append(text[markup.start : markup.end])
                self.item.note(_TAGS.format(f"<{name}>"), markup.start)
            at = markup.end
        if not self.final:
            return None
        pieces.append(self._unescape(text[at:], at))
        self.item.damaged = True
        return _Value("".join(pieces), len(text), len(text))

    def _interrupts(self, markup: _Markup, name: str) -> bool:
        """Whether markup in the element `name` can only be outside of it."""
        if markup.kind not in ("open", "close", "empty"):
            return False
        if markup.name in _OUTER or self.names.get(markup.name) == "item":
            return True
        return markup.name in self.names and (":" in markup.name or self.names[name] not in _BODIES)

    def _unescape(self, text: str, offset: int) -> str:
        """Return text outside of CDATA sections with its references replaced. `offset` is that of the text."""
        if "&" not in text:
            return text

        def character(reference: re.Match[str]) -> str:
            decimal, hexadecimal, name = reference.groups()
            number = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else -1
            if 0 <= number <= sys.maxunicode:
                return chr(number)
            if name in _ENTITIES:
                return _ENTITIES[name]
            problem = _NO_CHARACTER if number >= 0 else _ENTITY if name else _AMPERSAND
            self.item.note(problem.format(reference[0]), offset + reference.start())
            return reference[0]

        return _REFERENCE.sub(character, text)


class _Reader:
    """The items of a file. `language` is the language that the file declares, as far as the file has been read."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.language = ""
        self._number = 0
        self._last_lexer = _Lexer("", False)
        root = _ROOT.search(window.text)
        if not root:
            element = _ELEMENT.search(window.text)
            window.finish()
            raise BadArchive(f"{_NOT_RSS}; its root element is <{element[1]}>" if element else _NOT_RSS)
        self._at, self._root, self._closed = root.start(), root[1], False
        self.names = _names(root[2] or "")

    def segments(self) -> Iterator[str | _Item]:
        """Yield the whole text: each item, and the text between the items.

        The offsets of an item are those in the text of the window until the next segment is requested. Raises
        BadArchive at the end if the file is damaged.
        """
        window, at, done, name = self.window, self._at, 0, ""
        while True:
            markup = self._lexer(at).markup(at, name)
            if not markup:
                start = window.text.find("<", at)
                keep = start if start >= 0 else len(window.text)
                yield window.text[done:keep]
                at = done = 0
                if not window.more(keep) and not window.text:
                    break
            elif markup.kind == "open" and self.names.get(markup.name) == "item":
                yield window.text[done : markup.start]
                item, is_whole = self._item(markup)
                yield item
                at = done = item.end
                if not is_whole:
                    yield from self._rest(at)
                    at = done = 0
            else:
                at, name = markup.end, "" if markup.kind == "close" else markup.name or name
                self._note(markup)
        window.finish()
        if not self._closed:
            raise BadArchive(_CUT.format(self._root))

    def _lexer(self, start: int) -> _Lexer:
        """Return a lexer for the text of the window. `start` is the offset of what is read."""
        text = self.window.text
        final = self.window.ended or len(text) - start > LIMIT
        if self._last_lexer.text is not text or self._last_lexer.final != final:
            self._last_lexer = _Lexer(text, final)
        return self._last_lexer

    def _note(self, markup: _Markup) -> None:
        """Note what a tag outside of items says about the file."""
        if markup.kind == "close" and markup.name == self._root:
            self._closed = True
        elif markup.kind == "open" and self.names.get(markup.name) == "language":
            leaf = _LEAF.match(self.window.text, markup.start)
            self.language = (leaf[2] or leaf[3] or "").strip() if leaf else ""

    def _item(self, tag: _Markup) -> tuple[_Item, bool]:
        """Return the item with a start tag, and whether all of it is in the text. An item that is too large is not."""
        window, start, after = self.window, tag.start, tag.end
        self._number += 1
        while True:
            item = _Scan(self._lexer(start), self.names, _Item(start, self._number)).run(after)
            if not item:
                window.more(start)
                start, after = 0, after - start
            elif window.ended or item.closing < len(window.text):
                return item, True
            else:
                large = _Item(start, self._number).finish(item.end, item.end)
                large.note(_TOO_LARGE.format(LIMIT), start, damaged=True)
                return large, False

    def _rest(self, at: int) -> Iterator[str]:
        """Yield the rest of an item that is too large, without its end tag."""
        window = self.window
        while (end := window.text.find("</item", at)) < 0:
            keep = max(at, len(window.text) - len("</item"))
            yield window.text[at:keep]
            at = 0
            if not window.more(keep):
                break
        end = end if end >= 0 else len(window.text)
        yield window.text[at:end]
        window.more(end)


def _names(attributes: str) -> dict[str, str]:
    """Return the names of the fields by the names of their elements. `attributes` are those of the root element."""
    prefixes = {match[1]: match[2] or match[3] or "" for match in _XMLNS.finditer(attributes)}
    names = dict(_FIELDS[""])
    for usual, namespace in _NAMESPACES.items():
        bound = [prefix for prefix, uri in prefixes.items() if namespace.match(uri)]
        for prefix in bound or [usual]:
            names |= {f"{prefix}:{local}": name for local, name in _FIELDS[usual].items()}
    return names


def parts(archive: Archive) -> Sequence[Part]:
    """Return the only part."""
    return (Part(),)


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield an article for each item that is one.

    Media files, menus, revisions and other internal items of WordPress are left out, as are deleted items.
    """
    with Window(archive, on_progress, _declared, exact=False) as window:
        reader = _Reader(window)
        for segment in reader.segments():
            if isinstance(segment, _Item) and (found := _record(reader, segment)):
                yield found


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write a copy of an export with changed bodies.

    Only the content of changed items is written anew, as CDATA sections. An item that is damaged keeps its content, and
    an item that is too large is not dropped.
    """
    codecs.register_error(_UNENCODABLE, _reference)
    with Window(archive, lambda share: None, _declared, exact=True) as window:
        reader = _Reader(window)
        try:
            for segment in reader.segments():
                if isinstance(segment, str):
                    file.write(window.encode(segment))
                else:
                    change = next(changes, KEEP) if _record(reader, segment) else KEEP
                    _write_item(reader, segment, change, file)
        finally:
            file.write(window.tail)


def _declared(head: bytes) -> str:
    """Return the encoding in the XML declaration."""
    declaration = _XML.match(head)
    return declaration[1].decode("ascii", "replace") if declaration else ""


def _record(reader: _Reader, item: _Item) -> Record | None:
    """Return the record of an item, or None if it is not an article."""
    window, fields = reader.window, {name: text.strip() for name, text in item.fields.items() if name not in _BODIES}
    status = fields.get("status", "")
    if fields.get("post_type") in _POST_TYPES or status in _STATUSES:
        return None
    body, problems = clean_text(item.fields.get(item.body, ""), window.encoding)
    item.damaged |= bool(problems)
    lines = [f"line {window.line_at(offset)}: {problem}" for problem, offset in item.problems.items()]
    dates = [fields.get(name, "") for name in ("post_date_gmt", "post_date", "pubDate", "dc_date")]

    def value(text: str) -> str:
        return clean_text(text, window.encoding).text

    return Record(
        value(fields.get("post_id") or fields.get("guid") or f"item-{item.number}"),
        body,
        "wordpress" if "post_type" in fields else "html",
        value(html.unescape(fields.get("title", ""))),
        value(fields.get("link", "")),
        value(reader.language),
        value(next((date for date in dates if date and not date.startswith("0000")), "")),
        draft=status in _DRAFTS,
        problems=(*lines, *problems),
    )


def _write_item(reader: _Reader, item: _Item, change: Change, file: BinaryIO) -> None:
    window, text = reader.window, reader.window.text
    if change.drop and item.end > item.closing:
        return
    if item.damaged or change.body is None or change.body == item.fields.get(item.body, ""):
        file.write(window.encode(text[item.start : item.end]))
        return
    element = next(name for name, read_as in reader.names.items() if read_as == item.body)
    start, end = item.spans.get(item.body, (item.closing, item.closing))
    before, after = (
        ("", "") if item.body in item.fields and item.body not in item.empty else (f"<{element}>", f"</{element}>")
    )
    content = clean(change.body)[0].replace("]]>", "]]]]><![CDATA[>")
    file.write(window.encode(f"{text[item.start : start]}{before}"))
    file.write(f"<![CDATA[{content}]]>".encode(window.encoding, _UNENCODABLE))
    file.write(window.encode(f"{after}{text[end : item.end]}"))


def _reference(error: UnicodeError) -> tuple[str, int]:
    """Handle an encoding error: return character references, outside of the CDATA section."""
    assert isinstance(error, UnicodeEncodeError)
    characters = error.object[error.start : error.end]
    return f"]]>{''.join(f'&#{ord(character)};' for character in characters)}<![CDATA[", error.end
