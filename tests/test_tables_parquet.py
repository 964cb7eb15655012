"""Records of Parquet files."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import package
from linter.records.archives import KEEP, BadArchive, Change, Part, Record
from linter.records.formats import parquet as parquet_format
from linter.records.record_mappings import RecordMapping
from tables import USUAL, archive, keep_all, read_all, read_until_damage, rewritten

pa = package("pyarrow")
pq = package("pyarrow.parquet")

ANY_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)


def write(folder: Path, table: Any, **options: Any) -> Path:
    file = folder / "a.parquet"
    pq.write_table(table, file, **options)
    return file


def records(folder: Path, table: Any, mapping: RecordMapping = USUAL, **options: Any) -> list[Record]:
    return read_all(archive(write(folder, table, **options), "parquet", mapping))


def invalid(type_: Any) -> Any:
    """Return an array of texts of which the second is not UTF-8."""
    same = {"string": pa.binary(), "large_string": pa.large_binary(), "string_view": pa.binary_view()}
    return pa.array([b"a", b"\xff", None], same.get(str(type_), type_)).view(type_)


TYPES = ["string", "large_string", "string_view", "binary", "large_binary", "binary_view"]
BAD = Record("2", "\ufffd", problems=("1 byte is not UTF-8; the text was read with U+FFFD instead",))


@pytest.mark.parametrize(
    ("type_", "encoded"),
    [*((type_, False) for type_ in TYPES), *((type_, True) for type_ in TYPES if not type_.endswith("_view"))],
)
def test_types_of_texts(tmp_path: Path, type_: str, encoded: bool) -> None:
    column = invalid(getattr(pa, type_)())
    table = pa.table({"text": column.dictionary_encode() if encoded else column})
    assert records(tmp_path, table) == [Record("1", "a"), BAD, Record("3", "")]
    source = archive(tmp_path / "a.parquet", "parquet")
    changed = tmp_path / "b.parquet"
    changed.write_bytes(rewritten(source, [Change("é"), KEEP, KEEP]))
    assert read_all(archive(changed, "parquet")) == [Record("1", "é"), BAD, Record("3", "")]
    assert pq.ParquetFile(changed).schema_arrow == pq.ParquetFile(source.file).schema_arrow


@pytest.mark.parametrize(
    ("columns", "mapping", "record"),
    [
        pytest.param({"id": [5], "text": ["a"]}, USUAL, Record("5", "a"), id="a number as key"),
        pytest.param({"id": [1.5], "text": ["a"], "title": [["x"]]}, USUAL, Record("1.5", "a"), id="a list"),
        pytest.param({"text": ["a"], "lang": ["fr"]}, USUAL, Record("1", "a", language="fr"), id="a language"),
        pytest.param(
            {"text": ["a"], "date": [datetime.date(2024, 5, 6)]},
            USUAL,
            Record("1", "a", date="2024-05-06"),
            id="a date",
        ),
        pytest.param(
            {"text": ["a"], "created": [datetime.datetime(2024, 5, 6, 7, 8)]},
            USUAL,
            Record("1", "a", date="2024-05-06 07:08:00.000000"),
            id="a time",
        ),
        pytest.param(
            {"meta": [{"text": "a", "n": {"id": 7}}]},
            RecordMapping(body="meta.text", key="meta.n.id"),
            Record("7", "a"),
            id="nested columns",
        ),
        pytest.param(
            {"meta": [{"text": "a"}], "meta.text": ["b"]},
            RecordMapping(body="meta.text"),
            Record("1", "b"),
            id="a name with a dot is preferred",
        ),
        pytest.param({"text": pa.array([None])}, USUAL, Record("1", ""), id="a column of nulls"),
    ],
)
def test_columns(tmp_path: Path, columns: dict[str, Any], mapping: RecordMapping, record: Record) -> None:
    assert records(tmp_path, pa.table(columns), mapping) == [record]


@pytest.mark.parametrize(
    ("columns", "mapping", "message"),
    [
        pytest.param(
            {"a": ["x"], "b": [1]},
            USUAL,
            "no column has a usual name for the text; the columns are a, b; "
            "set “body” under “records” in copydesk.yaml",
            id="no usual name",
        ),
        pytest.param({"text": [1]}, USUAL, "the column “text” has the type int64, not text", id="numbers"),
        pytest.param(
            {"meta": [{"text": "x"}]},
            RecordMapping(body="meta.txt"),
            "there is no column “meta.txt”, which “records” names as “body”; did you mean “meta.text”?",
            id="a nested name that is missing",
        ),
    ],
)
def test_a_table_that_does_not_fit(
    tmp_path: Path, columns: dict[str, Any], mapping: RecordMapping, message: str
) -> None:
    with pytest.raises(BadArchive) as error:
        records(tmp_path, pa.table(columns), mapping)
    assert str(error.value) == message


def test_row_groups_are_parts(tmp_path: Path) -> None:
    table = pa.table({"text": [str(number) for number in range(1, 101)]})
    source = archive(write(tmp_path, table, row_group_size=40), "parquet")
    assert parquet_format.parts(source) == [Part(0, 1, 1), Part(1, 2, 41), Part(2, 3, 81)]
    assert read_all(source) == [Record(str(number), str(number)) for number in range(1, 101)]
    assert [*parquet_format.read(source, Part(), lambda share: None)] == read_all(source)


def test_an_empty_table(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([], pa.string())})
    assert records(tmp_path, table) == []
    assert pq.read_table(pa.BufferReader(keep_all(archive(tmp_path / "a.parquet", "parquet")))) == table


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_a_copy(tmp_path: Path, codec: str) -> None:
    meta = [{"text": str(number), "n": number} if number % 7 else None for number in range(100)]
    table = pa.table({"x": pa.array(range(100), pa.int16()), "meta": meta, "l": [[1], []] * 50})
    table = table.replace_schema_metadata({"note": "kept"})
    file = write(tmp_path, table, row_group_size=30, compression=codec)
    source = archive(file, "parquet", RecordMapping(body="meta.text"))
    assert pq.read_table(pa.BufferReader(keep_all(source))) == table
    changes = [Change(f"é{n}" if n % 7 == 1 else None, n % 7 == 2 or 30 <= n < 60) for n in range(100)]
    copy = pq.ParquetFile(pa.BufferReader(rewritten(source, changes)))
    assert copy.schema_arrow == table.schema
    assert copy.schema_arrow.metadata[b"note"] == b"kept"
    assert copy.num_row_groups == 3
    before, after = pq.ParquetFile(file).metadata.row_group(0), copy.metadata.row_group(0)
    assert [after.column(n).compression for n in range(4)] == [before.column(n).compression for n in range(4)]
    kept = [(row, change) for row, change in zip(table.to_pylist(), changes, strict=True) if not change.drop]
    for row, change in kept:
        if change.body is not None and row["meta"]:
            row["meta"]["text"] = change.body
    assert copy.read().to_pylist() == [row for row, _ in kept]


@pytest.fixture(scope="module", name="good")
def _good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    texts = ["text " * number for number in range(30)]
    table = pa.table({"id": range(30), "text": texts, "meta": [{"url": "u"}] * 30})
    return write(tmp_path_factory.mktemp("good"), table, row_group_size=10, compression="snappy").read_bytes()


BYTE = st.tuples(st.integers(-2500, 2500), st.integers(0, 255))


@ANY_FILE
@given(st.lists(BYTE, min_size=1, max_size=5))
def test_damaged_files(tmp_path: Path, good: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(good)
    for place, value in changes:
        data[place % len(data)] = value
    file = tmp_path / "a.parquet"
    file.write_bytes(data)
    read_until_damage(archive(file, "parquet", RecordMapping(url="meta.url")))


def test_records_before_damage_are_read(tmp_path: Path, good: bytes) -> None:
    start = pq.ParquetFile(pa.BufferReader(good)).metadata.row_group(1).column(1).data_page_offset
    file = tmp_path / "a.parquet"
    file.write_bytes(good[:start] + b"\xff" * 50 + good[start + 50 :])
    found, error = read_until_damage(archive(file, "parquet"))
    assert [record.key for record in found] == [str(number) for number in range(10)]
    assert error.startswith("the file cannot be read: ")


@ANY_FILE
@given(st.binary())
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.parquet"
    for content in (data, b"PAR1" + data + b"PAR1"):
        file.write_bytes(content)
        assert read_until_damage(archive(file, "parquet"))[1].startswith("the file cannot be read: ")
