"""Linting from Python: text in, findings out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from linter import engine, readers
from linter.config import packs
from linter.finding import Finding
from linter.prefilter.index import IndexedPrefilter
from linter.rule import Rule
from linter.source import Source
from linter.suppressions.filtering import SuppressionFilter
from linter.text import language

if TYPE_CHECKING:
    from linter.finding import Result


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
    plan = _default_plan() if rules is None else IndexedPrefilter(tuple(rules))
    document = language.with_language(readers.read(Source(text, path), kind))
    findings, problems = engine.check(document, plan)
    silencer = SuppressionFilter(plan.rules, narrowed=rules is not None)
    return silencer.sift(document, findings, os.path.abspath(path), judged=not problems)[0]


@cache
def _default_plan() -> IndexedPrefilter:
    """The plan of the shipped rules that are on by default; making it takes longer than checking a short text."""
    return IndexedPrefilter(tuple(rule for rule in packs.shipped_rules() if rule.enabled))


def lint_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    config: str | None = None,
    isolated: bool = False,
    rules: Iterable[str] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    jobs: int | None = 1,
    baseline: bool = True,
) -> Result:
    """What `copydesk check` sees in files, folders and globs: how many articles, their findings, the problems.

    The other arguments are its options; without `baseline` it sees known findings too. `jobs`: None for as many
    processes as help; several may import the main module of the program anew. Raises BadConfig and BadRule.
    """
    from linter import runner
    from linter.baseline import filter_findings
    from linter.checker import Linter
    from linter.config.config import RunOptions
    from linter.files import articles

    desk = Linter.open(RunOptions(tuple(rules), config, isolated, tuple(select), tuple(ignore)))
    found = articles.discover([os.fspath(path) for path in paths], desk.settings.excludes)
    result = runner.run(found, desk, jobs)
    return filter_findings(result, found, desk, known=isolated or not baseline)
