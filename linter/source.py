"""The unchanged text of one article, and the conversion of offsets in it to lines and columns."""

from __future__ import annotations

import codecs
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from linter import patterns
from linter.naming import article_name

BYTE_ORDER_MARK = "\ufeff"  # as a character of a decoded text
UNNAMED = "<text>"  # the path of a text without one
LINE_END = patterns.lazy(r"\r\n?|\n")

# UTF-32 comes before UTF-16, since the mark of UTF-32-LE begins with the mark of UTF-16-LE.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1 << 18  # bytes that are examined to detect an encoding
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = patterns.lazy(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKED = patterns.lazy("[\udc00-\udcff]+")
SURROGATE = patterns.lazy("[\ud800-\udfff]")


@dataclass(frozen=True)
class Source:
    """An article as it was read.

    `text` is the decoded text, without a byte-order mark. Offsets in `text` are 0-based and in code points. `record` is
    the name of the record if the article is part of an archive. `encoding` is the name of a Python codec, and `bom` is
    the byte-order mark, or b"". `undecodable` lists the runs of bytes that could not be decoded, each as (offset in
    `text`, bytes); `text` has one U+FFFD for each of these bytes. `recognized` is true if the encoding is not UTF-8 and
    was detected rather than declared.
    """

    text: str
    path: str = UNNAMED
    record: str | None = None
    encoding: str = "utf-8"
    bom: bytes = b""
    undecodable: tuple[tuple[int, bytes], ...] = ()
    recognized: bool = False

    @property
    def name(self) -> str:
        """The name of the article: `path`, or `path#record` for a record in an archive."""
        return article_name(self.path, self.record)

    @cached_property
    def line_starts(self) -> array[int]:
        """The offset at which each line begins. Only `\\n`, `\\r\\n` and `\\r` end a line."""
        if "\r" not in self.text:
            return array("q", accumulate([len(line) + 1 for line in self.text.split("\n")[:-1]], initial=0))
        return array("q", [0, *(end.end() for end in LINE_END.finditer(self.text))])

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of `offset`. Columns are counted in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a 1-based line and column, the inverse of `position`.

        A column after the end of its line counts as the end of the line, and a line after the last one as the end of
        the text.
        """
        if line > len(self.line_starts):
            return len(self.text)
        start, end = self.line_span(self.line_starts[line - 1])
        return min(start + column - 1, end)

    def line_span(self, offset: int) -> tuple[int, int]:
        """Return the start and end of the line that contains `offset`, not counting its line end."""
        line = bisect_right(self.line_starts, offset)
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    @cached_property
    def line_end(self) -> str:
        """The line ending to use in inserted text: the first one that occurs in the text, or `\n` if there is none."""
        first = LINE_END.search(self.text)
        return first[0] if first else "\n"

    def to_bytes(self) -> bytes:
        """Return the article as bytes in its encoding, with its byte-order mark, if it has one.

        Undecodable bytes are unchanged. In nearly all encodings, `Source.from_bytes(data).to_bytes()` equals `data`.
        Raises UnicodeError for a character that the encoding lacks.
        """
        parts, done = [self.bom], 0
        for at, run in self.undecodable:
            parts += [self.text[done:at].encode(self.encoding), run]
            done = at + len(run)
        return b"".join([*parts, self.text[done:].encode(self.encoding)])

    @classmethod
    def from_bytes(cls, data: bytes, path: str = UNNAMED, encoding: str | None = None) -> Source:
        """Decode an article. Bytes that cannot be decoded are not an error, but are listed in `undecodable`.

        A byte-order mark takes precedence over the declared `encoding`. If there is neither, the encoding is detected
        if `data` looks like UTF-16 or is not valid UTF-8. Otherwise, the encoding is UTF-8. Raises LookupError if
        `encoding` is unknown to Python or is not an encoding of text.
        """
        for bom, name in _BOMS:
            if data.startswith(bom):
                text, bad = _lenient(data[len(bom) :], name)
                return cls(text, path, None, name, bom, bad)
        if encoding:
            text, bad = _lenient(data, codecs.lookup(encoding).name)
            return cls(text, path, None, codecs.lookup(encoding).name, b"", bad)
        name = _utf16(data[:_HEAD])
        if not name:
            try:
                return cls(data.decode("utf-8"), path)
            except UnicodeDecodeError:
                name = _recognize(data[:_HEAD])
        text, bad = _lenient(data, name)
        return cls(text, path, None, name, b"", bad, name != "utf-8")


def _lenient(data: bytes, encoding: str) -> tuple[str, tuple[tuple[int, bytes], ...]]:
    """Return the decoded text, with one U+FFFD for each undecodable byte, and the runs of undecodable bytes.

    Each run is (offset in the decoded text, bytes). Raises LookupError if `encoding` is not an encoding of text.
    """
    if encoding == "utf-8":
        with suppress(UnicodeDecodeError):
            return data.decode(encoding), ()  # 10 times as fast
    try:
        marked = data.decode(encoding, "surrogateescape")  # 50 times as fast, but only for bytes above 0x7f
    except UnicodeError:
        codecs.register_error("copydesk.mark", _mark)
        try:
            marked = data.decode(encoding, "copydesk.mark")
        except UnicodeError as error:  # from codecs for parts of text, such as idna
            raise LookupError(f"{encoding} is not an encoding of text") from error
    if not _MARKED.search(marked):
        return marked, ()
    bad = tuple((run.start(), run[0].encode("utf-16-le", "surrogatepass")[::2]) for run in _MARKED.finditer(marked))
    return SURROGATE.sub("\ufffd", marked), bad


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Handle a decoding error: return a lone surrogate for each undecodable byte, and the offset after these bytes."""
    # with nearly all encodings, decoded text contains no other lone surrogates (PEP 383)
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


def _utf16(head: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be", or "" if `head` does not look like UTF-16."""
    if b"\x00" not in head:
        return ""
    # UTF-16 usually has many zero bytes, at even offsets (big-endian) or at odd offsets (little-endian)
    big, little = head[0::2].count(0), head[1::2].count(0)
    many = min(len(head) // 5, max(8, len(head) // 50))
    if max(big, little) <= many or min(big, little) * 20 > max(big, little):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _recognize(head: bytes) -> str:
    """Return the probable encoding of an article that is not valid UTF-8, or "utf-8" if it is unclear.

    `head` is the start of the article.
    """
    runs = [len(run[0]) for run in _MARKED.finditer(head.decode("utf-8", "surrogateescape"))]
    good = len(head) - len(head.translate(None, _HIGH)) - sum(runs)
    if b"\x00" in head or good >= sum(runs) or good >= 8 * len(runs):  # a single mistake may damage many bytes
        return "utf-8"
    # mostly ASCII: the usual default of browsers (WHATWG Encoding Standard)
    if (good + sum(runs)) * 4 < len(head) and not _CONTROLS.search(head):
        try:
            head.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            pass
    import charset_normalizer  # takes 40 ms, and is rarely needed

    whole = max(head.rfind(b"\n"), head.rfind(b" ")) + 1  # ends with a space or line end, so no character is split
    best = charset_normalizer.from_bytes(head[: whole or None] if len(head) == _HEAD else head).best()
    return codecs.lookup(best.encoding).name if best else "utf-8"


SIZE = 1 << 16  # code points


def slices(text: str, size: int = SIZE) -> Iterator[str]:
    """Yield `text` in slices of at most `size` code points.

    Slices make it faster to process every character: a slice fits into the processor's cache, and Python stores it with
    only as many bytes per character as its own characters need. In the whole text, a single pictogram makes every
    character take four bytes.
    """
    if len(text) <= size:
        yield text
    else:
        for start in range(0, len(text), size):
            yield text[start : start + size]


def joined(texts: Sequence[str], many: int = 1000) -> Iterator[str]:
    """Yield `texts` joined, `many` of them at a time. A large article takes less memory in several strings."""
    for start in range(0, len(texts), many):
        yield "".join(texts[start : start + many])


def word_slices(text: str, size: int = SIZE) -> Iterator[str]:
    """Yield `text` in slices of about `size` code points that end at spaces, so that no word is cut."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + size)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end
