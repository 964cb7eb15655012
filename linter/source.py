"""The untouched text of one article; the only place that maps offsets to lines and columns."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from linter import patterns
from linter.record import record

LINE_END = patterns.lazy(r"\r\n?|\n")

# Longest first: the UTF-32 marks begin with the UTF-16 ones.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1 << 18  # bytes by which an encoding is recognised
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = patterns.lazy(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKED = patterns.lazy("[\udc00-\udcff]+")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")


@record
class Source:
    """One article as it was read.

    `text` is decoded, without a byte-order mark; every offset anywhere in the tool is a 0-based code point
    in it. `undecodable` lists the runs of bytes that no character could be read from, as (offset, bytes):
    `text` has one U+FFFD for each byte. `recognised` says that the encoding was neither UTF-8 nor declared.
    """

    text: str
    path: str = "<text>"
    record: str | None = None
    encoding: str = "utf-8"
    bom: bytes = b""
    undecodable: tuple[tuple[int, bytes], ...] = ()
    recognized: bool = False

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; line ends are `\\n`, `\\r\\n` and `\\r`, nothing else."""
        if "\r" not in self.text:
            return list(accumulate([len(line) + 1 for line in self.text.split("\n")[:-1]], initial=0))
        return [0, *(end.end() for end in LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Offset → 1-based (line, column); the column counts code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_span(self, offset: int) -> tuple[int, int]:
        """The half-open span of the line that holds `offset`, without its line end."""
        line = bisect_right(self.line_starts, offset)
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    @cached_property
    def line_end(self) -> str:
        """The line end of the article: that of its first line."""
        first = LINE_END.search(self.text)
        return first[0] if first else "\n"

    def to_bytes(self) -> bytes:
        """The article as it is saved: what `from_bytes` made it of, and its own bytes where no character was read.

        Raises UnicodeError for a character that the encoding does not have.
        """
        parts, done = [self.bom], 0
        for at, run in self.undecodable:
            parts += [self.text[done:at].encode(self.encoding), run]
            done = at + len(run)
        return b"".join([*parts, self.text[done:].encode(self.encoding)])

    @classmethod
    def from_bytes(cls, data: bytes, path: str = "<text>", encoding: str | None = None) -> Source:
        """Decode an article: by its byte-order mark, else as declared, else UTF-8, else as recognised.

        Never fails on any bytes. Raises LookupError for an `encoding` that Python does not know.
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
    """Decode with one U+FFFD for each byte that cannot be read → (text, runs of those bytes with their offsets).

    Raises LookupError where `encoding` is none of text.
    """
    try:
        marked = data.decode(encoding, "surrogateescape")  # 50 times as fast, but knows bytes above 0x7f alone
    except UnicodeError:
        codecs.register_error("copydesk.mark", _mark)
        try:
            marked = data.decode(encoding, "copydesk.mark")
        except UnicodeError as error:  # of codecs for parts of text, such as idna
            raise LookupError(f"{encoding} is no encoding of articles") from error
    if not _MARKED.search(marked):
        return marked, ()
    bad = tuple((run.start(), run[0].encode("utf-16-le", "surrogatepass")[::2]) for run in _MARKED.finditer(marked))
    return _SURROGATE.sub("\ufffd", marked), bad


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Stand in for each undecodable byte by a lone surrogate, which no decoded text holds (PEP 383)."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


def _utf16(head: bytes) -> str:
    """The name of UTF-16 without a mark, where the zeros (of spaces at least) stand all on one side, or ""."""
    if b"\x00" not in head:
        return ""
    big, little = head[0::2].count(0), head[1::2].count(0)
    many = min(len(head) // 5, max(8, len(head) // 50))
    if max(big, little) <= many or min(big, little) * 20 > max(big, little):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _recognize(head: bytes) -> str:
    """Name the encoding of text that is not UTF-8, or "utf-8" where that is right but for some bytes.

    Mostly ASCII text is Windows-1252 (as browsers take it, WHATWG Encoding, "windows-1252") unless it holds
    more whole UTF-8 sequences than broken ones; what is left goes to charset-normalizer.
    """
    runs = [len(run[0]) for run in _MARKED.finditer(head.decode("utf-8", "surrogateescape"))]
    good = len(head) - len(head.translate(None, _HIGH)) - sum(runs)
    if b"\x00" in head or good >= sum(runs) or good >= 8 * len(runs):  # one accident may break many bytes
        return "utf-8"
    if (good + sum(runs)) * 4 < len(head) and not _CONTROLS.search(head):
        try:
            head.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            pass
    import charset_normalizer  # 40 ms, and hardly ever needed

    whole = max(head.rfind(b"\n"), head.rfind(b" ")) + 1  # no character is cut in two there
    best = charset_normalizer.from_bytes(head[: whole or None] if len(head) == _HEAD else head).best()
    return codecs.lookup(best.encoding).name if best else "utf-8"


SIZE = 1 << 16  # code points


def slices(text: str, size: int = SIZE) -> Iterator[str]:
    """Yield a text in slices of `size` code points, for work done character by character.

    A slice has few different characters, fits the processor's cache, and needs no more bytes a character than its own
    characters do: one pictogram makes them four bytes wide in the whole text.
    """
    if len(text) <= size:
        yield text
    else:
        for start in range(0, len(text), size):
            yield text[start : start + size]
