"""Every report has the same bytes, with and without a cache and in any kind of run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from linter import reporters

# Articles with safe and unsafe fixes, notes, findings across articles, and suppressed and known findings.
STORY = """\
The council met on Tuesday to speak about the harbour, the ferries and the old tram, which has been late since
the bridge was closed for repairs in the spring. Nobody knows when it will open again, said the mayor, and left.
"""
ARTICLES = {
    "one/ferry.md": (
        "---\ntitle: The ferry\n---\n\n# The ferry\n\nThe ferry , which vladimir Putin took, was late.</div>\n\n"
        "See **bold** in HTML: <p>**not bold**</p>\n\nHe was [your name here]. It was the the end.\n"
    ),
    "one/tram.md": (
        '---\ntitle: The ferry\n---\n\n# The ferry\n\nA tram&amp;nbsp;stop.  It was “late".\n\n'
        "<!-- copydesk: ignore leaks/raw-tag -- on purpose -->\n\nThe tram </b> stopped.\n\n"
        "https://example.com/?utm_source=x\n"
    ),
    "one/vote.md": STORY,
    "two/again.md": STORY,
    "two/bus.html": "<html><head><title>Bus</title></head><body><p>The bus , it it was late.</p><p>**bold**</p>\n",
    "two/mail.txt": "Dear editor ,\n\nthe mail was was late. \u200bIt is teh end. \u202eodd\n",
    "two/old.md": "An old tram </i> stop , known.\n",
}
SETTINGS = """\
suppressions:
  - path: two/mail.txt
    rule: spelling
    reason: letters keep their spelling
"""


class Way(NamedTuple):
    """A way to do the same run."""

    cache: str = ""
    jobs: int = 1
    here: str = "elsewhere"
    seed: int = 0
    backwards: bool = False


WAYS = [
    pytest.param([Way("cache", jobs=2), Way("cache")], id="several processes, and then the cache"),
    pytest.param(
        [Way("cache", 1, "somewhere", 1, backwards=True), Way("cache", 1, "elsewhere", 2, backwards=True)],
        id="another working folder, hash seed and order of arguments",
    ),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles, settings and a baseline, and two folders to run in."""
    place = tmp_path_factory.mktemp("reports")
    for name, text in ARTICLES.items():
        (place / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "site" / name).write_text(text, "utf-8")
    (place / "site" / "copydesk.yaml").write_text(SETTINGS, "utf-8")
    for folder in ("elsewhere", "somewhere"):
        (place / folder).mkdir()
    created = [*COMMAND, "baseline", "create", "two/old.md"]
    subprocess.run(created, cwd=place / "site", check=True, capture_output=True)
    return place


COMMAND = [sys.executable, "-m", "linter"]


def written(way: Way, place: Path, out: Path, *options: str) -> dict[str, bytes]:
    """Return all reports of one run, by their names."""
    out.mkdir()
    paths = [str(place / "site" / "one"), str(place / "site" / "two"), str(place / "nowhere.md")]
    cache = ["--cache-dir", str(out.parent / way.cache)] if way.cache else ["--no-cache"]
    files = [word for name in reporters.NAMES for word in ("--report", f"{name}={out / name}")]
    command = [*COMMAND, "check", *(reversed(paths) if way.backwards else paths), *cache, *files, *options]
    command += ["--config", str(place / "site" / "copydesk.yaml"), "--jobs", str(way.jobs)]
    environment = {**os.environ, "PYTHONHASHSEED": str(way.seed)}
    done = subprocess.run(command, cwd=place / way.here, env=environment, capture_output=True, check=False)
    assert done.returncode == 2, done.stderr  # because of nowhere.md
    return {file.name: file.read_bytes() for file in out.iterdir()}


@pytest.fixture(scope="module", params=[(), ("--all", "--statistics")], ids=["usual", "all"])
def expected(request: pytest.FixtureRequest, place: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The reports of a run without a cache, in one process, and options that show more or less."""
    made = written(Way(), place, place / f"expected-{request.param_index}", *request.param)
    assert sorted(made) == sorted(reporters.NAMES)
    assert all(made.values())
    return made, request.param


@pytest.mark.slow
@pytest.mark.parametrize("ways", WAYS)
def test_every_report_has_the_same_bytes(
    ways: list[Way], expected: tuple[dict[str, bytes], tuple[str, ...]], place: Path, tmp_path: Path
) -> None:
    wanted, options = expected
    for number, way in enumerate(ways):
        found = written(way, place, tmp_path / str(number), *options)
        assert [name for name in wanted if found[name] != wanted[name]] == []


def test_the_articles_have_findings_of_all_kinds(expected: tuple[dict[str, bytes], tuple[str, ...]]) -> None:
    sarif, plain = expected[0]["sarif"].decode(), expected[0]["plain"].decode()
    assert '"safe": true' in sarif
    assert '"safe": false' in sarif
    assert "nowhere.md" in sarif
    assert "Fixed:" in sarif
    assert "[duplicates/article]" in plain
    assert "two/old.md" not in plain
    assert "suppressed" in expected[0]["terminal"].decode()


def test_streamed_findings_are_the_same(place: Path, tmp_path: Path) -> None:
    said = set()
    kept = ["--cache-dir", str(tmp_path / "kept")]
    for way in (["--no-cache"], [*kept, "--jobs", "2"], kept):
        command = [*COMMAND, "check", "one", "two", "--isolated", "--report", "jsonl", *way]
        said.add(subprocess.run(command, cwd=place / "site", capture_output=True, check=False).stdout)
    assert len(said) == 1
    assert said.pop()
