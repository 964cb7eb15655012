"""Records of comma-separated values."""

from __future__ import annotations

import csv
import gzip
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linter.records import lines
from linter.records.archives import KEEP, BadArchive, Change, Record
from linter.records.formats import csv as csv_format
from linter.records.record_mappings import RecordMapping
from tables import USUAL, archive, keep_all, read_all, read_until_damage, rewritten

ANY_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
_QUOTES = "a quotation mark in a field is not doubled; the fields of this row may be wrong"


def write(folder: Path, data: bytes, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def records(folder: Path, data: bytes, mapping: RecordMapping = USUAL, name: str = "a.csv") -> list[Record]:
    return read_all(archive(write(folder, data, name), "csv", mapping))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"text\na\n\nb\n", [Record("1", "a"), Record("2", "b")], id="blank lines do not count"),
        pytest.param(b"id;text\n7;a,b\n", [Record("7", "a,b")], id="semicolons"),
        pytest.param(b"id|text\n7|a,b\n", [Record("7", "a,b")], id="vertical bars"),
        pytest.param(b"id\ttext\n7\ta,b\n", [Record("7", "a,b")], id="tabs"),
        pytest.param(b'"id,x";text\n7;a\n', [Record("1", "a")], id="delimiters in quotes do not count"),
        pytest.param(b"\xef\xbb\xbfid,text\r\n7,a\r\n", [Record("7", "a")], id="byte-order mark and \\r\\n"),
        pytest.param(b"id,text\r7,a\r8,b", [Record("7", "a"), Record("8", "b")], id="carriage returns"),
        pytest.param(b"id, Text \n7,a\n", [Record("7", "a")], id="names are found without spaces and in any case"),
        pytest.param(b'id,text\n7,"a\n\nb ""c"""\n', [Record("7", 'a\n\nb "c"')], id="line ends and quotes in quotes"),
        pytest.param(b"text,text,\na,b,c\n", [Record("1", "a")], id="the first of equal names"),
        pytest.param(b'n,text\n,5" pipe\n', [Record("1", '5" pipe')], id="a quotation mark within a field"),
    ],
)
def test_tables(tmp_path: Path, data: bytes, expected: list[Record]) -> None:
    assert records(tmp_path, data) == expected


def test_the_suffix_tsv_means_tabs(tmp_path: Path) -> None:
    data = b"a,b,text\na,b,c\n"
    assert records(tmp_path, data.replace(b"text", b"x\ttext"), name="a.tsv") == [
        Record("1", "", problems=("number of fields in this row: 1; in the first row of the file: 2",))
    ]
    compressed = gzip.compress(b"a,b,x\ttext\n1\t2\n")
    assert records(tmp_path, compressed, name="a.tsv.gz") == [Record("1", "2")]


@pytest.mark.parametrize(
    ("row", "record"),
    [
        pytest.param(
            b"7,a,b",
            Record("7", "a", problems=("number of fields in this row: 3; in the first row of the file: 2",)),
            id="too many fields",
        ),
        pytest.param(
            b"7",
            Record("7", "", problems=("number of fields in this row: 1; in the first row of the file: 2",)),
            id="too few fields",
        ),
        pytest.param(
            b"7,a\0b",
            Record("7", "a\ufffdb", problems=("NUL character (U+0000) at 1:2; the text was read with U+FFFD instead",)),
            id="NUL",
        ),
        pytest.param(
            b"7,a\xe9b",
            Record("7", "a\ufffdb", problems=("1 byte is not UTF-8; the text was read with U+FFFD instead",)),
            id="Windows-1252",
        ),
        pytest.param(b'7,"a "b" c"', Record("7", 'a b" c"', problems=(_QUOTES,)), id="quotes that are not doubled"),
    ],
)
def test_a_problem_concerns_one_record(tmp_path: Path, row: bytes, record: Record) -> None:
    assert records(tmp_path, b"id,text\n" + row + b"\n8,next") == [record, Record("8", "next")]


def test_rows_after_a_quotation_mark_that_is_not_closed_are_read(tmp_path: Path) -> None:
    data = b'id,text\n7,"a\n8,b\n9,c\n'
    problem = "a quotation mark in this row is not closed; only line 2 was read as this row"
    assert records(tmp_path, data) == [
        Record("7", "a\n", problems=(problem,)),
        Record("8", "b"),
        Record("9", "c"),
    ]


def test_a_quotation_mark_that_swallows_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_format, "MAX_RECORD", 100)
    data = b'id,text\n1,"a\n' + b"".join(b"%d,b\n" % number for number in range(2, 1000))
    first, *others = records(tmp_path, data)
    assert first.problems == (
        "the row has more than 100 bytes, or a quotation mark in it is not closed; only line 2 was read as this row",
    )
    assert others == [Record(str(number), "b") for number in range(2, 1000)]


