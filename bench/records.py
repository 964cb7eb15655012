"""Measure runs over archives: `python bench/records.py FOLDER`, a folder of Markdown articles.

The script needs the extra `test-all`, and Linux. The articles are written as archives of all formats. The script shows

- the counts of findings for each format and each engine, which must be equal,
- records and CPU seconds of each engine, for all processes that it starts,
- the peak memory of the first process for WordPress exports of two sizes,
- whether runs that are killed at random moments continue to equal bytes.

The exit status is 1 if a goal is not met. Each part can be run alone with --only.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import record_archives
from measuring import program

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): orphans of descendants become children of this process
_GOAL_RAY, _GOAL_MEMORY = 1.3, 1.1
_PARTS = ("formats", "engines", "memory", "kills")


class Measured(NamedTuple):
    """Wall seconds, CPU seconds of all processes, peak memory of the first process in bytes, and its exit status."""

    wall: float
    cpu: float
    memory: int
    status: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of Markdown articles")
    parser.add_argument("--only", choices=_PARTS, action="append", help="run only this part")
    parser.add_argument("--records", type=int, default=20_000, help="records for the engines (default: 20000)")
    parser.add_argument("--sizes", default="100,1000", help="MB of the WordPress exports (default: 100,1000)")
    parser.add_argument("--kills", type=int, default=20, help="number of killed runs (default: 20)")
    parser.add_argument("--postgres", default="", help="URL of a database in which a table may be created")
    given = parser.parse_args()
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
    parts: dict[str, Callable[[argparse.Namespace, Path], bool]] = {
        "formats": _formats,
        "engines": _engines,
        "memory": _memory,
        "kills": _kills,
    }
    met = True
    for name in given.only or _PARTS:
        with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as place:
            met = parts[name](given, Path(place)) and met
    return int(not met)


def _formats(given: argparse.Namespace, place: Path) -> bool:
    """Check the same articles in every format, and compare the counts."""
    made = record_archives.write_all(given.folder, place, given.postgres)
    print("\nThe same articles in every format, read as Markdown")
    digests = set()
    for name, archive in made.items():
        out = place / f"out-{name}"
        measured = _check(archive, out, "--kind", "markdown")
        digests.add(_findings_digest(out))
        print(f"  {name:9} {_counts(out)}  {measured.wall:6.1f} s")
    print(f"  {'equal' if len(digests) == 1 else 'DIFFERENT'}")
    return len(digests) == 1


def _engines(given: argparse.Namespace, place: Path) -> bool:
    """Check the same records with each engine."""
    archive = record_archives.write_jsonl(given.folder, place / "many.jsonl", given.records)
    commands = {"processes": (), "ray": ("--engine", "ray")}
    print(f"\nEngines, {given.records:,} records, {archive.stat().st_size / 1e6:.0f} MB")
    seen: dict[str, Measured] = {}
    digests = set()
    for name, argv in commands.items():
        out = place / name.replace(" ", "-")
        seen[name] = _check(str(archive), out, *argv)
        digests.add(_tree_digest(out))
        rate = given.records / seen[name].cpu
        print(f"  {name:9} {seen[name].wall:7.1f} s, {seen[name].cpu:7.1f} CPU s, {rate:6.0f} records per CPU s")
    ratio = seen["ray"].cpu / seen["processes"].cpu
    print(f"  ray / processes: {ratio:.2f} (goal {_GOAL_RAY}); outputs {'equal' if len(digests) == 1 else 'DIFFERENT'}")
    return ratio <= _GOAL_RAY and len(digests) == 1


def _memory(given: argparse.Namespace, place: Path) -> bool:
    """Check WordPress exports of several sizes, and compare the memory of the first process."""
    print("\nPeak memory of the first process, WordPress exports")
    peaks = []
    for size in map(int, given.sizes.split(",")):
        archive = record_archives.write_wxr(given.folder, place / f"{size}.xml", size * 1_000_000)
        out = place / f"out-{size}"
        measured = _check(str(archive), out)
        archive.unlink()
        peaks.append(measured.memory)
        records = json.loads((out / "summary.json").read_bytes())["articles"]
        print(
            f"  {size:5} MB  {records:8,} records  {measured.memory / 1e6:6.0f} MB  {measured.wall:7.1f} s"
            f"  {measured.cpu:7.1f} CPU s"
        )
    ratio = peaks[-1] / peaks[0]
    print(f"  ratio {ratio:.2f} (goal {_GOAL_MEMORY})")
    return ratio <= _GOAL_MEMORY


def _kills(given: argparse.Namespace, place: Path) -> bool:
    """Kill runs at random moments until one is complete, and compare its files with those of an unbroken run."""
    archive = record_archives.write_jsonl(given.folder, place / "many.jsonl", 0)
    whole = _check(str(archive), place / "whole")
    print("\nRuns that are killed")
    chance, equal = random.Random(0), 0
    for number in range(given.kills):
        out = place / f"out-{number}"
        process = subprocess.Popen(_command(str(archive), out), start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.02, 0.98) * whole.wall)
        kills = int(process.poll() is None)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        done = len([*out.glob("findings/*")]) if out.exists() else 0
        _check(str(archive), out)
        same = _tree_digest(out) == _tree_digest(place / "whole")
        equal += same
        print(f"  {'killed' if kills else 'complete'}, {done} parts: {'equal' if same else 'DIFFERENT'}", flush=True)
    print(f"  {equal} of {given.kills} equal")
    return equal == given.kills


def _command(archive: str, out: Path, *argv: str) -> list[str]:
    check = [*program("copydesk"), "check", archive, "--isolated", "--no-cache", "--quiet", "--out", str(out)]
    return [*check, *argv]


def _check(archive: str, out: Path, *argv: str) -> Measured:
    """Run a check, and measure it with all processes that it starts. Raises SystemExit if it fails."""
    start, before = time.perf_counter(), _cpu()
    process = subprocess.Popen(_command(archive, out, *argv), stderr=subprocess.PIPE)
    memory = 0
    while process.poll() is None:
        memory = max(memory, _peak(process.pid))
        time.sleep(0.1)
    wall = time.perf_counter() - start
    said = process.stderr.read().decode() if process.stderr else ""
    for _ in _orphans():
        pass
    if process.returncode not in (0, 1):
        raise SystemExit(f"{archive}: exit status {process.returncode}: {said[-2000:]}")
    return Measured(wall, _cpu() - before, memory, process.returncode)


def _orphans() -> Iterator[int]:
    """Wait for the processes that the run has left behind, and yield their IDs."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield pid
        else:
            time.sleep(0.05)


def _cpu() -> float:
    """Return the CPU seconds of all processes that this process has waited for, and of those that they waited for."""
    times = os.times()
    return times.children_user + times.children_system


def _peak(pid: int) -> int:
    """Return the peak resident memory of a process in bytes, or 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def _counts(out: Path) -> str:
    summary = json.loads((out / "summary.json").read_bytes())
    return f"{summary['articles']:6,} records, {sum(one['count'] for one in summary['findings']):6,} findings"


def _findings_digest(out: Path) -> str:
    """Return a digest of all findings, without their paths, in the order of the records."""
    rows = []
    for part in sorted(out.glob("*/*.jsonl")):
        for line in part.read_text("utf-8").splitlines():
            finding = json.loads(line)
            path = finding.pop("path")
            rows.append(json.dumps(finding).replace(path, ""))  # messages may name another record
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _tree_digest(out: Path) -> str:
    """Return a digest of the names and contents of all files."""
    digest = hashlib.sha256()
    for file in sorted(file for file in out.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(out)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
