"""Records of PostgreSQL, on a real server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from components import package
from linter.cli import main
from linter.records import columns, work
from linter.records.archives import Archive, BadArchive, Part, Record
from linter.records.checking import RecordChecker, RecordResult
from linter.records.formats import postgres as postgres_format
from linter.records.record_mappings import RecordMapping
from postgres_server import PASSWORD, postgres
from tables import USUAL, read_all

pytestmark = pytest.mark.slow

psycopg = package("psycopg")

__all__ = ["postgres"]
POSTS = "CREATE TABLE posts (id int PRIMARY KEY, body text, lang text);"
TWO = "INSERT INTO posts VALUES (7, 'b', NULL), (3, 'a', 'en');"


@pytest.fixture(name="database")
def _database(postgres: str) -> Iterator[Any]:
    """Yield a connection to an empty database."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS old CASCADE")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        yield connection


def archive(url: str, mapping: RecordMapping = USUAL) -> Archive:
    return Archive("postgresql://example", url, "postgres", mapping)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(POSTS + TWO, [Record("3", "a", language="en"), Record("7", "b")], id="in the order of the key"),
        pytest.param(
            "CREATE TABLE p (x int, text text); INSERT INTO p VALUES (2, 'a'), (1, 'b')",
            [Record("1", "a"), Record("2", "b")],
            id="without a key, the number of the row is the key",
        ),
        pytest.param(
            "CREATE TABLE p (a int, b text, text text, PRIMARY KEY (b, a));"
            "INSERT INTO p VALUES (1, 'y', 'B'), (2, 'x', 'A')",
            [Record("x,2", "A"), Record("y,1", "B")],
            id="a primary key of two columns",
        ),
        pytest.param(
            'CREATE TABLE "a""b%s" ("bo""dy%" text, text text); INSERT INTO "a""b%s" VALUES (1, \'t\')',
            [Record("1", "t")],
            id="names with special characters",
        ),
        pytest.param(
            "CREATE TABLE p (id uuid, text varchar, title char(3), created date, url jsonb);"
            "INSERT INTO p VALUES ('00000000-0000-0000-0000-00000000000a', NULL, 'x', 'infinity', '5')",
            [Record("00000000-0000-0000-0000-00000000000a", "", title="x", date="infinity", url="5")],
            id="types of columns",
        ),
        pytest.param(
            "CREATE TABLE p (text bytea); INSERT INTO p VALUES ('\\xC3A9'), ('\\x61ff')",
            [
                Record("1", "é"),
                Record("2", "a\ufffd", problems=("1 byte is not UTF-8; the text was read with U+FFFD instead",)),
            ],
            id="bytes",
        ),
        pytest.param(
            "CREATE TABLE p (id int, text text) PARTITION BY LIST (id);"
            "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
            "INSERT INTO p VALUES (1, 'a'), (2, 'b')",
            [Record("2", "b"), Record("1", "a")],
            id="a table in partitions, in the order of the partitions",
        ),
        pytest.param(
            POSTS + TWO + "CREATE VIEW v AS SELECT * FROM posts",
            [Record("3", "a", language="en"), Record("7", "b")],
            id="views are not chosen",
        ),
    ],
)
def test_tables(postgres: str, database: Any, script: str, expected: list[Record]) -> None:
    database.execute(script)
    assert read_all(archive(postgres)) == expected


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        pytest.param(RecordMapping(table="old.posts"), [Record("1", "old")], id="a table with its schema"),
        pytest.param(RecordMapping(table="posts"), [Record("1", "new")], id="a table that is visible"),
        pytest.param(RecordMapping(table="v"), [Record("1", "x"), Record("2", "yy")], id="a view"),
        pytest.param(
            RecordMapping(table="j", body="data.meta.text", title="data.title"),
            [
                Record("1", "nested", title="T"),
                Record("2", ""),
                Record("3", "", problems=("the body is a number, not text",)),
                Record(
                    "4", "a\ufffdb", problems=("NUL character (U+0000) at 1:2; the text was read with U+FFFD instead",)
                ),
            ],
            id="keys of JSON",
        ),
        pytest.param(
            RecordMapping(table="j", body="plain"),
            [Record("1", "p"), *(Record(str(n), "") for n in (2, 3, 4))],
            id="a string as JSON",
        ),
    ],
)
def test_named_tables(postgres: str, database: Any, mapping: RecordMapping, expected: list[Record]) -> None:
    database.execute(
        """CREATE SCHEMA old; CREATE TABLE old.posts (id int, text text); INSERT INTO old.posts VALUES (1, 'old');
        CREATE TABLE posts (id int, text text); INSERT INTO posts VALUES (1, 'new');
        CREATE VIEW v AS SELECT * FROM (VALUES ('yy'), ('x')) t(text);
        CREATE TABLE j (id int, data json, plain jsonb);
        INSERT INTO j VALUES (1, '{"meta": {"text": "nested"}, "title": "T"}', '"p"'), (2, '{"meta": 1}', NULL),
          (3, '{"meta": {"text": 5}}', NULL), (4, '{"meta": {"text": "a\\u0000b"}}', NULL)"""
    )
    assert read_all(archive(postgres, mapping)) == expected


