"""The state of a run over archives, in an SQLite file: finished batches, and what is needed to compare the articles.

The file makes it possible to continue an interrupted run. Its content is not trusted: values are JSON, and their types
are checked.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from linter import serialize
from linter.config.config import BadConfig
from linter.finding import Problem, exit_status
from linter.records.archives import BatchId, Matches
from linter.rule import ArticleFacts
from linter.typed_json import Reader, dump_json, load_json, typed_reader

_TABLES = """
CREATE TABLE IF NOT EXISTS run (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS batches (step TEXT, archive INTEGER, part INTEGER, batch INTEGER, summary BLOB,
  PRIMARY KEY (step, archive, part, batch));
CREATE TABLE IF NOT EXISTS facts (archive INTEGER, part INTEGER, batch INTEGER, position INTEGER, grp TEXT, rule TEXT,
  data BLOB);
CREATE TABLE IF NOT EXISTS matches (archive INTEGER, part INTEGER, batch INTEGER, position INTEGER, data BLOB);
"""
_PLACE = "archive = ? AND part = ? AND batch = ?"
_BYTES = "CAST(coalesce({}, '') AS BLOB)"  # whatever the type of the value is
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class BatchSummary(NamedTuple):
    """The totals of a batch: the number of articles, of those with findings, of findings by rule and severity, …

    `counts` has (rule, severity, number of findings, number of records with them), and `skipped` has (reason, number of
    items in the archive that are not articles). `found_at` are the positions of the records with findings. `fixed` is
    the number of fixed findings, `changed` that of records with another body, and `dropped` that of records that are
    left out. `damaged` is true if the archive could not be read to the end of the batch. `part` identifies the file
    with the results of the batch (see `Output.write`).
    """

    articles: int = 0
    with_findings: int = 0
    found_at: list[int] = []  # noqa: RUF012  # never changed
    counts: list[tuple[str, str, int, int]] = []  # noqa: RUF012
    skipped: list[tuple[str, int]] = []  # noqa: RUF012
    problems: list[Problem] = []  # noqa: RUF012
    suppressed: int = 0
    fixed: int = 0
    changed: int = 0
    dropped: int = 0
    damaged: bool = False
    part: str = ""

    def status(self, fail_on: str) -> int:
        """Return the exit status (see `exit_status`)."""
        return exit_status(self.problems, (severity for _, severity, *_ in self.counts), fail_on)


class FactRow(NamedTuple):
    """The facts of one record for one rule, with the place of the record."""

    batch: BatchId
    position: int
    facts: ArticleFacts


_read_summary = typed_reader(BatchSummary)
_MATCH = tuple[str, int, tuple[int, int, Mapping[str, str], list[tuple[int, int, str]], bool]]
_read_match = typed_reader(_MATCH)


class State:
    """The state in `file`, which is created if needed.

    All methods raise BadConfig if another run uses the file, if it is damaged, or if it cannot be written.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        with _as_bad_config(self.file):
            connection = sqlite3.connect(self.file, timeout=2, isolation_level=None)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES)
            connection.execute("INSERT OR REPLACE INTO run VALUES ('open', '')")  # takes the lock
            return connection

    def close(self) -> None:
        """Close the file, so that another process can open it."""
        self._connection.close()

    def reopen(self) -> None:
        """Open the file again after `close`."""
        self._connection = self._open()

    def value(self, key: str) -> str:
        """Return a value of the run, or "" if it is not set."""
        rows = self._query("SELECT value FROM run WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def set_value(self, key: str, value: str) -> None:
        self._query("INSERT OR REPLACE INTO run VALUES (?, ?)", (key, value))

    def done(self, step: str) -> frozenset[BatchId]:
        """Return the batches that are finished in a step, “check”, “compare” or “fix”."""
        rows = self._query("SELECT archive, part, batch FROM batches WHERE step = ?", (step,))
        return frozenset(BatchId(*row) for row in rows)

    def add(
        self,
        step: str,
        batch: BatchId,
        summary: BatchSummary,
        facts: Iterable[tuple[int, str, ArticleFacts]] = (),
    ) -> None:
        """Record that a batch is finished in a step.

        `facts` has the position of a record in the batch, its group, and its facts for a rule.
        """
        rows = ((*batch, at, group, one.rule, serialize.dump_facts([one])) for at, group, one in facts)
        with self._transaction():
            self._connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?, ?)", (step, *batch, dump_json(summary)))
            self._connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def forget(self, batches: Iterable[tuple[str, BatchId]]) -> None:
        """Record that batches, given with their steps, are not finished.

        If one of them is of the step “check”, the articles must be compared again.
        """
        with self._transaction():
            for step, batch in batches:
                if step == "check":
                    self._connection.execute(f"DELETE FROM facts WHERE {_PLACE}", batch)
                    self._connection.execute("DELETE FROM batches WHERE step = 'compare'")
                    self._connection.execute("DELETE FROM run WHERE key = 'compared'")
                self._connection.execute(f"DELETE FROM batches WHERE step = ? AND {_PLACE}", (step, *batch))

    def summaries(self) -> Iterator[tuple[BatchId, str, BatchSummary]]:
        """Yield each finished batch with its step and its summary, in the order of the archives."""
        columns, order = f"archive, part, batch, step, {_BYTES.format('summary')}", "archive, part, batch, step"
        for *batch, step, summary in self._query(f"SELECT {columns} FROM batches ORDER BY {order}"):
            with _as_bad_config(self.file):
                values = load_json(summary, _read_summary)
            yield BatchId(*batch), step, values

    def groups(self) -> list[tuple[str, int]]:
        """Return the groups of records that have facts, in order, with the number of records in each."""
        self._query("CREATE INDEX IF NOT EXISTS by_group ON facts (grp, rule, archive, part, batch, position)")
        records = "SELECT DISTINCT grp, archive, part, batch, position FROM facts"
        return self._query(f"SELECT grp, count(*) FROM ({records}) GROUP BY grp ORDER BY grp")

    def facts(self, group: str, rule: str, reader: Reader) -> list[FactRow]:
        """Return the facts of a group for a rule, in the order of the archives. `reader` is as in `fact_reader`."""
        columns, order = f"archive, part, batch, position, {_BYTES.format('data')}", "archive, part, batch, position"
        rows = self._query(f"SELECT {columns} FROM facts WHERE grp = ? AND rule = ? ORDER BY {order}", (group, rule))
        with _as_bad_config(self.file):
            return [
                FactRow(BatchId(*batch), position, serialize.load_facts(data, {rule: reader})[0])
                for *batch, position, data in rows
            ]

    def set_matches(self, found: Iterable[tuple[BatchId, int, tuple[Any, ...]]], left_out: Sequence[str]) -> None:
        """Replace all matches, and record that the articles are compared.

        `left_out` are phrases for what was not compared. They may be added while `found` is iterated.
        """
        rows = [(*batch, position, dump_json(match)) for batch, position, match in found]
        with self._transaction():
            self._connection.execute("DELETE FROM matches")
            self._connection.executemany("INSERT INTO matches VALUES (?, ?, ?, ?, ?)", rows)
            self.set_value("left out", "\n".join(left_out))
            self.set_value("compared", "yes")
            self._connection.execute("CREATE INDEX IF NOT EXISTS by_batch ON matches (archive, part, batch)")

    def left_out(self) -> list[str]:
        """Return what was not compared, as phrases."""
        return self.value("left out").splitlines()

    def matches(self, batch: BatchId) -> Matches:
        """Return the matches of a batch, by the position of the record."""
        found: dict[int, tuple[Any, ...]] = {}
        columns = f"position, {_BYTES.format('data')}"
        rows = self._query(f"SELECT {columns} FROM matches WHERE {_PLACE} ORDER BY rowid", batch)
        with _as_bad_config(self.file):
            for position, data in rows:
                found[position] = (*found.get(position, ()), load_json(data, _read_match))
        return found

    def matched_batches(self) -> frozenset[BatchId]:
        """Return the batches that have matches."""
        return frozenset(BatchId(*row) for row in self._query("SELECT DISTINCT archive, part, batch FROM matches"))

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _as_bad_config(self.file):
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _as_bad_config(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # after some errors, such as a full disk, SQLite has rolled back
                    self._connection.execute("ROLLBACK")
                raise


def delete(file: str) -> None:
    """Delete the files of a state."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(file + suffix)


@contextmanager
def _as_bad_config(file: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = "" if code == sqlite3.SQLITE_FULL else "; delete this file to start anew"
        why = "another run uses it" if code in _BUSY else f"{error}{advice}"
        raise BadConfig([f"{file}: the state of the run cannot be used: {why}"]) from None
    except (ValueError, LookupError):
        why = "it is damaged; delete this file to start anew"
        raise BadConfig([f"{file}: the state of the run cannot be used: {why}"]) from None
