"""Pipes, devices and huge files instead of the files that copydesk reads are reported and never read."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linter import digest, file_safety
from linter.baseline import read_baseline
from linter.cli import main
from linter.config import load, packs
from linter.config.config import BASELINE, BadConfig
from linter.files import articles
from linter.rule import BadRule

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes and devices among files here")

SECONDS = 20  # seconds after which a test that waits for a pipe fails
HUGE = 300_000_000
RULE = Path("house/style/tram.yaml")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder; a test that hangs in it fails."""

    def end(*_: object) -> None:
        raise TimeoutError("it hangs")

    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    yield tmp_path
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def huge(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(HUGE)  # a sparse file, which takes no disk space


HOSTILE = {
    "a device": (device, "it is a device, not a regular file"),
    "a pipe": (os.mkfifo, "it is a pipe, not a regular file"),
    "a folder": (Path.mkdir, "it is a folder, not a regular file"),
    "a huge file": (huge, "it is larger than "),
}


def config() -> list[str]:
    with pytest.raises(BadConfig) as caught:
        load.resolve_config()
    return caught.value.mistakes


def named_config() -> list[str]:
    with pytest.raises(BadConfig) as caught:
        load.resolve_config("named.yaml")
    return caught.value.mistakes


def rule() -> list[str]:
    with pytest.raises(BadRule) as caught:
        packs.load_folder(Path("house"))
    return caught.value.mistakes


def baseline() -> list[str]:
    with pytest.raises(BadConfig) as caught:
        read_baseline(os.path.abspath(BASELINE))
    return caught.value.mistakes


READERS: dict[str, Callable[[], list[str]]] = {
    "copydesk.yaml": config,
    "named.yaml": named_config,
    "words.txt": config,
    str(RULE): rule,
    BASELINE: baseline,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", READERS)
def test_files_that_are_not_regular_are_reported(name: str, kind: str) -> None:
    make, said = HOSTILE[kind]
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    make(Path(name))
    (mistake,) = READERS[name]()
    outside = name == str(RULE) and kind == "a device"  # a link to a device leads out of the folder of packs
    assert mistake.startswith(f"{name}: {packs.LEADS_OUT if outside else f'this file cannot be read: {said}'}")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_gitignore_that_cannot_be_read_is_a_problem_and_the_rest_is_checked(kind: str) -> None:
    make, said = HOSTILE[kind]
    Path("news").mkdir()
    Path("news/a.md").write_text("The council met.\n", "utf-8")
    make(Path("news/.gitignore"))
    found = articles.discover([".", "news"])
    assert [article.path for article in found.articles] == ["news/a.md"]
    (problem,) = found.problems
    said = "it is a symbolic link, not a regular file" if kind == "a device" else said
    assert problem.path == "news/.gitignore"
    assert problem.message.startswith(f"cannot read this file, so its patterns are ignored: {said}")


def test_a_gitignore_is_no_link_as_in_git() -> None:
    Path("patterns").write_text("a.md\n", "utf-8")
    Path(".gitignore").symlink_to("patterns")
    Path("a.md").write_text("The council met.\n", "utf-8")
    found = articles.discover(["."])
    assert [article.path for article in found.articles] == ["a.md"]
    assert [problem.path for problem in found.problems] == [".gitignore"]


def test_an_unreadable_gitignore_ends_a_run_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text("The council met.\n", "utf-8")
    Path(".gitignore").symlink_to("nowhere")
    assert main(["check", "--no-cache", "."]) == 2
    assert "copydesk: .gitignore: cannot read this file" in capsys.readouterr().err


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_digest_of_rules_does_not_wait_for_pipes(kind: str) -> None:
    RULE.parent.mkdir(parents=True)
    HOSTILE[kind][0](RULE)
    assert digest.inputs_digest(b"", digest.rule_files("house"), ())


@pytest.mark.parametrize("kind", HOSTILE)
def test_init_does_not_wait_for_a_list_of_hooks(kind: str) -> None:
    HOSTILE[kind][0](Path(".pre-commit-config.yaml"))
    assert main(["init"]) == 0


def test_the_limit_counts_what_is_read() -> None:
    Path("a").write_bytes(b"x" * 10)
    assert file_safety.read_regular_file("a", 10) == b"x" * 10
    with pytest.raises(OSError, match="larger than 9 bytes, the limit"):
        file_safety.read_regular_file("a", 9)


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="no files without a size here")
def test_the_limit_holds_for_a_file_that_says_it_is_empty() -> None:
    assert os.path.getsize("/proc/self/maps") == 0
    assert len(file_safety.read_regular_file("/proc/self/maps", 10_000_000)) > 100
    with pytest.raises(OSError, match="larger than 100 bytes"):
        file_safety.read_regular_file("/proc/self/maps", 100)


GOOD_RULE = """\
id: tram
summary: We write “tram”.
why: Readers know no other word.
severity: warning
check: swap
swap: {streetcar: tram}
message: '“{match}” is “{right}” here.'
"""


def put_rule(folder: Path) -> Path:
    """A folder of packs with one rule."""
    (folder / "style").mkdir(parents=True)
    (folder / "style/tram.yaml").write_text(GOOD_RULE, "utf-8")
    return folder


def test_links_among_rules_do_not_lead_out_of_the_folder_of_packs(here: Path) -> None:
    put_rule(here / "other")
    put_rule(here / "house")
    Path("house/out").symlink_to(here / "other/style")
    Path("house/style/again.yaml").symlink_to(here / "other/style/tram.yaml")
    assert [mistake.partition(": ")[::2] for mistake in rule()] == [
        ("house/out", packs.LEADS_OUT),
        ("house/style/again.yaml", packs.LEADS_OUT),
    ]


def test_links_among_rules_may_lead_through_their_repository(here: Path) -> None:
    put_rule(here / "other")
    Path(".git").mkdir()
    Path("house").mkdir()
    Path("house/style").symlink_to("../other/style")
    assert [rule.name for rule in packs.load_folder(Path("house"))] == ["style/tram"]


def test_a_link_to_a_folder_of_packs_can_be_named(here: Path) -> None:
    put_rule(here / "other")
    Path("house").symlink_to("other")
    assert [rule.name for rule in packs.load_folder(Path("house"))] == ["style/tram"]


@pytest.mark.parametrize(
    ("folder", "repository", "where"),
    [
        pytest.param("../other", "", "the folder of this file", id="no repository"),
        pytest.param("../other", "news", "the repository", id="out of the repository"),
        pytest.param("../other", ".", "", id="within the repository"),
        pytest.param("link", "", "the folder of this file", id="a link"),
        pytest.param("link", ".", "", id="a link within the repository"),
    ],
)
def test_rules_of_a_config_stay_in_its_repository(here: Path, folder: str, repository: str, where: str) -> None:
    put_rule(here / "other")
    Path("news").mkdir()
    if repository:
        Path(repository, ".git").mkdir()
    Path("news/link").symlink_to("../other")
    file = Path("news/copydesk.yaml")
    file.write_text(f"rules: [{folder}]\n", "utf-8")
    if where:
        with pytest.raises(BadConfig) as caught:
            load.read_config(file)
        advice = "to use it, pass it with --rules"
        assert caught.value.mistakes == [f"news/copydesk.yaml:1:9: “{folder}” is outside {where}; {advice}"]
    else:
        assert len(load.read_config(file).rule_folders) == 1
