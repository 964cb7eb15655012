"""Records of SQLite databases."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linter.records import columns
from linter.records.archives import KEEP, BadArchive, Change, Part, Record
from linter.records.formats import sqlite
from linter.records.record_mappings import RecordMapping
from tables import USUAL, archive, keep_all, read_all, read_until_damage, rewritten

ANY_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
POSTS = "CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT, lang TEXT);"
TWO = "INSERT INTO posts VALUES (3, 'a', 'en'), (7, 'b', NULL);"


def database(folder: Path, script: str, name: str = "a.sqlite") -> Path:
    file = folder / name
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return file


def records(folder: Path, script: str, mapping: RecordMapping = USUAL) -> list[Record]:
    return read_all(archive(database(folder, script), "sqlite", mapping))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(POSTS + TWO, [Record("3", "a", language="en"), Record("7", "b")], id="an integer key"),
        pytest.param(
            "CREATE TABLE p (body); INSERT INTO p(rowid, body) VALUES (-5, 'a'), (9, 'b')",
            [Record("-5", "a"), Record("9", "b")],
            id="without a key, the rowid is the key",
        ),
        pytest.param(
            "CREATE TABLE p (rowid, _rowid_, body); INSERT INTO p VALUES (1, 1, 'a'), (1, 1, 'b')",
            [Record("1", "a"), Record("2", "b")],
            id="columns may have the names of the rowid",
        ),
        pytest.param(
            "CREATE TABLE p (a, b, body, PRIMARY KEY (b, a)); INSERT INTO p VALUES (1, 'y', 'B'), (2, 'x', 'A')",
            [Record("y,1", "B"), Record("x,2", "A")],
            id="a primary key of two columns",
        ),
        pytest.param(
            "CREATE TABLE p (a, b, body, PRIMARY KEY (b, a)) WITHOUT ROWID;"
            "INSERT INTO p VALUES (1, 'y', 'B'), (2, 'x', 'A')",
            [Record("x,2", "A"), Record("y,1", "B")],
            id="a table without rowids",
        ),
        pytest.param(
            'CREATE TABLE "a""b" ("bo""dy" TEXT, "text" TEXT); INSERT INTO "a""b" VALUES (1, \'t\')',
            [Record("1", "t")],
            id="names with quotation marks",
        ),
        pytest.param(
            "CREATE TABLE p (text BLOB); INSERT INTO p VALUES (x'C3A9'), (NULL), (5), (x'FF')",
            [
                Record("1", "é"),
                Record("2", ""),
                Record("3", "", problems=("the body is a number, not text",)),
                Record("4", "\ufffd", problems=("1 byte is not UTF-8; the text was read with U+FFFD instead",)),
            ],
            id="binary values, null and numbers",
        ),
        pytest.param(
            "CREATE TABLE p (text); INSERT INTO p VALUES (CAST(x'61FF' AS TEXT)), (CAST(x'610062' AS TEXT))",
            [
                Record("1", "a\ufffd", problems=("1 byte is not UTF-8; the text was read with U+FFFD instead",)),
                Record(
                    "2",
                    "a\ufffdb",
                    problems=("NUL character (U+0000) at 1:2; the text was read with U+FFFD instead",),
                ),
            ],
            id="text that is not UTF-8, and NUL",
        ),
        pytest.param(
            "PRAGMA encoding = 'UTF-16'; CREATE TABLE p (text); INSERT INTO p VALUES ('é😀')",
            [Record("1", "é😀")],
            id="a database in UTF-16",
        ),
        pytest.param(
            POSTS + TWO + "CREATE VIRTUAL TABLE search USING fts5(body); CREATE VIEW v AS SELECT * FROM posts;",
            [Record("3", "a", language="en"), Record("7", "b")],
            id="full-text indexes and views are not chosen",
        ),
        pytest.param(
            "CREATE TABLE p (n, text AS (n || '!')); INSERT INTO p VALUES (1)",
            [Record("1", "1!")],
            id="a generated column",
        ),
    ],
)
def test_tables(tmp_path: Path, script: str, expected: list[Record]) -> None:
    assert records(tmp_path, script) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param("v", [Record("1", "a"), Record("2", "b")], id="a view"),
        pytest.param("SEARCH", [Record("1", "found")], id="a full-text index, in any case"),
    ],
)
def test_a_named_table(tmp_path: Path, table: str, expected: list[Record]) -> None:
    script = POSTS + TWO + "CREATE VIEW v AS SELECT body FROM posts;"
    script += "CREATE VIRTUAL TABLE search USING fts5(body); INSERT INTO search VALUES ('found')"
    assert records(tmp_path, script, RecordMapping(table=table)) == expected


@pytest.mark.parametrize(
    ("script", "mapping", "message"),
    [
        pytest.param(
            "",
            USUAL,
            "no table has a column with a usual name for the text; there are no tables; "
            "set “table” and “body” under “records” in copydesk.yaml",
            id="an empty database",
        ),
        pytest.param(
            "CREATE TABLE a (x); CREATE TABLE b (x)",
            RecordMapping(body="y"),
            "no table has the column “y”; the tables are a, b; set “table” and “body” under “records” in copydesk.yaml",
            id="no table has the column",
        ),
        pytest.param(
            "CREATE TABLE a (text); CREATE TABLE b (text)",
            USUAL,
            "more than one table may contain the articles; the tables are a, b; "
            "set “table” and “body” under “records” in copydesk.yaml",
            id="two tables have the column",
        ),
        pytest.param(
            POSTS,
            RecordMapping(table="post"),
            "there is no table “post”; did you mean “posts”?",
            id="the named table has a similar name",
        ),
        pytest.param(
            POSTS,
            RecordMapping(table="posts", body="bdy"),
            "there is no column “bdy”, which “records” names as “body”; did you mean “body”?",
            id="the named column is missing",
        ),
    ],
)
def test_a_database_that_does_not_fit(tmp_path: Path, script: str, mapping: RecordMapping, message: str) -> None:
    with pytest.raises(BadArchive) as error:
        records(tmp_path, script or "CREATE TABLE x (y); DROP TABLE x", mapping)
    assert str(error.value) == message


def test_a_compressed_database_is_not_read(tmp_path: Path) -> None:
    file = database(tmp_path, POSTS + TWO, "a.sqlite.gz")
    with pytest.raises(BadArchive, match="the file is compressed; decompress it first"):
        read_all(archive(file, "sqlite"))


def test_a_damaged_table_whose_rows_are_not_in_order_ends_in_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_PAGE", 3)
    rows = "INSERT INTO posts VALUES (3, 'a', 'en'), (5, 'b', NULL), (7, 'c', NULL), (9, 'd', NULL)"
    file = database(tmp_path, POSTS + rows)
    data, row = file.read_bytes(), b"\x05\x07\x04\x00\x0f\x00c"  # the second byte is the rowid
    assert data.count(row) == 1
    file.write_bytes(data.replace(row, row[:1] + b"\x02" + row[2:]))
    records, error = read_until_damage(archive(file, "sqlite"))
    assert [record.key for record in records] == ["3", "5"]
    assert error == "the database cannot be read: the rows are not in order"


@pytest.mark.parametrize("rowid", ["", "WITHOUT ROWID"])
def test_parts_and_pages_together_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rowid: str) -> None:
    monkeypatch.setattr(columns, "_MIN_RANGE", 70)
    monkeypatch.setattr(sqlite, "_PAGE", 7)
    script = f"CREATE TABLE p (id INTEGER PRIMARY KEY, text TEXT) {rowid};"
    script += "".join(f"INSERT INTO p VALUES ({number * number}, 't{number}');" for number in range(-3, 31) if number)
    script = script.replace("INSERT INTO", "INSERT OR REPLACE INTO")
    source = archive(database(tmp_path, script), "sqlite")
    found = read_all(source)
    assert found == [*sqlite.read(source, Part(), lambda share: None)]
    assert [record.key for record in found] == [str(number * number) for number in range(1, 31)]
    assert len(sqlite.parts(source)) == (1 if rowid else 13)


def test_the_highest_and_lowest_rowids(tmp_path: Path) -> None:
    script = f"CREATE TABLE p (text); INSERT INTO p(rowid, text) VALUES ({-(2**63)}, 'a'), ({2**63 - 1}, 'b')"
    assert records(tmp_path, script) == [Record(str(-(2**63)), "a"), Record(str(2**63 - 1), "b")]


@pytest.mark.parametrize("rowid", ["", "WITHOUT ROWID"])
def test_a_value_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rowid: str) -> None:
    script = f"CREATE TABLE p (id INTEGER PRIMARY KEY, text TEXT, x) {rowid};"
    script += "INSERT INTO p VALUES (1, 'a', 1), (2, hex(zeroblob(9000)), 1), (3, 'c', 1), (4, hex(zeroblob(9000)), 1)"
    source = archive(database(tmp_path, script), "sqlite")
    monkeypatch.setattr(sqlite, "MAX_RECORD", 10_000)
    problem = ("a value in this row has more than 10,000 bytes",)
    assert read_all(source) == [
        Record("1", "a"),
        Record("2", "", problems=problem),
        Record("3", "c"),
        Record("4", "", problems=problem),
    ]


def test_a_view_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "QUERY_SECONDS", 0.2)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c WHERE x < 0"
    source = archive(database(tmp_path, f"CREATE VIEW v AS SELECT 'a' AS text, x AS id FROM ({endless})"), "sqlite")
    found, error = read_until_damage(source._replace(mapping=RecordMapping(table="v")))
    assert (found, error) == ([], "a query takes more than 0 seconds")


def test_nothing_is_written_beside_a_database_with_a_log(tmp_path: Path) -> None:
    file = database(tmp_path, "PRAGMA journal_mode = WAL;" + POSTS + TWO)
    assert [record.key for record in read_all(archive(file, "sqlite"))] == ["3", "7"]
    assert os.listdir(tmp_path) == [file.name]


def test_rows_in_the_log_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL;" + POSTS + TWO)
        assert (tmp_path / "a.sqlite-wal").stat().st_size
        assert [record.key for record in read_all(archive(file, "sqlite"))] == ["3", "7"]


def test_a_writer_is_not_blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PAGE", 1)
    file = database(tmp_path, POSTS + TWO)
    found = sqlite.read(archive(file, "sqlite"), Part(), lambda share: None)
    assert next(found).key == "3"
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        connection.execute("DELETE FROM posts")
    assert [*found] == []


def rows(folder: Path, data: bytes, query: str) -> list[tuple[object, ...]]:
    file = folder / "copy.sqlite"
    file.write_bytes(data)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("CREATE TABLE p (x, text);", id="rowids"),
        pytest.param("CREATE TABLE p (x PRIMARY KEY, text) WITHOUT ROWID;", id="a primary key"),
        pytest.param("PRAGMA journal_mode = WAL; CREATE TABLE p (x, text);", id="a log"),
        pytest.param("PRAGMA encoding = 'UTF-16'; CREATE TABLE p (x, text);", id="UTF-16"),
    ],
)
def test_a_copy(tmp_path: Path, script: str) -> None:
    script += "INSERT INTO p VALUES ('a', 'secret text'), ('b', 'B'), ('c', x'C3A9'), ('d', NULL)"
    source = archive(database(tmp_path, script), "sqlite")
    before = Path(source.file).read_bytes()
    everything = "SELECT x, typeof(text), text FROM p"
    assert rows(tmp_path, keep_all(source), everything) == [
        ("a", "text", "secret text"),
        ("b", "text", "B"),
        ("c", "blob", b"\xc3\xa9"),
        ("d", "null", None),
    ]
    changed = rewritten(source, [Change(drop=True), Change("é😀"), Change("è"), KEEP])
    assert rows(tmp_path, changed, everything) == [
        ("b", "text", "é😀"),
        ("c", "blob", b"\xc3\xa8"),
        ("d", "null", None),
    ]
    assert b"secret" not in changed.replace(b"\0", b"")
    assert Path(source.file).read_bytes() == before


def test_a_copy_keeps_an_index_of_full_text_current(tmp_path: Path) -> None:
    script = POSTS + "CREATE VIRTUAL TABLE search USING fts5(body, content=posts, content_rowid=id);"
    script += """CREATE TRIGGER au AFTER UPDATE ON posts BEGIN
        INSERT INTO search(search, rowid, body) VALUES ('delete', old.id, old.body);
        INSERT INTO search(rowid, body) VALUES (new.id, new.body); END;
        CREATE TRIGGER ai AFTER INSERT ON posts BEGIN INSERT INTO search(rowid, body) VALUES (new.id, new.body); END;"""
    source = archive(database(tmp_path, script + TWO), "sqlite")
    changed = rewritten(source, [KEEP, Change("news")])
    assert rows(tmp_path, changed, "SELECT rowid FROM search('news')") == [(7,)]


def test_a_view_has_no_copy(tmp_path: Path) -> None:
    source = archive(database(tmp_path, POSTS + TWO + "CREATE VIEW v AS SELECT * FROM posts"), "sqlite")
    with pytest.raises(BadArchive, match="a copy needs a table with a primary key or rowids, not a view"):
        rewritten(source._replace(mapping=RecordMapping(table="v")), [])


def damaged(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    return bytes(changed)


@pytest.fixture(scope="module", name="good")
def _good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    script = "PRAGMA page_size = 512;" + POSTS
    script += "".join(f"INSERT INTO posts VALUES ({number}, '{'text' * number}', 'en');" for number in range(60))
    script += "CREATE TABLE w (a TEXT, text TEXT, PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO w VALUES ('a', 'b');"
    return database(tmp_path_factory.mktemp("good"), script).read_bytes()


BYTE = st.tuples(st.integers(0, 2**20), st.integers(0, 255))
NEAR = st.tuples(st.integers(0, 1500), st.integers(0, 255))


@ANY_FILE
@given(st.lists(BYTE | NEAR, max_size=8), st.integers(0, 20_000), st.sampled_from(["posts", "w"]))
def test_damaged_files(tmp_path: Path, good: bytes, changes: list[tuple[int, int]], cut: int, table: str) -> None:
    file = tmp_path / "a.sqlite"
    for data in (damaged(good, changes), damaged(good[:-cut] or good, changes)):
        file.write_bytes(data)
        source = archive(file, "sqlite", RecordMapping(table=table))
        found, error = read_until_damage(source)
        copy: Callable[[], bytes] = lambda: rewritten(source, [Change("x")] * len(found))  # noqa: E731, B023
        if not error:
            try:
                copy()
            except (BadArchive, StopIteration):
                continue


@ANY_FILE
@given(st.binary())
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.sqlite"
    for content in (data, b"SQLite format 3\0" + data):
        file.write_bytes(content)
        assert read_until_damage(archive(file, "sqlite"))[1]
