"""PostgreSQL: each row of a table is a record.

The rows are read in one read-only transaction for each part, through a cursor on the server, in the order of the
primary key. A record without a key is named after its primary key or, if there is none, the number of its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote

from linter.records.archives import MAX_BODY, MAX_RECORD, Archive, BadArchive, OnProgress, Part, Record, require
from linter.records.columns import (
    ANY,
    MAX_KEY,
    choose_table,
    decode,
    key_ranges,
    make_record,
    nested_value,
    table_columns,
    too_long,
)
from linter.records.formats.jsonl import parse

_SCHEMES = ("postgres://", "postgresql://")
_CONNECT_SECONDS = 10
_QUERY_SECONDS = 600  # time limit of a query; finding the order of a large table may take minutes
_ROWS = 20  # rows that are read into memory at a time
_OTHER = 10_000  # code points of values other than bodies that are read
_TEXT = ("text", "character varying", "character", '"char"', "name", "citext", "xml")
_JSON = ("json", "jsonb")
_STORED = ("r", "p", "m")  # kinds of tables whose rows have a place in a file
_INTEGERS = ("smallint", "integer", "bigint")
_BAD_URL = "the address is not valid; write it as postgresql://USER@HOST/DATABASE"

# Tables that may be read, without those of the system and the partitions of other tables.
_TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, pg_table_is_visible(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), k.place
FROM pg_attribute a
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
LEFT JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place) ON k.number = a.attnum
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""


class _Table(NamedTuple):
    """A table or view: its columns and their types, and its primary key."""

    schema: str
    name: str
    kind: str
    rows: float
    types: dict[str, str]
    primary: tuple[str, ...]

    @property
    def integer_key(self) -> str:
        """The primary key if it is one column of integers, else ""."""
        name = self.primary[0] if len(self.primary) == 1 else ""
        return name if self.types.get(name) in _INTEGERS else ""


@contextmanager
def _errors(url: str) -> Iterator[None]:
    """Raise errors of psycopg as BadArchive, with the first line of the message of the server.

    The message never contains the password in `url`.
    """
    psycopg = require("psycopg", "postgres")
    try:
        yield
    except (psycopg.Error, OSError, ValueError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise BadArchive(_without_password(f"the database cannot be read: {lines[0]}", url)) from None


def _without_password(message: str, url: str) -> str:
    psycopg = require("psycopg", "postgres")
    try:
        password = psycopg.conninfo.conninfo_to_dict(url).get("password")
    except psycopg.Error:
        return _BAD_URL
    if password and str(password) in message:
        return "the database cannot be read; the reason is not shown, because it contains the password"
    return message


@contextmanager
def _open(archive: Archive) -> Iterator[Any]:
    """Connect to a database, and begin a read-only transaction that sees one state of the database."""
    psycopg = require("psycopg", "postgres")
    url = archive.file
    if not url.startswith(_SCHEMES) or "\0" in url:
        raise BadArchive(_BAD_URL)
    with _errors(url):
        settings = psycopg.conninfo.conninfo_to_dict(url)
        _check_password(url, settings)
        settings = {"connect_timeout": str(_CONNECT_SECONDS), **settings, "client_encoding": "UTF8"}
        connection = psycopg.connect(**settings)
        try:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute(f"SET LOCAL statement_timeout = '{_QUERY_SECONDS}s'")
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # checking takes time
            yield connection
        finally:
            connection.close()


def _check_password(url: str, settings: Mapping[str, Any]) -> None:
    """Raises BadArchive if a password contains characters that must be escaped. Messages would show a part of it."""
    address = url.partition("://")[2].partition("?")[0]
    password = address.rpartition("@")[0].partition(":")[2]
    if password and unquote(password) != settings.get("password"):
        raise BadArchive(f"{_BAD_URL}, with special characters in a password as “%40”, for example")


def _table(archive: Archive, connection: Any) -> _Table:
    """Return the table that `records` names, or the only table that has a column for the body."""
    found = dict[str, Any]()
    rows = connection.execute(_TABLES).fetchall()
    for row in rows:
        found[f"{row[1]}.{row[2]}"] = row
    by_name = {row[2]: row for row in rows if row[5]}  # visible without the name of the schema
    names = dict.fromkeys([*found, *(by_name if archive.mapping.table else ())])
    plain = [name for name, row in found.items() if row[3] in _STORED]
    name = choose_table(archive.mapping, names, plain, lambda name: _types(connection, found[name][0])[0])
    oid, schema, table, kind, count, _ = found[name] if name in found else by_name[name]
    types, primary = _types(connection, oid)
    return _Table(schema, table, kind, count, types, primary)


def _types(connection: Any, oid: int) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the columns of a table with their types, and its primary key."""
    rows = connection.execute(_COLUMNS, [oid]).fetchall()
    primary = sorted((place, name) for name, _, place in rows if place)
    return {name: type_ for name, type_, _ in rows}, tuple(name for _, name in primary)


