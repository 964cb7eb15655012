"""Run a linter on articles: look up cached results, check the other articles, store results, and compare all articles.

The result does not depend on the number of processes.
"""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING

from linter.article_linter import ArticleLinter, file_path
from linter.cache import Cache
from linter.config.config import BadConfig
from linter.files.articles import STANDARD_INPUT, Article, Found, read_content
from linter.finding import Finding, Problem, Result, SuppressedFinding, uncovered
from linter.matching import merged
from linter.result_cache import BATCH, ResultCache
from linter.rule import NO_OTHERS
from linter.serialize import ArticleResult
from linter.suppressions import is_unused_suppression

if TYPE_CHECKING:
    from linter.changes import Changes
    from linter.engine import CrossMatch
    from linter.rule import ArticleFacts
    from linter.workers import Chunk, Done, Work

_SMALL = 2_000_000  # total bytes; fewer bytes are checked in one process, since starting more processes takes longer
_EFFORT = 2_000  # bytes of text that take as long as opening a file
_PORTIONS = 8  # chunks per process, so that no process waits long for the others at the end
_BATCH = 200_000  # bytes of articles that are checked together; more no longer fit the processor's cache
_LARGEST = 500_000  # bytes of a chunk of several articles, so that progress is visible
_REPLACED = "not checked: copydesk was installed again during the run"
_UNREADABLE = "this file cannot be read and was not checked"
_NO_MEMORY = "there is not enough memory to check this article"

OnProgress = Callable[[int], None]


def run(
    found: Found,
    linter: ArticleLinter,
    jobs: int | None = None,
    on_progress: OnProgress = lambda done: None,
    cache: Cache | None = None,
) -> Result:
    """Return the result of checking the articles in `found` with `jobs` processes (None: automatic).

    Articles with results in `cache` are not checked again. `on_progress` gets the number of articles just finished,
    which may be 0. Articles are compared if a folder was named, or if the folder of a named file is in `cache`. An
    internal error becomes a problem.
    """
    results = ResultCache(linter, cache, found.folder)
    if not found.folder:
        results.include_neighbors(found.articles)
    total = ArticleResult([], [*found.problems], [], [])
    for result, number in _check_articles(found.articles, linter, results, jobs, on_progress):
        total.add(result)
        on_progress(number)
    across = _check_across(found, linter, results, total.facts, on_progress)
    results.close()
    findings = _without_used_suppressions(total.findings, across.suppressed)
    findings = sorted(uncovered([*findings, *across.findings]), key=attrgetter("order"))
    suppressed = total.suppressed + across.suppressed
    return Result(
        len(found.articles),
        tuple(findings),
        merged(total.problems + across.problems),
        compared=results.across,
        suppressed=len(suppressed),
        used_suppressions=frozenset(entry for one in suppressed for entry in one.entries),
        passed_over=len(found.passed_over),
    )


def filter_findings(
    result: Result,
    found: Found,
    linter: ArticleLinter,
    *,
    changes: Changes | None = None,
    keep_known: bool = False,
    strict: bool = False,
) -> Result:
    """Return `result` with only those findings that are on changed lines and not in the baseline.

    If `changes` is None, findings on all lines are kept. If `keep_known` is true, the baseline is not read, and its
    findings are kept too. If two findings are identical and the baseline contains only one, the finding on an unchanged
    line counts as known. `found` has the articles of the run.

    Unused suppressions in the config are added as findings, unless suppressions are turned off. If `strict` is true and
    the baseline is read, its outdated entries are added as well. Raises BadConfig for a baseline with mistakes.
    """
    by_path = {article.path: article for article in found.articles}

    def counts(finding: Finding) -> bool:
        return changes is None or changes.touches(finding, by_path[finding.path])

    added: list[Finding] = []
    if linter.config.suppressions and not linter.options.no_suppressions:
        from linter.suppressions.apply import unused_in_config

        added += unused_in_config(result, found, linter.run_rules.active().suppressions)
    new, number = result.findings, 0
    if not keep_known and os.path.lexists(linter.config.baseline):
        from linter.baseline import Baseline, stale_findings

        baseline = Baseline.open(linter, found.articles)
        split = baseline.split(sorted(result.findings, key=counts))
        new = split.new
        number = sum(map(counts, result.findings)) - sum(map(counts, new))
        added += stale_findings(baseline, split, result) if strict else []
    findings = sorted([*filter(counts, new), *added], key=attrgetter("order"))
    return result._replace(findings=tuple(findings), known=number)


