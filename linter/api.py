"""Linting from Python: text in, findings out."""

from __future__ import annotations

from collections.abc import Iterable

from linter import engine, language, packs, readers
from linter.finding import Finding
from linter.plan import PlainPlan
from linter.rule import Rule
from linter.source import Source


def lint_text(
    text: str, *, kind: str = "markdown", path: str = "<text>", rules: Iterable[Rule] | None = None
) -> list[Finding]:
    """The findings of one article, in order.

    `kind` is markdown, html or text; `path` is only for the findings. `rules`: the shipped ones that are on by
    default, if none are given. Offsets of findings count code points of `text`. Raises ValueError for a `kind`
    that there is not.
    """
    if kind not in readers.KINDS:
        raise ValueError(f"“{kind}” is no kind of article: {', '.join(readers.KINDS)}")
    chosen = tuple(rule for rule in packs.shipped() if rule.enabled) if rules is None else tuple(rules)
    document = language.settle(readers.read(Source(text, path), kind))
    return engine.check(document, PlainPlan(chosen))[0]
