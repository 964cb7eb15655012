"""Configs, words and baselines of another user are not used."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linter.cli import main
from linter.config import load
from linter.config.config import BASELINE, Config

OTHER, THIRD = 54321, 54322  # the user IDs of “nobody” and of another user
pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to another user"
)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, owned by this user, in an otherwise empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SUDO_UID", raising=False)
    return folder


def put(file: Path, text: str = "fail-on: info\n", owner: int = OTHER) -> Path:
    file.write_text(text, "utf-8")
    os.chown(file, owner, owner)
    return file


def test_a_config_of_another_user_above_is_named_and_not_used(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(work.parent / load.NAME)
    (work / "a.txt").write_text("The end.</div>\n", "utf-8")
    file.write_text("ignore: [leaks]\n", "utf-8")
    assert main(["check", "--no-cache", "--select", "leaks", "--report", "plain"]) == 1
    shown = capsys.readouterr()
    assert "leaks/raw-tag" in shown.out
    notice = f"it belongs to another user (uid {OTHER}); to use it, pass “--config {file}”"
    assert shown.err.splitlines()[0] == f"copydesk: {file} is not used: {notice}"
    assert shown.err.count(str(file)) == 2, "it is named once"


def test_a_foreign_config_is_used_if_given(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(work.parent / load.NAME)
    put(work.parent / "words.txt", "tram\n")
    config = load.resolve_config(str(file))
    assert (config.fail_on, config.words.right) == ("info", {"tram"})
    assert not capsys.readouterr().err


def test_our_config_in_a_higher_folder_is_used(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "deep").mkdir()
    monkeypatch.chdir(work / "deep")
    put(work / load.NAME)
    put(work.parent / load.NAME, "fail-on: warning\n", owner=0)
    assert load.resolve_config().fail_on == "warning"


def test_in_the_working_folder_the_owner_of_that_is_trusted(work: Path) -> None:
    put(work / load.NAME)
    put(work / "words.txt", "tram\n")
    assert load.resolve_config() == Config()
    os.chown(work, OTHER, OTHER)
    config = load.resolve_config()
    assert (config.fail_on, config.words.right) == ("info", {"tram"})
    os.chown(work, THIRD, THIRD)
    assert load.resolve_config() == Config()


def test_a_config_above_is_not_trusted_for_the_owner_of_the_working_folder(work: Path) -> None:
    put(work.parent / load.NAME)
    os.chown(work, OTHER, OTHER)
    assert load.resolve_config() == Config()


def test_the_caller_of_sudo_is_trusted(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(work.parent / load.NAME)
    monkeypatch.setenv("SUDO_UID", str(OTHER))
    assert load.resolve_config().fail_on == "info"
    monkeypatch.setenv("SUDO_UID", str(THIRD))
    assert load.resolve_config() == Config()


def test_a_link_counts_with_what_it_leads_to(work: Path) -> None:
    ours, theirs = (put(work.parent / f"{owner}.yaml", owner=owner) for owner in (0, OTHER))
    link = work.parent / load.NAME
    link.symlink_to(theirs)
    assert load.resolve_config() == Config()
    link.unlink()
    link.symlink_to(ours)
    assert load.resolve_config().fail_on == "info"
    os.chown(link, OTHER, OTHER, follow_symlinks=False)
    assert load.resolve_config() == Config()


def test_a_misnamed_foreign_config_does_not_stop_a_run(work: Path) -> None:
    put(work.parent / "copydesk.yml")
    assert load.resolve_config() == Config()


def test_a_baseline_of_another_user_hides_nothing_and_is_not_written(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "a.txt").write_text("The end.</div>\n", "utf-8")
    check = ["check", "--no-cache", "--select", "leaks", "--report", "plain", "a.txt"]
    assert main(["baseline", "create", "--select", "leaks"]) == 0
    assert main(check) == 0
    os.chown(work / BASELINE, OTHER, OTHER)
    capsys.readouterr()
    assert main(check) == 1
    assert f"copydesk: {work / BASELINE} is not used: it belongs to another user" in capsys.readouterr().err
    before = (work / BASELINE).read_bytes()
    assert main(["baseline", "create", "--select", "fences"]) == 2
    assert (work / BASELINE).read_bytes() == before
    put(work / load.NAME, "fail-on: error\n", owner=0)
    assert main([*check, "--config", load.NAME]) == 0, "beside settings that are named"


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("owner", "used"),
    [
        pytest.param(OTHER, True, id="their own"),
        pytest.param(0, True, id="that of root"),
        pytest.param(THIRD, False, id="that of another user"),
    ],
)
def test_a_user_who_is_not_root_trusts_root(
    public: Path, monkeypatch: pytest.MonkeyPatch, owner: int, used: bool
) -> None:
    (public / "work").mkdir()
    monkeypatch.chdir(public / "work")
    monkeypatch.setenv("SUDO_UID", str(THIRD))  # applies only to root
    load.read_config(put(public / load.NAME, owner=owner))  # imports everything, which may require root
    os.seteuid(OTHER)
    try:
        config = load.resolve_config()
    finally:
        os.seteuid(0)
    assert config.fail_on == ("info" if used else "error")
