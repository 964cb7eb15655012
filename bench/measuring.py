"""Measure a command: wall time, CPU time of all its processes, and memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from time import perf_counter
from typing import NamedTuple

_REMOVED = {"PYTHONDONTWRITEBYTECODE"}  # environment variables; installed tools have their bytecode


class Run(NamedTuple):
    """Wall and CPU seconds, peak memory of the largest process in bytes, and the size of the input in bytes."""

    wall: float
    cpu: float
    memory: float
    size: float = 0


def program(name: str) -> list[str]:
    """Return the command of a tool; copydesk is the one that this Python imports.

    Raises SystemExit if the tool is not installed.
    """
    if name == "copydesk":
        return [sys.executable, "-m", "linter"]
    found = shutil.which(os.path.join(os.path.dirname(sys.executable), name)) or shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is not installed: pip install {name}")
    return [found]


def measured(command: list[str]) -> Run:
    """Run a command without showing its output, and return the time and memory that it takes.

    Raises SystemExit if the command crashes.
    """
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment())
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if not 0 <= process.returncode < 100:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _REMOVED}