def test_text_in_another_encoding(postgres: str, database: Any) -> None:
    for name in ("latin1", "sql_ascii"):
        database.execute(f"DROP DATABASE IF EXISTS {name}")
        database.execute(f"CREATE DATABASE {name} ENCODING '{name}' LOCALE 'C' TEMPLATE template0")
        url = postgres.replace("/postgres?", f"/{name}?")
        with psycopg.connect(url, autocommit=True, client_encoding="latin1") as connection:
            connection.execute("CREATE TABLE p (text text)")
            connection.execute("INSERT INTO p VALUES ('é')")
        problem = ("1 byte is not UTF-8; the text was read with U+FFFD instead",)
        expected = Record("1", "é") if name == "latin1" else Record("1", "\ufffd", problems=problem)
        assert read_all(archive(url)) == [expected]


def test_a_body_that_is_too_long(postgres: str, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_format, "MAX_BODY", 10)
    monkeypatch.setattr(columns, "MAX_BODY", 10)
    database.execute("CREATE TABLE p (text text); INSERT INTO p VALUES ('éééééééééé'), ('ééééééééééé'), ('a')")
    problem = ("the body has 11 characters; the limit is 10",)
    assert read_all(archive(postgres)) == [Record("1", "é" * 10), Record("2", "", problems=problem), Record("3", "a")]


def test_parts_together_are_the_whole(postgres: str, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_MIN_RANGE", 70)
    database.execute(POSTS + "INSERT INTO posts SELECT n * n, 'text ' || n, 'en' FROM generate_series(100, 1, -1) n")
    source = archive(postgres)
    assert len(postgres_format.parts(source)) == 143
    whole = [*postgres_format.read(source, Part(), lambda share: None)]
    monkeypatch.setattr(columns, "_MIN_RANGE", 1500)
    assert [record.key for record in whole] == [str(number**2) for number in range(1, 101)]
    assert read_all(source) == whole


def test_a_part_sees_one_state_of_the_database_and_changes_nothing(postgres: str, database: Any) -> None:
    database.execute(POSTS + "INSERT INTO posts SELECT n, 'a', 'en' FROM generate_series(1, 100) n")
    found = postgres_format.read(archive(postgres), Part(), lambda share: None)
    assert next(found).key == "1"
    database.execute("DELETE FROM posts")
    assert len([*found]) == 99
    database.execute(
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'INSERT INTO posts VALUES (1) RETURNING id::text'"
    )
    database.execute("CREATE VIEW v AS SELECT f() AS text")
    with pytest.raises(BadArchive) as error:
        read_all(archive(postgres, RecordMapping(table="v")))
    assert str(error.value) == "the database cannot be read: cannot execute INSERT in a read-only transaction"


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
            "CREATE TABLE a (text text); CREATE TABLE b (text text)",
            USUAL,
            "more than one table may contain the articles; the tables are public.a, public.b; "
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
            RecordMapping(table="posts", body="id"),
            "the column “id” has the type integer, not text",
            id="the body is a number",
        ),
    ],
)
def test_a_database_that_does_not_fit(
    postgres: str, database: Any, script: str, mapping: RecordMapping, message: str
) -> None:
    database.execute(script or "SELECT 1")
    with pytest.raises(BadArchive) as error:
        read_all(archive(postgres, mapping))
    assert str(error.value) == message


