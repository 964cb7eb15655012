"""Many articles → one result: in this process or in several, the same whichever."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial

from linter import engine, gathering
from linter.desk import Desk, Orders
from linter.discovery import STANDARD_INPUT, Article, Found
from linter.finding import Problem, Result
from linter.gathering import Claim
from linter.rows import Outcome, pack, unpack
from linter.rule import Account
from linter.workers import Chunk, Done, Work

_SMALL = 2_000_000  # bytes in all that are checked before further processes would be of use
_EFFORT = 2_000  # bytes of text that are as much work as opening a file
_PORTIONS = 8  # chunks a process, so that none waits long for the last one
_LARGEST = 500_000  # bytes of a chunk of several articles, so that progress can be seen


def run(found: Found, desk: Desk, jobs: int | None = None, tick: Callable[[int], None] = lambda done: None) -> Result:
    """Check the articles that were found, in `jobs` processes (None: as many as help).

    `tick` is called with the number of articles that are newly done, every now and then with 0. An article that
    cannot be checked becomes a problem and never stops the others. Rules that look across a folder are asked where
    one was named: what is true of single files need not be true of the folder they are from.
    """
    findings, problems, accounts = [], [*found.problems], []
    for outcome, done in _outcomes(found, desk, jobs, tick):
        findings += outcome.findings
        problems += outcome.problems
        accounts += outcome.accounts
        tick(done)
    for outcome in _across(found, desk, accounts) if accounts else ():
        findings += outcome.findings
        problems += outcome.problems
        tick(0)
    findings.sort(key=lambda finding: finding.order)
    apart = bool(desk.across) and not found.folder
    return Result(len(found.articles), tuple(findings), tuple(sorted(problems)), apart)


def _across(found: Found, desk: Desk, accounts: Iterable[Account]) -> Iterator[Outcome]:
    """What the rules say that look across the folder; the articles concerned are read again for that."""
    claims, problems = gathering.gather(desk.across, accounts, lambda path, address: True)
    yield Outcome([], problems, [])
    for article in found.articles:
        if article.path in claims and article.file != STANDARD_INPUT:
            yield _guarded(article, partial(_stamped, desk, article, claims[article.path]))


def _stamped(desk: Desk, article: Article, claims: Iterable[Claim]) -> Outcome:
    """The findings that claims about an article come to."""
    return Outcome(*engine.stamp(desk.read(article), claims), [])


def _outcomes(
    found: Found, desk: Desk, jobs: int | None, tick: Callable[[int], None]
) -> Generator[tuple[Outcome, int]]:
    """What was found, and in how many articles, in any order."""
    here = [article for article in found.articles if article.file == STANDARD_INPUT]  # ours alone to read
    rest = [article for article in found.articles if article.file != STANDARD_INPUT]
    jobs = _jobs(rest) if jobs is None else jobs
    chunks = _chunks(rest, jobs) if jobs > 1 else []
    if len(chunks) > 1:
        with closing(_in_processes(chunks, desk, jobs, found.folder, tick)) as outcomes:
            yield from outcomes
    else:
        here += rest
    for article in here:
        yield _checked(desk, article, found.folder), 1


def _jobs(articles: Sequence[Article]) -> int:
    from linter.workers import usable_cpus

    return 1 if sum(article.size for article in articles) < _SMALL else usable_cpus()


def _chunks(articles: Sequence[Article], jobs: int) -> list[Chunk]:
    """The articles in chunks of about equal work, the largest first."""
    efforts = sorted(((article.size + _EFFORT, article) for article in articles), reverse=True)
    enough = min(_LARGEST, sum(effort for effort, _ in efforts) // (jobs * _PORTIONS) + 1)
    chunks: list[Chunk] = []
    size = enough
    for effort, article in efforts:
        if size >= enough:
            chunks.append([])
            size = 0
        chunks[-1].append(tuple(article))
        size += effort
    return chunks


def _in_processes(
    chunks: list[Chunk], desk: Desk, jobs: int, across: bool, tick: Callable[[int], None]
) -> Generator[tuple[Outcome, int]]:
    from linter import workers

    fork = workers.can_fork()
    make = partial(_work, desk, across) if fork else partial(_reopened, desk.orders, across)
    with closing(workers.results(chunks, jobs, make, fork=fork, tick=lambda: tick(0))) as results:
        for done in results:
            yield _outcome(done), len(done.chunk)


def _outcome(done: Done) -> Outcome:
    if done.data is not None:
        return unpack(done.data)
    why = f"{done.death}, as when memory runs out" if done.death == "SIGKILL" else done.death
    message = f"the process that checked this article died ({why}); please report it"
    return Outcome([], [Problem(Article(*done.chunk[0]).path, message)], [])


def _reopened(orders: Orders, across: bool) -> Work:
    """The work of a process that shares nothing with the one that started it."""
    return _work(Desk.open(orders), across)


def _work(desk: Desk, across: bool) -> Work:
    return lambda chunk: pack(_all_checked(desk, chunk, across))


def _all_checked(desk: Desk, chunk: Chunk, across: bool) -> Outcome:
    all_of_them = Outcome([], [], [])
    for values in chunk:
        outcome = _checked(desk, Article(*values), across)
        all_of_them.findings.extend(outcome.findings)
        all_of_them.problems.extend(outcome.problems)
        all_of_them.accounts.extend(outcome.accounts)
    return all_of_them


def _checked(desk: Desk, article: Article, across: bool) -> Outcome:
    """What `desk` says of an article. What comes on standard input is not in the folder, where it may lie too."""
    return _guarded(article, partial(desk.check, article, across=across and article.file != STANDARD_INPUT))


def _guarded(article: Article, work: Callable[[], Outcome]) -> Outcome:
    """What comes of work on an article; an error of ours in it is a problem of that article alone."""
    try:
        return work()
    except Exception as error:
        if os.environ.get("COPYDESK_DEBUG"):
            traceback.print_exc()
        message = f"copydesk failed on this article: {type(error).__name__}: {error}; please report it"
        return Outcome([], [Problem(article.path, message)], [])
