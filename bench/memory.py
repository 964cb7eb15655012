"""Show the memory of each stage of a check: `python bench/memory.py FOLDER MB`, on Linux.

One article of that size is joined from the articles of the folder. For each stage, the resident memory at its end and
its peak are shown, and their ratios to the size of the article, both without the memory of the process at its start.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import workloads

from linter import engine
from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.document import Document
from linter.files.articles import discover
from linter.prefilter import Candidates, Prefilter


class Stages:
    """Prints a line for each stage of the check of an article of `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size, (self._start, _) = size, _memory()

    def end(self, stage: str) -> None:
        now, peak = (value - self._start for value in _memory())
        shown = (f"{value / 1e6:6.0f} MB {value / self._size:5.1f} ×" for value in (now, peak))
        print(f"{stage:16} now {', peak '.join(shown)}")
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak so far is forgotten


def _memory() -> tuple[int, int]:
    """Return the resident memory, and its peak, in bytes."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    values = {key: value for key, _, value in (line.partition(":") for line in lines)}
    now, peak = (int(values[key].split()[0]) * 1024 for key in ("VmRSS", "VmHWM"))
    return now, peak


@dataclass(frozen=True)
class Watched:
    """A prefilter that reports when it is done."""

    prefilter: Prefilter
    stages: Stages

    def candidates(self, documents: Sequence[Document]) -> Candidates:
        found = self.prefilter.candidates(documents)
        self.stages.end("prefilter")
        return found


def main(folder: Path, size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as place:
        path = workloads.large(folder, Path(place) / "large", size)
        linter = ArticleLinter(RunOptions(isolated=True))
        active = linter.run_rules.active()
        (article,) = discover([str(path)]).articles
        stages = Stages(article.size)
        document = linter.read(article)
        stages.end("reading")
        engine.check_batch([document], Watched(active.prefilter, stages))
        stages.end("rules, findings")
        engine.collect_batch([document], active.across)
        stages.end("facts")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) * 1_000_000)
