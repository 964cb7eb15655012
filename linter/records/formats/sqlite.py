"""SQLite databases: each row of a table is a record.

A record without a key is named after the primary key of its row or, if there is none, its rowid. The file is never
written, and it is not locked between the queries, which read few rows each.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, BinaryIO, NamedTuple

from linter.records.archives import (
    MAX_RECORD,
    Archive,
    BadArchive,
    Change,
    OnProgress,
    Part,
    Record,
    open_file,
)
from linter.records.columns import (
    choose_table,
    decode,
    key_ranges,
    make_record,
    table_columns,
)
from linter.records.lines import require_uncompressed

QUERY_SECONDS = 60.0  # time limit of a query, which a hostile view might exceed

_MAGIC = b"SQLite format 3\0"
_WAL = b"\2\2"  # at offset 18: the database has a write-ahead log
_PAGE = 100  # rows of a query
_STEPS = 10_000  # instructions of SQLite between looks at the clock
_ROWIDS = ("rowid", "_rowid_", "oid")
_ORDINARY = (0, 2, 3)  # in table_xinfo: columns that are not hidden, and generated columns
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1  # of rowids


class _Text(bytes):
    """A text as the database stores it. It need not be valid UTF-8."""


class _Table(NamedTuple):
    """A table: its columns, its primary key, and the columns that order its rows.

    `order` is empty for a view, whose rows are read in one query. `ranged` is true if the order is that of rowids.
    """

    name: str
    columns: tuple[str, ...]
    primary: tuple[str, ...]
    order: tuple[str, ...]
    ranged: bool


class _Row(NamedTuple):
    """A row: the values that identify it in the table, and its record. `blob` is true if the body is binary."""

    place: tuple[Any, ...]
    record: Record
    blob: bool = False


class _Database(NamedTuple):
    """An open database. `allow_time()` starts the time of a query anew."""

    connection: sqlite3.Connection
    deadline: list[float]

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        self.allow_time()
        return self.connection.execute(sql, values)

    def allow_time(self) -> None:
        self.deadline[0] = monotonic() + QUERY_SECONDS


@contextmanager
def _errors() -> Iterator[None]:
    """Raise errors of SQLite as BadArchive."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        if str(error) == "interrupted":
            raise BadArchive(f"a query takes more than {QUERY_SECONDS:.0f} seconds") from None
        raise BadArchive(f"the database cannot be read: {error}") from None


@contextmanager
def _open(archive: Archive) -> Iterator[_Database]:
    """Open a database for reading. Raises OSError or BadArchive; errors of SQLite inside become BadArchive, too."""
    require_uncompressed(archive)
    with open_file(archive) as file:
        header = file.read(20)
    if not header.startswith(_MAGIC):
        raise BadArchive("the file is not an SQLite database")
    log = archive.file + "-wal"
    # A database whose log is empty is complete. Unless it is opened as immutable, SQLite creates files beside it.
    complete = header[18:20] == _WAL and not (os.path.exists(log) and os.path.getsize(log))
    uri = f"{Path(archive.file).as_uri()}?mode=ro{'&immutable=1' if complete else ''}"
    with _errors(), closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.text_factory = _Text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_RECORD)
        yield _guarded(connection, "cell_size_check", "query_only")


def _guarded(connection: sqlite3.Connection, *settings: str) -> _Database:
    """Limit what the schema of a database can do, and the time of its queries. `settings` are pragmas to turn on."""
    database = _Database(connection, [0.0])
    connection.set_progress_handler(lambda: monotonic() > database.deadline[0], _STEPS)
    database.query("PRAGMA trusted_schema = OFF")
    for setting in settings:
        database.query(f"PRAGMA {setting} = ON")
    return database


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(archive: Archive, database: _Database) -> _Table:
    """Return the table that `records` names, or the only table that has a column for the body."""
    schema = "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    kinds = dict[str, str]()
    for name, kind, sql in database.query(schema).fetchall():
        if isinstance(name, bytes) and not name.startswith(b"sqlite_"):
            virtual = bytes(sql or b"").upper().startswith(b"CREATE VIRTUAL")
            kinds[decode(name)[0]] = "virtual" if virtual else decode(kind)[0]
    plain = [name for name, kind in kinds.items() if kind == "table"]
    name = choose_table(archive.mapping, kinds, plain, lambda name: _column_names(database, name))
    return _describe(database, name, kinds[name])


