"""Findings handed on while a run goes on, in the order in which a report shows them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from linter.finding import Finding

Hear = Callable[[Sequence[Finding]], None]


class InOrder:
    """Passes the findings of articles to `hear` in the order of `paths`, each as soon as those before are done."""

    def __init__(self, paths: Iterable[str], hear: Hear) -> None:
        self._waiting = deque(paths)
        self._hear = hear
        self._done: dict[str, list[Finding]] = {}

    def take(self, findings: Iterable[Finding], paths: Iterable[str]) -> None:
        """The articles of these paths are done, and these are the findings in them."""
        self._done |= {path: [] for path in paths}
        for finding in findings:
            self._done.setdefault(finding.path, []).append(finding)
        while self._waiting and self._waiting[0] in self._done:
            if ready := self._done.pop(self._waiting.popleft()):
                self._hear(sorted(ready, key=attrgetter("order")))
