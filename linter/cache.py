"""What a run found out, kept for the next one: bytes under keys, in one file that several processes use at once.

Nothing in it is trusted: every value has a checksum against damage, its readers check its form against forgery, and a
file that is damaged is made anew. Losing it costs time. Only this user may read or write it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from time import monotonic, sleep, time
from typing import TypeVar

from linter.digest import blake2b

MOST = 256_000_000  # bytes of the file at which the half that was not used for longest goes
VARIABLE = "COPYDESK_CACHE_DIR"
_NAME = "outcomes-2.sqlite3"  # another number for another form
_EARLIER = ("outcomes-1.sqlite3",)  # earlier versions of copydesk kept theirs here
_ENDS = ("", "-wal", "-shm", "-journal")  # of the files that SQLite makes
# Files that tell other programs what the folder is: copydesk itself, backup programs and git pass it over.
_MARKERS = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of copydesk; https://bford.info/cachedir/\n",
    ".gitignore": "# A cache of copydesk\n*\n",
}
_PATIENCE = 2.0  # seconds to wait while another process writes
_BATCH = 500  # keys asked for at once; SQLite takes 999 values
_LARGEST = 50_000_000  # bytes of a value
_DAY = 86_400
_SETTINGS = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
_COLUMNS = "kept (key BLOB PRIMARY KEY, sum BLOB, value BLOB, used INTEGER)"
_FORGET = "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT (SELECT count(*) / 2 + 1 FROM kept))"
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
# What the machine is to blame for; whatever else SQLite says means that the file is damaged.
_ENVIRONMENT = _BUSY | {
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOLFS),
}
T = TypeVar("T")


def cache_folder() -> str:
    """The folder for it: as the environment says, else where this system keeps what can be made anew."""
    if folder := os.environ.get(VARIABLE):
        return folder
    import platformdirs

    return platformdirs.user_cache_dir("copydesk", appauthor=False)


@dataclass(eq=False)
class Cache:
    """The cache in a folder, which is made when it is first needed. Never raises: what fails is not kept.

    After `close` it may be used again, so that a process that is forked meanwhile has a connection of its own.
    `failure` says why it cannot be used, and is "" while it can.
    """

    folder: str
    most: int = MOST
    failure: str = ""

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
        stamped = [(key, _checksum(key, value), value, today) for key, value in rows if len(value) < _LARGEST]
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

    def report(self) -> None:
        """Say on standard error why it cannot be used, if that is so."""
        if self.failure:
            from linter import output

            output.to_standard_error(
                f"copydesk: the cache in {self.folder} cannot be used: {self.failure}; results are not kept"
            )

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        _prepare(self.folder)
        connection = sqlite3.connect(self.file, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * _LARGEST)
            _patiently(partial(_open, connection))
        except BaseException:
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
            self._touch(old)
        return found

    def _touch(self, keys: Sequence[tuple[int, bytes]]) -> None:
        """Note that values were used today, unless another process writes all the time or the disk is full."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("UPDATE kept SET used = ? WHERE key = ?", keys)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if _is_damage(error):
                raise
            self.close()

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
        """What `work` gives, or None; a damaged file is replaced, whatever else fails is the end of the cache."""
        for attempt in (1, 2):
            if self.failure:
                break
            try:
                return work()
            except sqlite3.Error as error:
                self.close()
                if attempt == 2 or not _is_damage(error) or not self._is_removed():
                    self.failure = self.failure or str(error)
            except (OSError, ValueError, TypeError) as error:  # ValueError: U+0000 in the path
                self.close()
                self.failure = getattr(error, "strerror", None) or str(error)
        return None

    def _is_removed(self) -> bool:
        """Remove the damaged file; whether that was possible."""
        try:
            _remove(self.folder, _NAME)
        except OSError as error:
            self.failure = error.strerror or str(error)
        return not self.failure


def clear_cache(folder: str) -> int:
    """Throw the cache in a folder away → the bytes that this gave back. Raises OSError where it must stay."""
    size = sum(_remove(folder, name) for name in (_NAME, *_EARLIER))
    for name, text in _MARKERS.items():
        with suppress(OSError, ValueError):
            file = os.path.join(folder, name)
            with open(file, encoding="ascii") as opened:
                ours = opened.read(len(text) + 1) == text
            if ours:
                os.unlink(file)
    return size


def _remove(folder: str, name: str) -> int:
    """Remove a database → its size in bytes. Raises OSError where it must stay."""
    size = 0
    for end in _ENDS:
        file = os.path.join(folder, name + end)
        with suppress(FileNotFoundError):
            size += os.lstat(file).st_size
            os.unlink(file)
    return size


def _prepare(folder: str) -> None:
    """Make the folder and the file, for this user alone.

    Raises OSError where that is not possible, and where another user may have written what lies there.
    """
    file = os.path.join(folder, _NAME)
    try:
        os.makedirs(folder, 0o700)
    except FileExistsError:
        _judge_folder(folder)
    for end in _ENDS:
        _judge_file(file + end)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # SQLite gives its other files this mode
        _mark_folder(folder)


def _mark_folder(folder: str) -> None:
    """Remove what earlier versions kept in a folder, and mark it as a cache if nothing else lies there."""
    with suppress(OSError):
        for name in _EARLIER:
            _remove(folder, name)
    if _is_ours(folder):
        for name, text in _MARKERS.items():
            with suppress(OSError), open(os.path.join(folder, name), "x", encoding="ascii", newline="\n") as opened:
                opened.write(text)


def _is_ours(folder: str) -> bool:
    """Whether a folder holds what copydesk makes there, and nothing else."""
    files = (_NAME, *_EARLIER)
    names = os.listdir(folder)
    return bool(names) and all(name in _MARKERS or name.startswith(files) for name in names)


def _judge_folder(folder: str) -> None:
    """Take other users' rights to our folder away. Raises OSError where they may have written into it."""
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


def _judge_file(file: str) -> None:
    """The same for a file, if it is there."""
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
    """Set a connection up. Raises sqlite3.Error, also where a table is not as this version makes it."""
    connection.executescript(_SETTINGS)
    tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if not tables:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {_COLUMNS}")
    elif tables != [(f"CREATE TABLE {_COLUMNS}",)]:
        raise sqlite3.DatabaseError("another form")


def _patiently(work: Callable[[], None]) -> None:
    """Do it again while another process sets the file up: SQLite does not wait for that by itself."""
    end = monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            if _code(error) not in _BUSY or monotonic() > end:
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
