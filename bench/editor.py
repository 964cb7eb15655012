"""Measure the language server as an editor uses it: `python bench/editor.py FOLDER`, a folder of Markdown articles.

- Time from an edit to its diagnostics, without debounce, compared with one `Linter.check` of the same text: for each
  edit, one is measured after the other. Goal: at most 1.5 times at the 50th and the 95th percentile.
- Resident memory of the server after 10,000 edits. Goal: at most 150 MB.
- 1,000 random edits with unusual characters, after each of which the text of the server must equal that of the client.
- Diagnostics of all articles, which must equal the findings of `copydesk check`, without rules that compare articles.

The exit status is 1 if a goal is not met.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from measuring import program

import linter
from linter.lsp.positions import LineTable

SIZES = {2_000: 300, 10_000: 300, 100_000: 60}  # bytes of an article, and edits of it
RATIO, MEMORY = 1.5, 150_000_000
MANY, RANDOM = 10_000, 1_000  # edits
ODD = [
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x85",
    "\x1c",
    "\r",
    "\n",
    "\r\n",
    "😀",
    "e\u0301",
    "\ufeff",
    "\ud83d",
    "é",
    "x",
]
WORDS = "the tram city council said on tuesday that its new line costs more than expected".split()


class Client:
    """A client that sends and receives messages one at a time."""

    def __init__(self, folder: Path) -> None:
        command = [*program("copydesk"), "lsp"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._numbers = count(1)
        options = {"debounce": 0, "maxSize": 10_000_000}
        root = {"rootUri": folder.as_uri(), "initializationOptions": options, "processId": None, "capabilities": {}}
        self.request("initialize", root)
        self.notify("initialized", {})

    def notify(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        number = next(self._numbers)
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == number)["result"]

    def open(self, uri: str, text: str) -> list[dict[str, Any]]:
        """Open a document, and return its diagnostics."""
        item = {"uri": uri, "languageId": "markdown", "version": 0, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.diagnostics(uri, 0)

    def edit(self, uri: str, version: int, text: str) -> None:
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self, uri: str, version: int) -> list[dict[str, Any]]:
        """Wait for the diagnostics of a version of a document, and return them."""

        def fits(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            return bool(params.get("uri") == uri and params.get("version") == version)

        found: list[dict[str, Any]] = self.wait(fits)["params"]["diagnostics"]
        return found

    def wait(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not fits(message := self._receive()):
            if message.get("method") == "window/showMessage":
                print(message["params"]["message"], file=sys.stderr)
        return message

    def memory(self) -> int:
        """Return the resident memory of the server in bytes, or 0 if the system does not report it."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)

    def close(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.wait(10)

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        data = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise SystemExit("the server has ended")
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of Markdown articles")
    given = parser.parse_args()
    folder = given.folder.resolve()
    results = [*_times(folder), _memory(folder), _random_edits(), _equal(folder)]
    return 0 if all(results) else 1


def _article(folder: Path, size: int) -> str:
    """Return a text of about `size` bytes: an article or, if none is as long, several."""
    files = sorted(folder.rglob("*.md"), key=lambda file: (abs(file.stat().st_size - size), file))
    text = files[0].read_text("utf-8", "replace")
    for file in files[1:]:
        if len(text.encode()) > 0.9 * size:
            break
        text += file.read_text("utf-8", "replace").removeprefix("---\n")
    return text


def _edited(text: str, dice: random.Random) -> str:
    """Return the text with a word inserted, or as many code points deleted, in a random place."""
    at, word = dice.randrange(len(text)), f"{dice.choice(WORDS)} "
    return text[:at] + word + text[at:] if dice.random() < 0.5 else text[:at] + text[at + len(word) :]


def _times(folder: Path) -> list[bool]:
    """Compare the time of an edit with that of a check. Return whether each goal is met."""
    own, dice, met = linter.Linter(isolated=True), random.Random(1), []
    print("| article | edit to diagnostics, p50 | p95 | check, p50 | p95 | ratio p50 | p95 |")
    print("|---|---|---|---|---|---|---|")
    for size, edits in SIZES.items():
        client, text, uri = Client(folder), _article(folder, size), (folder / "edited.md").as_uri()
        client.open(uri, text)
        server_times, check_times = [], []
        for version in range(1, edits + 20):
            text = _edited(text, dice)
            start = perf_counter()
            client.edit(uri, version, text)
            client.diagnostics(uri, version)
            middle = perf_counter()
            own.check(text, path=folder / "edited.md")
            server_times.append(1000 * (middle - start))
            check_times.append(1000 * (perf_counter() - middle))
        client.close()
        (a50, a95), (b50, b95) = (_percentiles(times[20:]) for times in (server_times, check_times))
        met += [a50 / b50 <= RATIO, a95 / b95 <= RATIO]
        kilobytes = len(text.encode()) / 1000
        print(f"| {kilobytes:.0f} kB | {a50:.1f} ms | {a95:.1f} ms | {b50:.1f} ms | {b95:.1f} ms |", end="")
        print(f" {a50 / b50:.2f} | {a95 / b95:.2f} |", flush=True)
    return met


def _percentiles(values: list[float]) -> tuple[float, float]:
    """Return the 50th and the 95th percentile."""
    steps = quantiles(values, n=100)
    return steps[49], steps[94]


def _memory(folder: Path) -> bool:
    client, dice, uri = Client(folder), random.Random(2), (folder / "edited.md").as_uri()
    start = text = _article(folder, 10_000)
    client.open(uri, text)
    first = client.memory()
    for version in range(1, MANY + 1):
        text = _edited(text, dice) if version % 500 else start
        client.edit(uri, version, text)
        if version % 5 == 0:
            client.diagnostics(uri, version)
    last = client.memory()
    client.close()
    print(f"\nmemory: {first / 1e6:.0f} MB after the first check, {last / 1e6:.0f} MB after {MANY:,} edits", flush=True)
    return last <= MEMORY


def _random_edits() -> bool:
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as place:
        client, dice = Client(Path(place)), random.Random(3)
        uri, text = (Path(place) / "edited.md").as_uri(), "The tram is late.\n"
        client.open(uri, text)
        equal = 0
        for version in range(1, RANDOM + 1):
            at = dice.randrange(len(text) + 1)
            new = "".join(dice.choices(ODD, k=dice.randrange(4)))
            text = text[:at] + new + text[at + dice.randrange(3) :]
            client.edit(uri, version, text)
            equal += client.request("copydesk/text", {"uri": uri}) == json.loads(json.dumps(text))
        client.close()
    print(f"random edits: {equal:,} of {RANDOM:,} texts are equal", flush=True)
    return equal == RANDOM


def _equal(folder: Path) -> bool:
    """Compare the diagnostics of all articles with the JSON report."""
    command = [*program("copydesk"), "check", ".", "--isolated", "--report", "json", "--exit-zero"]
    report = json.loads(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)
    states = linter.Linter(isolated=True).run_rules.states()
    across = {state.own.name for state in states if state.own.looks_at == "folder"}
    wanted: dict[str, list[tuple[Any, ...]]] = {}
    for finding in report["findings"]:
        if finding["rule"] not in across:
            own = tuple(finding[key] for key in ("rule", "message", "start", "end"))
            wanted.setdefault(finding["path"], []).append(own)
    client, different, articles = Client(folder), 0, 0
    for file in sorted(folder.rglob("*.md")):
        text, path, uri = file.read_bytes().decode("utf-8-sig", "replace"), str(file.relative_to(folder)), file.as_uri()
        table = LineTable(text, "utf-16")
        found = []
        for diagnostic in client.open(uri, text):
            ends = (_offset(table, diagnostic["range"][edge]) for edge in ("start", "end"))
            found.append((diagnostic["code"], diagnostic["message"], *ends))
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        articles += 1
        if sorted(found) != sorted(wanted.pop(path, [])):
            different += 1
            print(f"different: {path}")
    client.close()
    total = sum(finding["rule"] not in across for finding in report["findings"])
    print(f"{articles:,} articles, {total:,} findings; {different} articles differ, {len(wanted)} were not opened")
    return not different and not wanted


def _offset(table: LineTable, position: dict[str, int]) -> int:
    """Return the offset of a position, computed independently of the server."""
    line = table.text[table.starts[position["line"]] :]
    units = 0
    for number, character in enumerate(line):
        if units >= position["character"]:
            return table.starts[position["line"]] + number
        units += 2 if ord(character) > 0xFFFF else 1
    return len(table.text)


if __name__ == "__main__":
    sys.exit(main())
