"""Rules of the extension point `metric`: a formula about the counts of an article, and a condition for its value."""

from __future__ import annotations

import math
from collections.abc import Iterator

from linter.document import Document
from linter.rule import Match
from linter.vale.checks._base import ArticleRule, Hit
from linter.vale.definition import Context, Definition
from linter.vale.formula import Formula
from linter.vale.statistics import NAMES, document_counts, document_statistics

_VALUE = "value"  # the variable of a condition that has the value of the formula
_DIGITS = 6  # digits after the decimal point of the value that the condition compares


def make(definition: Definition, context: Context) -> Metric:
    """Return the check. Raises BadOption if the formula or the condition cannot be evaluated."""
    options = definition.options
    return Metric(
        definition,
        Formula("formula", options.get("formula", ""), NAMES),
        Formula("condition", f"{_VALUE} {options.get('condition', '')}", (*NAMES, _VALUE), "condition"),
    )


class Metric(ArticleRule):
    """Reports an article if `condition` is true for the value of `formula`. The message may use the value as %s."""

    def __init__(self, definition: Definition, formula: Formula, condition: Formula) -> None:
        super().__init__(definition)
        self._formula, self._condition = formula, condition

    def find_in(self, document: Document) -> Iterator[Match]:
        if not document_statistics(document).words:
            return
        counts = document_counts(document)
        value = self._formula.value(counts)
        if math.isfinite(value) and self._condition.value({**counts, _VALUE: round(value, _DIGITS)}) == 1:
            yield self.match(Hit(0, 0, (f"{value:.2f}",), ()), "")
