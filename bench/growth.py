"""Measure how the CPU time of generated articles grows: `python bench/growth.py [--large] [WORDS]`.

Each family of articles (bench/families.py) goes through the whole tool, with all rules on. Its exponent is 1 if the
time grows in proportion to the length, and 2 if it grows with the square of the length. A family whose exponent is
above 1.2, or whose largest article takes 20 s, is printed with the rules or stages responsible, and the exit status is
1. Articles have up to 32,000 code points, with `--large` up to 2,000,000. WORDS select the families that have them in
their names.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import log
from statistics import linear_regression
from time import process_time
from typing import Any, NamedTuple

import families
from families import Article

from linter import engine, readers
from linter.active_rules import across_rules
from linter.cli import GARBAGE
from linter.config import packs
from linter.document import Document
from linter.prefilter.index import IndexedPrefilter
from linter.source import Source
from linter.suppressions.apply import SuppressionFilter
from linter.text import language

MAX_EXPONENT = 1.2
SIZE = 32_000  # code points of the largest article
LARGE = 2_000_000  # code points of the largest article with --large
CLEAR_EXPONENT = 1.1  # below this, one measurement is enough
STEPS = (8, 4, 2, 1)  # divisors of the largest size
FLOOR = 0.05  # seconds at the largest size; faster families are not measured again
LIMIT = 20.0  # seconds that one article may take
TIMES = 3
SHARE = 0.05  # share of the time; rules and stages below this are not named

RULES = packs.shipped_rules()
ACROSS = across_rules(RULES)
PREFILTER = IndexedPrefilter(RULES)
SUPPRESSIONS = SuppressionFilter(RULES)


class TooLong(BaseException):
    """An article took longer than LIMIT, or a rule was cut off.

    This is not an Exception, so that `except Exception` does not catch it.
    """


class Growth(NamedTuple):
    """The exponent of a family, its seconds at the largest size, and the rules and stages responsible."""

    family: str
    exponent: float
    seconds: float
    responsible: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--large", action="store_true", help=f"articles of up to {LARGE:,} code points")
    parser.add_argument("words", nargs="*", help="only families that have these words in their names")
    options = parser.parse_args()
    gc.set_threshold(GARBAGE)  # as the command does
    size = LARGE if options.large else SIZE
    chosen = [family for family in families.all_families() if all(word in family.name for word in options.words)]
    for kind in readers.KINDS:
        lint(_WARM, kind)
    gc.collect()
    gc.freeze()  # exclude objects that are created once from garbage collection
    found = 0
    for number, family in enumerate(chosen, 1):
        if sys.stderr.isatty():
            print(f"\r{number}/{len(chosen)}", end="", file=sys.stderr)
        if growth := measure_growth(family, size):
            found += 1
            blame = "; ".join(growth.responsible) or "nothing in particular"
            print(f"{growth.exponent:.2f}  {growth.seconds:.2f} s  {growth.family}: {blame}", flush=True)
    print(f"{len(chosen):,} families of up to {size:,} code points, {found} with an exponent above {MAX_EXPONENT}")
    return int(found > 0)


_WARM = "# The tram\n\nThe council said that it would not pay.\n"


def measure_growth(family: Article, size: int) -> Growth | None:
    """Return the growth of a family, or None if it is acceptable or too fast to measure.

    `size` is the length of the largest article in code points.
    """
    sizes = [size // step for step in STEPS]
    first = _seconds(family, sizes[0])
    if first < LIMIT / 16:
        last = _seconds(family, size)
        if last < FLOOR or last < first * STEPS[0] ** CLEAR_EXPONENT:
            return None
    for _ in range(TIMES):  # repeated, because of noise
        seconds = [min(_seconds(family, each) for _ in range(1 if first > 1 else TIMES)) for each in sizes[1:]]
        exponent = _slope(sizes[1:], seconds)
        if seconds[-1] < FLOOR or (exponent <= MAX_EXPONENT and seconds[-1] < LIMIT):
            return None
    last = seconds[-1]
    return Growth(family.name, exponent, last, tuple(_responsible(family, sizes[1], size)))


def _slope(sizes: list[int], seconds: list[float]) -> float:
    return linear_regression([log(size) for size in sizes], [log(max(each, 1e-6)) for each in seconds]).slope


def _seconds(family: Article, size: int) -> float:
    """Return the CPU seconds that the whole tool takes for an article of `size` code points, at most LIMIT."""
    text = family.text(size)
    gc.collect()
    start = process_time()
    try:
        with _limited():
            lint(text, family.kind)
    except TooLong:
        return LIMIT
    return process_time() - start


def lint(text: str, kind: str) -> None:
    """Check one article completely. Raises TooLong if a rule is cut off."""
    document = language.with_language(readers.read(_source(text), kind))
    findings, problems = engine.check(document, PREFILTER)
    _, more = engine.collect_facts(document, ACROSS)
    SUPPRESSIONS.filter(document, findings, "/article", report_mistakes=not problems)
    if problems or more:
        raise TooLong


def _source(text: str) -> Source:
    return Source.from_bytes(text.encode("utf-8", "surrogatepass"), "article", None)


def _responsible(family: Article, less: int, more: int) -> Iterator[str]:
    """Yield the stages and rules that grow too fast from `less` to `more` code points, the slowest first."""
    small, large = stages(family.text(less), family.kind), stages(family.text(more), family.kind)
    whole = sum(large.values())
    for name, seconds in sorted(large.items(), key=lambda item: -item[1]):
        exponent = _slope([less, more], [small.get(name, 0), seconds])
        if seconds > SHARE * whole and exponent > MAX_EXPONENT:
            yield f"{name} {exponent:.1f} ({seconds:.2f} s)"


def stages(text: str, kind: str) -> Mapping[str, float]:
    """Return the seconds that each stage and each rule takes, until LIMIT is reached."""
    spent: dict[str, float] = {}
    try:
        with _limited():
            _staged(text, kind, spent)
    except TooLong:
        pass
    return spent


def _staged(text: str, kind: str, spent: dict[str, float]) -> None:
    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = process_time()
        try:
            return call()
        except TimeoutError:
            return []
        finally:
            spent[name] = spent.get(name, 0) + process_time() - start

    source = timed("decoding", lambda: _source(text))
    document: Document = timed("the reader", lambda: readers.read(source, kind))
    document = timed("the language", lambda: language.with_language(document))
    candidates = timed("the prefilter", lambda: PREFILTER.candidates([document]))
    for rule, places in dict(candidates).items():
        find = engine.finder(rule)
        for _, blocks in places:
            timed(rule.name, lambda: [list(find(where)) for where in blocks])  # noqa: B023
    for rule in ACROSS:
        timed(rule.name, lambda: engine.collect_facts(document, [rule]))  # noqa: B023
    checked = timed("the engine", lambda: engine.check(document, PREFILTER))
    timed(
        "suppressions",
        lambda: SUPPRESSIONS.filter(document, checked[0] if checked else [], "/article", report_mistakes=False),
    )


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TooLong after LIMIT seconds of CPU time, on systems that support that."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(*_: object) -> None:
    raise TooLong


if __name__ == "__main__":
    sys.exit(main())
