"""Rules of the extension point `readability`: the mean of grades that readability formulas give to an article."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from linter.document import Document
from linter.rule import Match
from linter.suggest import as_list, cut_text, did_you_mean
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.definition import BadOption, Context, Definition
from linter.vale.statistics import Statistics, document_statistics


def make(definition: Definition, context: Context) -> Readability:
    """Return the check. Raises BadOption if a metric is unknown, or if there is none."""
    metrics = definition.options.get("metrics", ())
    if not metrics:
        raise BadOption("metrics", "at least one metric must be given")
    for name in metrics:
        if name not in METRICS:
            raise BadOption("metrics", f"“{cut_text(name)}” must be {as_list(METRICS)}{did_you_mean(name, METRICS)}")
    return Readability(definition)


def _automated_readability(text: Statistics) -> float:
    return 4.71 * text.characters / text.words + 0.5 * text.words / text.sentences - 21.43


def _coleman_liau(text: Statistics) -> float:
    return 5.88 * text.characters / text.words - 29.6 * text.sentences / text.words - 15.8


def _flesch_kincaid(text: Statistics) -> float:
    return 0.39 * text.words / text.sentences + 11.8 * text.syllables / text.words - 15.59


def _gunning_fog(text: Statistics) -> float:
    return 0.4 * (text.words / text.sentences + 100 * text.complex_words / text.words)


def _smog(text: Statistics) -> float:
    return 1.043 * math.sqrt(30 * text.polysyllabic_words / text.sentences) + 3.1291


# School grades of the United States, by the published formulas.
METRICS: Mapping[str, Callable[[Statistics], float]] = {
    "Automated Readability": _automated_readability,
    "Coleman-Liau": _coleman_liau,
    "Flesch-Kincaid": _flesch_kincaid,
    "Gunning Fog": _gunning_fog,
    "SMOG": _smog,
}


class Readability(ArticleRule):
    """Reports an article if the mean of `metrics` is above `grade`. The message may use the mean as %s."""

    def find_in(self, document: Document) -> Iterator[Match]:
        text = document_statistics(document)
        if not text.words:
            return
        metrics = set(self.definition.options["metrics"])
        grade = sum(METRICS[name](text) for name in metrics) / len(self.definition.options["metrics"])
        if grade > self.definition.options.get("grade", 0.0):
            yield self.match(Hit(0, 0, (f"{grade:.2f}",), ()), "")
