"""The use of a baseline, from the first run over an archive with old defects: only new findings fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
WHO = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the hook is a shell script here")

CONFIG = """\
paths: articles
suppression-reasons: required
severity:
  copydesk/bare-suppression: error
"""
FERRY = """\
---
title: The last ferry
---

The ferry to Sandholm sails for the last time on monday. Mayor Ingrid Dahl was there.

It leaves at noon,as it always did.</div>

The harbour is quiet now, and the bridge is open to everybody who has a car.
"""
HALL = """\
The market hall opens again

The hall,which was closed for a year, opens on Friday.

It has a new roof. Read more about the market hall.">
"""
TRAM = """\
---
title: A tram for the hill
---

```html

The tram climbs the hill in nine minutes.It stops at the market hall, and the council paid for it.

The council met on 12 March to hear what the tram costs. All about the new tram.">

Old signs said “come to the Hill</div>”, and nobody minded.
"""


class Newsroom:
    """A git repository with articles, and the commands that people run there."""

    def __init__(self, folder: Path, tools: Path) -> None:
        self.folder = folder
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = environment | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def does(self, *command: str, status: int = 0) -> str:
        """Run a command, check that its exit status is `status`, and return its output."""
        done = self.run(*command)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def git(self, *arguments: str, status: int = 0) -> str:
        return self.does("git", *WHO, *arguments, status=status)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def found(self, *options: str) -> list[dict[str, Any]]:
        """Return all findings, including notes."""
        findings: list[dict[str, Any]] = json.loads(self.run("copydesk", "check", "--report=json", *options).stdout)[
            "findings"
        ]
        return findings

    def commit(self, status: int = 0) -> str:
        self.git("add", ".")
        return self.git("commit", "--message", "news", status=status)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A repository of old articles, in which the command `copydesk` runs this checkout."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "copydesk").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linter "$@"\n', "utf-8")
    (tools / "copydesk").chmod(0o755)
    made = Newsroom(tmp_path / "newsroom", tools)
    made.write("articles/ferry.md", FERRY)
    made.write("articles/hall.txt", HALL)
    made.write("copydesk.yaml", CONFIG)
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit()
    return made


def install_hook(newsroom: Newsroom) -> None:
    """Install our hook as pre-commit does: it runs the command with the staged files."""
    command = " ".join([HOOK["entry"], *HOOK["args"]])
    hook = newsroom.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {command} $(git diff --cached --name-only -- articles)\n", "utf-8")
    hook.chmod(0o755)


def reported_rules(output: str) -> list[str]:
    """Return the positions and rules of the findings in a plain report."""
    return [f"{place} {rule}" for place, rule in re.findall(r"(?m)^(\S+:\d+):\d+: .*\[(\S+)\]$", output)]


@pytest.mark.slow
def test_an_archive_lives_with_copydesk(newsroom: Newsroom, tmp_path: Path) -> None:
    # The baseline records the defects of an existing archive.
    newsroom.does("copydesk", "check", status=1)
    old = newsroom.found()
    assert {finding["severity"] for finding in old} >= {"error", "warning"}
    newsroom.does("copydesk", "baseline", "create")
    assert "no problems found in 2 articles; 5 in the baseline" in newsroom.does("copydesk", "check")
    newsroom.commit()
    install_hook(newsroom)

    # A new article with leaks and a stray fence fails; a changed word next to the defects of an old article does not.
    newsroom.write("articles/tram.md", TRAM)
    newsroom.write(
        "articles/ferry.md", FERRY.replace("---\n\n", "---\n\nIt is gone.\n\n").replace("quiet now", "still")
    )
    assert reported_rules(newsroom.commit(status=1)) == [
        "articles/tram.md:5 fences/unclosed",
        "articles/tram.md:7 spacing/after-stop",
        "articles/tram.md:9 leaks/attribute-tail",
        "articles/tram.md:11 leaks/unopened-tag",
    ]

    # Safe fixes are applied, and old articles are left alone.
    ferry = newsroom.read("articles/ferry.md")
    assert "articles/tram.md: 1 fixed: spacing/after-stop" in newsroom.does("copydesk", "fix")
    assert newsroom.read("articles/tram.md") == TRAM.replace("minutes.It", "minutes. It")
    assert newsroom.read("articles/ferry.md") == ferry
    newsroom.does("copydesk", "fix", "--check")

    # The remaining defects are fixed by hand or suppressed; a suppression without a reason is a finding too.
    fixed = newsroom.read("articles/tram.md").replace("```html\n\n", "").replace(' All about the new tram.">', "")
    newsroom.write(
        "articles/tram.md", fixed.replace("Old signs", "<!-- copydesk: ignore leaks/unopened-tag -->\nOld signs")
    )
    assert reported_rules(newsroom.commit(status=1)) == ["articles/tram.md:9 copydesk/bare-suppression"]
    newsroom.write("articles/tram.md", newsroom.read("articles/tram.md").replace(" -->", " -- as it stood there -->"))
    newsroom.commit()

    # A run in CI passes and reports nothing.
    newsroom.does("git", "clone", "--quiet", ".", str(tmp_path / "ci"))
    ci = Newsroom(tmp_path / "ci", tmp_path / "bin")
    checked = ci.does("copydesk", "check", "--strict-baseline", "--report=github", "--report=sarif=copydesk.sarif")
    assert checked == "copydesk: no problems found in 3 articles; 5 in the baseline; 1 suppressed\n"
    assert json.loads(ci.read("copydesk.sarif"))["runs"][0]["results"] == []
    assert ci.found() == []

    # --no-baseline still shows the old defects, wherever they are now.
    ci.does("copydesk", "check", "--no-baseline", status=1)
    assert [(one["path"], one["rule"], one["text"]) for one in ci.found("--no-baseline")] == [
        (one["path"], one["rule"], one["text"]) for one in old
    ]

    # A copy of an old defect in another place is new.
    ci.write("articles/hall.txt", f'{HALL}\nIt has a new floor. Read more about the market hall.">\n')
    assert reported_rules(ci.does("copydesk", "check", status=1)) == ["articles/hall.txt:7 leaks/attribute-tail"]
