"""Process the records of archives on a Ray cluster, with Ray Data.

The parts of the archives are read in tasks, which divide them into chunks of records. Other tasks process the chunks.
If tasks are lost, because their processes died again and again, their records are processed on this machine, where a
record that ends a process becomes a problem.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import secrets
import socket
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from linter import output, workers
from linter.api import Linter
from linter.config.config import BadConfig
from linter.records import processes
from linter.records.archives import Archive, BadArchive, BatchId, Part, Record, require
from linter.records.arrow_checker import opened
from linter.records.checking import RecordResult
from linter.records.work import Item, Selection, Task, read_batches

OnRead = Callable[[int, int, float], None]  # takes the numbers of an archive and a part, and the share that is read

_EXTRA = "ray"
_RETRIES = 2  # of a task whose process died
_READERS = 4  # tasks that read at the same time; reading is a hundred times as fast as checking
_CHUNK_SIZE = 1_000_000  # code points of the records of a task
_TIMEOUT = 5  # seconds for connecting to a cluster
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # avoids a warning
    "RAY_NUM_REDIS_GET_RETRIES": "1",  # attempts to connect; each takes 40 s
}


class _Done(NamedTuple):
    """The results of a chunk, or the end of a part: `batches` is the number of its batches that have items."""

    archive: int
    part: int
    share: float
    results: list[tuple[BatchId, int, int, RecordResult]]  # batch, size, position, result
    batches: int | None = None


def process(
    linter: Linter,
    archives: tuple[Archive, ...],
    parts: Sequence[Sequence[Part]],
    task: Task,
    selection: Selection,
    *,
    jobs: int | None,
    address: str,
    on_read: OnRead,
) -> Generator[tuple[Item, RecordResult]]:
    """Yield each selected item with its result, in any order. The records of the items are empty.

    `jobs` is the maximum number of tasks at a time (None: automatic). `address` is that of a cluster, or "" to start
    Ray on this machine. Raises BadConfig if Ray is missing, or if there is no usable cluster.
    """
    received = _Received()
    with redirect_stdout(io.StringIO()), _connected(address, jobs) as ray:  # Ray prints to it when processes die
        bundle = linter.bundle()
        _try_out(ray, bundle)
        for done in _run(ray, bundle, archives, parts, task, selection, jobs):
            on_read(done.archive, done.part, done.share)
            yield from received.add(done)
    lost = {number for number in _numbers(parts, selection) if not received.is_complete(number)}
    if lost:
        output.to_standard_error("copydesk: processes of Ray died; the lost records are processed on this machine")
        rest = _lost_items(archives, parts, selection, lost, received)
        own = jobs or max(2, workers.usable_cpus())  # one process would be this one
        yield from processes.process(linter, archives, task, rest, jobs=max(2, own), on_wait=lambda: None)


class _Received:
    """The results that have arrived."""

    def __init__(self) -> None:
        self._complete: dict[tuple[int, int], set[BatchId]] = {}
        self._open: dict[BatchId, set[int]] = {}  # the positions that have arrived of other batches
        self._batches: dict[tuple[int, int], int] = {}

    def add(self, done: _Done) -> Iterator[tuple[Item, RecordResult]]:
        """Yield the results of a chunk that are new."""
        number = done.archive, done.part
        if done.batches is not None:
            self._batches[number] = done.batches
        for batch, size, position, result in done.results:
            if not self.has(batch, position):
                own = self._open.setdefault(batch, set())
                own.add(position)
                if len(own) == size:
                    del self._open[batch]
                    self._complete.setdefault(number, set()).add(batch)
                yield Item(batch, size, position, Record("", "")), result

    def has(self, batch: BatchId, position: int) -> bool:
        return batch in self._complete.get(batch[:2], ()) or position in self._open.get(batch, ())

    def is_complete(self, number: tuple[int, int]) -> bool:
        """Whether all results of a part have arrived. `number` has the numbers of the archive and the part."""
        return self._batches.get(number) == len(self._complete.get(number, ()))


def _numbers(parts: Sequence[Sequence[Part]], selection: Selection) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the archive and the part of each part that has selected records."""
    matched = {batch[:2] for batch in selection.matched}
    for archive, own in enumerate(parts):
        for part in range(len(own)):
            if not selection.only_matched or (archive, part) in matched:
                yield archive, part


def _lost_items(
    archives: tuple[Archive, ...],
    parts: Sequence[Sequence[Part]],
    selection: Selection,
    lost: Iterable[tuple[int, int]],
    received: _Received,
) -> Iterator[list[Item]]:
    """Yield the items of the parts in `lost` that have not arrived, one by one, so that each is in its own chunk."""
    for archive, part in sorted(lost):
        own = parts[archive][part]
        for items in read_batches(archives[archive], (archive, part), own, selection, lambda share: None):
            yield from ([item] for item in items if not received.has(item.batch, item.position))


