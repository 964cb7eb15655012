"""A service in a process of its own, as a user would start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self

import httpx

ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 60.0  # seconds; it takes about two, but a test machine may be busy


class Service:
    """A running `copydesk serve` with some options, in a folder. `url` ends with a slash."""

    def __init__(self, folder: Path, *options: str, isolated: bool = True) -> None:
        command = [sys.executable, "-m", "linter", "serve", "--port", "0", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command + ["--isolated"] * isolated,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            process_group=None if sys.platform == "win32" else 0,  # for signals to all processes of the service
        )
        self._lines: list[str] = []
        Thread(target=self._read, daemon=True).start()
        started = self.logged("start")
        assert started, "".join(self._lines)
        self.url: str = started[0]["url"]
        self.client = httpx.Client(base_url=self.url, timeout=60)
        self._wait_until_ready()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    @property
    def log(self) -> str:
        """Everything that the service has written to standard error so far."""
        return "".join(self._lines)

    def logged(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until the log has at least `count` lines of this kind, and return them; fewer if there are none."""
        end = time.monotonic() + STARTS_WITHIN
        while True:
            values = (json.loads(line) for line in [*self._lines] if line.startswith("{"))
            found = [line for line in values if line["event"] == event]
            if len(found) >= count or time.monotonic() > end or self.process.poll() is not None:
                return found
            time.sleep(0.02)

    def post(self, path: str, values: object, **headers: str) -> httpx.Response:
        """Send a JSON body, and return the response. In the names of headers, write “_” for “-”."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, json=values, headers=named)

    def workers(self) -> list[int]:
        """Return the process IDs of the worker processes."""
        return [pid for pid, command in self._children() if "spawn_main" in command]

    def children(self) -> list[int]:
        """Return the process IDs of all child processes."""
        return [pid for pid, _ in self._children()]

    def memory(self) -> list[int]:
        """Return the resident memory of the service and of each worker process, in kB."""
        pids = ",".join(map(str, (self.process.pid, *sorted(self.workers()))))
        found = subprocess.run(["ps", "-o", "rss=", "-p", pids], capture_output=True, text=True)
        return [*map(int, found.stdout.split())]

    def metric(self, name: str) -> float:
        """Return the value of a metric without labels."""
        lines = (line.split() for line in self.client.get("metrics").text.splitlines())
        return next(float(line[1]) for line in lines if line[0] == f"copydesk_{name}")

    @contextmanager
    def stopped_workers(self) -> Iterator[list[int]]:
        """Stop the worker processes in this context, and return their IDs. Their tasks wait."""
        pids = self.workers()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield pids
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def _children(self) -> Iterator[tuple[int, str]]:
        """Yield the process ID and the command of each child process."""
        command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        for line in subprocess.run(command, capture_output=True, text=True).stdout.splitlines():
            pid, args = line.split(maxsplit=1)
            yield int(pid), args

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._lines.append(line)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            try:
                if self.client.get("healthz", headers={"host": "localhost"}).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.log)
