"""Measure how the CPU time of ordinary articles grows: `python bench/scaling.py [MB]`.

MB is the size of the largest article in megabytes (default: 50). Each kind of work is done at several sizes, each twice
the previous one. The exponent is the slope of a line through the logarithms of sizes and times (least squares). The
exit status is 1 if an exponent is above 1.05.
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from math import log
from pathlib import Path
from statistics import linear_regression
from time import process_time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from linter import runner
from linter.article_linter import ArticleLinter
from linter.cli import GARBAGE
from linter.config.config import RunOptions
from linter.files import articles

MAX_EXPONENT = 1.05
STEPS = 4
TIMES = 3
_WORDS = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were her all she there would their we him been has when who will more no if out so said what up its about
into than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through back years where much your way well down should because each just
those people how too little state good very make world still own see men work long get here between both life being
under never day same another know while last might us great old year off come since against go came right used take
three harbour tram council library bridge market river school island engine letter garden winter history""".split()


class Kind(NamedTuple):
    """A kind of work: `make` writes articles with a given amount of it, such as 2,000 links, to a folder.

    `least` is the smallest amount that is measured.
    """

    name: str
    least: int
    make: Callable[[Path, int], None]


def main(megabytes: int) -> int:
    gc.set_threshold(GARBAGE)  # as the command does
    linter = ArticleLinter(RunOptions(isolated=True))
    kinds = [
        Kind("bytes of a folder", 250_000, _folder),
        Kind("bytes of one article", megabytes * 1_000_000 // 2 ** (STEPS - 1), _article),
        Kind("paragraphs of one article", 4_000, partial(_repeated, lambda text: f"{text(6)}\n\n")),
        Kind("links of one article", 2_000, partial(_repeated, _link)),
        Kind("tags of one article", 4_000, partial(_repeated, lambda text: f"<b>{text(2)}</b> <br> {text(2)}\n")),
        Kind("open tags of one article", 4_000, partial(_repeated, lambda text: f"<div> {text(2)}\n")),
        Kind("findings of one article", 1_000, partial(_repeated, lambda text: f'{text(4)} teh teh {text(1)}">\n\n')),
        Kind("articles of a folder", 200, _articles),
        Kind("articles that are alike", 200, _alike),
    ]
    table = Table("", "from", "to", "s", "exponent", title="Growth of CPU time", title_justify="left")
    worst = 0.0
    for kind in kinds:
        sizes = [kind.least * 2**step for step in range(STEPS)]
        spent = [_spent(linter, kind, size) for size in sizes]
        exponent = linear_regression([log(size) for size in sizes], [log(time) for time in spent]).slope
        worst = max(worst, exponent)
        style = "red" if exponent > MAX_EXPONENT else ""
        seconds = " ".join(f"{time:.2f}" for time in spent)
        table.add_row(kind.name, f"{sizes[0]:,}", f"{sizes[-1]:,}", seconds, f"{exponent:.2f}", style=style)
        print(f"{exponent:.2f} {kind.name}", file=sys.stderr)
    Console().print(table)
    return int(worst > MAX_EXPONENT)


def _spent(linter: ArticleLinter, kind: Kind, count: int) -> float:
    """Return the CPU seconds of the fastest of several runs on `count` units of a kind of work."""
    with tempfile.TemporaryDirectory(prefix="copydesk-growth-") as folder:
        kind.make(Path(folder), count)
        found = articles.discover([folder])
        times = []
        for _ in range(TIMES):
            gc.collect()
            start = process_time()
            runner.run(found, linter, jobs=1)
            times.append(process_time() - start)
            if times[-1] > 10:
                break
        return min(times)


Text = Callable[[int], str]


def _texts(seed: int = 0) -> Text:
    """Return a function that returns a given number of random words."""
    chance = random.Random(seed)
    return lambda count: " ".join(chance.choices(_WORDS, k=count))


def _prose(text: Text, size: int) -> str:
    """Return headings and paragraphs of at least `size` bytes, and not much more."""
    parts: list[str] = []
    length = 0
    while length < size:
        some = ". ".join(text(12).capitalize() for _ in range(6))
        parts.append(f"{some}.\n\n" if len(parts) % 8 else f"## {text(4).capitalize()}\n\n")
        length += len(parts[-1])
    return "".join(parts)


def _folder(folder: Path, size: int) -> None:
    for i in range(size // 10_000):
        (folder / f"{i}.md").write_text(f"# {_texts(i)(3)}\n\n{_prose(_texts(i), 10_000)}", "utf-8")


def _article(folder: Path, size: int) -> None:
    (folder / "one.md").write_text(_prose(_texts(), size), "utf-8")


def _repeated(part: Callable[[Text], str], folder: Path, count: int) -> None:
    text = _texts()
    (folder / "one.md").write_text("".join(part(text) for _ in range(count)), "utf-8")


def _link(text: Text) -> str:
    return f"[{text(3)}](https://{text(1)}.example/{text(2).replace(' ', '-')}) {text(8)}.\n\n"


def _articles(folder: Path, count: int) -> None:
    for i in range(count):
        (folder / f"{i}.md").write_text(f"# {_texts(i)(5)}\n\n{_prose(_texts(i), 2_000)}", "utf-8")


def _alike(folder: Path, count: int) -> None:
    """Write articles in groups of ten with the same text. The last line is the same in all articles."""
    for i in range(count):
        own = _prose(_texts(i // 10), 2_000)
        (folder / f"{i}.md").write_text(f"# {_texts(i)(5)}\n\n{own}Read more in our Harbour Letter today.\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 50))
