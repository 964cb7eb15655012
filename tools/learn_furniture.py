"""Learn the weights in linter/data/page_furniture.txt: `python tools/learn_furniture.py PAGES EDITED`.

PAGES is a folder of articles (.md, .txt) that were extracted from web pages by programs. Next to each article `NAME` is
a file `NAME.lab` with one character for each line: 1 for a line of the article, 0 for page boilerplate, 3 for an empty
line. EDITED is a folder of edited articles (.md) without boilerplate; each of their lines counts half.

The current weights were learned from 2,296 edited articles and 181 pages whose articles were marked by hand
(article-extraction-benchmark of Scrapinghub, MIT license). Each page was used once as Markdown and once as plain text,
limited to the article and up to 30 lines before and after it.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from linter import readers
from linter.checks.boilerplate._furniture_runs import is_english, weighed_passages
from linter.checks.boilerplate._line_shapes import FILE
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.source import Source
from linter.text.lexicon import DATA

KINDS = {".md": "markdown", ".txt": "text"}
EDITED_WEIGHT = 0.5
RARE = 12  # lines; a shape that occurs in fewer lines has no weight
PENALTY = 2.0  # factor of the squares of the weights in the loss; it keeps the weights of rare shapes small
ROUNDS, SMALL = 3000, 1e-6  # maximum rounds of gradient descent, and the relative change of the loss at which it stops
EVENT = -3.0  # weight of the shape “event”, set by hand: the pages contain almost no event programs
HEADING = "## weights"


class Line(NamedTuple):
    """A line: the names of its shapes, whether it is page boilerplate, and its weight in the loss."""

    shapes: frozenset[str]
    is_furniture: bool
    counts: float


def main(pages: str, edited: str) -> None:
    """Write the weights that are learned from the articles in the folders `pages` and `edited`."""
    lines = [*_labelled(Path(pages)), *_edited(Path(edited))]
    weights = {**learn(lines), "event": EVENT}
    path = DATA / FILE
    above = path.read_text("utf-8").partition(HEADING)[0]
    rows = (f"{name} {weight:.2f}\n" for name, weight in sorted(weights.items(), key=lambda item: -item[1]))
    title = f"{HEADING} – log-odds; positive weights indicate page boilerplate\n"
    path.write_text(above + title + "".join(rows), "utf-8", newline="\n")
    print(f"{len(lines)} lines, {sum(line.is_furniture for line in lines)} of them page furniture")


def _labelled(folder: Path) -> Iterator[Line]:
    for path in sorted(folder.iterdir()):
        if path.suffix in KINDS:
            text = path.read_text("utf-8")
            labels = path.with_name(f"{path.name}.lab").read_text("utf-8")
            starts = [*accumulate((len(line) + 1 for line in text.split("\n")), initial=0)]
            for start, shapes in _lines(text, KINDS[path.suffix]):
                yield Line(shapes, labels[bisect_right(starts, start) - 1] != "1", 1.0)


def _edited(folder: Path) -> Iterator[Line]:
    for path in sorted(folder.rglob("*.md")):
        for _, shapes in _lines(path.read_text("utf-8", errors="replace"), "markdown"):
            yield Line(shapes, False, EDITED_WEIGHT)


def _lines(text: str, kind: str) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield the offset and the shapes of each line outside of running text."""
    document = readers.read(Source(text), kind)
    story = standalone_lines(document)
    for passage in weighed_passages(document) if is_english(document) else ():
        for line in passage.lines:
            yield story.span(line.line).start, line.shapes


def learn(lines: Sequence[Line]) -> dict[str, float]:
    """Return the log-odds of each shape, by logistic regression; `bias` is a shape that all lines have.

    Shapes that occur in fewer than RARE lines are left out.
    """
    counts = Counter(name for line in lines for name in line.shapes)
    names = [name for name, count in counts.items() if count >= RARE]
    weights, steps = dict.fromkeys([*names, "bias"], 0.0), dict.fromkeys([*names, "bias"], 1e-8)
    grouped = Counter[tuple[frozenset[str], bool]]()
    for line in lines:
        grouped[frozenset({*line.shapes} & weights.keys() | {"bias"}), line.is_furniture] += line.counts  # type: ignore[assignment]
    before = math.inf
    for _ in range(ROUNDS):
        loss, slopes = _slopes(grouped, weights)
        for name, slope in slopes.items():  # AdaGrad
            steps[name] += slope * slope
            weights[name] -= 0.5 * slope / math.sqrt(steps[name])
        if abs(before - loss) < SMALL * loss:
            break
        before = loss
    return weights


def _slopes(grouped: Counter[tuple[frozenset[str], bool]], weights: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Return the loss with these weights, and its partial derivative for each of them."""
    slopes = {name: PENALTY * weight for name, weight in weights.items()}
    slopes["bias"] = 0.0
    loss = PENALTY / 2 * sum(weight**2 for name, weight in weights.items() if name != "bias")
    for (shapes, is_furniture), counts in grouped.items():
        total = sum(map(weights.__getitem__, shapes))
        chance = 1 / (1 + math.exp(-total))
        loss -= counts * math.log(max(chance if is_furniture else 1 - chance, 1e-12))
        for name in shapes:
            slopes[name] += counts * (chance - is_furniture)
    return loss, slopes


if __name__ == "__main__":
    main(*sys.argv[1:])
