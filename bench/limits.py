"""Measure time and memory of copydesk at its limits: `python bench/limits.py [--large MB] [--files N] [--memory MB]`.

The script checks one large article of each kind, a folder of many small articles (first with an empty cache, then with
their results in it), and articles within a limited address space. It prints wall and CPU seconds, and the peak memory
of the largest process; for the limited runs, it prints the exit status and the last line on standard error. The results
are in docs/reliability.md. POSIX only.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import Run, measured, program
from scaling import _prose, _texts

SUFFIXES = {"Markdown": ".md", "HTML": ".html", "text": ".txt"}
CHECK = [*program("copydesk"), "check", "--isolated", "--quiet", "--report", "jsonl"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", type=int, default=50, metavar="MB", help="size of the large articles (default: 50)")
    parser.add_argument("--files", type=int, default=200_000, metavar="N", help="small articles (default: 200000)")
    parser.add_argument("--memory", type=int, default=100, metavar="MB", help="address space (default: 100)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-limits-") as folder:
        place = Path(folder)
        for kind, suffix in SUFFIXES.items():
            _large(place / f"large{suffix}", given.large * 1_000_000)
            _show(f"{kind}, {given.large} MB", measured([*CHECK, "--no-cache", str(place / f"large{suffix}")]))
        _many(place / "many", given.files)
        check = [*CHECK, "--cache-dir", str(place / "cache"), str(place / "many")]
        _show(f"{given.files:,} files", measured(check))
        _show(f"{given.files:,} files again", measured(check))
        for kilobytes in (10, 100, 1000):
            _large(place / "one.md", kilobytes * 1000)
            _limited([*CHECK, "--no-cache", str(place / "one.md")], kilobytes, given.memory)
    return 0


def _large(file: Path, size: int) -> None:
    """Write an article of about `size` bytes, in which page code follows sentences that end with “tram”."""
    text = _prose(_texts(), size)
    if file.suffix == ".html":
        paragraphs = text.replace("\n\n", "</p><p>")
        text = f"<!doctype html><title>Tram</title><article><p>{paragraphs}</p></article>"
    file.write_text(text.replace("tram. ", 'tram.">'), "utf-8")


def _many(folder: Path, count: int) -> None:
    """Write `count` articles of a few hundred bytes, 1,000 in each folder. A tenth of them have a defect."""
    rng = random.Random(0)
    for number in range(count):
        if number % 1000 == 0:
            below = folder / str(number // 1000)
            below.mkdir(parents=True)
        text = _prose(_texts(number), 300)
        (below / f"{number}.md").write_text(text if rng.random() < 0.9 else f"{text}It ends.</div>\n", "utf-8")


def _limited(command: list[str], kilobytes: int, megabytes: int) -> None:
    """Run a command in an address space of `megabytes`, and print its status and last message.

    `kilobytes` is the size of the article, which is printed, too.
    """
    limit: Callable[[], None] = lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)  # noqa: E731
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    last = done.stderr.strip().rpartition("\n")[2]
    print(f"{kilobytes:,} KB in {megabytes} MB: status {done.returncode} {last}", flush=True)


def _show(what: str, run: Run) -> None:
    print(f"{what}: {run.wall:.1f} s, {run.cpu:.1f} s CPU, {run.memory / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
