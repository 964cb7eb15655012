"""Web crawls are read, whatever is wrong with them."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exports
from components import needs
from linter.cli import main
from linter.records import work
from linter.records.archives import Archive, Record
from linter.records.formats import warc

needs("fastwarc")

URL = "https://x.example/a"
DATE = "2024-05-06T10:00:00Z"


def entry(kind: str, payload: bytes, headers: dict[str, str] | None = None, url: str = URL) -> bytes:
    """Return a WARC record."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:1234>",
        "WARC-Target-URI": url,
        "WARC-Date": DATE,
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/plain",
        **(headers or {}),
        "Content-Length": f"{len(payload)}",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + payload + b"\r\n\r\n"


def page(
    body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", url: str = URL, **headers: str
) -> bytes:
    """Return a WARC record of an HTTP response."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        *(f"{name.replace('_', '-')}: {headers[name]}" for name in headers),
    ]
    return entry("response", "\r\n".join([*lines, "\r\n"]).encode() + body, url=url)


def text(body: str = "Text", language: str = "eng", url: str = URL) -> bytes:
    return entry(
        "conversion", body.encode("utf-8", "surrogatepass"), {"WARC-Identified-Content-Language": language}, url
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warc")


def read(folder: Path, data: bytes, name: str = "crawl.warc") -> tuple[list[Record], str]:
    """Write an archive, and return its records and, if it cannot be read further, the reason."""
    (folder / name).write_bytes(data)
    return exports.read(Archive(name, str(folder / name), "warc", size=len(data)))


RECORDS = [
    Record(URL, "<p>é</p>", "html", url=URL, date=DATE, group="x.example"),
    Record(URL, "Text “é”", "text", url=URL, language="en", date=DATE, group="x.example"),
]


@pytest.mark.parametrize("suffix", ["warc", "warc.gz", "warc.zst", "wet.gz"])
def test_pages_and_texts_are_read(folder: Path, suffix: str) -> None:
    entries = [entry("warcinfo", b"x"), entry("request", b"GET /"), page("<p>é</p>".encode()), text("Text “é”")]
    if suffix.endswith("gz"):
        data = b"".join(map(gzip.compress, entries))
    elif suffix.endswith("zst"):
        data = pytest.importorskip("backports.zstd").compress(b"".join(entries))
    else:
        data = b"".join(entries)
    assert read(folder, data, f"crawl.{suffix}") == (RECORDS, "")


@pytest.mark.parametrize(
    "other",
    [
        page(b"x", status="404 Not Found"),
        page(b"x", status="301 Moved"),
        page(b"x", "image/png"),
        entry("response", b"x", {"Content-Type": "text/dns"}),
        entry("revisit", b"", {}),
    ],
)
def test_other_records_are_left_out(folder: Path, other: bytes) -> None:
    assert [record.body for record in read(folder, other + text())[0]] == ["Text"]


def test_what_is_skipped_is_counted_by_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, picture = page(b"x", status="404 Not Found"), page(b"x", "image/png")
    story = text("The tram </b> left.", url="https://x.example/tram")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(work, "BATCH_RECORDS", 2)
    (folder / "crawl.warc").write_bytes(lost + picture + text() * 3 + picture + story + picture)
    argv = ["check", "crawl.warc", "--isolated", "--select", "leaks"]
    said = "copydesk: 4 pages skipped: HTTP status 404 (1), neither HTML nor text (3)\n"
    for options in ([], ["--out", "counted"], ["--out", "counted"], ["--out", "two", "--jobs", "2"]):
        assert main([*argv, *options]) == 1
        assert said in capsys.readouterr().err
    summary = json.loads((folder / "counted/summary.json").read_bytes())
    assert summary["skipped"] == {"HTTP status 404": 1, "neither HTML nor text": 3}
    assert summary["articles"] == 4
    (part,) = (folder / "counted/findings").iterdir()
    finding = json.loads(part.read_bytes())
    assert (finding["site"], finding["url"]) == ("x.example", "https://x.example/tram")


@pytest.mark.parametrize("data", [b"", entry("warcinfo", b"x"), page(b"x", "image/png")])
def test_an_archive_without_articles_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    monkeypatch.chdir(folder)
    (folder / "none.warc").write_bytes(data)
    for options in ([], ["--out", f"none{len(data)}"], ["--out", f"none{len(data)}"]):
        assert main(["check", "none.warc", "--isolated", *options]) == 2
        assert "copydesk: none.warc: there are no articles in this archive\n" in capsys.readouterr().err
    assert main(["fix", "none.warc", "--out", f"fixed{len(data)}.jsonl"]) == 2


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"caf\xe9", "text/html; charset=iso-8859-1", "café"),
        (b"\x93caf\xe9\x94", "text/plain; charset=ISO-8859-1", "“café”"),
        (b'<meta charset="windows-1251"><p>\xcf\xf0\xe8', "text/html", '<meta charset="windows-1251"><p>При'),
        (b'<meta charset="windows-1251"><p>\xc3\xa9', "text/html", '<meta charset="windows-1251"><p>é'),
        (
            b'<meta charset="utf-8">caf\xe9 \x93x\x94 and more',
            "text/html; charset=bogus",
            '<meta charset="utf-8">café “x” and more',
        ),
        ("\ufeffcafé".encode("utf-16-le"), "text/html; charset=utf-8", "café"),
        ("日本".encode("shift_jis"), "application/xhtml+xml; charset=Shift_JIS", "日本"),
    ],
)
def test_charsets(folder: Path, body: bytes, kind: str, expected: str) -> None:
    (record,), _ = read(folder, page(body, kind))
    assert (record.body, record.problems) == (expected, ())


GZIPPED = gzip.compress(b"<p>hi</p>\n", mtime=0)  # a time would differ between the processes that run tests
CHUNKED = b"4\r\n<p>h\r\n6\r\ni</p>\n\r\n0\r\n\r\n"
DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GZIPPED, {"Content_Encoding": "gzip"}),
        (zlib.compress(b"<p>hi</p>\n"), {"Content_Encoding": "deflate"}),
        (DEFLATE.compress(b"<p>hi</p>\n") + DEFLATE.flush(), {"Content_Encoding": "Deflate"}),
        (b"\x8b\x04\x80<p>hi</p>\n\x03", {"Content_Encoding": "br"}),
        (CHUNKED, {"Transfer_Encoding": "chunked"}),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(GZIPPED), GZIPPED), {"Transfer_Encoding": "gzip, chunked"}),
        (b"<p>hi</p>\n", {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
        (b"<p>hi</p>\n", {"Content_Encoding": "br, identity"}),
    ],
)
def test_codings(folder: Path, body: bytes, headers: dict[str, str]) -> None:
    records, damage = read(folder, page(body, **headers) + text())
    assert [(record.body, record.problems) for record in records] == [("<p>hi</p>\n", ()), ("Text", ())]
    assert damage == ""


DAMAGED = "the {} encoding of the page is damaged; the page was read up to the damage"


@pytest.mark.parametrize(
    ("body", "coding", "expected", "problem"),
    [
        (gzip.compress(os.urandom(9000).hex().encode())[:-1000], "gzip", 1, DAMAGED),
        (b"\x1f\x8bjunk", "gzip", 0, DAMAGED),
        (b"junk", "br", 0, DAMAGED),
        (b"junk", "sdch", 0, "the encoding “{}” of the page is unknown; the page was not read"),
        (
            gzip.compress(b"a" * 30_000_000),
            "gzip",
            1,
            "the page is larger than 25,000,000 bytes; the rest was not read",
        ),
    ],
    ids=range(5),
)
def test_a_damaged_coding_is_a_problem_of_its_page(
    folder: Path, body: bytes, coding: str, expected: int, problem: str
) -> None:
    records, damage = read(folder, page(body, Content_Encoding=coding) + text())
    assert bool(records[0].body) == expected
    assert [record.problems for record in records] == [(problem.format(coding),), ()]
    assert damage == ""


@pytest.mark.parametrize(
    ("damaged", "problem"),
    [
        (page(b"a\xffb"), "the byte 0xFF at 1:2 is not valid utf-8; the text was read with U+FFFD instead"),
        (text("a\n\0b"), "NUL character (U+0000) at 2:1; the text was read with U+FFFD instead"),
        (
            text("a").replace(b"Content-Type", b"WARC-Truncated: length\r\nContent-Type"),
            "the crawler did not store the whole page (WARC-Truncated: length)",
        ),
        (entry("response", b"\x00junk"), "the HTTP header of the page cannot be read"),
    ],
)
def test_damage_is_a_problem_of_its_record(folder: Path, damaged: bytes, problem: str) -> None:
    records, damage = read(folder, damaged + text())
    assert [record.problems for record in records] == [(problem,), ()]
    assert damage == ""


def test_a_large_record_is_a_problem(folder: Path) -> None:
    with patch.object(warc, "MAX_RECORD", 1000):
        records, damage = read(folder, text("x" * 2000) + text())
    assert [record.body for record in records] == ["", "Text"]
    assert records[0].problems == ("the record is larger than 1,000 bytes and was not read",)
    assert damage == ""


def test_the_records_before_damage_are_read(folder: Path) -> None:
    good, bad = gzip.compress(text()), bytearray(gzip.compress(text()))
    bad[30:40] = b"\xff" * 10
    records, damage = read(folder, good * 3 + bytes(bad) + good)
    assert [record.body for record in records] == ["Text"] * 3
    assert damage.startswith("it is damaged: ")


def test_a_truncated_record(folder: Path) -> None:
    records, damage = read(folder, text() + text("Long text")[:-8])
    assert [record.body for record in records] == ["Text", "Long "]
    assert records[1].problems == ("the archive is damaged or ends within this record",)
    assert damage == ""


def test_other_files_are_refused(folder: Path) -> None:
    records, damage = read(folder, b"<html>")
    assert records == []
    assert damage.startswith("it is not a WARC file: ")


def test_a_missing_package_is_named(folder: Path) -> None:
    with patch.dict("sys.modules", {"fastwarc.warc": None}):
        _, damage = read(folder, text())
    assert damage == 'the package fastwarc is missing; install it with pip install "copydesk[warc]"'


# Properties

ENTRIES = st.sampled_from(
    [
        page(b"<p>a"),
        page(gzip.compress(b"<p>"), Content_Encoding="gzip"),
        page(CHUNKED, Transfer_Encoding="chunked"),
        text(),
    ]
)
PIECES = st.sampled_from(
    [b"\r\n", b"\n", b"WARC/1.0\r\n", b"Content-Length: 99999999999999999999\r\n", b"\xff\0", b": "]
)


@given(st.lists(ENTRIES, max_size=4), st.booleans(), st.data())
def test_damaged_files_raise_nothing_else(
    folder: Path, entries: Sequence[bytes], compressed: bool, data: st.DataObject
) -> None:
    whole = b"".join(map(gzip.compress, entries) if compressed else entries)
    records, damage = read(folder, whole)
    assert (len(records), damage) == (len(entries), "")
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    new = data.draw(st.binary(max_size=3) | PIECES)
    damaged, _ = read(folder, whole[:start] + new + whole[end:])
    before = len(damaged[: sum(len(b"".join(entries[: n + 1])) <= start for n in range(len(entries)))])
    assert compressed or damaged[:before] == records[:before]


@given(st.binary(max_size=100))
def test_any_bytes_raise_nothing_else(folder: Path, data: bytes) -> None:
    records, damage = read(folder, data)
    assert records == []
    assert damage or not data.strip()
