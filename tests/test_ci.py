"""The CI files and scripts, as far as they can be tested without the CI services."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from copies import copy_project

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
GUIDE = (ROOT / "docs" / "ci.md").read_text("utf-8")
SNIPPETS = dict(re.findall(r"(?s)```yaml\n# (\S+)\n(.*?)```", GUIDE))
BASH = shutil.which("bash")

needs_bash = pytest.mark.skipif(not BASH, reason="the steps of the action are written for bash")


class Job(NamedTuple):
    """The result of the step of the action."""

    status: int
    log: str
    errors: str
    summary: str
    outputs: dict[str, str]


def step(folder: Path, **settings: str) -> Job:
    """Run the step of the action that checks articles, in `folder`, as a CI runner does."""
    tools = folder.parent / "bin"
    tools.mkdir()
    (tools / "copydesk").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linter "$@"\n', "utf-8")
    (tools / "copydesk").chmod(0o755)
    temporary = folder.parent / "runner"
    temporary.mkdir()
    environment = os.environ | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(temporary / "output"),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
    }
    command = [str(BASH), str(ROOT / "ci" / "github.sh")]
    done = subprocess.run(command, cwd=folder, env=environment | settings, capture_output=True, text=True, check=False)
    summary, output = temporary / "summary", temporary / "output"
    outputs = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
    sums = summary.read_text("utf-8") if summary.exists() else ""
    return Job(done.returncode, done.stdout, done.stderr, sums, outputs)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "old news").mkdir(parents=True)
    (folder / "ferry.txt").write_text("The ferry sails at noon.</div>\n", "utf-8")
    (folder / "old news" / "tram.txt").write_text("The tram,which was late, came.\n", "utf-8")
    return folder


@needs_bash
def test_the_step_annotates_sums_up_and_fails_the_job(articles: Path) -> None:
    job = step(articles)
    assert job.status == 1
    assert job.log.startswith("::error file=ferry.txt,line=1,")
    assert "::ferry.txt:1:25: “</div>”" in job.log
    assert job.summary.startswith("### copydesk: not ready to publish\n")
    assert job.outputs["status"] == "1"
    assert '"version": "2.1.0"' in Path(job.outputs["sarif-file"]).read_text("utf-8")


@needs_bash
@pytest.mark.parametrize(
    ("settings", "status"),
    [
        pytest.param({"COPYDESK_PATHS": "old news"}, 0, id="one path, with a space in it"),
        pytest.param({"COPYDESK_PATHS": "\nold news\r\nferry.txt\n"}, 1, id="paths on lines of their own"),
        pytest.param({"COPYDESK_PATHS": "old news", "COPYDESK_OPTIONS": "--fail-on=warning"}, 1, id="an option"),
        pytest.param({"COPYDESK_PATHS": "nowhere"}, 2, id="a path that is not there"),
        pytest.param({"COPYDESK_PATHS": "$(touch hacked); ferry.txt"}, 2, id="nothing of a path is run"),
    ],
)
def test_the_step_uses_its_inputs(articles: Path, settings: dict[str, str], status: int) -> None:
    job = step(articles, **settings)
    assert (job.status, job.outputs["status"]) == (status, str(status))
    assert not (articles / "hacked").exists()


@needs_bash
def test_the_summary_can_be_left_out(articles: Path) -> None:
    assert step(articles, COPYDESK_SUMMARY="false").summary == ""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with an old defect on the branch `main`, and one more on the branch `edit`, of a pull request."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "ferry.txt").write_text("The ferry sails at noon.</div>\n", "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=old")
    git(folder, "checkout", "--quiet", "-b", "edit")
    with (folder / "ferry.txt").open("a", encoding="utf-8") as file:
        file.write("\nIt is late.</span>\n")
    git(folder, "commit", "--quiet", "--all", "--message=edit")
    git(folder, "checkout", "--quiet", "main")
    (folder / "tram.txt").write_text("The tram is late, too.</p>\n", "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=later")
    git(folder, "checkout", "--quiet", "--detach")
    git(folder, "merge", "--quiet", "--no-edit", "edit")
    git(folder, "update-ref", "refs/pull/1/merge", "HEAD")
    return folder


def checkout(origin: Path, *options: str, ref: str = "refs/pull/1/merge") -> Path:
    """Check out `ref` of `origin` as actions/checkout does: with all branches, or with `--depth=1` the commit alone."""
    folder = origin.parent / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", origin.as_uri())
    refs = [f"+{ref}:refs/remotes/pull/1/merge"]
    refs += [] if options else ["+refs/heads/*:refs/remotes/origin/*"]
    git(folder, "fetch", "--quiet", "--no-tags", *options, "origin", *refs)
    git(folder, "checkout", "--quiet", "--force", "refs/remotes/pull/1/merge")
    return folder


@needs_bash
def test_only_lines_that_the_pull_request_changes_are_checked(origin: Path) -> None:
    job = step(checkout(origin), COPYDESK_CHANGED="true", GITHUB_BASE_REF="main")
    assert re.findall(r"::(\w+\.txt:\d+:\d+): ", job.log) == ["ferry.txt:3:12"]
    assert (job.status, job.outputs["status"]) == (1, "1")


@needs_bash
def test_all_lines_are_checked_without_the_input(origin: Path) -> None:
    job = step(checkout(origin), COPYDESK_CHANGED="false", GITHUB_BASE_REF="main")
    assert re.findall(r"::(\w+\.txt:\d+:\d+): ", job.log) == ["ferry.txt:1:25", "ferry.txt:3:12", "tram.txt:1:23"]
    assert "::notice" not in job.log


@needs_bash
def test_all_lines_are_checked_if_the_event_is_no_pull_request(origin: Path) -> None:
    folder = checkout(origin, "--depth=1", ref="refs/heads/main")
    job = step(folder, COPYDESK_CHANGED="true", GITHUB_BASE_REF="", GITHUB_EVENT_NAME="push")
    notice = "::notice title=copydesk::All lines are checked: the event “push” is not a pull request.\n"
    assert job.log.startswith(notice)
    assert re.findall(r"::(\w+\.txt:\d+:\d+): ", job.log) == ["ferry.txt:1:25", "tram.txt:1:23"]
    assert job.status == 1


@needs_bash
def test_a_missing_history_is_reported(origin: Path) -> None:
    job = step(checkout(origin, "--depth=1"), COPYDESK_CHANGED="true", GITHUB_BASE_REF="main")
    assert job.errors == (
        "--changed: git does not know the commit “refs/remotes/origin/main”; fetch the whole history (fetch-depth: 0)\n"
    )
    assert (job.status, job.outputs) == (2, {"status": "2"})


@needs_bash
def test_a_base_branch_is_no_code_and_no_option(origin: Path) -> None:
    job = step(checkout(origin), COPYDESK_CHANGED="true", GITHUB_BASE_REF="$(touch hacked);--exit-zero")
    assert job.status == 2
    assert not (origin.parent / "checkout" / "hacked").exists()


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", ".github/workflows/copydesk.yml"),
        ("github-workflows", ".github/workflows/copydesk-changes.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_ci_files_match_their_schemas(tmp_path: Path, schema: str, name: str) -> None:
    file = ROOT / name
    if name in SNIPPETS:
        file = tmp_path / Path(name).name
        file.write_text(SNIPPETS[name], "utf-8")
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", f"vendor.{schema}", str(file)])
    assert done.exit_code == 0, done.output


def test_the_ci_script_runs_the_test_command_of_the_readme() -> None:
    _, command = re.findall(r"(?m)^    (python3 -m venv .*)$", (ROOT / "README.md").read_text("utf-8"))
    install, _, run = command.rpartition(" && ")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert [line.strip() for line in script.splitlines() if line.strip() in (install, run)] == [install, run]


def test_the_steps_of_the_action_are_there_and_may_be_run() -> None:
    named = re.findall(r"ci/\w+\.sh", (ROOT / "action.yml").read_text("utf-8"))
    assert named == ["ci/install.sh", "ci/github.sh"]
    assert all(os.access(ROOT / name, os.X_OK) for name in named)


def test_the_shown_run_on_changed_lines_has_the_history_that_it_needs() -> None:
    checkout, copydesk = yaml.safe_load(SNIPPETS[".github/workflows/copydesk-changes.yml"])["jobs"]["copydesk"]["steps"]
    assert checkout["with"] == {"fetch-depth": 0}
    assert copydesk["with"] == {"changed": "true"}
    assert set(copydesk["with"]) <= set(ACTION["inputs"])


def test_every_input_is_used() -> None:
    steps = yaml.dump(ACTION["runs"]["steps"])
    assert all(f"inputs.{name} " in steps for name in ACTION["inputs"])


def test_no_input_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)


@pytest.mark.parametrize(
    ("action", "least"),
    [
        pytest.param("github/codeql-action/upload-sarif", 4, id="v3 ends in December 2026"),
        pytest.param("actions/checkout", 5, id="checkout on Node 24"),
        pytest.param("actions/setup-python", 6, id="setup-python on Node 24"),
        pytest.param("actions/cache", 5, id="cache on Node 24"),
    ],
)
def test_no_action_is_outdated(action: str, least: int) -> None:
    files = [ROOT / "action.yml", ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "ci").iterdir()]
    used = re.findall(rf"{action}@v(\d+)", "\n".join(file.read_text("utf-8") for file in files if file.is_file()))
    assert used
    assert min(map(int, used)) >= least


@needs_bash
@pytest.mark.slow
def test_the_action_installs_this_copydesk(tmp_path: Path) -> None:
    copy = tmp_path / "copydesk"
    copy_project(copy)
    path = tmp_path / "path"
    environment = os.environ | {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_PATH": str(path)}
    subprocess.run([str(BASH), str(copy / "ci" / "install.sh")], env=environment, check=True, timeout=600)
    tool = shutil.which("copydesk", path=path.read_text("utf-8").strip())
    assert tool
    del environment["GITHUB_PATH"]
    assert subprocess.run([tool, "--version"], capture_output=True, check=False, cwd=tmp_path).returncode == 0