def _without_used_suppressions(findings: Iterable[Finding], suppressed: Iterable[SuppressedFinding]) -> list[Finding]:
    """Return `findings` without those that wrongly report a suppression as unused.

    `suppressed` are the suppressed findings of rules that compare articles.
    """
    used: dict[str, list[int]] = defaultdict(list)
    for one in suppressed:
        used[one.path] += one.places
    return [
        finding
        for finding in findings
        if not is_unused_suppression(finding)
        or not any(finding.start <= place < finding.end for place in used.get(finding.name, ()))
    ]


def _check_articles(
    articles: Sequence[Article],
    linter: ArticleLinter,
    results: ResultCache,
    jobs: int | None,
    on_progress: OnProgress,
) -> Generator[tuple[ArticleResult, int]]:
    """Yield results, each with the number of its articles. Cached results come first."""
    files = [article for article in articles if article.file != STANDARD_INPUT]
    unknown: list[Article] = []
    for start in range(0, len(files), BATCH):
        known, missing = results.lookup(files[start : start + BATCH])
        unknown += missing
        for result in known.values():
            yield result, 1
    here = [article for article in articles if article.file == STANDARD_INPUT]  # other processes cannot read it
    jobs = _processes(unknown, linter, jobs)
    chunks = _chunks(unknown, jobs) if jobs > 1 else []
    if len(chunks) > 1:
        linter.run_rules.active().prefilter.prepare()
        results.close()  # a connection must not be forked
        with closing(_in_processes(chunks, linter, results, jobs, on_progress)) as checked:
            yield from checked
    else:
        here += unknown
    for batch in batches(here):
        for result in _check(batch, linter, results):
            yield result, 1
    results.flush()


def _processes(articles: Sequence[Article], linter: ArticleLinter, jobs: int | None) -> int:
    """Return the number of processes that check `articles`: at most `jobs` (None: automatic), or 1 for few bytes."""
    if jobs == 1 or (jobs is None and sum(article.size for article in articles) < _SMALL):
        return 1
    from linter import workers

    jobs = workers.usable_cpus() if jobs is None else jobs
    return jobs if linter.is_portable or workers.can_fork() else 1


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield the articles in batches that are checked together. Standard input is a batch of its own."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        if batch and (size + article.size > _BATCH or STANDARD_INPUT in (batch[-1].file, article.file)):
            yield batch
            batch, size = [], 0
        batch.append(article)
        size += article.size
    if batch:
        yield batch


def _check(articles: Sequence[Article], linter: ArticleLinter, results: ResultCache) -> list[ArticleResult]:
    """Return the result of checking each article, and store it if possible. An error becomes a problem."""
    contents = [_content(article) if results.cache else None for article in articles]
    try:
        # A folder may contain the same text as standard input, so they are not compared.
        across = results.across and not any(article.file == STANDARD_INPUT for article in articles)
        pairs = zip(articles, contents, strict=True)
        read = [(linter.read(article, data), file_path(article)) for article, data in pairs]
        checked = linter.check_documents(read, across=across)
        for article, data, result in zip(articles, contents, checked, strict=True):
            if data is not None:
                results.store(article, data, result)
        return checked
    except Exception as error:
        if len(articles) == 1:
            return [_failed(articles[0], error)]
        return [result for article in articles for result in _check([article], linter, results)]


def _content(article: Article) -> bytes | None:
    """Return the content of the file of an article, or None if it has no file or cannot be read."""
    if article.file != STANDARD_INPUT:
        with suppress(OSError):  # the linter reports the failure
            return read_content(article)
    return None


def _failed(article: Article, error: Exception) -> ArticleResult:
    if isinstance(error, OSError):  # the content is not text or cannot be read
        return ArticleResult([], [Problem(article.path, f"{_UNREADABLE}: {error.strerror or error}")], [], [])
    if os.environ.get("COPYDESK_DEBUG"):
        import traceback

        traceback.print_exception(error)
    failed = f"copydesk failed on this article: {type(error).__name__}: {error}; please report it"
    message = _NO_MEMORY if isinstance(error, MemoryError) else failed
    return ArticleResult([], [Problem(article.path, message)], [], [])


