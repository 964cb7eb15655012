"""The engine ray: the same reports as the engine processes, whatever happens to the processes of Ray."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from components import needs
from linter.cli import main

needs("ray", "pyarrow")

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "linter", "check", "--isolated", "--no-cache", "--jobs=2", "--report=json"]
LATE = "The tram is late.It is full."
# Ends each process that checks a record that begins with “DEADLY”. Python imports this module when it starts.
DEADLY = """
import builtins, os, sys
real = builtins.__import__
def imported(*given, **named):
    module = real(*given, **named)
    checking = sys.modules.get("linter.records.checking")
    if hasattr(checking, "RecordChecker"):
        builtins.__import__ = real
        check = checking.RecordChecker.check
        def deadly(self, archive, some, **options):
            if any(record.body.startswith("DEADLY") for record in some):
                os._exit(7)
            return check(self, archive, some, **options)
        checking.RecordChecker.check = deadly
    return module
builtins.__import__ = imported
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="these tests look for processes in /proc"),
]


def start(folder: Path, *arguments: str, path: str = "") -> subprocess.Popen[str]:
    """Start a run in `folder`, with modules in `path`."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([path, str(ROOT)])}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*COMMAND, *arguments], cwd=folder, env=environment, text=True, **streams)


def result(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return the exit status, the standard output and the standard error of a run."""
    out, err = run.communicate(timeout=200)
    return run.returncode, out, err


def children(parent: int) -> Iterator[tuple[int, str]]:
    """Yield the process id and the command of each process that a process, or a child of it, has started."""
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "status").read_text().split("PPid:")[1].split()[0] if entry.name.isdigit() else ""
            if status == str(parent):
                yield int(entry.name), (entry / "cmdline").read_text().replace("\0", " ")
                yield from children(int(entry.name))
        except (OSError, IndexError):
            continue


def write(file: Path, bodies: list[str | None]) -> None:
    lines = (json.dumps({"id": f"{file.stem}{number}", "text": body}) for number, body in enumerate(bodies))
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with archives: articles that equal each other, missing text, a damaged line, and a damaged file."""
    folder = tmp_path_factory.mktemp("archives")
    words = "A long report on the harbor tram, which was late again on the third day of the strike in the old town."
    story = "\n\n".join(f"{words} Part {number} of the story says why.It is long." for number in range(20))
    write(folder / "a.jsonl", [f"{LATE} This is number {number}." for number in range(250)] + [None, story])
    write(folder / "b.jsonl", [story, *(f"{words} Number {number}.And more." for number in range(50))])
    with (folder / "b.jsonl").open("a") as file:
        file.write("{no JSON\n")
    noise = os.urandom(50_000).hex()
    data = gzip.compress(
        "".join(f'{{"id": "c{n}", "text": "{LATE} {noise[n * 900 :][:900]}"}}\n' for n in range(90)).encode()
    )
    (folder / "c.jsonl.gz").write_bytes(data[: len(data) // 2])
    return folder


@pytest.fixture(scope="module")
def expected(archives: Path) -> tuple[int, str, str]:
    status, out, err = result(start(archives, "a.jsonl", "b.jsonl", "c.jsonl.gz"))
    found = json.loads(out)
    assert status == 2
    assert {"spacing/after-stop", "duplicates/article"} <= {finding["rule"] for finding in found["findings"]}
    assert {problem["path"] for problem in found["problems"]} == {"b.jsonl", "c.jsonl.gz"}
    return status, out, err


def test_the_report_is_the_same_even_if_processes_are_killed(archives: Path, expected: tuple[int, str, str]) -> None:
    run = start(archives, "a.jsonl", "b.jsonl", "c.jsonl.gz", "--engine=ray")
    killed = set[int]()
    while run.poll() is None and len(killed) < 2:
        for process, command in children(run.pid):
            if command.startswith("ray::") and "_Worker" in command and process not in killed:
                os.kill(process, signal.SIGKILL)
                killed.add(process)
                break
        time.sleep(0.02)
    assert killed
    assert result(run) == expected


def test_a_record_that_ends_every_process_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text(DEADLY)
    write(tmp_path / "d.jsonl", [LATE, "DEADLY", *[LATE] * 5])
    status, out, err = result(start(tmp_path, "d.jsonl", "--engine=ray", path=str(tmp_path / "path")))
    found = json.loads(out)
    message = "the process that checked this record died (exit status 7); please report it"
    assert found["problems"] == [{"path": "d.jsonl", "message": message, "record": "d1"}]
    assert sum(finding["rule"] == "spacing/after-stop" for finding in found["findings"]) == 6
    assert status == 2
    assert "the lost records are processed on this machine" in err
    assert "Traceback" not in err


def test_an_interrupt_ends_all_processes(tmp_path: Path) -> None:
    write(tmp_path / "e.jsonl", [f"{LATE} This is number {number}." * 100 for number in range(3000)])
    run = start(tmp_path, "e.jsonl", "--engine=ray")
    started: list[int] = []
    while run.poll() is None and not started:
        started = [process for process, command in children(run.pid) if "_Worker" in command]
        time.sleep(0.05)
    every = [process for process, _ in children(run.pid)]
    run.send_signal(signal.SIGINT)
    status, out, err = result(run)
    assert (status, out) == (130, "")
    assert "Traceback" not in err
    until = time.monotonic() + 20
    while any(Path(f"/proc/{process}").exists() for process in every) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [process for process in every if Path(f"/proc/{process}").exists()]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "auto", "nowhere:x"])
def test_no_cluster_at_the_address(address: str, archives: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--isolated", "--no-cache", "--engine=ray", f"--ray-address={address}"]
    assert main(["check", str(archives / "a.jsonl"), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("--ray-address: ")
    assert err.count("\n") == 1


def test_ray_is_missing(archives: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    status = main(["check", str(archives / "a.jsonl"), "--isolated", "--no-cache", "--engine", "ray"])
    advice = 'the package ray is missing; install it with pip install "copydesk[ray]"'
    assert (status, capsys.readouterr().err) == (2, f"--engine ray: {advice}\n")
