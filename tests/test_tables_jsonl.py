"""Records of JSON Lines, and the columns of tables in general."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from components import package
from linter.records import columns, lines
from linter.records.archives import KEEP, MAX_BODY, BadArchive, Change, Part, Record
from linter.records.formats import jsonl
from linter.records.record_mappings import RecordMapping
from tables import USUAL, ZSTD, archive, keep_all, read_all, read_until_damage, rewritten

ANY_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)


def write(folder: Path, data: bytes, name: str = "a.jsonl") -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def records(folder: Path, data: bytes, mapping: RecordMapping = USUAL) -> list[Record]:
    return read_all(archive(write(folder, data), "jsonl", mapping))


def problems(folder: Path, line: bytes) -> str:
    """Return the problems of a record after a good one."""
    good, record = records(folder, b'{"text": "good"}\n' + line)
    assert good == Record("1", "good")
    return "; ".join(record.problems)


@pytest.mark.parametrize(
    ("line", "record"),
    [
        pytest.param({"text": "A"}, Record("1", "A"), id="without a key, the key is the number of the line"),
        pytest.param({"id": 7, "text": "A"}, Record("7", "A"), id="a number as key becomes text"),
        pytest.param({"id": None, "text": "A"}, Record("1", "A"), id="a key that is null counts as missing"),
        pytest.param({"url": "/a", "text": "A"}, Record("/a", "A", url="/a"), id="a URL is a key if there is no other"),
        pytest.param({"html": "A", "BODY": "B"}, Record("1", "B"), id="usual names are found in any case"),
        pytest.param({"text": None}, Record("1", ""), id="a body that is null is an empty article"),
        pytest.param({"text": "", "lang": "en-US"}, Record("1", "", language="en"), id="regions are removed"),
        pytest.param({"text": "", "lang": "EN_us"}, Record("1", "", language="en"), id="an underscore before a region"),
        pytest.param({"text": "", "lang": "English"}, Record("1", ""), id="a name of a language is no code"),
        pytest.param({"text": "", "lang": "jp"}, Record("1", ""), id="an unknown code is ignored"),
        pytest.param({"text": "", "title": ["a"]}, Record("1", ""), id="a list is no title"),
        pytest.param({"text": "", "title": "a\ud800"}, Record("1", "", title="a\ufffd"), id="titles are cleaned"),
        pytest.param({"text": "", "created": 2020}, Record("1", "", date="2020"), id="a number as date"),
        pytest.param({"text": "a\u2028b\u0085c"}, Record("1", "a\u2028b\u0085c"), id="U+2028 does not end a line"),
    ],
)
def test_usual_columns(tmp_path: Path, line: dict[str, Any], record: Record) -> None:
    assert records(tmp_path, json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass")) == [
        record
    ] or records(tmp_path, json.dumps(line).encode()) == [record]


@pytest.mark.parametrize(
    ("mapping", "record"),
    [
        pytest.param(RecordMapping(body="meta.text"), Record("1", "nested"), id="dots name nested columns"),
        pytest.param(RecordMapping(body="a.b"), Record("1", "dotted"), id="a name with dots is preferred"),
        pytest.param(RecordMapping(body="a.c.d"), Record("1", "mixed"), id="a nested name with dots"),
        pytest.param(RecordMapping(body="a.b", kind="html"), Record("1", "dotted", "html"), id="a constant kind"),
        pytest.param(RecordMapping(body="a.b", kind="type"), Record("1", "dotted", "markdown"), id="a column of kinds"),
        pytest.param(RecordMapping(body="a.b", kind="odd"), Record("1", "dotted"), id="an unknown kind is detected"),
        pytest.param(RecordMapping(body="a.b", group="odd"), Record("1", "dotted", group="x"), id="a group"),
        pytest.param(RecordMapping(body="a.b", key="meta.n"), Record("5", "dotted"), id="a nested key"),
    ],
)
def test_named_columns(tmp_path: Path, mapping: RecordMapping, record: Record) -> None:
    row = {"a.b": "dotted", "a": {"b": "nested", "c.d": "mixed"}, "meta": {"text": "nested", "n": 5}}
    row |= {"type": "Markdown", "odd": "x"}
    assert records(tmp_path, json.dumps(row).encode(), mapping) == [record]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(b"{", "this line is not JSON: Expecting property name enclosed in double quotes at column 2"),
        pytest.param(b"[1]", "this line is not a JSON object"),
        pytest.param(
            b'{"id": 1}',
            "no column has a usual name for the text; the columns are id; set “body” under “records” in copydesk.yaml",
        ),
        pytest.param(b'{"text": 5}', "the body is a number, not text"),
        pytest.param(b'{"text": true}', "the body is true or false, not text"),
        pytest.param(b'{"text": {}}', "the body is an object, not text"),
        pytest.param(b'{"text": []}', "the body is a list, not text"),
        pytest.param(b"[" * 100_000, "this line has too many nested lists or objects"),
        pytest.param(b'{"text": ' + b"9" * 5000 + b"}", "this line has a number with too many digits"),
        pytest.param(b'{"text": NaN}', "NaN is not JSON; it was read as null"),
        pytest.param(b'{"text": "a", "text": "b"}', "“text” is repeated in an object; the last value was read"),
        pytest.param(b'{"text": "\xff\xfe"}', "2 bytes are not UTF-8; the text was read with U+FFFD instead"),
        pytest.param(
            b'{"text": "a\\n\\ud800"}',
            "lone surrogate (U+D800) at 2:1; the text was read with U+FFFD instead",
        ),
        pytest.param(
            json.dumps({"text": "x" * (MAX_BODY + 1)}).encode(),
            "the body has 10,000,001 characters; the limit is 10,000,000",
            id="a body that is too long",
        ),
        pytest.param(
            json.dumps({"id": "x" * 501, "text": ""}).encode(),
            "the key has 501 characters; the limit is 500, so “2” is used instead",
            id="a key that is too long",
        ),
    ],
)
def test_a_problem_concerns_one_record(tmp_path: Path, line: bytes, problem: str) -> None:
    assert problems(tmp_path, line) == problem


@pytest.mark.parametrize(
    ("data", "mapping", "message"),
    [
        pytest.param(
            b'{"id": 1, "contents": ""}\n',
            RecordMapping(),
            "no column has a usual name for the text; the columns are id, contents; "
            "set “body” under “records” in copydesk.yaml",
            id="no line has a body",
        ),
        pytest.param(
            b'{"meta": {"text": ""}}\n',
            RecordMapping(body="meta.txt"),
            "there is no column “meta.txt”, which “records” names as “body”; did you mean “meta.text”?",
            id="the body has a similar name",
        ),
        pytest.param(
            b'{"text": "", "x": 0}\n',
            RecordMapping(title="headline"),
            "there is no column “headline”, which “records” names as “title”; the columns are text, x",
            id="another column is missing",
        ),
        pytest.param(b"x\n" * 100, RecordMapping(), "none of the first 100 lines is a JSON object", id="not JSON"),
        pytest.param(
            '{"text": ""}'.encode("utf-16"),
            RecordMapping(),
            "the file is UTF-16, but JSON Lines must be UTF-8",
            id="UTF-16",
        ),
    ],
)
def test_a_file_that_does_not_fit(tmp_path: Path, data: bytes, mapping: RecordMapping, message: str) -> None:
    with pytest.raises(BadArchive) as error:
        records(tmp_path, data, mapping)
    assert str(error.value) == message


def test_blank_lines_and_line_ends(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"text": "a"}\r\n\r\n \n{"text": "b"}'
    assert records(tmp_path, data) == [Record("1", "a"), Record("4", "b")]


def test_a_line_that_is_too_long_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_RECORD", 50)
    long = b'{"text": "' + b"x" * 100 + b'"}\n'
    file = archive(write(tmp_path, b'{"text": "a"}\n' + long + b'{"text": "b"}\n'), "jsonl")
    too_long = Record("2", "", problems=("this line has 113 bytes; the limit is 50",))
    assert read_all(file) == [Record("1", "a"), too_long, Record("3", "b")]
    assert keep_all(file) == Path(file.file).read_bytes()
    assert rewritten(file, [KEEP, Change(drop=True), KEEP]) == b'{"text": "a"}\n{"text": "b"}\n'


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", lambda data: package(ZSTD).compress(data)),
    ],
)
def test_compressed_files(tmp_path: Path, suffix: str, compress: Any) -> None:
    data = b"".join(b'{"text": "%d %x"}\n' % (number, number**50) for number in range(5_000))
    packed = compress(data)
    whole = archive(write(tmp_path, packed, f"a.jsonl.{suffix}"), "jsonl")
    good = read_all(whole)
    assert len(good) == 5_000
    assert keep_all(whole) == data
    cut = archive(write(tmp_path, packed[:-1000], f"b.jsonl.{suffix}"), "jsonl")
    found, error = read_until_damage(cut)
    assert found == good[: len(found)]
    assert len(found) > (2_500 if suffix in ("gz", "xz") else -1)  # the others decompress large blocks
    assert error.startswith(f"the file is damaged after line {len(found):,}: ")


def test_a_file_that_is_not_compressed_as_its_name_says(tmp_path: Path) -> None:
    package(ZSTD)
    for suffix in ("gz", "bz2", "xz", "zst"):
        file = archive(write(tmp_path, b'{"text": "a"}\n' * 10, f"a.jsonl.{suffix}"), "jsonl")
        assert read_until_damage(file)[1].startswith("the file is damaged after line 0: ")


LINE_LISTS = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.builds(lambda text: json.dumps({"text": text}).encode(), st.text(max_size=5)),
        st.builds(lambda text: json.dumps({"text": text, "b": 1}, ensure_ascii=False).encode(), st.text(max_size=5)),
    ),
    max_size=12,
)


@ANY_FILE
@given(LINE_LISTS, st.integers(1, 40))
def test_parts_together_are_the_whole(tmp_path: Path, data: list[bytes], size: int) -> None:
    source = archive(write(tmp_path, b'{"text": "a"}\n' + b"\n".join(data)), "jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "PART", size)
        patch.setattr(jsonl, "_BLOCK", 7)
        parts = jsonl.parts(source)
        assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
        assert read_all(source) == [*jsonl.read(source, Part(), lambda share: None)]


@ANY_FILE
@given(LINE_LISTS)
def test_a_copy_without_changes_has_the_same_bytes(tmp_path: Path, data: list[bytes]) -> None:
    content = b'{"text": "a"}\n' + b"\n".join(data)
    assert keep_all(archive(write(tmp_path, content), "jsonl")) == content


@ANY_FILE
@given(st.text(), st.booleans(), st.sampled_from(["text", "meta.text"]))
def test_a_changed_body_reads_back(tmp_path: Path, body: str, ascii_only: bool, name: str) -> None:
    row = {"n": [1.0, {"text": 1}], "text": "é", "meta": {"x": {}, "text": "é", "z": "\u00ff"}, "z": 1e5}
    data = (json.dumps(row, ensure_ascii=ascii_only) + "\n").encode() + b'{"text": "", "meta": {"text": ""}}'
    source = archive(write(tmp_path, data), "jsonl", RecordMapping(body=name))
    body = body.replace("\0", "")
    copy = rewritten(source, [Change(body), KEEP])
    assert records(tmp_path, copy, source.mapping) == [Record("1", body), Record("2", "")]
    assert copy.isascii() == ascii_only
    before, after = json.loads(data.splitlines()[0]), json.loads(copy.split(b"\n")[0])
    parent = (before, after) if name == "text" else (before["meta"], after["meta"])
    parent[0]["text"] = body
    assert after == before


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        pytest.param(b'{ "n":1.00,"text" : "a" }\r\n', b'{ "n":1.00,"text" : "B" }\r\n', id="spaces and numbers stay"),
        pytest.param(b'{"text":"a","text":"b"}', b'{"text":"a","text":"B"}', id="the last of equal keys changes"),
        pytest.param(b'{"x":"\xff","text":"a"}', b'{"x":"\xff","text":"B"}', id="bytes that are not UTF-8 stay"),
        pytest.param(b'\xef\xbb\xbf{"text":""}', b'\xef\xbb\xbf{"text":"B"}', id="a byte-order mark stays"),
        pytest.param(b'{"te\\u0078t":null}', b'{"te\\u0078t":"B"}', id="an escaped key"),
    ],
)
def test_only_the_body_changes(tmp_path: Path, line: bytes, changed: bytes) -> None:
    assert rewritten(archive(write(tmp_path, line), "jsonl"), [Change("B")]) == changed


@ANY_FILE
@given(st.binary(), st.sampled_from([".jsonl", ".jsonl.gz", ".jsonl.xz", ".jsonl.zst", ".jsonl.bz2"]))
@example(b"\xff\xfe", ".jsonl")
def test_any_bytes(tmp_path: Path, data: bytes, suffix: str) -> None:
    if suffix == ".jsonl.zst":
        package(ZSTD)
    read_until_damage(archive(write(tmp_path, data, f"a{suffix}"), "jsonl"))


def test_records_are_written_without_empty_values() -> None:
    file = BytesIO()
    jsonl.write_records(iter([Record("1", ""), Record("2", "é", title="T", language="fr", group="g")]), file)
    assert file.getvalue().decode() == (
        '{"id": "1", "text": ""}\n{"id": "2", "text": "é", "title": "T", "language": "fr"}\n'
    )


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [
        pytest.param(1, 1, 1, id="one key"),
        pytest.param(-5, 20_000, 3, id="ten thousand keys a part"),
        pytest.param(-(2**63), 2**63 - 1, 1000, id="at most a thousand parts"),
    ],
)
def test_ranges_of_keys(low: int, high: int, number: int) -> None:
    ranges = columns.key_ranges(low, high)
    assert len(ranges) == number
    assert (ranges[0].start, ranges[-1].end) == (low, high)
    assert [part.end + 1 for part in ranges[:-1]] == [part.start for part in ranges[1:]]