def _run(
    ray: Any,
    bundle: bytes,
    archives: tuple[Archive, ...],
    parts: Sequence[Sequence[Part]],
    task: Task,
    selection: Selection,
    jobs: int | None,
) -> Iterator[_Done]:
    """Yield the results of all chunks that could be processed, as they arrive."""
    rows = [{"part": _part_row(parts, selection, *number)} for number in _numbers(parts, selection)]
    if not rows:
        return
    retries = {"ray_remote_args_fn": lambda: {"max_retries": _RETRIES}}
    given = {"batch_format": "pyarrow", "zero_copy_batch": True, **retries}
    readers = min(_READERS, len(rows))
    data = ray.data.from_items(rows, override_num_blocks=len(rows))
    data = data.map_batches(_Reader(archives), batch_size=1, num_cpus=0, concurrency=readers, **given)
    data = data.map_batches(_Worker(bundle, archives, task), batch_size=None, num_cpus=1, concurrency=jobs, **given)
    try:
        for table in data.iter_batches(batch_size=None, batch_format="pyarrow"):
            for each in table["done"].to_pylist():
                yield pickle.loads(each)
    except ray.exceptions.RayError as error:
        raise BadConfig([f"ray: the run was interrupted: {_one_line(error)}"]) from None


def _part_row(parts: Sequence[Sequence[Part]], selection: Selection, archive: int, part: int) -> bytes:
    """Return a part, with what is selected in it, as bytes for `_Reader`."""
    number = archive, part
    done = frozenset(batch for batch in selection.done if batch[:2] == number)
    matches = {each: selection.matches(each) for each in selection.matched if each[:2] == number}
    return pickle.dumps((number, parts[archive][part], done, matches, selection.only_matched))


class _Reader(NamedTuple):
    """Reads parts, and divides them into chunks."""

    archives: tuple[Archive, ...]

    def __call__(self, table: Any) -> Iterator[Any]:
        for row in table["part"].to_pylist():
            number, part, done, matches, only_matched = pickle.loads(row)
            shares = [0.0]
            selection = Selection(done, matches.__getitem__, frozenset(matches), only_matched=only_matched)
            batches = 0
            for items in read_batches(self.archives[number[0]], number, part, selection, shares.append):
                batches += 1
                for chunk in processes.chunks([items], _CHUNK_SIZE):
                    yield _table("chunk", (*number, shares[-1], chunk, None))
                del shares[:-1]
            yield _table("chunk", (*number, 1.0, [], batches))


class _Worker(NamedTuple):
    """Processes chunks."""

    bundle: bytes
    archives: tuple[Archive, ...]
    task: Task

    def __call__(self, table: Any) -> Iterator[Any]:
        checker = opened(self.bundle)
        for row in table["chunk"].to_pylist():
            archive, part, share, chunk, batches = pickle.loads(row)
            found = self.task.run(checker, self.archives[archive], chunk)
            pairs = zip(chunk, found, strict=True)
            results = [(item.batch, item.size, item.position, result) for item, result in pairs]
            yield _table("done", _Done(archive, part, share, results, batches))


def _table(name: str, value: object) -> Any:
    """Return a table with one row, which contains a value as bytes."""
    pa = require("pyarrow", _EXTRA)
    return pa.table({name: pa.array([pickle.dumps(value)], pa.large_binary())})


@contextmanager
def _connected(address: str, jobs: int | None) -> Iterator[Any]:
    """Return the module `ray`, connected to a cluster, in a context. Without an address, Ray is started.

    Raises BadConfig if Ray is missing, or if there is no cluster at the address.
    """
    own = {} if address else {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}  # it listens to all
    for name, value in (_QUIET | own).items():
        os.environ.setdefault(name, value)  # Ray reads them when it is imported
    ray = _imported()
    if ray.is_initialized():
        yield ray
        return
    given: dict[str, Any] = {"address": address}
    if address:
        _require_server(address)
    else:
        given = {"address": "local", "num_cpus": jobs or workers.usable_cpus(), "include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **given)
    except Exception as error:
        where = f"--ray-address: “{address}”" if address else "--engine ray"
        raise BadConfig([f"{where}: Ray cannot be used: {_one_line(error)}"]) from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _imported() -> Any:
    """Import Ray Data quietly. Raises BadConfig if it is missing."""
    try:
        ray = require("ray", _EXTRA)
        require("pyarrow", _EXTRA)
        require("ray.data", _EXTRA)
    except BadArchive as error:
        raise BadConfig([f"--engine ray: {error}"]) from None
    warnings.filterwarnings("ignore", message="`ray_remote_args")
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1  # `process` finds what is missing
    context.target_max_block_size = 1  # bytes: each chunk is a block, which any process can take
    return ray


def _require_server(address: str) -> None:
    """Raise BadConfig if nothing listens at an address. Ray itself would try for many minutes."""
    if address == "auto":
        return
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        port = parts.port or 10001
        socket.create_connection((parts.hostname or "", port), _TIMEOUT).close()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadConfig([f"--ray-address: there is no Ray cluster at “{address}”: {why}"]) from None


def _try_out(ray: Any, bundle: bytes) -> None:
    """Raise BadConfig if the processes of the cluster cannot open the bundle, as when copydesk is missing there."""
    try:
        ray.get(ray.remote(num_cpus=0, max_retries=_RETRIES)(_open).remote(bundle))
    except Exception as error:
        raise BadConfig([f"ray: copydesk cannot be used on the cluster: {_one_line(error)}"]) from None


def _open(bundle: bytes) -> None:
    opened(bundle)


def _one_line(error: Exception) -> str:
    """Return the last line of an error, which has the cause in errors of Ray."""
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
