"""Measure each stage's share of the CPU time, and the most expensive rules: `python bench/shares.py FOLDER [STEP]`."""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from time import process_time_ns as now
from typing import Any

from linter import engine, readers
from linter.active_rules import across_rules
from linter.cli import GARBAGE
from linter.config import packs
from linter.document import Block, Document
from linter.files.articles import Article, discover
from linter.prefilter import Prefilter
from linter.prefilter.index import IndexedPrefilter
from linter.rule import Rule
from linter.source import Source
from linter.text import language

STAGES = ("decode", "read", "language", "findings", "facts")
SHOWN = 40  # number of expensive rules that are shown
WARM = 100  # articles that are checked first, to create everything that is created once


class TimedPrefilter:
    """A prefilter that runs and times the rules itself, and yields only candidates with matches to the engine."""

    def __init__(self, prefilter: Prefilter) -> None:
        self.prefilter = prefilter
        self.reset()

    def reset(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self.calls: dict[str, int] = defaultdict(int)
        self.prefilter_time = 0
        self.repeated = 0  # the time of rules with matches, which the engine runs a second time

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        start = now()
        found_candidates = list(self.prefilter.candidates(document))
        self.prefilter_time += now() - start
        for rule, where in found_candidates:
            start = now()
            found: Any = list(rule.check.find(where))  # type: ignore[arg-type]
            taken = now() - start
            self.spent[rule.name] += taken
            self.calls[rule.name] += 1
            if found:
                self.repeated += taken
                yield rule, where


def main(folder: str, step: int = 1) -> None:
    articles = discover([folder], lambda file: False).articles[::step]
    rules = tuple(rule for rule in packs.shipped_rules() if rule.enabled)
    prefilter, across = TimedPrefilter(IndexedPrefilter(rules)), across_rules(rules)
    stages: dict[str, int] = defaultdict(int)
    size = 0
    for article in articles[:WARM]:
        engine.check(_document(article), prefilter)
    prefilter.reset()
    gc.freeze()
    gc.set_threshold(GARBAGE)  # as the command does
    for article in articles:
        with open(article.file, "rb") as opened:
            data = opened.read()
        size += len(data)
        times = [now()]
        source = Source.from_bytes(data, article.path, None)
        times.append(now())
        document = readers.read(source, article.kind)
        times.append(now())
        document = language.with_language(document)
        times.append(now())
        before = sum(prefilter.spent.values()) + prefilter.prefilter_time
        engine.check(document, prefilter)
        times.append(now())
        rest = sum(prefilter.spent.values()) + prefilter.prefilter_time - before
        engine.collect_facts(document, across)
        times.append(now())
        for name, start, end in zip(STAGES, times, times[1:], strict=False):
            stages[name] += end - start
        stages["findings"] -= rest
    stages["findings"] -= prefilter.repeated
    stages |= {"prefilter": prefilter.prefilter_time, "rules": sum(prefilter.spent.values())}
    _show(stages, prefilter, size)


def _document(article: Article) -> Document:
    with open(article.file, "rb") as opened:
        source = Source.from_bytes(opened.read(), article.path, None)
    return language.with_language(readers.read(source, article.kind))


def _show(stages: dict[str, int], prefilter: TimedPrefilter, size: int) -> None:
    total = sum(stages.values())
    print(f"{size / 1e6:.1f} MB, {total / 1e9:.2f} s of CPU, {total / size:.1f} ms/MB")
    for name, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}")
    print()
    for name, spent in sorted(prefilter.spent.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}, {prefilter.calls[name]:,} calls")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