def test_quotation_marks_that_are_never_closed_take_linear_time(tmp_path: Path) -> None:
    found, error = read_until_damage(archive(write(tmp_path, b"id,text\n" + b'x","""\n' * 100_000), "csv"))
    assert (len(found), error) == (
        11,
        "11 rows have a quotation mark that is not closed, the last one on line 12",
    )


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lines, csv_format):
        monkeypatch.setattr(module, "MAX_RECORD", 50)
    data = b"id,text\n1,a\n2," + b"x" * 100 + b"\n3,b\n"
    source = archive(write(tmp_path, data), "csv")
    too_long = Record("2", "", problems=("this line has 103 bytes; the limit is 50",))
    assert read_all(source) == [Record("1", "a"), too_long, Record("3", "b")]
    assert keep_all(source) == data


@pytest.mark.parametrize(
    ("data", "mapping", "message"),
    [
        pytest.param(b"", USUAL, "the file has no rows", id="an empty file"),
        pytest.param(
            b"id,contents\n",
            USUAL,
            "no column has a usual name for the text; the columns are id, contents; "
            "set “body” under “records” in copydesk.yaml",
            id="no usual name",
        ),
        pytest.param(
            b"id,text\n",
            RecordMapping(title="txet"),
            "there is no column “txet”, which “records” names as “title”; did you mean “text”?",
            id="a name that is missing",
        ),
        pytest.param("text\n".encode("utf-16"), USUAL, "the file is UTF-16, but CSV must be UTF-8", id="UTF-16"),
    ],
)
def test_a_file_that_does_not_fit(tmp_path: Path, data: bytes, mapping: RecordMapping, message: str) -> None:
    with pytest.raises(BadArchive) as error:
        records(tmp_path, data, mapping)
    assert str(error.value) == message


ANY_TABLE = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r", "\r\n", "a", "é", "\0", "end"]), max_size=30)


@ANY_FILE
@given(ANY_TABLE)
def test_a_copy_without_changes_has_the_same_bytes(tmp_path: Path, pieces: list[str]) -> None:
    data = ("id,text\n" + "".join(pieces)).encode()
    assert keep_all(archive(write(tmp_path, data), "csv")) == data


@ANY_FILE
@given(ANY_TABLE)
def test_no_text_is_lost(tmp_path: Path, pieces: list[str]) -> None:
    source = archive(write(tmp_path, ("text,a,b\n" + "".join(pieces)).encode()), "csv")
    found = read_all(source)
    letters = sum("".join(pieces).count(letter) for letter in "aé")
    with open(source.file, "rb") as file:
        rows = [*csv_format.read_rows(file, ",")][1:]
    assert sum("".join(row.fields).count(letter) for row in rows for letter in "aé") == letters
    assert len(found) == len([row for row in rows if row.fields])


@ANY_FILE
@given(st.lists(st.text(max_size=8).map(lambda text: text.replace("\0", "")), max_size=8), st.booleans(), st.data())
def test_tables_of_the_standard_library(tmp_path: Path, bodies: list[str], quoted: bool, data: st.DataObject) -> None:
    def table(texts: list[str]) -> bytes:
        file = StringIO(newline="")
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerows([["x", "id", "text"], *([n, n, text] for n, text in enumerate(texts))])
        return file.getvalue().encode()

    source = archive(write(tmp_path, table(bodies)), "csv")
    assert read_all(source) == [Record(str(n), text) for n, text in enumerate(bodies)]
    others = [data.draw(st.text(max_size=8).map(lambda text: text.replace("\0", ""))) for _ in bodies]
    assert rewritten(source, map(Change, others)) == table(others)
    dropped = [Change(drop=True), *([KEEP] * len(bodies))][: len(bodies)]
    assert records(tmp_path, rewritten(source, dropped)) == [Record(str(n), text) for n, text in enumerate(bodies)][1:]


@pytest.mark.parametrize(
    ("data", "changed"),
    [
        pytest.param(b"\xef\xbb\xbf\ntext\na", b"\xef\xbb\xbf\ntext\nB", id="no line end at the end"),
        pytest.param(b"text;x\na;\xff\n", b"text;x\nB;\xff\n", id="bytes that are not UTF-8 stay"),
        pytest.param(b"x,text\r\n1\r\n", b"x,text\r\n1,B\r\n", id="a field that was missing"),
        pytest.param(b"text\r'a'\r", b"text\rB\r", id="carriage returns"),
    ],
)
def test_only_the_body_changes(tmp_path: Path, data: bytes, changed: bytes) -> None:
    assert rewritten(archive(write(tmp_path, data), "csv"), [Change("B")]) == changed


@ANY_FILE
@given(st.binary(), st.sampled_from(["a.csv", "a.tsv", "a.csv.gz"]))
@example(b"text\n" + b'"', "a.csv")
@example(b"\rtext\r\rx", "a.csv")
def test_any_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    read_until_damage(archive(write(tmp_path, data, name), "csv"))
    read_until_damage(archive(write(tmp_path, b"text,id\n" + data, name), "csv"))
