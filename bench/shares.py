"""Measure each stage's share of the CPU time, and the most expensive rules: `python bench/shares.py FOLDER [STEP]`."""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Sequence
from time import process_time_ns as now
from typing import Any

from linter import engine, readers
from linter.active_rules import across_rules
from linter.article_linter import ArticleLinter
from linter.cli import GARBAGE
from linter.config.config import RunOptions
from linter.document import Document
from linter.files.articles import Article, discover, read_content
from linter.prefilter import Candidate, Candidates, Prefilter
from linter.prefilter.index import IndexedPrefilter
from linter.rule import Rule
from linter.runner import batches
from linter.source import Source
from linter.text import language

STAGES = ("decode", "read", "language", "findings", "facts")
SHOWN = 40  # number of expensive rules that are shown
WARM = 100  # articles that are checked first, to create everything that is created once


class TimedPrefilter:
    """A prefilter that runs and times the rules itself, and returns only candidates with matches to the engine."""

    def __init__(self, prefilter: Prefilter) -> None:
        self.prefilter = prefilter
        self.reset()

    def reset(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self.calls: dict[str, int] = defaultdict(int)
        self.matched: dict[str, int] = defaultdict(int)
        self.prefilter_time = 0
        self.repeated = 0  # the time of rules with matches, which the engine runs a second time

    def candidates(self, documents: Sequence[Document]) -> Candidates:
        start = now()
        found_candidates = self.prefilter.candidates(documents)
        self.prefilter_time += now() - start
        return {rule: self._matching(rule, places) for rule, places in found_candidates.items()}

    def _matching(self, rule: Rule, places: Sequence[Candidate]) -> list[Candidate]:
        matching = []
        for place in places:
            start = now()
            found: Any = list(rule.check.find(place[1]))  # type: ignore[arg-type]
            taken = now() - start
            self.spent[rule.name] += taken
            if found:
                self.repeated += taken
                matching.append(place)
        self.calls[rule.name] += len(places)
        self.matched[rule.name] += len(matching)
        return matching


def main(folder: str, step: int = 1) -> None:
    articles = discover([folder], lambda file: False).articles[::step]
    rules = ArticleLinter(RunOptions(isolated=True)).run_rules.active().rules
    prefilter, across = TimedPrefilter(IndexedPrefilter(rules)), across_rules(rules)
    for batch in batches(articles[:WARM]):
        _checked(batch, prefilter, across, defaultdict(int))
    prefilter.reset()
    gc.freeze()
    gc.set_threshold(GARBAGE)  # as the command does
    stages: dict[str, int] = defaultdict(int)
    size = sum(_checked(batch, prefilter, across, stages) for batch in batches(articles))
    stages["findings"] -= prefilter.repeated
    stages |= {"prefilter": prefilter.prefilter_time, "rules": sum(prefilter.spent.values())}
    _show(stages, prefilter, size)


def _checked(batch: list[Article], prefilter: TimedPrefilter, across: Sequence[Rule], stages: dict[str, int]) -> int:
    """Check a batch of articles, add the nanoseconds of each stage to `stages`, and return the size in bytes."""
    contents = [read_content(article) for article in batch]
    times = [now()]
    pairs = zip(batch, contents, strict=True)
    sources = [Source.from_bytes(data, article.path, None) for article, data in pairs]
    times.append(now())
    documents = [readers.read(source, article.kind) for source, article in zip(sources, batch, strict=True)]
    times.append(now())
    documents = [language.with_language(document) for document in documents]
    times.append(now())
    before = sum(prefilter.spent.values()) + prefilter.prefilter_time
    engine.check_batch(documents, prefilter)
    times.append(now())
    rest = sum(prefilter.spent.values()) + prefilter.prefilter_time - before
    engine.collect_batch(documents, across)
    times.append(now())
    for document in documents:
        document.results.clear()  # as after a check; otherwise, the garbage collector has to free each document
    for name, start, end in zip(STAGES, times, times[1:], strict=False):
        stages[name] += end - start
    stages["findings"] -= rest
    return sum(map(len, contents))


def _show(stages: dict[str, int], prefilter: TimedPrefilter, size: int) -> None:
    total = sum(stages.values())
    print(f"{size / 1e6:.1f} MB, {total / 1e9:.2f} s of CPU, {total / size:.1f} ms/MB")
    for name, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}")
    print()
    for name, spent in sorted(prefilter.spent.items(), key=lambda item: -item[1])[:SHOWN]:
        print(
            f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}, {prefilter.calls[name]:,} calls, "
            f"{prefilter.matched[name]:,} with matches"
        )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
