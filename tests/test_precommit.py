"""The hook, as pre-commit runs it in a repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from copies import copy_project
from linter.files.articles import is_article

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
HOOK, FIXING = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600
    )


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
    return run(folder, "git", *who, *arguments)


def commit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Commit everything in a folder, with its hooks."""
    assert git(folder, "add", ".").returncode == 0
    return git(folder, "commit", "--message", "articles")


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The current working tree as a repository of its own."""
    folder = tmp_path_factory.mktemp("hook") / "copydesk"
    copy_project(folder)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def repository(tool: Path, name: str, hook: str) -> Path:
    """Create a repository of articles in which pre-commit runs a hook of `tool`; both hooks share one environment."""
    folder = tool.parent / name
    folder.mkdir()
    revision = git(tool, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": str(tool), "rev": revision, "hooks": [{"id": hook}]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    git(folder, "init", "--quiet")
    installed = run(folder, *PRE_COMMIT, "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder


@pytest.mark.slow
def test_a_defective_article_stops_the_commit_and_a_clean_one_passes(tool: Path) -> None:
    articles = repository(tool, "articles", "copydesk")
    (articles / "ferry.txt").write_text("The ferry sails at noon.</div>\n", "utf-8")
    (articles / "-odd.txt").write_text("The ferry is late.</p>\n", "utf-8")
    (articles / "README.md").write_text("A </div> that is no article.\n", "utf-8")
    stopped = commit(articles)
    assert "ferry.txt:1:25: error: “</div>” shows up as text." in stopped.stderr, stopped.stdout + stopped.stderr
    assert "-odd.txt:1:19: error: " in stopped.stderr
    assert "README" not in stopped.stderr
    assert stopped.returncode == 1

    (articles / "ferry.txt").write_text("The ferry sails at noon.\n", "utf-8")
    (articles / "-odd.txt").write_text("The ferry is late.\n", "utf-8")
    passed = commit(articles)
    assert passed.returncode == 0, passed.stdout + passed.stderr


@pytest.mark.slow
def test_the_hook_that_fixes_changes_what_is_committed_and_stops_once(tool: Path) -> None:
    articles = repository(tool, "fixed", "copydesk-fix")
    (articles / "-tram.md").write_text("The tram is late.But it came.\n", "utf-8")
    stopped = commit(articles)
    assert "-tram.md: 1 fixed: spacing/after-stop" in stopped.stderr, stopped.stdout + stopped.stderr
    assert stopped.returncode == 1
    assert (articles / "-tram.md").read_text("utf-8") == "The tram is late. But it came.\n"

    passed = commit(articles)
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_both_hooks_look_at_the_same_files() -> None:
    assert all(HOOK[key] == FIXING[key] for key in ("args", "types_or", "exclude", "language", "require_serial"))


@pytest.mark.parametrize(
    ("name", "passed_over"),
    [
        pytest.param("README.md", True, id="README"),
        pytest.param("docs/README.de.md", True, id="README in a folder"),
        pytest.param("LICENSE-MIT.txt", True, id="a licence"),
        pytest.param("requirements-dev.txt", True, id="requirements"),
        pytest.param("static/robots.txt", True, id="a file for crawlers"),
        pytest.param("words.txt", True, id="the list of allowed words"),
        pytest.param("docs/NEWS.2024", True, id="what pre-commit takes for text by its first word"),
        pytest.param("MAINTAINERS.md", True, id="maintainers"),
        pytest.param("posts/tram.md", False, id="an article"),
        pytest.param("posts/security-council.md", False, id="an article about the Security Council"),
        pytest.param("posts/readme-files.md", False, id="an article about README files"),
    ],
)
def test_the_hook_skips_the_same_files_as_a_walk(name: str, passed_over: bool) -> None:
    assert bool(re.search(HOOK["exclude"], name)) is passed_over
    assert is_article(os.path.basename(name)) is not passed_over


def test_files_without_a_suffix_are_skipped() -> None:
    assert re.search(HOOK["exclude"], "docs/AUTHORS")
