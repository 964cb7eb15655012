"""A cache that maps keys to values, both bytes, in one SQLite file that several processes may use at once.

A second table is an index of the facts of articles: it maps hashes to the keys of facts.

The content of the file is not trusted: every value has a checksum, which reveals damage, and callers check the types of
what they read, which protects against forgery. A damaged file is replaced; losing it only costs time. Except on
Windows, the file is accessible only to the user who runs copydesk.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b
from time import monotonic, sleep, time
from typing import TypeVar

MAX_SIZE = 256_000_000  # bytes; beyond this, the least recently used half is deleted
VARIABLE = "COPYDESK_CACHE_DIR"
_NAME = "results-2.sqlite3"  # the number changes with the format
_SUFFIXES = ("", "-wal", "-shm", "-journal")  # suffixes of the files that SQLite creates for a database
# Files that make copydesk itself, backup programs and git skip the folder.
_MARKERS = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of copydesk; https://bford.info/cachedir/\n",
    ".gitignore": "# A cache of copydesk\n*\n",
}
_TIMEOUT = 2.0  # seconds to wait while another process writes
_BATCH = 500  # keys in one query; SQLite allows 999 values
_LARGEST = 50_000_000  # bytes of a value
_DAY = 86_400
_PRAGMAS = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
_TABLES = (
    "kept (key BLOB PRIMARY KEY, sum BLOB, value BLOB, used INTEGER)",
    "facts (hash INTEGER, key BLOB, PRIMARY KEY (hash, key)) WITHOUT ROWID",
)
_EVICT = (
    "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT (SELECT count(*) / 2 + 1 FROM kept))",
    "DELETE FROM facts WHERE key NOT IN (SELECT key FROM kept)",
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
# Errors that are due to the system; any other error of SQLite means that the file is damaged.
_ENVIRONMENT = _BUSY | {
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOLFS),
}
T = TypeVar("T")


def cache_folder() -> str:
    """Return the folder of the cache: the value of COPYDESK_CACHE_DIR or, by default, copydesk's user cache folder."""
    if folder := os.environ.get(VARIABLE):
        return folder
    import platformdirs

    return platformdirs.user_cache_dir("copydesk", appauthor=False)


