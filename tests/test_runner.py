"""Many articles: the same result in any number of processes, and no article affects another."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from linter import runner, workers
from linter.article_linter import ArticleLinter
from linter.config.config import RunOptions
from linter.document import Document
from linter.files.articles import Article, Found, discover
from linter.finding import Edit, Finding, Fix, Problem, Result, SuppressedFinding
from linter.rule import ArticleFacts, Fact
from linter.serialize import ArticleResult
from samples import with_prefilter

LEAK = "The council met on Monday.</div>\n"
ISOLATED = RunOptions(isolated=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with thirty articles, each with one leak."""
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(
            "".join(f"Article {line}.\n\n" for line in range(number)) + LEAK.replace("council", f"council{number}"),
            "utf-8",
        )
    return tmp_path


def check(jobs: int | None, linter: ArticleLinter | None = None, *paths: str) -> Result:
    return runner.run(discover(paths or ["."]), linter or ArticleLinter(ISOLATED), jobs)


def broken_at(name: str, blow: Any) -> ArticleLinter:
    """Return a linter whose rules call `blow()` on the article with this name."""
    linter = ArticleLinter(ISOLATED)

    def candidates(documents: Sequence[Document]) -> Any:
        if any(document.source.path == name for document in documents):
            blow()
        return prefilter.candidates(documents)

    prefilter = linter.run_rules.active().prefilter
    return with_prefilter(linter, candidates)


def fail() -> None:
    raise ValueError("no such thing")


def starve() -> None:
    raise MemoryError


def die() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_one_process_and_several_find_the_same(folder: Path) -> None:
    alone = check(1)
    assert [(finding.path, finding.rule) for finding in alone.findings] == [
        (f"{number:02}.txt", "leaks/raw-tag") for number in range(30)
    ]
    assert check(2) == alone
    assert check(3) == alone
    assert check(None) == alone


def test_spawned_processes_find_the_same(folder: Path) -> None:
    results = []
    thread = threading.Thread(target=lambda: results.append((workers.can_fork(), check(2))))
    thread.start()
    thread.join()
    assert results == [(False, check(1))]


