"""Show the progress of a run over archives."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linter import output

if TYPE_CHECKING:
    import rich.progress


@contextmanager
def record_progress(*, shown: bool) -> Iterator[Callable[[str, float, int], None]]:
    """Show the progress of a run over archives on standard error, in runs of more than two seconds.

    The context manager yields a function. Call it with what is done (“Checking”), the share of it that is done, from 0
    to 1, and the number of records that are done in the whole run. The line shows these, the rate, and the time left.
    It is never shown if `shown` is false, and never starts a thread.
    """
    due = time.monotonic() + output.DELAY
    first = "", 0.0, 0, 0.0  # the first call of this step, with its time; an earlier run may have done a part of it
    bar: rich.progress.Progress | None = None

    def advance(step: str, share: float, records: int) -> None:
        nonlocal due, bar, first
        now = time.monotonic()
        if step != first[0]:
            first = step, share, records, now
        if shown and now >= due:
            due = now + output.INTERVAL
            bar = bar or _started_record_bar(step)
            seconds, done = now - first[3], share - first[1]
            left = f"{_clock((1 - share) * seconds / done)} left" if done > 0 and share < 1 else ""
            about = ", ".join(filter(None, (_rate(records, records - first[2], seconds), left)))
            bar.update(bar.task_ids[0], description=step, completed=share, about=about, refresh=True)

    try:
        yield advance
    finally:
        if bar:
            bar.stop()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _rate(records: int, new: int, seconds: float) -> str:
    """Return the number of records that are done and, if `new` ones took `seconds`, the rate if it is at least 1/s."""
    if not records:
        return ""
    rate = f", {new / seconds:,.0f}/s" if new >= seconds > 0 else ""
    return f"{records:,} record{'' if records == 1 else 's'}{rate}"


def _started_record_bar(step: str) -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[about]}"),
        console=Console(file=sys.stderr),
        transient=True,
        auto_refresh=False,
    )
    bar.add_task(step, total=1.0, about="")
    bar.start()
    return bar
