"""The untouched text of one article, and the only thing that knows offsets → line and column."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

LINE_END = re.compile(r"\r\n?|\n")

# Longest first: the UTF-32 marks begin with the UTF-16 ones.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Source:
    """One article as it was read.

    `text` is decoded, without a byte-order mark; every offset anywhere in the tool is a 0-based code point
    in it. `undecodable` lists the bytes that no character could be read from, as (offset, byte): `text` has
    one U+FFFD for each. `recognised` says that the encoding was neither UTF-8 nor declared.
    """

    text: str
    path: str = "<text>"
    record: str | None = None
    encoding: str = "utf-8"
    bom: bytes = b""
    undecodable: tuple[tuple[int, int], ...] = ()
    recognised: bool = False

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; line ends are `\\n`, `\\r\\n` and `\\r`, nothing else."""
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
        try:
            return cls(data.decode("utf-8"), path)
        except UnicodeDecodeError:
            pass
        name = _recognise(data)
        text, bad = _lenient(data, name)
        return cls(text, path, None, name, b"", bad, name != "utf-8")


def _lenient(data: bytes, encoding: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Decode with one U+FFFD for each byte that cannot be read → (text, those bytes with their offsets)."""
    parts: list[str] = []
    bad: list[tuple[int, int]] = []
    done, offset = 0, 0
    view = memoryview(data)
    for start, end in _failures(view, encoding):
        good = codecs.decode(view[done:start], encoding)
        offset += len(good)
        parts.append(good)
        for byte in data[start:end]:
            parts.append("\ufffd")
            bad.append((offset, byte))
            offset += 1
        done = end
    parts.append(codecs.decode(view[done:], encoding))
    return "".join(parts), tuple(bad)


def _failures(view: memoryview, encoding: str) -> Iterator[tuple[int, int]]:
    """The half-open byte spans that do not decode; linear, since decoding goes in windows of 64 KiB."""
    decoder = codecs.getincrementaldecoder(encoding)
    at, size, window = 0, len(view), 1 << 16
    while at < size:
        end = min(at + window, size)
        try:
            state = decoder()
            state.decode(view[at:end], final=end == size)
            pending = len(state.getstate()[0])
            at = end - pending if end < size else size
            window = 1 << 16
        except UnicodeDecodeError as error:
            yield at + error.start, at + max(error.end, error.start + 1)
            at += max(error.end, error.start + 1)
            # Dense damage would decode the same window again and again: look less far ahead.
            window = max(64, min(window // 2, 2 * error.start + 64))
        else:
            window = min(window * 2, 1 << 16)


def _recognise(data: bytes) -> str:
    """Name the encoding of text that is not UTF-8, or "utf-8" where that is right but for some bytes.

    Mostly ASCII text is Windows-1252 (as browsers take it, WHATWG Encoding, "windows-1252") unless it holds
    more whole UTF-8 sequences than broken ones; what is left goes to charset-normalizer.
    """
    head = data[: 1 << 18]
    if b"\x00" in head:
        zeros = (head[0::2].count(0), head[1::2].count(0))
        if max(zeros) > len(head) // 5 and min(zeros) < len(head) // 50 + 1:
            return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        return "utf-8"
    broken = sum(end - start for start, end in _failures(memoryview(head), "utf-8"))
    high = len(head) - len(head.translate(None, _HIGH))
    if high - broken >= broken:
        return "utf-8"
    if high * 4 < len(head) and not _CONTROLS.search(head):
        try:
            head.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            pass
    import charset_normalizer  # 40 ms, and hardly ever needed

    best = charset_normalizer.from_bytes(head).best()
    return codecs.lookup(best.encoding).name if best else "utf-8"
