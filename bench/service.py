"""Measure the service as clients use it: `python bench/service.py FOLDER`, a folder of Markdown articles.

- Requests per second, and the time of a request, for articles of 2, 10 and 50 kB and for 1, 8 and 64 clients, compared
  with `Linter.check` of the same texts in this process. Goals for 10 kB: with one client, at most 1.3 times at the 50th
  percentile; with eight, at least 0.8 times the throughput of as many checks at once as the service has processes.
- `--memory N`: resident memory of the service and of each worker process while it answers N requests.

The exit status is 1 if a goal is not met. Each client is a thread with a connection of its own, which it keeps.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import chain, pairwise
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from measuring import program

import linter

SIZES = {2_000: 400, 10_000: 120, 50_000: 40}  # bytes of an article, and requests in a round
CLIENTS = (1, 8, 64)
ROUNDS, TEXTS = 5, 40
MEASURED, RATIO, SHARE = 10_000, 1.3, 0.8
HEADERS = {"Content-Type": "application/json"}


class Measured(NamedTuple):
    """The seconds of each request or check, and those from the first to the last."""

    times: list[float]
    wall: float

    @property
    def rate(self) -> float:
        """Requests or checks per second."""
        return len(self.times) / self.wall

    def percentile(self, percent: int) -> float:
        """Return a percentile in milliseconds."""
        return 1000 * quantiles(self.times, n=100)[percent - 1]


class Service:
    """A running service on a free port of this machine."""

    def __init__(self, jobs: int) -> None:
        command = [*program("copydesk"), "serve", "--isolated", "--port", "0", "--jobs", str(jobs), "--timeout", "60"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert self.process.stderr
        self.address = urlsplit(json.loads(self.process.stderr.readline())["url"]).netloc
        self._reader = ThreadPoolExecutor(1)
        self._reader.submit(self._forget_log)
        connection = HTTPConnection(self.address)
        connection.request("GET", "/healthz")
        connection.getresponse()  # waits until the service is ready

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self._reader.shutdown()

    def send(self, bodies: list[bytes], clients: int) -> Measured:
        """Send each body once, from several clients at a time."""
        start = perf_counter()
        with ThreadPoolExecutor(clients) as threads:
            times = threads.map(self._send, [bodies[number::clients] for number in range(clients)])
        return Measured([*chain.from_iterable(times)], perf_counter() - start)

    def memory(self) -> list[int]:
        """Return the resident memory of the service and of each worker process, in MB."""
        found = subprocess.run(["ps", "-eo", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True)
        own, memory = str(self.process.pid), []
        for line in found.stdout.splitlines():
            pid, parent, rss, command = line.split(maxsplit=3)
            if pid == own or (parent == own and "spawn_main" in command):
                memory.append(int(rss) // 1000)
        return memory

    def _send(self, bodies: list[bytes]) -> list[float]:
        connection, times = HTTPConnection(self.address), []
        for body in bodies:
            start = perf_counter()
            connection.request("POST", "/check", body, HEADERS)
            response = connection.getresponse()
            response.read()
            times.append(perf_counter() - start)
            if response.status != 200:
                raise SystemExit(f"a request was answered with {response.status}")
        connection.close()
        return times

    def _forget_log(self) -> None:
        assert self.process.stderr
        for _ in self.process.stderr:
            pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of Markdown articles")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    parser.add_argument("--memory", type=int, metavar="N", help="send N requests, and show the memory")
    given = parser.parse_args()
    texts = [file.read_text("utf-8", "replace") for file in sorted(given.folder.rglob("*.md"))]
    with Service(given.jobs) as service:
        if given.memory:
            return _memory(service, texts, given.memory)
        return _times(service, texts, given.jobs)


def _cut(texts: list[str], size: int) -> list[str]:
    """Return texts of `size` bytes, cut from articles, or from several if none is as long."""
    long = [text for text in texts if len(text.encode()) >= size]
    if len(long) < TEXTS:
        whole = "\n\n".join(texts)
        long = [whole[start : start + size] for start in range(0, TEXTS * size, size)]
    return [text.encode()[:size].decode("utf-8", "ignore") for text in long[:: len(long) // TEXTS][:TEXTS]]


def _times(service: Service, texts: list[str], jobs: int) -> int:
    """Compare requests with checks. Return the exit status."""
    own, missed = linter.Linter(isolated=True), 0
    print("| article | clients | requests/s | p50 | p95 | p99 | p50 / check | requests/s / checks/s |")
    print("|---|---|---|---|---|---|---|---|")
    for size, number in SIZES.items():
        articles = [text for text in _cut(texts, size) for _ in range(number // TEXTS)]
        checks, requests = _rounds(service, own, articles)
        for clients, sent in requests.items():
            ratio, share = sent.percentile(50) / checks.percentile(50), sent.rate / (jobs * checks.rate)
            row = (f"{size // 1000} kB", str(clients), f"{sent.rate:.0f}")
            row += (*(f"{sent.percentile(percent):.1f} ms" for percent in (50, 95, 99)), f"{ratio:.2f}", f"{share:.2f}")
            print(f"| {' | '.join(row)} |", flush=True)
            if size == MEASURED:
                missed += (clients == 1 and ratio > RATIO) + (clients == 8 and share < SHARE)
        print(
            f"| {size // 1000} kB | check | {checks.rate:.0f} | {checks.percentile(50):.1f} ms | "
            f"{checks.percentile(95):.1f} ms | {checks.percentile(99):.1f} ms | | |"
        )
    return min(1, missed)


def _rounds(service: Service, own: linter.Linter, articles: list[str]) -> tuple[Measured, dict[int, Measured]]:
    """Return what checks take, and what requests take by the number of clients: in turn, after one round to warm up."""
    bodies = [json.dumps({"text": text}).encode() for text in articles]
    checks: list[Measured] = []
    requests: dict[int, list[Measured]] = {clients: [] for clients in CLIENTS}
    for number in range(ROUNDS + 1):
        done = _check(own, articles)
        sent = {clients: service.send(bodies, clients) for clients in CLIENTS}
        if number:
            checks.append(done)
            for clients in CLIENTS:
                requests[clients].append(sent[clients])
    return _joined(checks), {clients: _joined(runs) for clients, runs in requests.items()}


def _check(own: linter.Linter, articles: list[str]) -> Measured:
    times = [perf_counter()]
    for text in articles:
        own.check(text)
        times.append(perf_counter())
    return Measured([after - before for before, after in pairwise(times)], times[-1] - times[0])


def _joined(runs: list[Measured]) -> Measured:
    return Measured([*chain.from_iterable(run.times for run in runs)], sum(run.wall for run in runs))


def _memory(service: Service, texts: list[str], number: int) -> int:
    """Print the memory after each tenth of the requests. Return the exit status."""
    dice = random.Random(1)
    print("| requests | service | worker processes |")
    print("|---|---|---|")
    for tenth in range(10):
        for _ in range(10):
            bodies = [_varied(dice.choice(texts), dice) for _ in range(number // 100)]
            service.send(bodies, 8)
        own, *workers = service.memory()
        print(
            f"| {(tenth + 1) * number // 10:,} | {own} MB | {', '.join(f'{each} MB' for each in workers)} |", flush=True
        )
    return 0


def _varied(text: str, dice: random.Random) -> bytes:
    """Return the body of a request with a part of a text, some new words, a kind and a path."""
    start = dice.randrange(len(text) + 1)
    part = text[start : start + dice.randrange(200, 8000)]
    words = " ".join(f"{dice.choice(('Tram', 'tram', 'x'))}{dice.randrange(10**6)}" for _ in range(20))
    kind = dice.choice(("markdown", "markdown", "html", "text"))
    values = {"text": f"{part}\n\n{words}\n", "kind": kind, "path": f"news/{dice.randrange(10**6)}.md"}
    return json.dumps(values).encode()


if __name__ == "__main__":
    sys.exit(main())
