"""Processes that work side by side; one that dies costs only the piece that it was on.

Each process has its own pipe. The processes of `concurrent.futures` and Pebble share one: when one of them is killed
while it sends a large answer, those pools wait for the rest of it forever.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Chunk = list[tuple[Any, ...]]  # pieces of work, each plain data
Work = Callable[[Chunk], bytes]

_TICK = 0.1  # seconds between two looks at the clock
_MOST = 60  # Windows waits for 63 things at once


class Done(NamedTuple):
    """The answer to a chunk; where the process died, `data` is None and `death` says how."""

    chunk: Chunk
    data: bytes | None
    death: str = ""


def usable_cpus() -> int:
    """How many processors this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return min(_MOST, len(os.sched_getaffinity(0)))
    return min(_MOST, os.cpu_count() or 1)


def can_fork() -> bool:
    """Whether a copy of this process is sure to work: on Linux, and with no other thread that may hold a lock."""
    import threading

    return sys.platform == "linux" and threading.active_count() == 1


def results(
    chunks: Iterable[Chunk], jobs: int, make: Callable[[], Work], *, fork: bool, tick: Callable[[], None]
) -> Generator[Done]:
    """Do all chunks in `jobs` processes → the answers as they arrive, in no order.

    Each process calls `make` once for the function that does its work; unless `fork`, `make` is sent to it.
    `tick` is called about every 0.1 s. The chunk of a process that dies is done again at the end, piece by piece, each
    in a process of its own; a piece whose process dies again has no answer. Close the iterator to end all processes.
    """
    from multiprocessing import get_context

    if not fork and hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # without the fix of python/cpython#127586 its start unblocks SIGINT
    start = partial(_Worker, get_context("fork" if fork else "spawn"), make)
    died = yield from _once(chunks, min(jobs, _MOST), start, tick)
    for piece in [piece for done in died for piece in done.chunk]:
        yield from (yield from _once([[piece]], 1, start, tick))


def _once(
    chunks: Iterable[Chunk], jobs: int, start: Callable[[], _Worker], tick: Callable[[], None]
) -> Generator[Done, None, list[Done]]:
    """Do each chunk once → the answers as they arrive; returns the chunks whose process died."""
    from multiprocessing.connection import wait

    queue, died = deque(chunks), []
    workers: dict[Any, _Worker] = {}  # those that have a chunk, by their connection
    try:
        while queue or workers:
            while queue and len(workers) < jobs:
                with _no_interrupts():
                    worker = start()
                    workers[worker.connection] = worker
                worker.give(queue.popleft())
            for connection in wait(list(workers), _TICK):
                worker = workers[connection]
                done = worker.answer()
                if queue and done.data is not None:
                    worker.give(queue.popleft())
                else:
                    worker.end()
                    del workers[connection]
                if done.data is None:
                    died.append(done)
                else:
                    yield done
            tick()
    finally:
        for worker in workers.values():
            worker.end()
    return died


class _Worker:
    """A process, our end of the pipe to it, and its current chunk."""

    def __init__(self, context: Any, make: Callable[[], Work]) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, make), daemon=True)
        self.process.start()
        theirs.close()  # so that the pipe ends when the process does

    def give(self, chunk: Chunk) -> None:
        self.chunk = chunk
        with suppress(OSError):  # the process is dead, as `answer` will say
            self.connection.send(chunk)

    def answer(self) -> Done:
        try:
            return Done(self.chunk, self.connection.recv_bytes())
        except (EOFError, OSError):
            self.process.join(1)
            code = self.process.exitcode or 0
            return Done(self.chunk, None, signal.Signals(-code).name if code < 0 else f"exit status {code}")

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Block SIGINT; a process that is started meanwhile never receives it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when the one that started it ends, also in the middle of a chunk.

    The sentinel of the parent is a pipe that the system closes. A forked worker keeps the pipes of those forked before
    it open, so they end one after the other, the last one first.
    """
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)


def _serve(connection: Connection, make: Callable[[], Work]) -> None:
    """Answer one chunk after the other; the process is ended from outside."""
    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, which has no signal masks
    with suppress(EOFError, OSError):
        work = make()
        while True:
            connection.send_bytes(work(connection.recv()))
