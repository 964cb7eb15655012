"""`--changed` runs git, and git runs no program that the configuration of a repository names.

Each repository here has a program that creates a marker file. Plain git runs the program (`armed`); copydesk does not.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from linter.cli import main

OLD = "The tram stops.</div>\n"
NEW = "The bus stops.</div>\n"
MARKER = "marker"


class Trap(NamedTuple):
    """Settings of a repository, in which `{touch}` creates the marker; `attributes` apply to all its files.

    `armed` is a git command that runs the program, or empty if git 2.47 runs it for no command used here.
    """

    settings: dict[str, str]
    attributes: str = ""
    armed: tuple[str, ...] = ("diff",)


TRAPS = [
    pytest.param(Trap({"filter.evil.clean": "{touch}; cat"}, "filter=evil"), id="clean filter"),
    pytest.param(Trap({"filter.evil.process": "{touch}"}, "filter=evil"), id="filter process"),
    pytest.param(
        Trap({"filter.evil.clean": "{touch}; cat", "filter.evil.required": "true"}, "filter=evil"),
        id="required clean filter",
    ),
    pytest.param(
        Trap({"filter.a.b c.clean": "{touch}; cat"}, '"filter=a.b c"', ()),
        id="filter whose name has a dot and a space",
    ),
    pytest.param(Trap({"filter.É-x.clean": "{touch}; cat"}, "filter=É-x"), id="filter whose name is not ASCII"),
    pytest.param(
        Trap({"filter.evil.smudge": "{touch}; cat"}, "filter=evil", ("checkout", "--", "old.txt")), id="smudge filter"
    ),
    pytest.param(Trap({"diff.evil.textconv": "{touch}; cat"}, "diff=evil"), id="textconv"),
    pytest.param(Trap({"diff.evil.command": "{touch}; :"}, "diff=evil"), id="diff command of a driver"),
    pytest.param(Trap({"diff.external": "{touch}; :"}), id="external diff"),
    pytest.param(Trap({"core.fsmonitor": "{touch}; :"}, "", ("status",)), id="file system monitor"),
    pytest.param(Trap({"core.hooksPath": "{hooks}"}, "", ("add", "--all")), id="folder of hooks"),
    pytest.param(Trap({"core.pager": "{touch}; cat"}, armed=()), id="pager"),
    pytest.param(Trap({"pager.diff": "{touch}; cat"}, armed=()), id="pager of one command"),
    pytest.param(Trap({"interactive.diffFilter": "{touch}; cat"}, armed=()), id="diff filter of add --patch"),
    pytest.param(
        Trap({"alias.diff": "!{touch}", "alias.rev-parse": "!{touch}", "alias.x": "!{touch}"}, "", ("x",)), id="aliases"
    ),
    pytest.param(Trap({"gpg.program": "{touch}; :", "log.showSignature": "true"}, armed=()), id="gpg"),
    pytest.param(Trap({"credential.helper": "!{touch}", "core.askPass": "{touch}"}, armed=()), id="credential helper"),
    pytest.param(Trap({"core.editor": "{touch}", "sequence.editor": "{touch}"}, armed=()), id="editor"),
    pytest.param(Trap({"include.path": "{included}"}, "filter=evil"), id="included file"),
    pytest.param(Trap({"includeIf.gitdir:**.path": "{included}"}, "filter=evil"), id="file included on a condition"),
    pytest.param(
        Trap(
            {"extensions.worktreeConfig": "true", "core.attributesFile": "{attributes}", "include.path": "{included}"}
        ),
        id="attributes outside of the work tree",
    ),
]


def git(*arguments: str, check: bool = True) -> str:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an article that has changed since the last commit, as the working folder; no hook runs."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    start()
    return folder


def start() -> None:
    """Create a repository with a changed article in the working folder."""
    git("init", "--quiet", "--initial-branch=main")
    Path("copydesk.yaml").write_text("packs: [leaks]\n", "utf-8")
    Path("old.txt").write_text(OLD, "utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", "articles")
    Path("old.txt").write_text(NEW, "utf-8")


def touch(marker: Path) -> str:
    return f"touch {shlex.quote(marker.as_posix())}"


def script(file: Path, marker: Path) -> str:
    """Create a program that creates the marker, and return its path for git."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{touch(marker)}\n", "utf-8")
    file.chmod(0o755)
    return file.as_posix()


def arm(trap: Trap, folder: Path) -> Path:
    """Apply the settings of a trap to the repository, and return the marker that its programs would create."""
    marker = folder.parent / MARKER
    included, attributes = folder.parent / "included", folder.parent / "attributes"
    included.write_text(f'[filter "evil"]\n\tclean = "{touch(marker)}; cat"\n', "utf-8")
    attributes.write_text("* filter=evil\n", "utf-8")
    script(folder.parent / "hooks" / "post-index-change", marker)
    values = {
        "touch": touch(marker),
        "hooks": (folder.parent / "hooks").as_posix(),
        "included": included.as_posix(),
        "attributes": attributes.as_posix(),
    }
    for key, value in trap.settings.items():
        git("config", key, value.format(**values))
    if trap.attributes:
        Path(".gitattributes").write_text(f"* {trap.attributes}\n", "utf-8")
    return marker


