"""What a run found out, kept for the next one: bytes under keys, in one file that several processes use at once.

Nothing in it is trusted: every value has a checksum, and a file that is damaged is made anew. Losing it costs time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from time import time
from typing import TypeVar

from linter.digest import blake2b

MOST = 256_000_000  # bytes of the file at which the half that was not used for longest goes
VARIABLE = "COPYDESK_CACHE_DIR"
_NAME = "outcomes-1.sqlite3"  # another number for another form
_PATIENCE = 2.0  # seconds to wait while another process writes
_BATCH = 500  # keys asked for at once; SQLite takes 999 values
_DAY = 86_400
_SETTINGS = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
_TABLE = "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, sum BLOB, value BLOB, used INTEGER);"
_FORGET = "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT (SELECT count(*) / 2 + 1 FROM kept))"
T = TypeVar("T")


def place() -> str:
    """The folder for it: as the environment says, else where this system keeps what can be made anew."""
    if folder := os.environ.get(VARIABLE):
        return folder
    import platformdirs

    return platformdirs.user_cache_dir("copydesk", appauthor=False)


@dataclass(eq=False)
class Cache:
    """The cache in a folder, which is made when it is first needed. Never raises: what fails is not kept.

    After `close` it may be used again, so that a process that is forked meanwhile has a connection of its own.
    """

    folder: str
    most: int = MOST

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values that are there for `keys`."""
        found: dict[bytes, bytes] = {}
        for at in range(0, len(keys), _BATCH):
            some = keys[at : at + _BATCH]
            found |= self._tried(partial(self._got, some)) or {}
        return found

    def put(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep values under keys."""
        today = _today()
        stamped = [(key, _checksum(key, value), value, today) for key, value in rows]
        if stamped:
            self._tried(partial(self._put, stamped))

    def close(self) -> None:
        """Let go of the file."""
        if connection := self.__dict__.pop("_connection", None):
            with suppress(sqlite3.Error):
                connection.close()

    @property
    def file(self) -> str:
        return os.path.join(self.folder, _NAME)

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        os.makedirs(self.folder, exist_ok=True)
        connection = sqlite3.connect(self.file, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.executescript(_SETTINGS + _TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _got(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        places = ",".join("?" * len(keys))
        rows = self._connection.execute(f"SELECT key, sum, value, used FROM kept WHERE key IN ({places})", keys)
        found, old, today = {}, [], _today()
        for key, checksum, value, used in rows:
            if isinstance(key, bytes) and isinstance(value, bytes) and checksum == _checksum(key, value):
                found[key] = value
                if used != today:
                    old.append((today, key))
        if old:
            self._connection.execute("BEGIN")
            self._connection.executemany("UPDATE kept SET used = ? WHERE key = ?", old)
            self._connection.execute("COMMIT")
        return found

    def _put(self, rows: Sequence[tuple[bytes, bytes, bytes, int]]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
        (pages,), (free,), (size,) = (
            execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self.most:
            execute(_FORGET)
        execute("COMMIT")

    def _tried(self, work: Callable[[], T]) -> T | None:
        """What `work` gives, or None; a damaged file is thrown away, whatever else fails leaves things as they are."""
        try:
            return work()
        except sqlite3.OperationalError:  # locked, no room, not to be opened
            self.close()
        except sqlite3.DatabaseError:
            self.close()
            clear(self.folder)
        except (OSError, ValueError, TypeError):
            self.close()
        return None


def clear(folder: str) -> int:
    """Throw the cache in a folder away → the bytes that this gave back. Raises OSError where it must stay."""
    size = 0
    for end in ("", "-wal", "-shm", "-journal"):
        file = os.path.join(folder, _NAME + end)
        with suppress(FileNotFoundError):
            size += os.path.getsize(file)
            os.unlink(file)
    return size


def _checksum(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key, digest_size=16).digest()


def _today() -> int:
    return int(time() // _DAY)