def test_every_article_is_counted(folder: Path) -> None:
    for jobs in (1, 2):
        done: list[int] = []
        runner.run(discover(["."]), ArticleLinter(ISOLATED), jobs, done.append)
        assert sum(done) == 30


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_internal_error_is_a_problem_of_one_article(folder: Path, jobs: int) -> None:
    result = check(jobs, broken_at("07.txt", fail))
    assert result.problems == (
        Problem("07.txt", "copydesk failed on this article: ValueError: no such thing; please report it"),
    )
    assert {finding.path for finding in result.findings} == {f"{number:02}.txt" for number in range(30)} - {"07.txt"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_that_needs_too_much_memory_is_named(folder: Path, jobs: int) -> None:
    result = check(jobs, broken_at("07.txt", starve))
    assert result.problems == (Problem("07.txt", "there is not enough memory to check this article"),)
    assert len(result.findings) == 29


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_a_process_that_dies_loses_only_its_article(folder: Path) -> None:
    result = check(2, broken_at("07.txt", die))
    assert result.problems == (
        Problem("07.txt", "the process that checked this article died (SIGTERM); please report it"),
    )
    assert {finding.path for finding in result.findings} == {f"{number:02}.txt" for number in range(30)} - {"07.txt"}


def test_a_file_that_cannot_be_read_is_a_problem(folder: Path) -> None:
    found = Found((Article("00.txt", "00.txt", "text"), Article("gone.md", "gone.md", "markdown")), ())
    result = runner.run(found, ArticleLinter(ISOLATED), 1)
    assert [(finding.path, finding.rule, finding.severity) for finding in result.findings] == [
        ("00.txt", "leaks/raw-tag", "error"),
    ]
    assert result.problems == (
        Problem("gone.md", "this file cannot be read and was not checked: No such file or directory"),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="links are for administrators there")
def test_a_broken_link_is_reported(folder: Path) -> None:
    (folder / "link.md").symlink_to("nowhere.md")
    (problem,) = check(1, None, "link.md").problems
    assert problem.message == "this file cannot be read and was not checked: it is a broken symbolic link"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert [problem.path for problem in check(1, None, "pipe.md").problems] == ["pipe.md"]


def test_a_picture_named_as_an_article_is_one_problem(folder: Path) -> None:
    (folder / "photo.md").write_bytes(bytes(range(256)) * 20)
    result = check(1, None, "photo.md")
    assert result.findings == ()
    assert [problem.message for problem in result.problems] == [
        "this file cannot be read and was not checked: it is not text, or its encoding is unknown"
    ]


def test_encoding_and_language_are_those_of_the_path(folder: Path) -> None:
    (folder / "copydesk.yaml").write_text("encoding:\n  old/: cp1251\n", "utf-8")
    (folder / "old").mkdir()
    (folder / "old/a.txt").write_bytes("Совет собрался</div>".encode("cp1251"))
    result = check(1, ArticleLinter(RunOptions()), "old")
    assert [(finding.rule, finding.column, finding.before) for finding in result.findings] == [
        ("leaks/raw-tag", 15, "Совет собрался")
    ]


def test_chunks_hold_every_article_and_the_largest_come_first() -> None:
    articles = [Article(f"{number}", f"{number}", "text", number * 10_000) for number in range(100)]
    chunks = runner._chunks(articles, 2)
    assert sorted(Article(*values) for chunk in chunks for values in chunk) == sorted(articles)
    assert chunks[0][0] == tuple(articles[-1])
    assert all(sum(values[3] for values in chunk[:-1]) < runner._LARGEST for chunk in chunks)


def test_findings_go_through_bytes_unchanged() -> None:
    plain = Finding("a.md", None, "leaks/raw-tag", "error", "…", 1, 2, 3, 4, 5, 6, "\ud800", 7, "Tram", None, "b", "a")
    fixed = plain._replace(fix=Fix(True, (Edit(5, 6, "x"), Edit(7, 7, "y"))))
    facts = ArticleFacts("a.md", "test/twin", 9, (Fact(0, 4, ("Tram", (1, None))), Fact(5, 9)))
    result = ArticleResult(
        [plain, fixed], [Problem("a.md", "cut off")], [facts], [SuppressedFinding("a.md", (5,), (0,))]
    )
    assert pickle.loads(pickle.dumps(result)) == result


def reversing() -> workers.Work:
    return lambda chunk: b"|".join(values[0][::-1] for values in chunk)


def deadly(name: bytes) -> workers.Work:
    def work(chunk: workers.Chunk) -> bytes:
        if (name,) in chunk:
            os._exit(3)
        return reversing()(chunk)

    return work


def do(make: Any, chunks: list[workers.Chunk], *, fork: bool) -> list[workers.Done]:
    return sorted(workers.results(chunks, 2, make, fork=fork, on_wait=lambda: None))


FORKS = [
    pytest.param(True, marks=pytest.mark.skipif(sys.platform == "win32", reason="no fork"), id="fork"),
    pytest.param(False, id="spawn"),
]


@pytest.mark.parametrize("fork", FORKS)
def test_work_is_done_in_chunks(fork: bool) -> None:
    chunks: list[workers.Chunk] = [[(b"ab",), (b"cd",)], [(b"ef",)], [(b"gh",)]]
    assert [done.data for done in do(reversing, chunks, fork=fork)] == [b"ba|dc", b"fe", b"hg"]


@pytest.mark.parametrize("fork", FORKS)
def test_the_chunk_of_a_dead_process_is_repeated_item_by_item(fork: bool) -> None:
    chunks: list[workers.Chunk] = [[(b"ab",), (b"cd",), (b"ef",)], [(b"gh",)]]
    assert do(partial(deadly, b"cd"), chunks, fork=fork) == [
        ([(b"ab",)], b"ba", ""),
        ([(b"cd",)], None, "exit status 3"),
        ([(b"ef",)], b"fe", ""),
        ([(b"gh",)], b"hg", ""),
    ]


def killed_while_it_answers(marker: str) -> workers.Work:
    """Kill this process while it sends a large result, unless the marker exists."""

    def kill() -> None:
        time.sleep(0.3)  # seconds, so that the answer fills the pipe
        os.kill(os.getpid(), signal.SIGKILL)

    def work(chunk: workers.Chunk) -> bytes:
        if chunk == [("small",)]:
            return b"small"
        if not os.path.exists(marker):
            time.sleep(0.3)  # seconds, so that the small result arrives first
            Path(marker).touch()
            threading.Thread(target=kill).start()
        return b"large" * 1_000_000

    return work


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_partial_result_of_a_dead_process_is_discarded(tmp_path: Path) -> None:
    make = partial(killed_while_it_answers, str(tmp_path / "marker"))
    results = workers.results([[("large",)], [("small",)]], 2, make, fork=True, on_wait=lambda: None)
    assert next(results).data == b"small"
    children = multiprocessing.active_children()
    while all(child.is_alive() for child in children):  # the large answer does not fit into the pipe
        time.sleep(0.01)
    assert [done.data for done in results] == [b"large" * 1_000_000]


def slow() -> workers.Work:
    """Return a worker that takes half a second per chunk and dies if a chunk has two items."""

    def work(chunk: workers.Chunk) -> bytes:
        if len(chunk) == 2:
            os._exit(3)
        time.sleep(0.5)
        return b""

    return work


@pytest.mark.slow
@pytest.mark.parametrize("fork", FORKS)
@pytest.mark.parametrize("pieces", [1, 2])
def test_on_wait_is_called_while_a_process_works(fork: bool, pieces: int) -> None:
    waits: list[int] = []
    chunks: list[workers.Chunk] = [[("a",)] * pieces]
    done = workers.results(chunks, 2, slow, fork=fork, on_wait=lambda: waits.append(1))
    assert [one.data for one in done] == [b""] * pieces
    assert len(waits) >= 2 * pieces


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_no_process_is_left_when_the_iterator_is_closed() -> None:
    results = workers.results([[(b"ab",)]] * 9, 3, reversing, fork=True, on_wait=lambda: None)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []
