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
    return Job(done.returncode, done.stdout, summary.read_text("utf-8") if summary.exists() else "", outputs)


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


def test_the_steps_of_the_action_are_there_and_may_be_run() -> None:
    named = re.findall(r"ci/\w+\.sh", (ROOT / "action.yml").read_text("utf-8"))
    assert named == ["ci/install.sh", "ci/github.sh"]
    assert all(os.access(ROOT / name, os.X_OK) for name in named)


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
    path = tmp_path / "path"
    environment = os.environ | {"RUNNER_TEMP": str(tmp_path), "GITHUB_PATH": str(path)}
    subprocess.run([str(BASH), str(ROOT / "ci" / "install.sh")], env=environment, check=True, timeout=600)
    tool = shutil.which("copydesk", path=path.read_text("utf-8").strip())
    assert tool
    del environment["GITHUB_PATH"]
    assert subprocess.run([tool, "--version"], capture_output=True, check=False, cwd=tmp_path).returncode == 0
