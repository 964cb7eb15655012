"""The pool of worker processes, with processes that answer, hang and die."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from linter.serve.pool import Busy, Died, Pool, TimeLimit
from linter.workers import Chunk, Work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")

LARGE = bytes(1_000_000)  # more than fits into a pipe


def make() -> Work:
    """Return the work of a process: an answer, or something that goes wrong."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def work(chunk: Chunk) -> bytes:
        name, data = chunk[0]
        if name == "sleep":
            time.sleep(float(data))
        if name == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return str(os.getpid()).encode() if name == "pid" else bytes(data)

    return work


def make_once(file: str) -> Work:
    """Return the work of a process, except in all processes after the first, which end."""
    Path(file).open("x").close()
    return make()


@asynccontextmanager
async def pool(
    jobs: int = 1, seconds: float = 20, waiting: int = 64, start: Callable[[], Work] = make
) -> AsyncIterator[tuple[Pool, list[str]]]:
    ends: list[str] = []
    made = Pool(start, ("echo", b""), jobs=jobs, seconds=seconds, waiting=waiting, on_end=ends.append)
    try:
        await made.start()
        yield made, ends
    finally:
        await made.close()


async def pid_of(processes: Pool) -> int:
    return int(await processes.run(("pid", b"")))


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def test_tasks_are_answered_whatever_their_size() -> None:
    async def run() -> None:
        async with pool(2) as (processes, ends):
            tasks = [bytes([number]) * number**4 for number in range(30)]
            assert await asyncio.gather(*(processes.run(("echo", task)) for task in tasks)) == tasks
            assert not ends

    asyncio.run(run())


def test_the_process_that_was_used_last_is_used_next() -> None:
    async def run() -> None:
        async with pool(2) as (processes, _):
            assert len({await pid_of(processes) for _ in range(10)}) == 1

    asyncio.run(run())


def test_a_task_that_takes_too_long_ends_its_process_and_no_other_task() -> None:
    async def run() -> None:
        async with pool(2, seconds=1) as (processes, ends):
            hanging = asyncio.create_task(processes.run(("sleep", b"60")))
            await asyncio.sleep(0.1)
            other = await pid_of(processes)
            with pytest.raises(TimeLimit):
                await hanging
            assert await pid_of(processes) == other
            await until(lambda: processes.size == 2)
            assert ends == ["time limit"]

    asyncio.run(run())


def test_a_stopped_process_that_does_not_read_its_task_is_killed() -> None:
    async def run() -> None:
        async with pool(seconds=1) as (processes, ends):
            stopped = await pid_of(processes)
            os.kill(stopped, signal.SIGSTOP)
            with pytest.raises(TimeLimit):
                await processes.run(("echo", LARGE))
            assert await pid_of(processes) != stopped
            assert ends == ["time limit"]

    asyncio.run(run())


def test_a_process_that_dies_with_a_task_is_replaced() -> None:
    async def run() -> None:
        async with pool() as (processes, ends):
            with pytest.raises(Died):
                await processes.run(("die", b""))
            assert await processes.run(("echo", b"x")) == b"x"
            assert ends == ["died"]

    asyncio.run(run())


def test_a_process_that_dies_while_idle_costs_no_task() -> None:
    async def run() -> None:
        async with pool(2) as (processes, ends):
            os.kill(await pid_of(processes), signal.SIGKILL)
            await asyncio.sleep(0.1)
            assert await processes.run(("echo", b"x")) == b"x"
            assert ends == ["died"]

    asyncio.run(run())


def test_a_process_that_dies_while_idle_is_replaced_without_a_task() -> None:
    async def run() -> None:
        async with pool() as (processes, ends):
            os.kill(await pid_of(processes), signal.SIGKILL)
            await until(lambda: ends == ["died"])
            await until(lambda: processes.size == 1)
            assert await processes.run(("echo", b"x")) == b"x"

    asyncio.run(run())


@pytest.mark.slow
def test_too_many_waiting_tasks_are_refused() -> None:
    async def run() -> None:
        async with pool(waiting=2) as (processes, _):
            tasks = [asyncio.create_task(processes.run(("sleep", b"0.5"))) for _ in range(3)]
            await asyncio.sleep(0.1)
            assert processes.waiting == 2
            with pytest.raises(Busy):
                await processes.run(("echo", b""))
            await asyncio.gather(*tasks)
            assert await processes.run(("echo", b"x")) == b"x"
            assert processes.waiting == 0

    asyncio.run(run())


@pytest.mark.slow
def test_a_task_that_waits_too_long_is_refused() -> None:
    async def run() -> None:
        async with pool(seconds=1) as (processes, _):
            tasks = [asyncio.create_task(processes.run(("sleep", b"0.7"))) for _ in range(3)]
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [type(each) for each in done] == [bytes, bytes, Busy]

    asyncio.run(run())


def test_a_process_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    async def run() -> None:
        with pytest.raises(Died):
            async with pool(2, start=partial(make_once, str(tmp_path / "started"))):
                raise AssertionError

    asyncio.run(run())


def test_closing_ends_busy_and_starting_processes() -> None:
    async def run() -> None:
        async with pool(2) as (processes, ends):
            killed = await pid_of(processes)
            busy = asyncio.create_task(processes.run(("sleep", b"60")))
            await asyncio.sleep(0.1)
            os.kill(killed, signal.SIGKILL)
            await until(lambda: bool(ends))
            await until(lambda: len(active_children()) == 2)  # one is busy, and its neighbor is being started
            assert processes.size == 1
        assert not active_children()
        with pytest.raises(Died):
            await busy

    asyncio.run(run())
