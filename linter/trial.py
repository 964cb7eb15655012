"""A rule put to articles before it is switched on: how often it speaks, and a sample of that to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from linter import runner
from linter.desk import Desk
from linter.digest import blake2b
from linter.discovery import Found
from linter.finding import Finding, Problem
from linter.reports import fingerprints
from linter.rule import Rule
from linter.settled import Orders, Settings
from linter.shelf import PlanOf
from linter.silencing.silencer import Silencer
from linter.workers import can_fork


class Trial(NamedTuple):
    """What a rule alone finds in so many articles, less what is `silenced` there or in the settings."""

    rule: Rule
    files: int
    findings: tuple[Finding, ...]
    silenced: int
    problems: tuple[Problem, ...]

    @property
    def articles(self) -> int:
        """How many articles it finds something in."""
        return len({(finding.path, finding.record) for finding in self.findings})


def hold(rule: Rule, orders: Orders, settled: Settings, found: Found, tick: Callable[[int], None]) -> Trial:
    """Put the rule, and no other, to all articles; `tick` is called as the runner does."""
    silencer = Silencer((rule,), entries=settled.suppressions, narrowed=True)
    desk = Desk(orders, settled, (rule,), PlanOf((rule,)), silencer)
    jobs = None if can_fork() else 1  # a process that shares nothing with this one would open another desk
    result = runner.run(found, desk, jobs, tick)
    return Trial(rule, result.files, result.findings, result.silenced, result.problems)


def sample(findings: Sequence[Finding], number: int, seed: int) -> list[Finding]:
    """`number` findings drawn by lot, in their order.

    The lot of each comes of `seed` and its fingerprint: the same seed draws the same ones on any machine, a larger
    sample holds the smaller one, and where findings come or go the others stay.
    """
    lots = {key: blake2b(f"{seed} {key}".encode(), digest_size=8).digest() for key in fingerprints.of(findings)}
    drawn = sorted(zip(lots.values(), findings, strict=True), key=lambda pair: pair[0])[:number]
    return sorted((finding for _, finding in drawn), key=attrgetter("order"))
