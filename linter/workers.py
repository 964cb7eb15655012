"""Processes that do pieces of work side by side; one that dies takes nothing but its own piece with it."""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

Chunk = list[tuple[Any, ...]]  # pieces of work, each plain data
Work = Callable[[Chunk], bytes]

_TICK = 0.1  # seconds between two looks at the clock
_MOST = 60  # Windows waits for 63 things at once


class Done(NamedTuple):
    """What came of a chunk; `data` is None where the process died of it (it is one piece then), `death` says how."""

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
    """Do all chunks in `jobs` processes → what came of each, in no order.

    Each process calls `make` once for the function that does its work; unless `fork`, `make` is sent to it.
    `tick` is called every now and then. The chunk of a process that dies is done again piece by piece, each
    in a process of its own. Close the iterator to end all processes.
    """
    from multiprocessing import get_context

    context = get_context("fork" if fork else "spawn")
    queue, again = deque(chunks), []
    workers: list[_Worker] = []
    try:
        for _ in range(min(jobs, _MOST, len(queue))):
            workers.append(worker := _Worker.start(context, make, workers))
            worker.give(queue.popleft())
        for worker, data in _answers(workers, tick):
            if data is None:
                again += worker.chunk
                workers.remove(worker)
                workers.append(worker := _Worker.start(context, make, workers))
            else:
                yield Done(worker.chunk, data)
            worker.give(queue.popleft() if queue else [])
    finally:
        for worker in workers:
            worker.end()
    for piece in again:
        yield _alone(context, make, piece)
        tick()


def _answers(workers: list[_Worker], tick: Callable[[], None]) -> Iterator[tuple[_Worker, bytes | None]]:
    """What busy workers send, as it comes; None where one has died."""
    from multiprocessing.connection import wait

    while busy := {worker.connection: worker for worker in workers if worker.chunk}:
        for connection in wait(list(busy), _TICK):
            yield busy[connection], busy[connection].answer()  # type: ignore[index]
        tick()


def _alone(context: BaseContext, make: Callable[[], Work], piece: tuple[Any, ...]) -> Done:
    worker = _Worker.start(context, make, [])
    try:
        worker.give([piece])
        data = worker.answer()
        return Done([piece], data, "" if data is not None else worker.death())
    finally:
        worker.end()


@dataclass(eq=False)
class _Worker:
    """A process, our end of the pipe to it, and the chunk it is busy with (empty: none)."""

    process: BaseProcess
    connection: Connection
    chunk: Chunk

    @classmethod
    def start(cls, context: BaseContext, make: Callable[[], Work], others: list[_Worker]) -> _Worker:
        """A new one beside `others`, who are running."""
        ours, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        inherited = [ours, *(worker.connection for worker in others)] if forked else []
        process = context.Process(target=_serve, args=(theirs, make, inherited), daemon=True)  # type: ignore[attr-defined]
        with _no_interrupts():
            process.start()
        theirs.close()  # so that its death is the end of the pipe
        return cls(process, ours, [])

    def give(self, chunk: Chunk) -> None:
        self.chunk = chunk
        if chunk:
            with suppress(OSError):  # it is dead, as `answer` will say
                self.connection.send_bytes(marshal.dumps(chunk))

    def answer(self) -> bytes | None:
        try:
            return self.connection.recv_bytes()
        except (EOFError, OSError):
            return None

    def death(self) -> str:
        """How it died: the name of a signal, or its exit status."""
        self.process.join(1)
        code = self.process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def end(self) -> None:
        self.connection.close()
        self.process.kill()  # it is idle, or nobody wants its work any more
        self.process.join()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Ctrl-C waits; a process that is started meanwhile never hears of it, it is for the one that started it."""
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

    The sentinel of the parent is a pipe that the system closes. A forked worker holds the pipes of those forked before
    it open, so they end one after the other, the last one first.
    """
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)


def _serve(connection: Connection, make: Callable[[], Work], inherited: list[Connection]) -> None:
    """What a worker does until its pipe ends, as it does with the process that started it.

    It would never end while another process held the other end, so those that were `inherited` are closed.
    """
    for other in inherited:
        other.close()
    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, which knows no masks
    with suppress(EOFError, OSError):
        work = make()
        while True:
            connection.send_bytes(work(marshal.loads(connection.recv_bytes())))