def parts(archive: Archive) -> list[Part]:
    """Return ranges of the primary key, or one part if it is not one column of integers.

    Raises BadArchive if it is not clear which table has the articles, or if it has no column with texts.
    """
    with _open(archive) as connection:
        table = _table(archive, connection)
        _Query(archive, table, connection)
        if not table.integer_key:
            return [Part()]
        key = _quote(table.integer_key)
        low, high = connection.execute(f"SELECT min({key}), max({key}) FROM {_name(table)}", []).fetchone()
        return [Part()] if low is None else key_ranges(low, high)


def read(archive: Archive, part: Part, on_progress: OnProgress) -> Iterator[Record]:
    """Yield the records of a part, in the order of the primary key."""
    with _open(archive) as connection:
        table = _table(archive, connection)
        query = _Query(archive, table, connection)
        with connection.cursor(name="copydesk", binary=True) as cursor:
            cursor.itersize = _ROWS
            cursor.execute(query.text(part), [part.start, part.end] if part.first else [])
            for number, row in enumerate(cursor, 1):
                yield query.record(row, number)
                on_progress(_share(table, part, row, number))
    on_progress(1.0)


def _share(table: _Table, part: Part, row: Sequence[Any], number: int) -> float:
    if part.first:
        return min(1.0, (int(row[-1]) - part.start + 1) / (part.end - part.start + 1))
    return min(1.0, number / table.rows) if table.rows > 0 else 0.0


def _quote(name: str) -> str:
    """Quote a name for a query with parameters."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def _name(table: _Table) -> str:
    return f"{_quote(table.schema)}.{_quote(table.name)}"


class _Query:
    """The query for the records of a table.

    All values are bytes, since a database may contain text that is not valid in its encoding. Raises BadArchive if
    there is no column with texts for the body.
    """

    def __init__(self, archive: Archive, table: _Table, connection: Any) -> None:
        self._mapping, self._table = archive.mapping, table
        # The bytes of a database in SQL_ASCII have no known encoding. The server cannot convert them.
        ascii_only = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
        self._encoding = "SQL_ASCII" if ascii_only else "UTF8"
        tree = {name: ANY if type_ in _JSON else None for name, type_ in table.types.items()}
        self._columns = table_columns(archive, tree)
        body = self._columns["body"][0]
        if (type_ := table.types[body]) not in (*_TEXT, *_JSON, "bytea"):
            raise BadArchive(f"the column “{body}” has the type {type_}, not text")
        self._keys = () if "key" in self._columns else table.primary
        self._names = [*dict.fromkeys(name for name, *_ in self._columns.values() if name != body)]
        selected = [
            *self._body(body),
            *(self._value(name) for name in (*self._names, *self._keys)),
            *([f"{_quote(table.integer_key)}::int8"] if table.integer_key else []),
        ]
        order = [*map(str, range(1, len(selected) + 1))]  # of a view
        if table.primary:
            order = [*map(_quote, table.primary)]
        elif table.kind in _STORED:
            order = ["tableoid", "ctid"]
        self._select = f"SELECT {', '.join(selected)} FROM {_name(table)}"
        self._order = f"ORDER BY {', '.join(order)}"

    def _body(self, name: str) -> tuple[str, str]:
        """Return expressions for the length of the body, and for the body if it is not too long."""
        if self._table.types[name] == "bytea":
            length = f"octet_length({_quote(name)})"
            return length, f"CASE WHEN {length} <= {MAX_RECORD} THEN {_quote(name)} END"
        return f"length({_quote(name)}::text)", self._value(name, MAX_BODY)

    def _value(self, name: str, limit: int = _OTHER) -> str:
        """Return an expression for a column as bytes. Other text than JSON and the body may be cut."""
        text = f"{_quote(name)}::text"
        if limit == MAX_BODY or self._table.types[name] in _JSON:
            return f"CASE WHEN length({text}) <= {MAX_BODY} THEN convert_to({text}, '{self._encoding}') END"
        return f"convert_to(left({text}, {limit}), '{self._encoding}')"

    def text(self, part: Part) -> str:
        where = f"WHERE {_quote(self._table.integer_key)} BETWEEN %s AND %s " if part.first else ""
        return f"{self._select} {where}{self._order}"

    def record(self, row: Sequence[Any], number: int) -> Record:
        """Return the record in a row of the result. `number` is the number of the row."""
        length, body, *others = row
        name = self._columns["body"][0]
        problems = [too_long(length)] if length is not None and body is None else []
        values = {name: body, **dict(zip(self._names, others, strict=False))}
        for column, value in values.items():
            if self._table.types[column] in _JSON and value is not None:
                values[column], wrong = parse(value)
                problems += wrong
        found = {field: nested_value(values, path) for field, path in self._columns.items()}
        key = ",".join(decode(value or b"")[0] for value in others[len(self._names) :][: len(self._keys)])
        return make_record(self._mapping, found, key[:MAX_KEY] or str(number), problems)
