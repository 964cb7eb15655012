"""What there is to say about how an article was decoded, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator

from linter import late
from linter.block import Span
from linter.document import Note
from linter.source import Source

_NOT_ASCII = late.pattern(r"[^\x00-\x7f]")
_WINDOWS = late.pattern(r"cp(125[0-8])\Z")
_RUNS = 100  # of undecodable bytes, noted one by one; a file with more is no text
_BYTES = 4  # of one run, named in its note


def of(source: Source) -> Iterator[Note]:
    """An `encoding` note where the encoding was recognised, and an `undecodable` one a run of unreadable bytes."""
    if source.recognised:
        first = _NOT_ASCII.search(source.text)
        span = Span(*first.span()) if first else Span(0, min(1, len(source.text)))
        yield Note("encoding", span, {"what": _WINDOWS.sub(r"Windows-\1", source.encoding)})
    for start, run in source.undecodable[:_RUNS]:
        yield Note("undecodable", Span(start, start + len(run)), {"what": _named(run)})
    if rest := source.undecodable[_RUNS:]:
        start, run = rest[0]
        last, end = rest[-1]
        yield Note("undecodable", Span(start, last + len(end)), {"what": _named(run)})


def _named(run: bytes) -> str:
    return " ".join(f"0x{byte:02X}" for byte in run[:_BYTES]) + (" …" if len(run) > _BYTES else "")
