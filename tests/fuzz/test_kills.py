"""Runs that end early (killed, interrupted, or with closed output) lose nothing and leave no partial files."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fuzz import inputs

COPYDESK = [sys.executable, "-m", "linter"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here"),
]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def run(folder: Path, command: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COPYDESK, command, ".", "--isolated", *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class Folder:
    """Articles with something to fix, their fixed contents, and the seconds that fixing them takes."""

    def __init__(self, place: Path) -> None:
        self.before = place / "before"
        self.before.mkdir()
        for number in range(3):
            article = inputs.MARKDOWN.encode() + b"\n\nThe tram is late.But it came.\n" * (number + 1)
            (self.before / f"{number}.md").write_bytes(article)
        after = place / "after"
        shutil.copytree(self.before, after)
        start = time.monotonic()
        run(after, "fix").communicate()
        self.seconds = time.monotonic() - start
        self.old, self.new = contents(self.before), contents(after)
        assert all(self.old[name] != self.new[name] for name in self.old)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("kills"))


@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT", "SIGTERM"])
def test_a_fix_that_is_ended_leaves_old_or_new_articles(
    name: str, articles: Folder, tmp_path: Path, rng: random.Random, scale: int
) -> None:
    for number in range(2 * scale):
        folder = tmp_path / str(number)
        shutil.copytree(articles.before, folder)
        process = run(folder, "fix")
        time.sleep(rng.uniform(0.3, 1.1) * articles.seconds)
        process.send_signal(getattr(signal, name))
        _, said = process.communicate()
        assert b"Traceback" not in said
        for file, data in contents(folder).items():
            assert file.startswith(".copydesk-") or data in (articles.old[file], articles.new[file])
        run(folder, "fix").communicate()
        assert {file: data for file, data in contents(folder).items() if file in articles.new} == articles.new
        shutil.rmtree(folder)


@pytest.mark.parametrize("report", ["plain", "json", "jsonl", "html"])
def test_an_output_that_is_closed_is_no_crash(report: str, articles: Folder, rng: random.Random, scale: int) -> None:
    for _ in range(2 * scale):
        process = run(articles.before, "check", "--report", report)
        assert process.stdout
        assert process.stderr
        process.stdout.read(rng.choice([0, 1, 100, 5000]))
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        assert process.wait() in (0, 1, 128 + signal.SIGPIPE)
        assert b"Traceback" not in said
        assert b"Exception" not in said
