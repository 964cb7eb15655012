"""`--changed`: the articles and lines that count, in a git hook and outside of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from linter.changes import ALL, _hunks, _numbered
from linter.cli import main

OLD = "The tram stops.</div>\n\nThe ferry sails at noon.</p>\n\nNobody knows.</b>\n"


def git(*arguments: str) -> str:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(message: str = "articles") -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an old article that has three leaks, as the working folder; no hook is running."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch=main")
    (tmp_path / "copydesk.yaml").write_text("packs: [leaks]\n", "utf-8")
    (tmp_path / "old.txt").write_text(OLD, "utf-8")
    commit()
    return tmp_path


def lines(*arguments: str) -> list[str]:
    """The places of findings, as path:line."""
    report = Path("..", "report.json")
    assert main(["check", "--quiet", f"--report=json={report}", *arguments]) in (0, 1)
    return [f"{found['path']}:{found['line']}" for found in json.loads(report.read_text("utf-8"))["findings"]]


def change(name: str, how: Callable[[str], str]) -> None:
    file = Path(name)
    text = file.read_bytes().decode("utf-8")
    assert how(text) != text
    file.write_bytes(how(text).encode("utf-8"))


@pytest.mark.parametrize(
    ("how", "found"),
    [
        pytest.param(lambda text: text.replace("noon", "one"), ["old.txt:3"], id="one changed word"),
        pytest.param(lambda text: "A new start.\n\n" + text, [], id="a paragraph on top moves what is old"),
        pytest.param(lambda text: text + "\nAnd </div> more.\n", ["old.txt:7"], id="a leak at the end"),
        pytest.param(lambda text: text.replace("\n\nThe ferry sails at noon.</p>", ""), [], id="a paragraph less"),
        pytest.param(lambda text: text.rstrip("\n"), ["old.txt:5"], id="no line end at the end"),
    ],
)
def test_only_lines_that_changed_count(project: Path, how: Callable[[str], str], found: list[str]) -> None:
    assert lines("--changed") == []
    change("old.txt", how)
    assert lines("--changed") == found
    assert lines("--changed", "HEAD") == found
    git("add", "old.txt")
    assert lines("--changed=HEAD") == found


def test_all_lines_of_a_new_article_count(project: Path) -> None:
    (project / "new.txt").write_text(OLD, "utf-8")
    assert lines("--changed") == ["new.txt:1", "new.txt:3", "new.txt:5"]
    (project / ".gitignore").write_text("new.txt\n", "utf-8")
    assert lines("--changed") == []


def test_ignored_files_do_not_count_even_if_given(project: Path) -> None:
    for name in ("drafts/new.txt", "drafts/deep/new.txt", "new.txt"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(OLD, "utf-8")
    (project / ".gitignore").write_text("drafts/\n", "utf-8")
    (project / "drafts/.gitignore").write_text("!new.txt\n", "utf-8")
    assert lines("--changed=", "drafts/new.txt", "drafts/deep/new.txt", "new.txt") == [
        "new.txt:1",
        "new.txt:3",
        "new.txt:5",
    ]


def test_nested_repositories_do_not_count(project: Path) -> None:
    git("init", "--quiet", "inside")
    (project / "inside/new.txt").write_text(OLD, "utf-8")
    assert lines("--changed=", ".") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among files here")
def test_a_gitignore_that_is_a_pipe_does_not_block(project: Path) -> None:
    (project / "new.txt").write_text(OLD, "utf-8")
    os.mkfifo(project / ".gitignore")
    command = [sys.executable, "-m", "linter", "check", "--changed", "--report", "plain"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stdout.count("new.txt:") == 3
    assert ".gitignore: cannot read this file, so its patterns are ignored: it is a pipe" in run.stderr


def test_changed_lines_of_a_renamed_article_count(project: Path) -> None:
    git("mv", "old.txt", "port.txt")
    assert lines("--changed") == []
    change("port.txt", lambda text: text.replace("tram", "bus"))
    assert lines("--changed") == ["port.txt:1"]


def test_commits_on_the_other_branch_do_not_count(project: Path) -> None:
    git("switch", "--quiet", "--create", "mine")
    change("old.txt", lambda text: text.replace("tram", "bus"))
    commit("mine")
    git("switch", "--quiet", "main")
    (project / "theirs.txt").write_text(OLD, "utf-8")
    commit("theirs")
    git("switch", "--quiet", "mine")
    assert lines("--changed") == lines("--changed", "main") == lines("--changed=main", ".") == ["old.txt:1"]


def test_an_article_is_checked_as_a_whole(project: Path) -> None:
    (project / "copydesk.yaml").write_text("packs: [fences]\n", "utf-8")
    (project / "code.md").write_text("The tram stops.\n\n```\nprint()\n```\n", "utf-8")
    commit()
    change("code.md", lambda text: text.replace("print", "input"))
    assert lines("--changed") == []


def test_a_name_that_is_no_commit_is_a_path(project: Path) -> None:
    (project / "posts").mkdir()
    (project / "posts" / "new.txt").write_text(OLD, "utf-8")
    change("old.txt", lambda text: text.replace("tram", "bus"))
    assert lines("--changed", "old.txt") == ["old.txt:1"]
    assert len(lines("posts", "--changed")) == 3


@pytest.mark.parametrize("variable", ["GIT_INDEX_FILE", "PRE_COMMIT"])
def test_in_a_hook_the_staged_text_and_lines_count(
    project: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    change("old.txt", lambda text: text.replace("tram", "bus"))
    git("add", "old.txt")
    change("old.txt", lambda text: "Not staged.</i>\n\n" + text.replace("bus stops.</div>", "bus"))
    monkeypatch.setenv(variable, str(project / ".git" / "index"))
    assert lines("--changed") == ["old.txt:1"]
    change("old.txt", lambda text: "")
    assert lines("--changed=", "old.txt") == ["old.txt:1"]
    git("add", "old.txt")
    change("old.txt", lambda text: OLD)
    assert lines("--changed") == []


def test_fixes_are_limited_to_changed_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("copydesk.yaml").write_text("packs: [spacing]\n", "utf-8")
    Path("old.txt").write_text("The tram stops.It waits.\n\nThe ferry sails.It waits.\n", "utf-8")
    commit()
    change("old.txt", lambda text: text.replace("tram", "bus"))
    assert main(["fix", "--changed"]) == 0
    assert Path("old.txt").read_text("utf-8") == "The bus stops. It waits.\n\nThe ferry sails.It waits.\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_hook_fixes_staged_lines_of_files_without_other_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ends: str
) -> None:
    Path("copydesk.yaml").write_text("packs: [spacing]\n", "utf-8")
    git("config", "core.autocrlf", "true")
    for name in ("staged.txt", "more.txt"):
        Path(name).write_bytes(f"The tram stops.It waits.{ends}".encode())
    git("add", "--all")
    change("more.txt", lambda text: text + "Not staged." + ends)
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert main(["fix", "--changed=", "staged.txt", "more.txt"]) == 2
    assert Path("staged.txt").read_bytes() == f"The tram stops. It waits.{ends}".encode()
    assert Path("more.txt").read_bytes() == f"The tram stops.It waits.{ends}Not staged.{ends}".encode()
    assert "copydesk: more.txt: left alone: it has changes that are not staged" in capsys.readouterr().err


def test_pre_commit_run_on_all_files_checks_all_lines(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert len(lines("--changed=", "old.txt")) == 3
    change("old.txt", lambda text: text.replace("tram", "bus"))
    git("add", "old.txt")
    assert len(lines("--changed=", "old.txt")) == 1


def test_pre_commit_compares_two_commits(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change("old.txt", lambda text: text.replace("tram", "bus"))
    commit("one")
    change("old.txt", lambda text: text.replace("noon", "one"))
    monkeypatch.setenv("PRE_COMMIT", "1")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert lines("--changed=", "old.txt") == ["old.txt:1"]


def test_no_configuration_of_git_makes_a_difference(project: Path) -> None:
    name = "Zürich “quoted”\ttab.txt" if os.name == "posix" else "Zürich.txt"
    (project / name).write_text(OLD, "utf-8")
    (project / ".gitattributes").write_text("*.txt -diff diff=odd\n", "utf-8")
    commit()
    for key, value in {
        "diff.external": "false",
        "diff.odd.textconv": "false",
        "diff.odd.command": "false",
        "diff.noprefix": "true",
        "diff.context": "9",
        "diff.interHunkContext": "9",
        "diff.renames": "false",
        "diff.relative": "true",
        "diff.algorithm": "minimal",
        "core.quotepath": "true",
        "core.fsmonitor": "false",
        "color.ui": "always",
        "core.pager": "false",
    }.items():
        git("config", key, value)
    for file in ("old.txt", name):
        change(file, lambda text: text.replace("tram", "bus").replace("Nobody", "Somebody"))
    assert [found.rpartition(":")[2] for found in lines("--changed")] == ["1", "5", "1", "5"]
    os.mkdir("below")
    os.chdir("below")
    assert len(lines("--changed", "..", "--config=../copydesk.yaml")) == 4


def test_a_second_copy_of_a_known_defect_on_a_changed_line_is_new(project: Path) -> None:
    assert main(["baseline", "create"]) == 0
    commit("baseline")
    change("old.txt", lambda text: "Two trams.\nThe tram stops.</div>\nThree trams.\n\n" + text)
    assert lines("--changed") == ["old.txt:2"]
    assert lines("--changed", "--strict-baseline") == ["old.txt:2"]
    change("old.txt", lambda text: text.replace("The ferry", "A ferry"))
    assert lines("--changed") == ["old.txt:2"]
    assert lines("--changed", "--no-baseline") == ["old.txt:2", "old.txt:7"]


def test_a_repository_without_commits_is_all_new(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "young").mkdir()
    monkeypatch.chdir(tmp_path / "young")
    git("init", "--quiet")
    Path("copydesk.yaml").write_text("packs: [leaks]\n", "utf-8")
    Path("new.txt").write_text(OLD, "utf-8")
    assert len(lines("--changed")) == 3
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert lines("--changed") == []
    git("add", ".")
    assert len(lines("--changed")) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--changed", "nowhere"], "git does not know the commit “nowhere”", id="no such reference"),
        pytest.param(["--changed=--output=x"], "git does not know the commit “--output=x”", id="an option of git"),
        pytest.param(["--changed", "lone"], "“lone” and this branch have no common commit", id="a stranger"),
        pytest.param(["-", "--changed"], "standard input is not in the git repository", id="standard input"),
        pytest.param(["..", "--changed"], "is outside this repository", id="outside"),
    ],
)
def test_git_failures_are_reported(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (project.parent / "outside.txt").write_text("", "utf-8")
    git("checkout", "--quiet", "--orphan", "lone")
    git("commit", "--quiet", "--allow-empty", "--message", "lone")
    git("switch", "--quiet", "main")
    assert main(["check", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("--changed: ")
    assert message in said


def test_missing_repository_and_missing_git_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["check", "--changed"]) == 2
    assert capsys.readouterr().err == "--changed: this folder is not in a git repository\n"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["check", "--changed"]) == 2
    assert capsys.readouterr().err == "--changed: git is not installed, or is not in the PATH\n"


def test_article_lines_that_look_like_patch_headers() -> None:
    patch = (
        b"diff --git a/x b/x\n@@ -1 +1,2 @@ x\n-@@ -1 +7 @@\n+@@ -1 +8 @@\n+diff --git a/y b/y\ndiff --git a/z b/z\n"
    )
    assert [*_hunks(patch)] == [[range(1, 3)], []]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        pytest.param(b"a\nb\n", [range(2, 3)], [range(2, 3)], id="line ends of Unix"),
        pytest.param(b"a\r\nb\r\n", [range(2, 3)], [range(2, 3)], id="line ends of Windows"),
        pytest.param(b"a\rb\nc\rd\ne\n", [range(2, 3)], ALL, id="two lines in one"),
        pytest.param(b"a\rb\rc", [], [], id="no changes"),
        pytest.param("a\r\nb\r\n".encode("utf-16"), [range(2, 3)], [range(2, 3)], id="UTF-16"),
        pytest.param(b"a\rb\rc", ALL, ALL, id="a new article"),
    ],
)
def test_all_lines_count_as_changed_if_git_counts_others(text: bytes, before: list[range], after: list[range]) -> None:
    assert _numbered(text, before) == after