def _check_across(
    found: Found, linter: ArticleLinter, results: ResultCache, facts: list[ArticleFacts], on_progress: OnProgress
) -> ArticleResult:
    """Return the result of comparing the articles of a folder, or an empty result if articles are not compared.

    `facts` has the facts of newly checked articles.
    """
    total = ArticleResult([], [], [], [])
    if not results.across:
        return total
    from linter.files.images import ImageFiles

    files = {article.path: article.file for article in found.articles if article.file != STANDARD_INPUT}
    present = ImageFiles(files).present
    if known := results.lookup_across(present):
        return known
    answers: dict[tuple[str, str], bool] = {}
    matches, total.problems[:] = _match_across(
        linter,
        results,
        facts,
        lambda *question: answers.setdefault(question, present(*question)),
        None if found.folder else files.keys(),
    )
    for article in found.articles:
        if article.path in matches and article.file != STANDARD_INPUT:
            try:
                matched = matches[article.path]
                total.add(linter.check_across(linter.read(article), file_path(article), matched))
            except Exception as error:
                total.add(_failed(article, error))
            on_progress(0)
    results.store_across(total, answers, found)
    return total


def _match_across(
    linter: ArticleLinter,
    results: ResultCache,
    facts: list[ArticleFacts],
    present: Callable[[str, str], bool],
    asked: Collection[str] | None,
) -> tuple[Mapping[str, list[CrossMatch]], list[Problem]]:
    """Return the matches of rules that compare articles, by article path, and problems.

    Matches in articles that are not in `asked` may be missing, unless it is None.
    """
    from linter import engine

    failed: list[Problem] = []

    def cached(*, fresh: bool = False) -> list[ArticleFacts]:
        known, missing = results.known_facts(fresh=fresh)
        for batch in batches(missing):
            for result in _check(batch, linter, results):
                known += result.facts
                failed.extend(result.problems)
        return known

    known, others = cached(), results.neighbors or NO_OTHERS
    try:
        matches, problems = engine.match_across(linter.run_rules.across, facts + known, present, asked, others)
    except Exception:
        if not known and others is NO_OTHERS:
            raise
        known = cached(fresh=True)  # facts in the cache may be forged
        matches, problems = engine.match_across(linter.run_rules.across, facts + known, present, asked)
    return matches, problems + failed


def _chunks(articles: Sequence[Article], jobs: int) -> list[Chunk]:
    """Return the articles in chunks of roughly equal work, the largest articles first."""
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
    chunks: list[Chunk], linter: ArticleLinter, results: ResultCache, jobs: int, on_progress: OnProgress
) -> Generator[tuple[ArticleResult, int]]:
    """Check chunks in worker processes, and yield each result with the number of its articles."""
    from linter import workers

    fork = workers.can_fork()
    folder = results.cache.folder if results.cache else None
    make = (
        partial(_work, linter, results)
        if fork
        else partial(_spawned, linter.bundle(), linter.digest, folder, results.across)
    )
    with closing(workers.results(chunks, jobs, make, fork=fork, on_wait=lambda: on_progress(0))) as answers:
        for done in answers:
            yield _result(done, results), len(done.chunk)


def _result(done: Done, results: ResultCache) -> ArticleResult:
    if done.data is not None:
        result: ArticleResult
        failure, result = pickle.loads(done.data)
        if results.cache and failure:
            results.cache.failure = failure
        return result
    message = f"the process that checked this article died ({done.cause}); please report it"
    return ArticleResult([], [Problem(Article(*done.chunk[0]).path, message)], [], [])


def _spawned(bundle: bytes, digest: bytes, folder: str | None, across: bool) -> Work:
    """Return the function that checks chunks in a spawned process with the linter in `bundle`.

    `digest` is the digest of the linter that made the bundle, so that both use the same cached results. If copydesk has
    been replaced, the function only returns problems.
    """
    try:
        linter = ArticleLinter.from_bundle(bundle)
        linter.digest = digest
        return _work(linter, ResultCache(linter, Cache(folder) if folder else None, across))
    except BadConfig:
        pass

    def refuse(chunk: Chunk) -> bytes:
        problems = [Problem(Article(*values).path, _REPLACED) for values in chunk]
        return pickle.dumps(("", ArticleResult([], problems, [], [])))

    return refuse


def _work(linter: ArticleLinter, results: ResultCache) -> Work:
    """Return the function that checks a chunk of articles.

    The function returns bytes: the failure of the cache, if any, then a zero byte, then the packed result.
    """

    def work(chunk: Chunk) -> bytes:
        total = ArticleResult([], [], [], [])
        for batch in batches(starmap(Article, chunk)):
            for result in _check(batch, linter, results):
                total.add(result)
        total.problems[:] = merged(total.problems)
        results.flush()
        return pickle.dumps((results.cache.failure if results.cache else "", total))

    return work