def checked(*arguments: str, status: int = 1) -> list[str]:
    """Return the positions of findings as path:line."""
    report = Path("..", "report.json")
    assert main(["check", "--quiet", "--no-cache", f"--report=json={report}", *arguments]) == status
    return [f"{found['path']}:{found['line']}" for found in json.loads(report.read_text("utf-8"))["findings"]]


@pytest.mark.parametrize("trap", TRAPS)
def test_no_program_of_the_git_config_runs(work: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = arm(trap, work)
    assert checked("--changed") == checked("--changed", "HEAD") == ["old.txt:1"]
    assert not marker.exists()
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert checked("--changed", status=0) == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert checked("--changed", status=0) == []
    assert not marker.exists()


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.values[0].armed])
def test_git_itself_runs_the_program(work: Path, trap: Trap) -> None:
    marker = arm(trap, work)
    git(*trap.armed, check=False)
    assert marker.exists()


def test_no_hook_of_the_repository_runs(work: Path) -> None:
    marker = work.parent / MARKER
    script(work / ".git" / "hooks" / "post-index-change", marker)
    os.utime("copydesk.yaml", (1, 1))  # git reads the file again, and would update its index
    assert checked("--changed") == ["old.txt:1"]
    assert not marker.exists()
    git("update-index", "--refresh", "-q", check=False)
    assert marker.exists()


def test_no_program_runs_in_a_submodule_or_a_repository_inside(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / MARKER
    for name in ("module", "inside"):
        (work / name).mkdir()
        monkeypatch.chdir(work / name)
        start()
        git("config", "filter.evil.clean", f"{touch(marker)}; cat")
        git("config", "core.fsmonitor", f"{touch(marker)}; :")
        Path(".gitattributes").write_text("* filter=evil\n", "utf-8")
    monkeypatch.chdir(work)
    git("add", "module")
    git("commit", "--quiet", "--message", "module", "module")
    marker.unlink(missing_ok=True)
    assert checked("--changed") == ["old.txt:1"]
    assert not marker.exists()
    git("status", check=False)
    assert marker.exists()


@pytest.mark.parametrize("worktree", [True, False])
def test_a_folder_that_looks_like_a_repository_is_not_one(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], worktree: bool
) -> None:
    folder, marker = work / "bare", work.parent / MARKER
    git("clone", "--quiet", "--bare", ".", "bare")
    monkeypatch.chdir(folder)
    if worktree:
        git("config", "core.bare", "false")
        git("config", "core.worktree", "worktree")
        (folder / "worktree").mkdir()
        (folder / "worktree" / "old.txt").write_text(NEW, "utf-8")
        (folder / "worktree" / ".gitattributes").write_text("* filter=evil\n", "utf-8")
        git("config", "filter.evil.clean", f"{touch(marker)}; cat")
    git("config", "core.fsmonitor", f"{touch(marker)}; :")
    assert main(["check", "--changed", "--isolated"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("--changed: ")
    assert "bare repository" in said or "git directory" in said
    assert not marker.exists()


def test_a_filter_that_cannot_be_disabled_is_an_error(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = arm(Trap({"filter.a=b.clean": "{touch}; cat"}, "filter=a=b"), work)
    assert main(["check", "--changed"]) == 2
    assert capsys.readouterr().err == ("--changed: the git filter “a=b” cannot be disabled; rename it without “=”\n")
    assert not marker.exists()


def test_a_missing_object_is_not_fetched(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = work.parent / MARKER
    program = script(work.parent / "pack", marker)
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": "ssh://example.invalid/x",
        "core.sshCommand": program,
        "protocol.allow": "always",
    }.items():
        git("config", key, value)
    blob = git("rev-parse", "HEAD:old.txt").strip()
    Path(".git", "objects", blob[:2], blob[2:]).unlink()
    assert main(["check", "--changed"]) == 2
    assert capsys.readouterr().err.startswith("--changed: git diff failed: ")
    assert not marker.exists()
    git("diff", check=False)
    assert marker.exists()


@pytest.mark.skipif(os.name == "nt", reason="a program on Windows is an .exe")
def test_a_git_in_the_working_folder_is_not_run(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = work.parent / MARKER
    script(work / "git", marker)
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", os.environ["PATH"])))
    assert checked("--changed", "old.txt") == ["old.txt:1"]
    assert not marker.exists()


def test_a_file_that_a_filter_would_change_counts_as_changed(work: Path) -> None:
    Path(".gitattributes").write_text("*.txt filter=upper\n", "utf-8")
    git("config", "filter.upper.clean", "tr a-z A-Z")
    os.utime("old.txt", (1, 1))  # older than the index, so that git need not compare the text
    git("add", "--all")
    git("commit", "--quiet", "--message", "filtered")
    assert checked("--changed", status=0) == []
    os.utime("old.txt", (2, 2))
    assert checked("--changed") == ["old.txt:1"]


@pytest.mark.parametrize("report", ["plain", "terminal", "github", "json"])
def test_no_change_is_no_error(work: Path, report: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("old.txt").write_text(OLD, "utf-8")
    assert main(["check", "--changed", f"--report={report}"]) == 0
    seen = capsys.readouterr()
    assert "no articles to check" in (seen.out + seen.err).lower()
