"""Convert results to bytes for the cache, and back.

The cache is not trusted. Every `load…` function checks the types of all values, and raises ValueError for invalid data.
That way, a forged cache can lead to wrong findings, but to nothing worse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from linter.finding import SEVERITIES, Finding, Problem, SuppressedFinding
from linter.rule import ArticleFacts, Fact
from linter.typed_json import Reader, dump_json, load_json, row_reader, typed_reader

Answer = tuple[str, str, bool]  # the path of an article, an address in it, and whether that leads to a file
Looked = tuple[str, bool]  # the path of a neighbor, and whether its file has not changed

# The types of the cached values.
_FINDINGS = tuple[list[Finding], list[SuppressedFinding]]
_FACTS = list[tuple[str, str, int, object]]  # one row per ArticleFacts
_ACROSS = tuple[list[Answer], list[Looked], list[Finding], list[SuppressedFinding]]

_NO_FINDINGS = b"[[],[]]"


class ArticleResult(NamedTuple):
    """The result of checking one or more articles: findings, problems, facts and suppressed findings."""

    findings: list[Finding]
    problems: list[Problem]
    facts: list[ArticleFacts]
    suppressed: list[SuppressedFinding]

    def add(self, other: ArticleResult) -> None:
        """Add the content of another result to this one."""
        self.findings.extend(other.findings)
        self.problems.extend(other.problems)
        self.facts.extend(other.facts)
        self.suppressed.extend(other.suppressed)


def dump_findings(result: ArticleResult) -> bytes:
    """Return the findings and suppressed findings of a result as bytes. Facts and problems are left out."""
    return dump_json((result.findings, result.suppressed))


def load_findings(data: bytes, paths: Collection[str], size: int | None = None) -> ArticleResult:
    """Return the findings and suppressed findings that `dump_findings` converted to `data`.

    `paths` are the paths of the checked articles. `size` is the length of the article in bytes, or None if there are
    several articles. Raises ValueError for invalid data, or if a finding is impossible for these articles.
    """
    if data == _NO_FINDINGS:  # most articles have none
        return ArticleResult([], [], [], [])
    findings, suppressed = load_json(data, typed_reader(_FINDINGS))
    _validate(findings, suppressed, paths, size)
    return ArticleResult(findings, [], [], suppressed)


def dump_facts(collected: Iterable[ArticleFacts]) -> bytes:
    """Return the facts of articles as bytes."""
    return dump_json([*collected])


def load_facts(data: bytes, readers: Mapping[str, Reader]) -> list[ArticleFacts]:
    """Return the facts that `dump_facts` converted to `data`.

    `readers` has the `fact_reader` of each rule, by the name of the rule. Raises ValueError for invalid data.
    """
    return [_article_facts(*row, readers=readers) for row in load_json(data, typed_reader(_FACTS))]


def fact_reader(data: object) -> Reader:
    """Return a reader for the facts of one article and one rule. `data` is the type of `Fact.data` in these facts."""
    return row_reader(tuple, Fact._make, int, int, data)


def dump_across(result: ArticleResult, answers: Iterable[Answer], looked: Iterable[Looked]) -> bytes:
    """Return as bytes the result of comparing articles, and the `Answer` and `Looked` that this result depends on."""
    return dump_json(([*answers], [*looked], result.findings, result.suppressed))


def load_across(data: bytes, paths: Collection[str]) -> tuple[ArticleResult, list[Answer], list[Looked]]:
    """Return the result and what it depends on, which `dump_across` converted to `data`.

    `paths` are the paths of the articles. Raises ValueError for invalid data, or if a finding is impossible for these
    articles.
    """
    answers, looked, findings, suppressed = load_json(data, typed_reader(_ACROSS))
    _validate(findings, suppressed, paths, None)
    return ArticleResult(findings, [], [], suppressed), answers, looked


def _validate(
    findings: Iterable[Finding], suppressed: Iterable[SuppressedFinding], paths: Collection[str], size: int | None
) -> None:
    """Raise ValueError if a finding or a suppressed finding is impossible for the articles at `paths`.

    `size` is the length of the article in bytes, or None if unknown.
    """
    for path, _, _, severity, _, line, column, end_line, end_column, start, end, text, _, _, fix, *_ in findings:
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
            raise ValueError("not a finding of this article")
        if fix and not all(0 <= low <= high and (size is None or high <= size) for low, high, _ in fix.edits):
            raise ValueError("not a fix of this article")
    if not all(one.path in paths for one in suppressed):
        raise ValueError("a suppressed finding of another article")


def _article_facts(path: str, rule: str, length: int, facts: object, *, readers: Mapping[str, Reader]) -> ArticleFacts:
    if rule not in readers:
        raise ValueError("facts of an unknown rule")
    read = readers[rule](facts)
    for start, end, _ in read:
        if not 0 <= start <= end <= length:
            raise ValueError("not a fact of this article")
    return ArticleFacts(path, rule, length, read)
