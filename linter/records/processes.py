"""Process the records of archives on this machine, in one process or several."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import cast

from linter import workers
from linter.api import Linter
from linter.records.archives import Archive
from linter.records.checking import RecordChecker, RecordResult, body_length, failed, in_groups
from linter.records.work import Item, Task
from linter.workers import Chunk, Done, Work

_CHUNK_RECORDS = 50  # maximum records that a worker gets at once
_CHUNK_SIZE = 250_000  # code points; a chunk ends when the bodies of its records reach this size


def process(
    linter: Linter,
    archives: tuple[Archive, ...],
    task: Task,
    batches: Iterable[list[Item]],
    *,
    jobs: int,
    on_wait: Callable[[], None],
) -> Generator[tuple[Item, RecordResult]]:
    """Yield each item of `batches` with its result, in any order.

    The items are taken from `batches` only as fast as they are processed. `on_wait` is called while this function waits
    for results. If a process dies, the record that it was working on has a problem.
    """
    if jobs == 1:
        process_all = _processor(linter, archives, task)
        for chunk in chunks(batches, _CHUNK_SIZE):
            items = _items(chunk)
            yield from zip(items, process_all(items), strict=True)
        return
    fork = workers.can_fork()
    if fork:
        linter.run_rules.active().prefilter.prepare()
    with_linter = partial(_work, linter) if fork else partial(_spawned, linter.bundle())
    make = partial(with_linter, archives, task)
    with closing(workers.results(chunks(batches, _CHUNK_SIZE), jobs, make, fork=fork, on_wait=on_wait)) as answers:
        for done in answers:
            yield from _results(done, archives)


def chunks(batches: Iterable[list[Item]], most: int) -> Iterator[Chunk]:
    """Yield the items in lists of at most 50, which end when their bodies have `most` code points.

    Each list in `batches` is emptied before the next one is taken, so that only one batch is in memory.
    """
    for items in batches:
        groups = in_groups(items, lambda item: body_length(item.record), most, _CHUNK_RECORDS)
        yield from cast("Iterator[Chunk]", groups)
        items.clear()


def _items(chunk: Chunk) -> list[Item]:
    return cast("list[Item]", chunk)


def _results(done: Done, archives: tuple[Archive, ...]) -> Iterator[tuple[Item, RecordResult]]:
    items = _items(done.chunk)
    if done.data is not None:
        yield from zip(items, pickle.loads(done.data), strict=True)
        return
    message = f"the process that checked this record died ({done.cause}); please report it"
    for item in items:
        yield item, failed(archives[item.batch.archive], item.record, message)


def _spawned(bundle: bytes, archives: tuple[Archive, ...], task: Task) -> Work:
    return _work(Linter.from_bundle(bundle), archives, task)


def _work(linter: Linter, archives: tuple[Archive, ...], task: Task) -> Work:
    """Return the function that processes a chunk of items, and returns their results as bytes."""
    process_all = _processor(linter, archives, task)

    def work(chunk: Chunk) -> bytes:
        return pickle.dumps([*process_all(_items(chunk))])

    return work


def _processor(
    linter: Linter, archives: tuple[Archive, ...], task: Task
) -> Callable[[Sequence[Item]], list[RecordResult]]:
    """Return the function that processes items."""
    checker = RecordChecker(linter)

    def process_all(items: Sequence[Item]) -> list[RecordResult]:
        return task.run(checker, archives[items[0].batch.archive], items)

    return process_all