def _column_names(database: _Database, name: str) -> list[str]:
    return [decode(row[1])[0] for row in _info(database, name)]


def _info(database: _Database, name: str) -> list[Any]:
    rows = database.query(f"PRAGMA table_xinfo({_quote(name)})").fetchall()
    return [row for row in rows if row[6] in _ORDINARY]


def _describe(database: _Database, name: str, kind: str) -> _Table:
    info = _info(database, name)
    columns = tuple(decode(row[1])[0] for row in info)
    primary = tuple(decode(row[1])[0] for row in sorted(info, key=lambda row: int(row[5])) if row[5])
    taken = {column.lower() for column in columns}
    rowid = next((each for each in _ROWIDS if each not in taken), "")
    if kind == "view" or not (rowid or primary):
        return _Table(name, columns, primary, (), False)
    if rowid and _exists(database, name, rowid):
        return _Table(name, columns, primary, (rowid,), True)
    return _Table(name, columns, primary, tuple(map(_quote, primary)), False)


def _exists(database: _Database, table: str, column: str) -> bool:
    """Whether a table has a column. Tables “WITHOUT ROWID” lack a rowid."""
    try:
        database.query(f"SELECT {column} FROM {_quote(table)} LIMIT 0")
    except sqlite3.OperationalError as error:
        if "no such column" not in str(error):
            raise
        return False
    return True


