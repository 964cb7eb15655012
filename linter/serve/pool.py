"""Worker processes for an asyncio program. A process that takes too long is killed; the others continue.

A thread cannot be stopped, so every task runs in a process. Each process has its own pipe (see `workers`), and a
thread of this process waits for its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import TypeVar

from linter import workers
from linter.workers import Done, Work, Worker

_T = TypeVar("_T")
_START_SECONDS = 60.0  # for a new process to become ready; it takes about a second
_PAUSE_SECONDS = 1.0  # between attempts to start a process, and between checks of idle processes


class Busy(Exception):
    """Too many tasks wait for a process, or a task has waited too long."""


class TimeLimit(Exception):
    """A task took too long, and its process was killed."""


class Died(Exception):
    """The process of a task died, for example because memory ran out."""


class Pool:
    """A fixed number of worker processes.

    `ready` is a task that each new process must answer before it gets others. At most `waiting` tasks wait for a
    process. `on_end` is called with the reason, “time limit” or “died”, whenever a process is replaced.
    """

    def __init__(
        self,
        make: Callable[[], Work],
        ready: tuple[object, ...],
        *,
        jobs: int,
        seconds: float,
        waiting: int,
        on_end: Callable[[str], None],
    ) -> None:
        self._processes = _Processes(workers.starter(make, fork=False))
        self._ready, self._jobs, self._seconds, self._most, self._on_end = ready, jobs, seconds, waiting, on_end
        self._threads = ThreadPoolExecutor(2 * jobs)  # while processes answer, as many others are replaced
        self._workers: set[Worker] = set()  # those that are ready or busy
        self._idle: asyncio.Queue[Worker] = asyncio.LifoQueue()  # the last used is the fastest; some may be dead
        self._background: set[asyncio.Task[None]] = set()
        self.waiting = 0  # tasks that wait for a process

    async def start(self) -> None:
        """Start the processes, and wait until they are ready. Raises Died or OSError if one of them does not start."""
        await asyncio.gather(*(self._add() for _ in range(self._jobs)))
        self._run_in_background(self._watch())

    @property
    def size(self) -> int:
        """The number of processes that are ready or busy."""
        return len(self._workers)

    async def run(self, task: tuple[object, ...]) -> bytes:
        """Return the answer of a process to a task, which is plain data. Raises Busy, TimeLimit or Died."""
        worker = await self._take()
        try:
            answer = await self._ask(worker, task, self._seconds)
        except (TimeLimit, Died) as error:
            self._end(worker, "time limit" if isinstance(error, TimeLimit) else "died")
            raise
        self._idle.put_nowait(worker)
        return answer

    async def close(self) -> None:
        """End all processes."""
        for task in self._background:
            task.cancel()
        self._processes.close()
        self._threads.shutdown()

    async def _take(self) -> Worker:
        """Return a process that is alive and has no task."""
        if self.waiting >= self._most:
            raise Busy
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    worker = await self._idle.get()
                    if worker in self._workers and worker.process.is_alive():
                        return worker
                    self._end(worker, "died")
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1

    async def _ask(self, worker: Worker, task: tuple[object, ...], seconds: float) -> bytes:
        """Return the answer of a process to a task. Raises TimeLimit or Died; then the process must be replaced."""
        loop = asyncio.get_running_loop()
        kill = loop.call_later(seconds, worker.process.kill)  # also ends the exchange
        try:
            done = await self._in_thread(_exchange, worker, task)
        finally:
            kill.cancel()
        if loop.time() >= kill.when():
            raise TimeLimit
        if done.data is None:
            raise Died
        return done.data

    async def _add(self) -> None:
        worker = await self._in_thread(self._processes.start)
        try:
            await self._ask(worker, self._ready, _START_SECONDS)
        except (TimeLimit, Died):
            await self._in_thread(self._processes.end, worker)
            raise Died from None
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _end(self, worker: Worker, reason: str) -> None:
        """Replace a process that is dead, unless it was replaced before."""
        if worker in self._workers:
            self._workers.remove(worker)
            self._on_end(reason)
            self._run_in_background(self._replace(worker))

    async def _replace(self, dead: Worker) -> None:
        await self._in_thread(self._processes.end, dead)
        while True:
            with suppress(Died, OSError):
                return await self._add()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _watch(self) -> None:
        """Replace processes that die while they are idle."""
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            for worker in [*self._workers]:
                if not worker.process.is_alive():
                    self._end(worker, "died")

    def _run_in_background(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _in_thread(self, function: Callable[..., _T], *args: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


class _Processes:
    """All processes that were started and not ended yet. Used in several threads."""

    def __init__(self, start: Callable[[], Worker]) -> None:
        self._start, self._lock = start, Lock()
        self._started: set[Worker] = set()
        self._closed = False

    def start(self) -> Worker:
        """Start a process. Raises OSError if that is not possible, also after `close`."""
        with self._lock:
            if self._closed:
                raise OSError
            worker = self._start()
            self._started.add(worker)
            return worker

    def end(self, worker: Worker) -> None:
        """Kill a process."""
        with self._lock:
            if worker in self._started:
                self._started.remove(worker)
                worker.end()

    def close(self) -> None:
        """Kill all processes, and let no more start."""
        with self._lock:
            self._closed = True
            for worker in self._started:
                worker.end()
            self._started.clear()


def _exchange(worker: Worker, task: tuple[object, ...]) -> Done:
    worker.give([task])
    return worker.answer()
