"""Where the time goes: the share of each stage, and the dearest rules. `python bench/shares.py FOLDER [EVERY]`."""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from time import process_time_ns as now
from typing import Any

from linter import engine, readers
from linter.article_linter import across_rules
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
DEAREST = 40  # rules shown
WARM = 100  # articles that are read first, so that what is made once is made


class Watched:
    """A plan that gives the engine no work but notes what each rule takes for it."""

    def __init__(self, plan: Prefilter) -> None:
        self.plan = plan
        self.forget()

    def forget(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self.looks: dict[str, int] = defaultdict(int)
        self.asking = 0
        self.again = 0  # what the engine takes to find once more what was found here

    def candidates(self, document: Document) -> Iterator[tuple[Rule, Block | Document]]:
        start = now()
        wanted = list(self.plan.candidates(document))
        self.asking += now() - start
        for rule, where in wanted:
            start = now()
            found: Any = list(rule.check.find(where))  # type: ignore[arg-type]
            taken = now() - start
            self.spent[rule.name] += taken
            self.looks[rule.name] += 1
            if found:
                self.again += taken
                yield rule, where


def main(folder: str, every: int = 1) -> None:
    articles = discover([folder], lambda file: False).articles[::every]
    rules = tuple(rule for rule in packs.shipped_rules() if rule.enabled)
    plan, across = Watched(IndexedPrefilter(rules)), across_rules(rules)
    stages: dict[str, int] = defaultdict(int)
    size = 0
    for article in articles[:WARM]:
        engine.check(_document(article), plan)
    plan.forget()
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
        before = sum(plan.spent.values()) + plan.asking
        engine.check(document, plan)
        times.append(now())
        rest = sum(plan.spent.values()) + plan.asking - before
        engine.collect_facts(document, across)
        times.append(now())
        for name, start, end in zip(STAGES, times, times[1:], strict=False):
            stages[name] += end - start
        stages["findings"] -= rest
    stages["findings"] -= plan.again
    stages |= {"plan": plan.asking, "rules": sum(plan.spent.values())}
    _show(stages, plan, size)


def _document(article: Article) -> Document:
    with open(article.file, "rb") as opened:
        source = Source.from_bytes(opened.read(), article.path, None)
    return language.with_language(readers.read(source, article.kind))


def _show(stages: dict[str, int], plan: Watched, size: int) -> None:
    total = sum(stages.values())
    print(f"{size / 1e6:.1f} MB, {total / 1e9:.2f} s of CPU, {total / size:.1f} ms/MB")
    for name, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}")
    print()
    for name, spent in sorted(plan.spent.items(), key=lambda item: -item[1])[:DEAREST]:
        print(f"{spent / size:8.2f} ms/MB {100 * spent / total:5.1f} %  {name}, {plan.looks[name]:,} looks")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