def parts(archive: Archive) -> list[Part]:
    """Return ranges of rowids, or one part if the table has no rowids.

    Raises BadArchive if it is not clear which table has the articles, or if it has no column for the body.
    """
    with _open(archive) as database:
        table = _table(archive, database)
        table_columns(archive, dict.fromkeys(table.columns))
        if not table.ranged:
            return [Part()]
        rowid = table.order[0]
        # Two queries, since SQLite finds only a single minimum or maximum without reading the table.
        low, high = (
            database.query(f"SELECT {function}({rowid}) FROM {_quote(table.name)}").fetchone()[0]
            for function in ("min", "max")
        )
        return [Part()] if low is None else key_ranges(low, high)


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of a part, in the order of rowids or of the primary key."""
    with _open(archive) as database:
        for row in _rows(archive, database, _table(archive, database), part):
            yield row.record
            if part.end > part.start:
                on_progress(min(1.0, (row.place[0] - part.start) / (part.end - part.start)))
    on_progress(1.0)


def _rows(archive: Archive, database: _Database, table: _Table, part: Part) -> Iterator[_Row]:
    """Yield the rows of a part, by queries for few rows each."""
    query = _Query(archive, table)
    if not table.order:
        yield from query.rows(database, "", (), 0)
        return
    where, values = query.start(part)
    size, last = _PAGE, -inf
    while True:
        place: tuple[Any, ...] | None = None
        try:
            for row in query.rows(database, f"{where} LIMIT {size}", values, len(table.order)):
                if table.ranged:
                    if row.place[0] <= last:  # a damaged table would be read forever
                        raise sqlite3.DatabaseError("the rows are not in order")
                    last = row.place[0]
                place = row.place
                yield row
        except sqlite3.DatabaseError as error:
            if size > 1:  # Python loses the row before the error, so read single rows up to the error
                size = 1
                where, values = query.after(place, part) if place else (where, values)
                continue
            place = query.first_place(database, where, values) if isinstance(error, sqlite3.DataError) else None
            if place is None:
                raise
            yield _Row(place, _unread(place))  # a value has too many bytes
            size = _PAGE
        if place is None:
            return
        where, values = query.after(place, part)


def _unread(place: tuple[Any, ...]) -> Record:
    return Record(_key(place), "", problems=(f"a value in this row has more than {MAX_RECORD:,} bytes",))


def _key(values: tuple[Any, ...]) -> str:
    return ",".join(decode(value)[0] if isinstance(value, bytes) else str(value) for value in values)


class _Query:
    """The queries for the rows of a table."""

    def __init__(self, archive: Archive, table: _Table) -> None:
        self._mapping = archive.mapping
        columns = table_columns(archive, dict.fromkeys(table.columns))
        self._order = ", ".join(table.order)
        self._ranged = table.ranged
        self._keys = () if "key" in columns else tuple(map(_quote, table.primary)) or table.order
        self._fields = [*columns]
        self._from = f"FROM {_quote(table.name)}"
        fields = [_quote(name) for name, *_ in columns.values()]
        self._select = f"SELECT {', '.join((*table.order, *self._keys, *fields))} {self._from}"

    def start(self, part: Part) -> tuple[str, tuple[Any, ...]]:
        """Return the condition and order of the first query of a part, and its values."""
        if not self._ranged:
            return f"ORDER BY {self._order}", ()
        low, high = (part.start, part.end) if part.first else (_LOWEST, _HIGHEST)
        return f"WHERE {self._order} BETWEEN ? AND ? ORDER BY {self._order}", (low, high)

    def after(self, place: tuple[Any, ...], part: Part) -> tuple[str, tuple[Any, ...]]:
        """Return the condition and order of a query for the rows after a place, and its values."""
        values = tuple(str(value, "utf-8") if isinstance(value, _Text) else value for value in place)
        high: tuple[Any, ...] = (part.end if part.first else _HIGHEST,) if self._ranged else ()
        marks = ", ".join("?" for _ in values)
        limit = f"AND {self._order} <= ? " if self._ranged else ""
        return f"WHERE ({self._order}) > ({marks}) {limit}ORDER BY {self._order}", (*values, *high)

    def rows(self, database: _Database, rest: str, values: tuple[Any, ...], width: int) -> Iterator[_Row]:
        """Yield the rows of a query. The first `width` values are the place of the row."""
        cursor = database.query(f"{self._select} {rest}", values)
        for number, row in enumerate(cursor, 1):
            place, rest_of_row = row[:width], row[width:]
            key = _key(rest_of_row[: len(self._keys)]) or str(number)
            found: Mapping[str, Any] = dict(zip(self._fields, rest_of_row[len(self._keys) :], strict=True))
            blob = isinstance(found["body"], bytes) and not isinstance(found["body"], _Text)
            yield _Row(place, make_record(self._mapping, found, key), blob)
            database.allow_time()

    def first_place(self, database: _Database, where: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return the place of the first row of a query, or None if there is none."""
        found = database.query(f"SELECT {self._order} {self._from} {where} LIMIT 1", values).fetchone()
        return tuple(found) if found else None


def rewrite(archive: Archive, changes: Iterator[Change], file: BinaryIO) -> None:
    """Write a copy of the database to a file. Rows that are left out are overwritten with zeros.

    Raises BadArchive for a view.
    """
    with TemporaryDirectory() as folder, _open(archive) as database:
        table = _table(archive, database)
        if not table.order:
            raise BadArchive("a copy needs a table with a primary key or rowids, not a view")
        path = os.path.join(folder, "copy.sqlite")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            database.connection.backup(connection)
            copy = _guarded(connection, "secure_delete")
            copy.query("BEGIN")
            body = table_columns(archive, dict.fromkeys(table.columns))["body"][0]
            for row in _rows(archive, database, table, Part()):
                _apply(copy, table, body, row, next(changes))
            copy.query("COMMIT")
        with open(path, "rb") as written:
            shutil.copyfileobj(written, file)


def _apply(copy: _Database, table: _Table, body: str, row: _Row, change: Change) -> None:
    """Apply a change to a row of the copy."""
    place = [str(value, "utf-8") if isinstance(value, _Text) else value for value in row.place]
    where = " AND ".join(f"{column} = ?" for column in table.order)
    if change.drop:
        copy.query(f"DELETE FROM {_quote(table.name)} WHERE {where}", tuple(place))
    elif change.body is not None:
        value = change.body.encode() if row.blob else change.body
        copy.query(f"UPDATE {_quote(table.name)} SET {_quote(body)} = ? WHERE {where}", (value, *place))
