"""Run work in worker processes. If a process dies, at most the item that the process was working on is lost.

Each process has its own pipe. The processes of `concurrent.futures` and Pebble share one pipe: if a process is killed
while it sends a large result, these pools wait forever for the rest of the result.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Chunk = list[tuple[Any, ...]]  # items of work, each plain data
Work = Callable[[Chunk], bytes]

_POLL_INTERVAL = 0.1  # seconds between two calls of `on_wait`
_THREADED = ("pyarrow", "ray")  # packages that start threads which Python does not know
_MAX_PROCESSES = 60  # Windows can wait for 63 objects at once


class Done(NamedTuple):
    """The result of a chunk. If the process died, `data` is None, and `death` names the signal or the exit status."""

    chunk: Chunk
    data: bytes | None
    death: str = ""

    @property
    def cause(self) -> str:
        """The death, with its usual reason if there is one."""
        return f"{self.death}, as when memory runs out" if self.death == "SIGKILL" else self.death


def usable_cpus() -> int:
    """Return the number of processors that this process may use, at least 1 and at most 60."""
    if hasattr(os, "sched_getaffinity"):
        return min(_MAX_PROCESSES, len(os.sched_getaffinity(0)))
    return min(_MAX_PROCESSES, os.cpu_count() or 1)


def can_fork() -> bool:
    """Whether this process can be forked safely: only on Linux, and only if no other thread could hold a lock."""
    import threading

    alone = threading.active_count() == 1 and not any(name in sys.modules for name in _THREADED)
    return sys.platform == "linux" and alone


def results(
    chunks: Iterable[Chunk], jobs: int, make: Callable[[], Work], *, fork: bool, on_wait: Callable[[], None]
) -> Generator[Done]:
    """Process all chunks in at most `jobs` processes, and yield the results as they arrive, in any order.

    Each chunk is taken from `chunks` only when a process is free.

    There are at most 60 processes. Each process calls `make` once to get the function that does its work. If `fork` is
    false, processes are spawned, and `make` is pickled. `on_wait` is called about every 0.1 s while this function waits
    for results. If a process dies, each item of its chunk is repeated at the end in a process of its own. If that
    process dies too, the result of the item has no data. Close the iterator to end all processes.
    """
    start = starter(make, fork=fork)
    died = yield from _once(chunks, min(jobs, _MAX_PROCESSES), start, on_wait)
    for item in [item for done in died for item in done.chunk]:
        yield from (yield from _once([[item]], 1, start, on_wait))


def starter(make: Callable[[], Work], *, fork: bool) -> Callable[[], Worker]:
    """Return a function that starts a worker process. The arguments are as in `results`."""
    from multiprocessing import get_context

    if not fork and hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # its start may unblock SIGINT (python/cpython#127586)

    def start() -> Worker:
        with _no_interrupts():
            return Worker(context, make)

    context = get_context("fork" if fork else "spawn")
    return start


def _once(
    chunks: Iterable[Chunk], jobs: int, start: Callable[[], Worker], on_wait: Callable[[], None]
) -> Generator[Done, None, list[Done]]:
    """Process each chunk once, and yield the results as they arrive.

    The results of chunks whose process died are not yielded, but returned in a list at the end.
    """
    from multiprocessing.connection import wait

    queue, died = iter(chunks), []
    workers: dict[Any, Worker] = {}  # the busy workers, by their connections
    following = next(queue, None)
    try:
        while following is not None or workers:
            while following is not None and len(workers) < jobs:
                with _no_interrupts():
                    worker = start()
                    workers[worker.connection] = worker
                worker.give(following)
                following = next(queue, None)
            for connection in wait(list(workers), _POLL_INTERVAL):
                worker = workers[connection]
                done = worker.answer()
                if following is not None and done.data is not None:
                    worker.give(following)
                    following = next(queue, None)
                else:
                    worker.end()
                    del workers[connection]
                if done.data is None:
                    died.append(done)
                else:
                    yield done
            on_wait()
    finally:
        for worker in workers.values():
            worker.end()
    return died


class Worker:
    """A worker process, with a pipe to the process and its current chunk."""

    def __init__(self, context: Any, make: Callable[[], Work]) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, make), daemon=True)
        self.process.start()
        theirs.close()  # so that the pipe ends when the process does

    def give(self, chunk: Chunk) -> None:
        """Send a chunk to the process."""
        self.chunk = chunk
        with suppress(OSError):  # the process is dead, as `answer` will report
            self.connection.send(chunk)

    def answer(self) -> Done:
        """Wait for the result of the chunk, and return it."""
        try:
            return Done(self.chunk, self.connection.recv_bytes())
        except (EOFError, OSError):
            self.process.join(1)
            code = self.process.exitcode or 0
            return Done(self.chunk, None, signal.Signals(-code).name if code < 0 else f"exit status {code}")

    def end(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Block SIGINT in this context, and in the processes that are started in it, except on Windows."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when its parent ends, even in the middle of a chunk."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    if parent := parent_process():
        # A forked worker keeps open the pipes of earlier workers, so workers end one after another, newest first.
        wait([parent.sentinel])
        os._exit(1)


def _serve(connection: Connection, make: Callable[[], Work]) -> None:
    """Process one chunk after another until the parent process ends, or ends this process."""
    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, which has no signal masks
    with suppress(EOFError, OSError):
        work = make()
        while True:
            connection.send_bytes(work(connection.recv()))
