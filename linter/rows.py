"""Findings, problems and accounts as bytes and back: `pack` for a pipe between processes, `dump…` for the cache.

What comes out of the cache is checked, since another program may have written it: every `load…` raises ValueError for
what its `dump…` cannot have made.
"""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import starmap
from typing import Any, NamedTuple

from linter import typedjson
from linter.finding import SEVERITIES, Edit, Finding, Fix, Problem, Silenced
from linter.rule import Account, Fact
from linter.typedjson import Reader

_FIX = Finding._fields.index("fix")
_NOTHING = b"[[],[]]"
Question = tuple[str, str, bool]  # an article's path, an address in it, and whether that leads to a file


class Outcome(NamedTuple):
    """What was found in some articles, what could not be done, what they tell for a look at all of them, and what
    was found in them and is silenced.
    """

    findings: list[Finding]
    problems: list[Problem]
    accounts: list[Account]
    silenced: list[Silenced]


def pack(outcome: Outcome) -> bytes:
    """An outcome as bytes for another process of this run: `unpack` trusts them."""
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


def dump_found(outcome: Outcome) -> bytes:
    """What was found in articles, without their accounts and problems."""
    return typedjson.dumps((outcome.findings, outcome.silenced))


def load_found(data: bytes, paths: Collection[str], size: int | None = None) -> Outcome:
    """What `dump_found` made, for articles of these `paths`; `size` is the length of the only one in bytes."""
    if data == _NOTHING:  # as of most articles
        return Outcome([], [], [], [])
    findings, silenced = typedjson.loads(data, _found())
    _judge(findings, silenced, paths, size)
    return Outcome(findings, [], [], silenced)


def dump_accounts(accounts: Iterable[Account]) -> bytes:
    """What articles tell for a look across their folder."""
    return typedjson.dumps([*accounts])


def load_accounts(data: bytes, facts: Mapping[str, Reader]) -> list[Account]:
    """What `dump_accounts` made; `facts` has what reads those of a rule (`reader_of_facts`), by its name."""
    return [_account(*row, readers=facts) for row in typedjson.loads(data, _told())]


def reader_of_facts(data: object) -> Reader:
    """What reads the facts of one account, whose data are of this type."""
    return typedjson.rows(tuple, Fact._make, int, int, data)


def dump_across(outcome: Outcome, asked: Iterable[Question]) -> bytes:
    """What was found across articles, and the answers about files that it depends on."""
    return typedjson.dumps(([*asked], outcome.findings, outcome.silenced))


def load_across(data: bytes, paths: Collection[str]) -> tuple[Outcome, list[Question]]:
    """What `dump_across` made, for articles of these `paths`."""
    asked, findings, silenced = typedjson.loads(data, _across())
    _judge(findings, silenced, paths, None)
    return Outcome(findings, [], [], silenced), asked


@cache
def _found() -> Reader:
    return typedjson.reader(tuple[list[Finding], list[Silenced]])


@cache
def _told() -> Reader:
    return typedjson.rows(list, tuple, str, str, int, object)


@cache
def _across() -> Reader:
    return typedjson.reader(tuple[list[Question], list[Finding], list[Silenced]])


def _judge(findings: Iterable[Finding], silenced: Iterable[Silenced], paths: Collection[str], size: int | None) -> None:
    """Raise ValueError unless all of them can be those of these articles. No text has more code points than bytes."""
    for path, _, _, severity, _, line, column, end_line, end_column, start, end, text, _, _, fix, _, _, _ in findings:
        last = end if size is None else size
        if (
            not 0 <= start <= end <= last
            or len(text) != end - start
            or not 0 < line <= end_line <= end + 1
            or not 0 < column <= end + 1
            or not 0 < end_column <= end + 1
            or severity not in SEVERITIES
            or path not in paths
        ):
            raise ValueError("no such finding")
        if fix and not all(0 <= low <= high and (size is None or high <= size) for low, high, _ in fix.edits):
            raise ValueError("no such fix")
    if not all(one.path in paths for one in silenced):
        raise ValueError("another article")


def _account(path: str, rule: str, length: int, facts: object, *, readers: Mapping[str, Reader]) -> Account:
    if rule not in readers:
        raise ValueError("a rule that tells nothing")
    told = readers[rule](facts)
    for start, end, _ in told:
        if not 0 <= start <= end <= length:
            raise ValueError("no such facts")
    return Account(path, rule, length, told)


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
