"""A progress bar on standard error, when a run takes long enough to wonder."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.progress

_PATIENCE = 2.0  # seconds before the bar appears
_PAUSE = 0.1  # seconds between two changes of it


class Progress:
    """Counts articles. Shows nothing if a run is short, or where `shown` says so; never starts a thread."""

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total, self._shown = total, shown
        self._done = 0
        self._next = time.monotonic() + _PATIENCE
        self._bar: rich.progress.Progress | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, articles: int = 0) -> None:
        """`articles` more are done; none if only time has passed."""
        self._done += articles
        if self._shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE
            bar = self._bar = self._bar or self._started()
            bar.update(bar.task_ids[0], completed=self._done, refresh=True)

    def _started(self) -> rich.progress.Progress:
        from rich.console import Console
        from rich.progress import Progress

        bar = Progress(console=Console(file=sys.stderr), transient=True, auto_refresh=False)
        bar.add_task("Checking", total=self._total)
        bar.start()
        return bar
