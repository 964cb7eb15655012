"""The cache: results are the same with and without it, even if its file is damaged."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from linter import digest, runner
from linter.article_linter import ArticleLinter
from linter.cache import VARIABLE, Cache, cache_folder, clear_cache
from linter.cli import main
from linter.config.config import RunOptions
from linter.document import Document
from linter.files import articles
from linter.finding import Result
from linter.prefilter import NoPrefilter
from linter.rule import Rule
from samples import with_prefilter

RULE = """\
id: tram
summary: No trams.
severity: warning
check: phrases
phrases: [{word}]
message: '“{{match}}”.'
"""
ARTICLE = "---\ntitle: Trams\n---\nThe tram, which vladimir Putin took, was late.</div>\n\nПривет tram.\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a config, a rule and two articles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "house" / "style" / "tram.yaml").write_text(RULE.format(word="tram"), "utf-8")
    (tmp_path / "copydesk.yaml").write_text("rules: [house]\n", "utf-8")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.md").write_text(ARTICLE, "utf-8")
    (tmp_path / "news" / "b.txt").write_text("A tram.\n", "utf-8")
    return tmp_path


def check(cache: Cache | None, linter: ArticleLinter | None = None, *paths: str) -> Result:
    linter = linter or ArticleLinter(RunOptions())
    return runner.run(articles.discover(paths or ["news"], linter.config.excludes), linter, 1, cache=cache)


def fail(*_: object) -> None:
    raise AssertionError("an article was looked at again")


def silent() -> ArticleLinter:
    """Return a linter that must not check any article."""
    return with_prefilter(ArticleLinter(RunOptions()), fail)


def test_an_unchanged_article_is_not_checked_again(house: Path, tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "kept"))
    first = check(cache)
    assert {finding.rule for finding in first.findings} >= {"style/tram", "names/proper-noun"}
    assert first == check(None)
    assert check(cache, silent()) == first


def test_only_a_changed_article_is_checked_again(house: Path, tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "kept"))
    check(cache)
    (house / "news" / "b.txt").write_text("Tram, tram.\n", "utf-8")
    assert [problem.path for problem in check(cache, silent()).problems] == ["news/b.txt"]
    assert check(cache) == check(None)


def write(name: str, text: str) -> Callable[[Path], None]:
    def written(house: Path) -> None:
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text, "utf-8")

    return written


def renamed(house: Path) -> None:
    (house / "news" / "b.txt").rename(house / "news" / "c.txt")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(write("news/b.txt", "A ferry.\n"), id="the text of an article"),
        pytest.param(renamed, id="the name of an article"),
        pytest.param(write("house/style/tram.yaml", RULE.format(word="late")), id="a rule"),
        pytest.param(
            write("house/style/bus.yaml", RULE.format(word="late").replace("tram", "bus", 1)), id="one more rule"
        ),
        pytest.param(write("copydesk.yaml", "rules: [house]\nseverity: {style: error}\n"), id="a severity"),
        pytest.param(write("copydesk.yaml", "rules: [house]\nignore: [style]\n"), id="what is ignored"),
        pytest.param(write("copydesk.yaml", "rules: [house]\nlanguage: ru\n"), id="a language"),
        pytest.param(write("copydesk.yaml", "rules: [house]\nencoding: cp1251\n"), id="an encoding"),
        pytest.param(write("words.txt", "vladimir\n"), id="right spellings"),
    ],
)
def test_every_input_changes_the_findings(house: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    cache = Cache(str(tmp_path / "kept"))
    before = check(cache)
    change(house)
    after = check(cache)
    assert after == check(None)
    assert after != before


@pytest.mark.parametrize(
    "orders",
    [RunOptions(select=("style",)), RunOptions(ignore=("style",)), RunOptions(isolated=True)],
    ids=["one", "two", "three"],
)
def test_options_change_the_key(house: Path, tmp_path: Path, orders: RunOptions) -> None:
    cache = Cache(str(tmp_path / "kept"))
    before = check(cache)
    assert check(cache, ArticleLinter(orders)) == check(None, ArticleLinter(orders)) != before


def test_the_site_is_part_of_the_key(house: Path) -> None:
    """Each run is a new process, since the folders around articles are read only once per process."""
    write("house/style/tram.yaml", RULE.format(word="tram").replace("check:", "not_from: [hugo]\ncheck:"))(house)

    def run(*more: str) -> int:
        command = [sys.executable, "-m", "linter", "check", "news", "--report", "json", "--select", "style", *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
        return len(json.loads(done.stdout)["findings"])

    assert run() == 3
    (house / "hugo.toml").write_text("", "utf-8")
    assert run() == run("--no-cache") == 0


def test_code_and_packages_are_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "__file__", str(tmp_path / "digest.py"))
    one = digest.versions_digest()
    (tmp_path / "engine.py").write_text("", "utf-8")
    two = digest.versions_digest()
    (tmp_path / "site" / "tramlib-2.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    three = digest.versions_digest()
    assert len({one, two, three}) == 3
    assert three == digest.versions_digest()


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_does_not_change_findings(house: Path, tmp_path: Path, seed: int) -> None:
    cache = Cache(str(tmp_path / "kept"))
    expected = check(cache)
    cache.close()
    chance, file = random.Random(seed), Path(cache.file)
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 20, 400])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(data[: chance.choice([len(data), len(data) // 2, 10, 0])])
    assert check(cache) == expected
    assert check(Cache(cache.folder)) == expected
    assert check(Cache(cache.folder)) == expected


def test_values_under_wrong_keys_are_ignored(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.put([(b"one", b"1"), (b"two", b"2")])
    cache.close()
    with sqlite3.connect(cache.file) as connection:
        connection.execute("UPDATE kept SET value = x'32' WHERE key = ?", [b"one"])
    connection.close()
    assert cache.get([b"one", b"two", b"three"]) == {b"two": b"2"}


def test_the_cache_stays_small(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), max_size=500_000)
    for batch in range(20):
        cache.put((b"%d-%d" % (batch, row), bytes(1000)) for row in range(100))
    cache.close()
    assert Path(cache.file).stat().st_size < 1_500_000
    assert cache.get([b"19-99"])


def test_the_index_has_only_facts_that_are_in_the_cache(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), max_size=500_000)
    keys = [b"%d" % number for number in range(1_000)]
    for key in keys:
        cache.put([(key, bytes(1_000))], [(7, key)])
    assert set(cache.find(7)) == cache.get(keys).keys()
    assert 0 < len(cache.find(7)) < len(keys)
    assert cache.find(8) == []


def check_in_two_processes(folder: str) -> Result:
    linter = ArticleLinter(RunOptions())
    return runner.run(articles.discover(["news"], linter.config.excludes), linter, 2, cache=Cache(folder))


@pytest.mark.slow
def test_several_processes_use_it_at_once(house: Path, tmp_path: Path) -> None:
    for number in range(40):
        (house / "news" / f"{number}.txt").write_text(f"Tram {number}.\n", "utf-8")
    folder = str(tmp_path / "kept")
    # These processes have the `sys.path` of this one, which packages such as Ray change, and which is part of the key.
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        for result in pool.map(check_in_two_processes, [folder] * 3):
            assert result == check(None)
    assert check(Cache(folder), silent()) == check(None)


def test_incomplete_results_are_not_cached(house: Path, tmp_path: Path) -> None:
    def too_slow(document: object) -> None:
        raise TimeoutError

    def candidates(documents: Sequence[Document]) -> dict[Rule, Any]:
        slow = type("Slow", (), {"find": staticmethod(too_slow)})()
        found = NoPrefilter(always_read[:1]).candidates(documents)
        return {replace(rule, check=slow): places for rule, places in found.items()}

    linter = ArticleLinter(RunOptions())
    cache = Cache(str(tmp_path / "kept"))
    always_read = tuple(rule for rule in linter.rules if not rule.formats and not rule.languages)
    assert check(cache, with_prefilter(linter, candidates)).problems
    assert check(cache) == check(None)


def test_the_command_shows_and_clears_the_cache(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = house / "kept"
    assert main(["check", "news", "--cache-dir", str(where), "--quiet"]) in (0, 1)
    capsys.readouterr()
    assert main(["cache", "--cache-dir", str(where)]) == 0
    assert re.fullmatch(rf"{re.escape(Cache(str(where)).file)}: \d\.\d MB\n", capsys.readouterr().out)
    assert main(["cache", "clear", "--cache-dir", str(where)]) == 0
    assert capsys.readouterr().out.endswith(f" freed in {where}\n")
    assert {file.name for file in where.iterdir()} == {"CACHEDIR.TAG", ".gitignore"}


def test_the_folder_is_marked(house: Path) -> None:
    check(Cache(str(house / "kept")))
    names = {file.name for file in (house / "kept").iterdir()}
    assert names >= {"CACHEDIR.TAG", ".gitignore", "results-2.sqlite3"}
    assert (house / "kept" / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_folder_with_other_files_is_not_changed(house: Path) -> None:
    (house / "shared").mkdir(mode=0o755)
    (house / "shared" / "story.md").write_text("A story.\n", "utf-8")
    before = (house / "shared").stat().st_mode
    check(Cache(str(house / "shared")))
    assert (house / "shared").stat().st_mode == before
    assert not (house / "shared" / "CACHEDIR.TAG").exists()
    clear_cache(str(house / "shared"))
    assert [file.name for file in (house / "shared").iterdir()] == ["story.md"]


def test_no_cache_writes_nothing(house: Path) -> None:
    main(["check", "news", "--cache-dir", str(house / "kept"), "--no-cache", "--quiet"])
    assert not (house / "kept").exists()


def test_the_default_folder_is_the_cache_folder_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/somewhere")
    assert cache_folder() == "/somewhere"
    monkeypatch.delenv(VARIABLE)
    assert "copydesk" in cache_folder()
    assert clear_cache("/nowhere/at/all") == 0