@dataclass(eq=False)
class Cache:
    """The cache in `folder`, which is created on first use.

    After a failure, nothing is read or stored, but no method raises an error. `failure` is the reason why the cache
    cannot be used, or "". A cache may be used again after `close`. Call `close` before this process is forked, so that
    each process opens a connection of its own.
    """

    folder: str
    max_size: int = MAX_SIZE
    failure: str = ""

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those `keys` that are in the cache, by key."""
        found: dict[bytes, bytes] = {}
        for at in range(0, len(keys), _BATCH):
            some = keys[at : at + _BATCH]
            found |= self._attempt(partial(self._select, some)) or {}
        return found

    def find(self, hash_: int) -> list[bytes]:
        """Return the keys of facts that the index has for a hash."""
        return self._attempt(partial(self._lookup, hash_)) or []

    def put(self, rows: Iterable[tuple[bytes, bytes]], entries: Iterable[tuple[int, bytes]] = ()) -> None:
        """Store `rows`, which are pairs (key, value), and `entries` of the index, which are pairs (hash, key).

        Values of 50 MB or more are not stored.
        """
        today = _today()
        stamped = [(key, _checksum(key, value), value, today) for key, value in rows if len(value) < _LARGEST]
        if stamped:
            self._attempt(partial(self._insert, stamped, sorted(entries)))

    def close(self) -> None:
        """Close the connection to the file. The next call of `get` or `put` opens a new one."""
        if connection := self.__dict__.pop("_connection", None):
            with suppress(sqlite3.Error):
                connection.close()

    @property
    def file(self) -> str:
        return os.path.join(self.folder, _NAME)

    def report(self) -> None:
        """If there was a failure, print on standard error why the cache cannot be used."""
        if self.failure:
            from linter import output

            output.to_standard_error(
                f"copydesk: the cache in {self.folder} cannot be used: {self.failure}; results are not kept"
            )

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        _prepare(self.folder)
        connection = sqlite3.connect(self.file, timeout=_TIMEOUT, isolation_level=None)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * _LARGEST)
            _retry_while_busy(partial(_open, connection))
        except BaseException:
            connection.close()
            raise
        return connection

    def _select(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        places = ",".join("?" * len(keys))
        rows = self._connection.execute(f"SELECT key, sum, value, used FROM kept WHERE key IN ({places})", keys)
        found, old, today = {}, [], _today()
        for key, checksum, value, used in rows:
            if isinstance(key, bytes) and isinstance(value, bytes) and checksum == _checksum(key, value):
                found[key] = value
                if used != today:
                    old.append((today, key))
        if old:
            self._touch(old)
        return found

    def _touch(self, keys: Sequence[tuple[int, bytes]]) -> None:
        """Set the day on which values were last used, if possible. `keys` are pairs (day, key).

        Raises sqlite3.Error if the file is damaged.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("UPDATE kept SET used = ? WHERE key = ?", keys)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if _is_damage(error):
                raise
            self.close()

    def _lookup(self, hash_: int) -> list[bytes]:
        rows = self._connection.execute("SELECT key FROM facts WHERE hash = ?", (hash_,))
        return [key for (key,) in rows if isinstance(key, bytes)]

    def _insert(self, rows: Sequence[tuple[bytes, bytes, bytes, int]], entries: Sequence[tuple[int, bytes]]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
        self._connection.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", entries)
        (pages,), (free,), (size,) = (
            execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self.max_size:
            for statement in _EVICT:
                execute(statement)
        execute("COMMIT")

    def _attempt(self, work: Callable[[], T]) -> T | None:
        """Return the result of `work`, or None if the cache fails, which sets `failure`.

        If the file is damaged, it is replaced, and `work` is called once more.
        """
        for attempt in (1, 2):
            if self.failure:
                break
            try:
                return work()
            except sqlite3.Error as error:
                self.close()
                if attempt == 2 or not _is_damage(error) or not self._remove_damaged():
                    self.failure = self.failure or str(error)
            except (OSError, ValueError, TypeError) as error:  # ValueError: U+0000 in the path
                self.close()
                self.failure = getattr(error, "strerror", None) or str(error)
        return None

    def _remove_damaged(self) -> bool:
        """Remove the damaged file. Return whether this succeeded; if not, set `failure`."""
        try:
            clear_cache(self.folder)
        except OSError as error:
            self.failure = error.strerror or str(error)
        return not self.failure


def clear_cache(folder: str) -> int:
    """Delete the cache in `folder`, and return its size in bytes. Raises OSError if the cache cannot be deleted.

    The folder itself and all other files, such as those that mark it as a cache, remain.
    """
    size = 0
    for suffix in _SUFFIXES:
        file = os.path.join(folder, _NAME + suffix)
        with suppress(FileNotFoundError):
            size += os.lstat(file).st_size
            os.unlink(file)
    return size


def _prepare(folder: str) -> None:
    """Create the folder and the file, with access for this user only. Raises OSError if this fails or is not safe."""
    file = os.path.join(folder, _NAME)
    try:
        os.makedirs(folder, 0o700)
    except FileExistsError:
        _check_folder(folder)
    for suffix in _SUFFIXES:
        _check_file(file + suffix)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # SQLite gives its other files this mode
        _mark_folder(folder)


def _mark_folder(folder: str) -> None:
    """Mark `folder` as a cache if it has only copydesk files."""
    if _is_ours(folder):
        for name, text in _MARKERS.items():
            with suppress(OSError), open(os.path.join(folder, name), "x", encoding="ascii", newline="\n") as opened:
                opened.write(text)


def _is_ours(folder: str) -> bool:
    """Whether a folder contains only copydesk files, and at least one."""
    names = os.listdir(folder)
    return bool(names) and all(name in _MARKERS or name.startswith(_NAME) for name in names)


def _check_folder(folder: str) -> None:
    """Check the cache folder, and restrict access to it if needed. Raises OSError if the folder is not safe."""
    status = os.stat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise OSError("it is not a folder")
    if hasattr(os, "geteuid"):
        if status.st_uid != os.geteuid():
            raise OSError("the folder belongs to another user")
        if status.st_mode & 0o077 and not status.st_mode & stat.S_ISVTX and _is_ours(folder):
            os.chmod(folder, 0o700)
        elif status.st_mode & 0o022:
            raise OSError("other users may write to the folder")


def _check_file(file: str) -> None:
    """Check `file`, if it exists, and restrict access to it if needed. Raises OSError if the file is not safe."""
    try:
        status = os.lstat(file)
    except FileNotFoundError:
        return
    name = os.path.basename(file)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{name} is not a regular file")
    if hasattr(os, "geteuid"):
        if status.st_uid != os.geteuid():
            raise OSError(f"{name} belongs to another user")
        if status.st_mode & 0o022:
            raise OSError(f"other users may write to {name}")
        if status.st_mode & 0o077:
            os.chmod(file, 0o600)


def _open(connection: sqlite3.Connection) -> None:
    """Set up a connection, and create the tables if there are none. Raises sqlite3.Error if the file cannot be used."""
    connection.executescript(_PRAGMAS)
    tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if not tables:
        create = "".join(f"CREATE TABLE IF NOT EXISTS {table};" for table in _TABLES)
        connection.executescript(f"BEGIN IMMEDIATE; {create} COMMIT;")
    elif tables != [(f"CREATE TABLE {table}",) for table in _TABLES]:
        raise sqlite3.DatabaseError("another form")


def _retry_while_busy(work: Callable[[], None]) -> None:
    """Call `work`, and retry for about 2 seconds while another process keeps the file busy."""
    deadline = monotonic() + _TIMEOUT
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            # SQLite itself does not wait while another process sets up the file.
            if _code(error) not in _BUSY or monotonic() > deadline:
                raise
            sleep(0.01)


def _is_damage(error: sqlite3.Error) -> bool:
    return _code(error) not in _ENVIRONMENT


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _checksum(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key, digest_size=16).digest()


def _today() -> int:
    return int(time() // _DAY)
