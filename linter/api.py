"""Linting from Python: text in, findings out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from linter import engine, packs, readers
from linter.finding import Finding
from linter.planning.fast import FastPlan
from linter.prose import language
from linter.rule import Rule
from linter.silencing.silencer import Silencer
from linter.source import Source

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
    plan = _default_plan() if rules is None else FastPlan(tuple(rules))
    document = language.settle(readers.read(Source(text, path), kind))
    findings, problems = engine.check(document, plan)
    silencer = Silencer(plan.rules, narrowed=rules is not None)
    return silencer.sift(document, findings, os.path.abspath(path), judged=not problems)[0]


@cache
def _default_plan() -> FastPlan:
    """The plan of the shipped rules that are on by default; making it takes longer than checking a short text."""
    return FastPlan(tuple(rule for rule in packs.shipped() if rule.enabled))


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
    from linter import discovery, runner
    from linter.counting import sieve
    from linter.desk import Desk
    from linter.settled import Orders

    desk = Desk.open(Orders(tuple(rules), config, isolated, tuple(select), tuple(ignore)))
    found = discovery.find([os.fspath(path) for path in paths], desk.settings.excludes)
    result = runner.run(found, desk, jobs)
    return sieve.strain(result, found, desk, known=isolated or not baseline)