def test_an_error_of_the_server_after_some_records(postgres: str, database: Any) -> None:
    database.execute(POSTS + "INSERT INTO posts SELECT n, 'a', 'en' FROM generate_series(1, 100) n")
    found = postgres_format.read(archive(postgres), Part(), lambda share: None)
    assert next(found).key == "1"
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(BadArchive) as error:
        list(found)
    assert str(error.value).startswith("the database cannot be read: ")


def test_a_password(postgres: str, database: Any) -> None:
    database.execute(POSTS + TWO)
    port = postgres.rpartition("=")[2]
    url = f"postgresql://postgres:{quote(PASSWORD, '')}@127.0.0.1:{port}/postgres"
    assert [record.key for record in read_all(archive(url))] == ["3", "7"]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://postgres:secret@127.0.0.1:PORT/postgres", id="a wrong password"),
        pytest.param("postgresql://postgres:secret@127.0.0.1:1/postgres", id="no server"),
        pytest.param("postgresql://postgres:secret@[x/postgres", id="a broken host"),
        pytest.param("postgresql://postgres:x@secret@127.0.0.1:PORT/postgres", id="an @ in the password"),
        pytest.param("postgresql://postgres:secret/x@127.0.0.1:PORT/postgres", id="a slash in the password"),
        pytest.param("postgresql://postgres:secret?x@127.0.0.1:PORT/postgres", id="a question mark in the password"),
        pytest.param("postgresql://postgres:secret%zz@127.0.0.1:PORT/postgres", id="a percent sign in the password"),
        pytest.param("postgresql://127.0.0.1:PORT/postgres?user=postgres&password=secret", id="a parameter"),
        pytest.param("postgresql://127.0.0.1:PORT/postgres?password=secret&secret=1", id="an unknown parameter"),
        pytest.param("host=127.0.0.1 port=PORT password=secret", id="not a URL"),
        pytest.param("postgresql://postgres:secret\0@127.0.0.1:PORT/postgres", id="NUL"),
    ],
)
def test_the_password_is_never_shown(postgres: str, url: str) -> None:
    with pytest.raises(BadArchive) as error:
        read_all(archive(url.replace("PORT", postgres.rpartition("=")[2])))
    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None
    assert len(str(error.value)) > 20


def test_a_server_that_stops_is_asked_again_in_the_next_run(
    postgres: str, database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "BATCH_RECORDS", 20)
    monkeypatch.setattr(postgres_format, "_ROWS", 10)
    database.execute(POSTS)
    database.execute("INSERT INTO posts SELECT n, 'The tram, </b> ' || n FROM generate_series(1, 200) AS n")
    argv = ["check", postgres, "--jobs", "1", "--isolated", "--out"]
    assert main([*argv, "whole"]) == 1
    real, others = RecordChecker.check, "FROM pg_stat_activity WHERE pid <> pg_backend_pid()"

    def check(self: RecordChecker, archive: Archive, some: Sequence[Record], **options: bool) -> list[RecordResult]:
        database.execute(f"SELECT pg_terminate_backend(pid) {others} AND backend_type = 'client backend'")
        return real(self, archive, some, **options)

    with monkeypatch.context() as patch:
        patch.setattr(RecordChecker, "check", check)
        assert main([*argv, "out"]) == 2
    assert "the database cannot be read" in capsys.readouterr().err
    assert main([*argv, "out"]) == 1
    files = {path: [(Path(path) / name).read_bytes() for name in ("summary.json",)] for path in ("out", "whole")}
    assert files["out"] == files["whole"]
