"""Whole runs of the command, described by files.

Each folder in cases/ holds `args` (one argument per line), `input/` (the folder to run in; its `gitignore` gets
its dot there), `status`, `stdout` and `stderr` as they are expected, and `stdin` where something is piped in. A
case selects the rules it is about, so that a new rule breaks none of them.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import pytest

from linter.cli import main

CASES = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/args"))


def test_there_are_cases() -> None:
    assert len(CASES) > 10
    assert {case.name for case in CASES} == set(os.listdir(Path(__file__).parent / "cases"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    if (case / "input").exists():
        shutil.copytree(case / "input", tmp_path, dirs_exist_ok=True)
    if (tmp_path / "gitignore").exists():
        (tmp_path / "gitignore").rename(tmp_path / ".gitignore")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    if (case / "stdin").exists():
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((case / "stdin").read_bytes())))

    status = main((case / "args").read_text("utf-8").splitlines())

    seen = capfd.readouterr()
    assert seen.out == expected(case / "stdout")
    assert seen.err == expected(case / "stderr")
    assert status == int(expected(case / "status"))


def expected(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""
