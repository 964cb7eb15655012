"""Findings, problems and accounts as plain data and back, for what lies between processes."""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from itertools import starmap
from typing import Any, NamedTuple

from linter.finding import Edit, Finding, Fix, Problem, Silenced
from linter.rule import Account, Fact

_FIX = Finding._fields.index("fix")


class Outcome(NamedTuple):
    """What was found in some articles, what could not be done, what they tell for a look at all of them, and what
    was found in them and is silenced.
    """

    findings: list[Finding]
    problems: list[Problem]
    accounts: list[Account]
    silenced: list[Silenced]


def pack(outcome: Outcome) -> bytes:
    """An outcome as bytes, which hold data alone and are fit for this version of Python only."""
    findings, problems, accounts, silenced = outcome
    told = [(*account[:-1], [*map(tuple, account.facts)]) for account in accounts]
    return marshal.dumps(
        ([_row(finding) for finding in findings], [*map(tuple, problems)], told, [*map(tuple, silenced)])
    )


def unpack(data: bytes) -> Outcome:
    """What `pack` made."""
    findings, problems, told, silenced = marshal.loads(data)
    accounts = [Account(path, rule, length, tuple(starmap(Fact, facts))) for path, rule, length, facts in told]
    return Outcome(
        [_finding(row) for row in findings],
        [Problem(*problem) for problem in problems],
        accounts,
        [Silenced(*one) for one in silenced],
    )


def _row(finding: Finding) -> tuple[Any, ...]:
    if finding.fix is None:
        return tuple(finding)
    fix = (finding.fix.safe, [*map(tuple, finding.fix.edits)])
    return (*finding[:_FIX], fix, *finding[_FIX + 1 :])


def _finding(row: Iterable[Any]) -> Finding:
    finding = Finding(*row)
    if finding.fix is None:
        return finding
    safe, edits = finding.fix
    return finding._replace(fix=Fix(safe, tuple(starmap(Edit, edits))))
