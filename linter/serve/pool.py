"""Worker processes for an asyncio program. A process that takes too long is killed; the others continue.

A thread cannot be stopped, so that every task runs in a process. Each process has its own pipe (see `workers`), and a
thread of this process waits for its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from linter import workers
from linter.workers import Done, Work, Worker

_T = TypeVar("_T")
_START_SECONDS = 60.0  # for a new process to become ready; it takes about a second
_PAUSE_SECONDS = 1.0  # after a process that did not start


class Busy(Exception):
    """Too many tasks wait for a process, or a task has waited too long."""


class TimeLimit(Exception):
    """A task took too long, and its process was killed."""


class Died(Exception):
    """The process of a task died, as when memory runs out."""


class Pool:
    """A fixed number of worker processes.

    `ready` is a task that each new process must answer before it gets others. At most `waiting` tasks wait for a
    process. `on_end` is called with the reason, “time limit” or “died”, whenever a process ends while it has a task.
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
        self._start = workers.starter(make, fork=False)
        self._ready, self._jobs, self._seconds, self._most, self._on_end = ready, jobs, seconds, waiting, on_end
        self._threads = ThreadPoolExecutor(2 * jobs)
        self._workers: set[Worker] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._closed = False
        self.waiting = 0  # tasks that wait for a process

    async def start(self) -> None:
        """Start the processes, and wait until they are ready. Raises Died if one of them does not start."""
        await asyncio.gather(*(self._add() for _ in range(self._jobs)))

    @property
    def size(self) -> int:
        """The number of processes that are ready or busy."""
        return len(self._workers)

    async def run(self, task: tuple[object, ...]) -> bytes:
        """Return the answer of a process to a task, which is plain data. Raises Busy, TimeLimit or Died."""
        worker = await self._take()
        while not worker.process.is_alive():  # killed while it was idle
            self._end(worker, "died")
            worker = await self._take()
        done = await self._in_thread(_ask, worker, task, self._seconds)
        if done is not None and done.data is not None:
            self._idle.put_nowait(worker)
            return done.data
        self._end(worker, "time limit" if done is None else "died")
        raise TimeLimit if done is None else Died

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for replacement in [*self._replacements]:
            replacement.cancel()
        for worker in self._workers:
            worker.process.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _take(self) -> Worker:
        if self.waiting >= self._most:
            raise Busy
        self.waiting += 1
        try:
            return await asyncio.wait_for(self._idle.get(), self._seconds)
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1

    def _end(self, worker: Worker, reason: str) -> None:
        """Replace a process that is dead or being killed."""
        self._on_end(reason)
        self._workers.discard(worker)
        replacement = asyncio.create_task(self._replace(worker))
        self._replacements.add(replacement)
        replacement.add_done_callback(self._replacements.discard)

    async def _add(self) -> None:
        worker = await self._in_thread(self._start)
        done = await self._in_thread(_ask, worker, self._ready, _START_SECONDS)
        if done is None or done.data is None or self._closed:
            worker.process.kill()
            raise Died
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    async def _replace(self, dead: Worker) -> None:
        await self._in_thread(dead.end)
        while not self._closed:
            with suppress(Died, OSError):
                await self._add()
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _in_thread(self, function: Callable[..., _T], *args: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


def _ask(worker: Worker, task: tuple[object, ...], seconds: float) -> Done | None:
    """Return the answer of a process to a task, or None if there was none in time; the process is then killed."""
    worker.give([task])
    try:
        is_ready = worker.connection.poll(seconds)
    except OSError:
        is_ready = True  # the process is dead, as `answer` reports
    if is_ready:
        return worker.answer()
    worker.process.kill()
    return None
