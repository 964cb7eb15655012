"""Many articles → one result: in this process or in several, the same whichever."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from linter.cache import Cache
from linter.checker import Linter
from linter.config.config import RunOptions
from linter.files.articles import STANDARD_INPUT, Article, Found
from linter.finding import Finding, Problem, Result
from linter.matching import merged
from linter.result_cache import ResultCache
from linter.rule import ArticleFacts
from linter.serialize import ArticleResult, pack_result, unpack_result
from linter.suppressions import filtering

if TYPE_CHECKING:
    from linter.engine import CrossMatch
    from linter.workers import Chunk, Done, Work

_SMALL = 2_000_000  # bytes in all that are checked before further processes would be of use
_EFFORT = 2_000  # bytes of text that are as much work as opening a file
_PORTIONS = 8  # chunks a process, so that none waits long for the last one
_LARGEST = 500_000  # bytes of a chunk of several articles, so that progress can be seen
_NOTHING = ArticleResult([], [], [], [])
_NO_MEMORY = "there is not enough memory to check this article"


def run(
    found: Found,
    desk: Linter,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda done: None,
    cache: Cache | None = None,
    hear: OnFindings | None = None,
) -> Result:
    """Check the articles that were found, in `jobs` processes (None: as many as help), but for those in `cache`.

    `tick` is called with the number of articles that are newly done, every now and then with 0. `hear` is called with
    the findings of one article after the other, then with those across the folder. An article that cannot be checked
    becomes a problem and never stops the others. Rules that look across a folder are asked where one was named, or
    where the cache still knows one around the files: what is true of these alone need not be true of their folder.
    """
    findings, problems, accounts, suppressed = [], [*found.problems], [], []
    keeper = ResultCache(desk, cache, found.folder)
    if not found.folder:
        keeper.look_around(found.articles)
    told = InOrder((article.path for article in found.articles), hear) if hear else None
    for outcome, done in _outcomes(found, keeper, jobs, tick, in_order=bool(hear)):
        findings += outcome.findings
        problems += outcome.problems
        accounts += outcome.accounts
        suppressed += outcome.suppressed
        if told:
            told.take([finding for finding in outcome.findings if not filtering.may_be_excused(finding)], done)
        tick(len(done))
    together = _across(found, keeper, accounts, tick) if keeper.across else _NOTHING
    keeper.rest()
    findings = filtering.without_excused(findings, together.suppressed)
    if hear and (last := [*filter(filtering.may_be_excused, findings), *together.findings]):
        hear(sorted(last, key=attrgetter("order")))
    suppressed += together.suppressed
    return Result(
        len(found.articles),
        tuple(sorted((*findings, *together.findings), key=attrgetter("order"))),
        merged(problems + together.problems),
        isolated=not keeper.across,
        suppressed=len(suppressed),
        used_suppressions=frozenset(entry for one in suppressed for entry in one.entries),
    )


def _across(
    found: Found, keeper: ResultCache, accounts: list[ArticleFacts], tick: Callable[[int], None]
) -> ArticleResult:
    """What the rules say that look across the folder; the articles concerned are read again for that."""
    from linter import engine
    from linter.files.images import ImageFiles

    asked: dict[tuple[str, str], bool] = {}
    files = {article.path: article.file for article in found.articles if article.file != STANDARD_INPUT}
    present = ImageFiles(files).present
    if known := keeper.recall_across(present):
        return known

    def gathered(told: list[ArticleFacts]) -> tuple[Mapping[str, list[CrossMatch]], list[Problem]]:
        return engine.match_across(
            keeper.desk.across, accounts + told, lambda *question: asked.setdefault(question, present(*question))
        )

    told = keeper.accounts()
    try:
        claims, problems = gathered(told)
    except Exception:
        if not told:
            raise
        claims, problems = gathered(keeper.accounts(anew=True))  # what the cache has may be forged
    together = ArticleResult([], problems, [], [])
    for article in found.articles:
        if article.path in claims and article.file != STANDARD_INPUT:
            outcome = _guarded(article, partial(_stamped, keeper.desk, article, claims[article.path]))
            together.findings.extend(outcome.findings)
            together.problems.extend(outcome.problems)
            together.suppressed.extend(outcome.suppressed)
            tick(0)
    keeper.keep_across(together, asked, found)
    return together


def _stamped(desk: Linter, article: Article, claims: Iterable[CrossMatch]) -> ArticleResult:
    """The findings that claims about an article come to."""
    return desk.stamp(article, claims)


def _outcomes(
    found: Found, keeper: ResultCache, jobs: int | None, tick: Callable[[int], None], *, in_order: bool
) -> Generator[tuple[ArticleResult, list[str]]]:
    """What was found, and in which articles, by their paths; as good as `in_order`, or in any."""
    here = [article for article in found.articles if article.file == STANDARD_INPUT]  # ours alone to read
    rest: list[Article] = []
    yield from keeper.recall([article for article in found.articles if article.file != STANDARD_INPUT], rest)
    jobs = _jobs(rest) if jobs is None else jobs
    chunks = _chunks(rest, jobs, in_order=in_order) if jobs > 1 else []
    if len(chunks) > 1:
        keeper.prepare()
        keeper.rest()  # a connection must not be forked
        with closing(_in_processes(chunks, keeper, jobs, tick)) as outcomes:
            yield from outcomes
    else:
        here += rest
    for article in here:
        yield _checked(keeper, article), [article.path]
    keeper.flush()


def _jobs(articles: Sequence[Article]) -> int:
    if sum(article.size for article in articles) < _SMALL:
        return 1
    from linter.workers import usable_cpus

    return usable_cpus()


def _chunks(articles: Sequence[Article], jobs: int, *, in_order: bool = False) -> list[Chunk]:
    """The articles in chunks of about equal work, the largest first, or `in_order` as they are."""
    efforts = [(article.size + _EFFORT, article) for article in articles]
    if not in_order:
        efforts.sort(reverse=True)
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
    chunks: list[Chunk], keeper: ResultCache, jobs: int, tick: Callable[[int], None]
) -> Generator[tuple[ArticleResult, list[str]]]:
    from linter import workers

    fork = workers.can_fork()
    folder = keeper.cache.folder if keeper.cache else None
    make = partial(_work, keeper) if fork else partial(_reopened, keeper.desk.orders, folder, keeper.across)
    with closing(workers.results(chunks, jobs, make, fork=fork, tick=lambda: tick(0))) as results:
        for done in results:
            yield _outcome(done, keeper), [Article(*values).path for values in done.chunk]


def _outcome(done: Done, keeper: ResultCache) -> ArticleResult:
    if done.data is not None:
        failure, _, data = done.data.partition(b"\0")
        if keeper.cache and failure:
            keeper.cache.failure = failure.decode("utf-8", "replace")
        return unpack_result(data)
    why = f"{done.death}, as when memory runs out" if done.death == "SIGKILL" else done.death
    message = f"the process that checked this article died ({why}); please report it"
    return ArticleResult([], [Problem(Article(*done.chunk[0]).path, message)], [], [])


def _reopened(orders: RunOptions, folder: str | None, across: bool) -> Work:
    """The work of a process that shares nothing with the one that started it."""
    return _work(ResultCache(Linter.open(orders), Cache(folder) if folder else None, across))


def _work(keeper: ResultCache) -> Work:
    """What checks chunks; it answers with why the cache cannot be used, or nothing, U+0000, and the outcome."""

    def work(chunk: Chunk) -> bytes:
        outcome = pack_result(_all_checked(keeper, chunk))
        return (keeper.cache.failure.encode() if keeper.cache else b"") + b"\0" + outcome

    return work


def _all_checked(keeper: ResultCache, chunk: Chunk) -> ArticleResult:
    all_of_them = ArticleResult([], [], [], [])
    for values in chunk:
        outcome = _checked(keeper, Article(*values))
        all_of_them.findings.extend(outcome.findings)
        all_of_them.problems.extend(outcome.problems)
        all_of_them.accounts.extend(outcome.accounts)
        all_of_them.suppressed.extend(outcome.suppressed)
    all_of_them.problems[:] = merged(all_of_them.problems)
    keeper.flush()
    return all_of_them


def _checked(keeper: ResultCache, article: Article) -> ArticleResult:
    return _guarded(article, partial(keeper.check, article))


def _guarded(article: Article, work: Callable[[], ArticleResult]) -> ArticleResult:
    """What comes of work on an article; an error of ours in it is a problem of that article alone."""
    try:
        return work()
    except Exception as error:
        if os.environ.get("COPYDESK_DEBUG"):
            import traceback

            traceback.print_exc()
        failed = f"copydesk failed on this article: {type(error).__name__}: {error}; please report it"
        message = _NO_MEMORY if isinstance(error, MemoryError) else failed
        return ArticleResult([], [Problem(article.path, message)], [], [])


# Findings handed on while a run goes on, in the order in which a report shows them.

OnFindings = Callable[[Sequence[Finding]], None]


class InOrder:
    """Passes the findings of articles to `hear` in the order of `paths`, each as soon as those before are done."""

    def __init__(self, paths: Iterable[str], hear: OnFindings) -> None:
        self._waiting = deque(paths)
        self._hear = hear
        self._done: dict[str, list[Finding]] = {}

    def take(self, findings: Iterable[Finding], paths: Iterable[str]) -> None:
        """The articles of these paths are done, and these are the findings in them."""
        self._done |= {path: [] for path in paths}
        for finding in findings:
            self._done.setdefault(finding.path, []).append(finding)
        while self._waiting and self._waiting[0] in self._done:
            if ready := self._done.pop(self._waiting.popleft()):
                self._hear(sorted(ready, key=attrgetter("order")))
