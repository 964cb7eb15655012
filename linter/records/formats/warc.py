"""Read web crawls: the pages in WARC files, and the texts in WET files. Needs the package fastwarc."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from linter.readers.html_head import codec_name, declared_charset
from linter.records.archives import (
    DAMAGED,
    MAX_RECORD,
    Archive,
    BadArchive,
    OnProgress,
    Part,
    Record,
    Skipped,
    clean,
    open_file,
    require,
)
from linter.records.formats._window import LIMIT, undecodable
from linter.source import Source

_PIECE = 1 << 20  # bytes
_STEP = 100  # records between two reports of progress
_KINDS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
_GZIP_OR_ZLIB, _DEFLATE = 47, -15  # wbits of zlib
_OK = 200
_CODINGS = {"br": "BrotliReader", "zstd": "ZstdReader", "chunked": "ChunkedReader"}
_LONGEST_NAME = 40  # code points of a name in a message
# Codes of WET files (ISO 639-3) for common languages. The language of other texts is detected.
_LANGUAGES = dict(
    pair.split("=")
    for pair in "ara=ar bul=bg cat=ca ces=cs dan=da deu=de ell=el eng=en est=et fas=fa fin=fi fra=fr heb=he hin=hi"
    " hrv=hr hun=hu ind=id ita=it jpn=ja kor=ko lav=lv lit=lt nld=nl nor=no pol=pl por=pt ron=ro rus=ru slk=sk slv=sl"
    " spa=es srp=sr swe=sv tha=th tur=tr ukr=uk vie=vi zho=zh".split()
)

_DAMAGED = "it is damaged: {}"
_NOT_WARC = "it is not a WARC file"
_CUT_OFF = "the archive is damaged or ends within this record"
_NO_LENGTH = "the record has no Content-Length"
_CRAWLER = "the crawler did not store the whole page (WARC-Truncated: {})"
_NO_HTTP = "the HTTP header of the page cannot be read"
_TOO_LARGE = "the record is larger than {:,} bytes and was not read"
_LONG_PAGE = "the page is larger than {:,} bytes; the rest was not read"
_CODING = "the {} encoding of the page is damaged; the page was read up to the damage"
_UNKNOWN_CODING = "the encoding “{}” of the page is unknown; the page was not read"


class _Content(NamedTuple):
    """The content of a page, and the reasons why it is not complete."""

    data: bytes
    problems: tuple[str, ...] = ()


def parts(archive: Archive) -> Sequence[Part]:
    """Return the only part."""
    return (Part(),)


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record | Skipped]:
    """Yield the HTML pages and texts of responses with the status 200, and the texts of WET files. Others are skipped.

    The key is the URL of the page, or the ID of the record if there is none.
    """
    warc = require("fastwarc.warc", "warc")
    with open_file(archive) as file:  # fastwarc decompresses it
        number = 0
        try:
            types = warc.WarcRecordType.response | warc.WarcRecordType.conversion
            for number, page in enumerate(warc.ArchiveIterator(file, record_types=types), 1):
                yield _record(page)
                if archive.size and number % _STEP == 0:
                    on_progress(min(1.0, file.tell() / archive.size))
        except (*DAMAGED, RuntimeError) as error:
            raise BadArchive(_DAMAGED.format(error) if number else f"{_NOT_WARC}: {error}") from error


def _record(page: Any) -> Record | Skipped:
    """Return the record of a page, or why it is not an article."""
    headers: Mapping[str, str] = page.headers
    is_response = str(page.record_type).rpartition(".")[2] == "response"
    content_type = (page.http_content_type or "") if is_response else headers.get("Content-Type", "")
    kind = _KINDS.get(content_type.partition(";")[0].strip().lower(), "")
    status = page.http_headers.status_code if page.http_headers else None
    is_broken = is_response and status is None and "application/http" in headers.get("Content-Type", "")
    if not is_broken and is_response and status != _OK:
        return Skipped(f"HTTP status {status}")
    if not is_broken and not kind:
        return Skipped("neither HTML nor text")
    url = _clean(headers.get("WARC-Target-URI", "").strip().strip("<>"))
    record = Record(
        url or _clean(headers.get("WARC-Record-ID", "").strip("<>").removeprefix("urn:uuid:")),
        "",
        kind,
        url=url,
        language=_LANGUAGES.get(headers.get("WARC-Identified-Content-Language", ""), ""),
        date=_clean(headers.get("WARC-Date", "")),
        group=_host(url),
    )
    if is_broken:
        return record._replace(problems=(_NO_HTTP,))
    content = _content(page)
    body, problems = _text(content.data, page.http_charset if is_response else "utf-8", kind)
    return record._replace(body=body, problems=(*content.problems, *problems))


def _clean(text: str) -> str:
    return clean(text)[0]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _content(page: Any) -> _Content:
    """Return the content of a page, without its HTTP codings."""
    problems = []
    if "Content-Length" not in page.headers:
        problems.append(_NO_LENGTH)
    if page.content_length > MAX_RECORD:
        return _Content(b"", (_TOO_LARGE.format(MAX_RECORD),))
    length = page.content_length
    data, error = _drain(page.reader, MAX_RECORD)
    if error or len(data) < length:
        problems.append(_CUT_OFF)
    if truncated := page.headers.get("WARC-Truncated"):
        problems.append(_CRAWLER.format(_clean(truncated)))
    headers = page.http_headers or {}
    codings = f"{headers.get('Content-Encoding') or ''},{headers.get('Transfer-Encoding') or ''}".lower().split(",")
    for coding in reversed([*filter(None, map(str.strip, codings))]):
        data, more = _decoded(data, coding)
        problems += more
    if len(data) > LIMIT:
        data, problems = data[:LIMIT], [*problems, _LONG_PAGE.format(LIMIT)]
    return _Content(data, tuple(problems))


def _drain(reader: Any, limit: int) -> tuple[bytes, str]:
    """Return up to `limit` bytes of what a reader can read, and the error after them, or ""."""
    pieces, length = list[bytes](), 0
    try:
        while length < limit and (piece := reader.read(min(_PIECE, limit - length))):
            pieces.append(piece)
            length += len(piece)
    except DAMAGED as error:
        return b"".join(pieces), str(error)
    return b"".join(pieces), ""


def _decoded(data: bytes, coding: str) -> _Content:
    """Return data without an HTTP coding, up to LIMIT bytes or one byte more.

    Many crawlers store pages without their codings, but with the headers of these codings. Such data is returned.
    """
    if not data:
        return _Content(data)
    if coding in ("gzip", "x-gzip", "deflate"):
        decoded, is_whole = _inflated(data)
    elif coding in _CODINGS:
        reader = getattr(require("fastwarc.stream_io", "warc"), _CODINGS[coding])
        decoded, error = _drain(reader(io.BytesIO(data)), LIMIT + 1)
        is_whole = not error
    elif coding == "identity":
        return _Content(data)
    else:
        return _Content(b"", (_UNKNOWN_CODING.format(_clean(coding[:_LONGEST_NAME])),))
    if not decoded and (coding == "chunked" or data.lstrip()[:1] == b"<"):
        return _Content(data)
    return _Content(decoded, () if is_whole else (_CODING.format(coding),))


def _inflated(data: bytes) -> tuple[bytes, bool]:
    """Return data decoded from gzip, zlib or deflate, and whether it is whole or longer than LIMIT."""
    pieces, length = list[bytes](), 0
    for wbits in (_GZIP_OR_ZLIB, _DEFLATE):
        decoder = zlib.decompressobj(wbits)
        try:
            while length <= LIMIT and not decoder.eof and (piece := decoder.decompress(data, _PIECE)):
                pieces.append(piece)
                length += len(piece)
                data = decoder.unconsumed_tail
            return b"".join(pieces), (decoder.eof and not decoder.unused_data) or length > LIMIT
        except zlib.error:
            if pieces:
                break
    return b"".join(pieces), False


def _text(data: bytes, charset: str | None, kind: str) -> tuple[str, tuple[str, ...]]:
    """Return a page or text decoded, and the problems. `charset` is the one in the HTTP header."""
    encoding = "utf-8" if (charset or "").strip().lower() in ("utf-8", "utf8") else codec_name(charset or "")
    source = Source.from_bytes(data, encoding=encoding or (declared_charset(data) if kind == "html" else None))
    text, problems = clean(source.text)
    if not source.undecodable:
        return text, problems
    offset, run = source.undecodable[0]
    number = sum(len(run) for _, run in source.undecodable)
    return text, (undecodable(text, offset, run[0], number, source.encoding), *problems)
