"""The process of the language server: its streams, its status, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp_client import COMMAND, initialize, session, start

pytestmark = pytest.mark.slow

TYPO = "The mayor of berlin spoke.\n"
INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}
_SECONDS = 15  # a server that runs longer hangs


def message(method: str, params: Any = None, number: int | None = None, **more: Any) -> bytes:
    """Return a message with its header. With a number, it is a request."""
    content = {"jsonrpc": "2.0", "method": method, "params": params, **more}
    body = json.dumps(content if number is None else {**content, "id": number}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


START = message("initialize", INITIALIZE, 1) + message("initialized", {})
END = message("shutdown", None, 9) + message("exit")


def serve(data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a server whose client sends `data` and disconnects."""
    return subprocess.run(COMMAND, input=data, capture_output=True, timeout=_SECONDS)


def received(output: bytes) -> list[dict[str, Any]]:
    """Return the messages of a server, which must write nothing else."""
    messages = []
    while output:
        head, _, rest = output.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ") for line in head.split(b"\r\n"))
        length = int(fields[b"Content-Length"])
        messages.append(json.loads(rest[:length]))
        output = rest[length:]
    return messages


def test_a_client_that_shuts_the_server_down_gets_status_0() -> None:
    done = serve(START + END)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [each["id"] for each in received(done.stdout) if "id" in each] == [1, 9]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(START + message("exit"), id="exit without shutdown"),
        pytest.param(START, id="the client disconnects"),
        pytest.param(b"", id="nothing is sent"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="not the protocol"),
        pytest.param(START + b"\x00\xff garbage \r\n" * 100, id="garbage between messages"),
        pytest.param(START[:-20], id="a truncated message"),
        pytest.param(b"Content-Length: 10\r\n", id="a truncated header"),
        pytest.param(START + b"Content-Length: 2\r\n\r\n[]", id="a list in place of a message"),
        pytest.param(START + b"Content-Length: 4\r\n\r\nnull", id="null in place of a message"),
        pytest.param(START + b'Content-Length: 4\r\n\r\n{"a"', id="broken JSON"),
        pytest.param(START + b"Content-Length: 2\r\n\r\n\xff\xfe", id="not UTF-8"),
        pytest.param(START + b"Content-Length: 3000\r\n\r\n" + b"[" * 3000, id="deeply nested JSON"),
        pytest.param(START + message("textDocument/didOpen", {"x": 1}), id="wrong parameters of a notification"),
        pytest.param(START + message("textDocument/didOpen", [1]), id="a list of parameters"),
        pytest.param(message("textDocument/hover", {}, 5), id="a request before the start"),
        pytest.param(START + message("initialize", INITIALIZE, 2), id="two starts"),
        pytest.param(START + message("workspace/didChangeConfiguration", {"settings": [1]}), id="wrong settings"),
        pytest.param(START + message("copydesk/explain", [1], 4), id="wrong parameters of a request"),
    ],
)
def test_a_client_that_misbehaves_gets_status_1_and_no_traceback(data: bytes) -> None:
    done = serve(data)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"Traceback" not in done.stdout
    received(done.stdout)


def test_the_server_keeps_running_after_messages_that_it_cannot_read() -> None:
    text = {"uri": "untitled:1", "languageId": "markdown", "version": 0, "text": TYPO}
    bad = b"junk\r\n" + b'Content-Length: 4\r\n\r\n{"a"' + message("textDocument/didOpen", {"x": 1})
    opened = message("textDocument/didOpen", {"textDocument": text})
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    params = {"textDocument": {"uri": "untitled:1"}, "range": place, "context": {"diagnostics": []}}
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write(START + bad + opened + message("textDocument/codeAction", params, 5))
    process.stdin.flush()
    output = b""
    while b'"id": 5' not in output:
        output += process.stdout.read1()  # type: ignore[attr-defined]
    rest, errors = process.communicate(END, timeout=_SECONDS)
    assert (process.returncode, errors) == (0, b"")
    assert any(each.get("params", {}).get("diagnostics") for each in received(output + rest))


def test_a_client_that_no_longer_reads_ends_the_server(tmp_path: Path) -> None:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    text = {"uri": "untitled:1", "languageId": "markdown", "version": 0, "text": TYPO}
    process.stdin.write(START + message("textDocument/didOpen", {"textDocument": text}))
    process.stdin.close()
    assert process.wait(_SECONDS) == 141, "as after a broken pipe in any command"
    assert process.stderr.read() == b""
    process.stderr.close()


def test_without_pygls_the_server_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['pygls'] = None; from linter import cli; sys.exit(cli.main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "copydesk: the language server needs the package pygls; install copydesk with its extra, “copydesk[lsp]”\n"
    )


@pytest.mark.parametrize("debug", ["", "1"])
def test_the_traceback_of_an_internal_error_is_logged_only_for_debugging(
    debug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_DEBUG", debug)
    code = """
import sys
from linter import cli
from linter.lsp import server

def fail(*_: object) -> None:
    raise ValueError("broken")

server.Server.open = server.Server.folder_of = fail
sys.exit(cli.main(["lsp"]))
"""
    text = {"uri": "untitled:1", "languageId": "markdown", "version": 0, "text": TYPO}
    opened = message("textDocument/didOpen", {"textDocument": text})
    data = START + opened + opened + message("copydesk/rules", {"uri": ""}, 4) + END
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, timeout=_SECONDS)
    assert done.returncode == 0
    assert done.stderr.count(b", in fail") == (3 if debug else 0)
    assert bool(done.stderr) == bool(debug)
    messages = received(done.stdout)
    shown = [each["params"]["message"] for each in messages if each.get("method") == "window/showMessage"]
    assert shown == ["copydesk: internal error: ValueError: broken; please report it"]
    [error] = [each["error"] for each in messages if each.get("id") == 4]
    assert error["message"] == "ValueError: broken"
    assert "Traceback" not in str(error)
    assert not error.get("data")


@pytest.mark.asyncio
async def test_a_server_that_is_killed_can_be_started_again(tmp_path: Path) -> None:
    client = await start(fork=False)
    await initialize(client, tmp_path)
    await client.found(client.open(tmp_path / "tram.md", TYPO))
    client.process.kill()
    assert await client.ended() == -9
    await client.stop()
    async with session(tmp_path, fork=False) as again:
        assert len(await again.found(again.open(tmp_path / "tram.md", TYPO))) == 1


@pytest.mark.asyncio
async def test_the_memory_does_not_grow_with_the_number_of_edits(tmp_path: Path) -> None:
    async with session(tmp_path, fork=False, options={"run": "onSave"}) as client:
        uri = client.open(tmp_path / "tram.md", TYPO)
        await client.found(uri)
        sizes = []
        for _ in range(2):
            for number in range(2000):
                client.edit(uri, f"The tram {number % 9}.\n")
                if number % 100 == 0:
                    await asyncio.sleep(0)
            await client.checked(uri)
            sizes.append(_memory(client.process.pid))
    assert sizes[-1] - sizes[0] < 2_000_000, sizes


@pytest.mark.asyncio
async def test_the_memory_does_not_grow_with_the_number_of_new_linters(tmp_path: Path) -> None:
    config, sizes = tmp_path / "copydesk.yaml", []
    async with session(tmp_path, fork=False, options={"debounce": 0}) as client:
        uri = client.open(tmp_path / "a.md", TYPO)
        for number in range(81):
            config.write_text(f"ignore: [spacing]\n# {number}\n")
            client.edit(uri, f"{TYPO}{number}\n")
            await client.checked(uri)
            if number % 20 == 0:
                sizes.append(_memory(client.process.pid))
    assert sizes[-1] - sizes[1] < 80_000_000, sizes


def _memory(process: int) -> int:
    """Return the resident memory of a process in bytes."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("the system does not show the memory of processes")
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def _children(process: int) -> set[int]:
    """Return the child processes of a process that check articles."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            arguments = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == process and b"spawn_main" in arguments:
            found.add(int(folder.name))
    return found


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.asyncio
@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the system does not list processes in /proc")
@pytest.mark.parametrize("end", ["shutdown", "goes away", "kill"])
async def test_no_process_is_left_behind_when_the_server_ends_during_a_check(tmp_path: Path, end: str) -> None:
    for number in range(300):
        (tmp_path / f"{number}.md").write_text(f"{TYPO}\n{end} {number} {time.time()}\n\n" * 20)
    client = await start(fork=False)
    await initialize(client, tmp_path)
    params = types.ExecuteCommandParams("copydesk.checkWorkspace")
    running = asyncio.create_task(client.workspace_execute_command_async(params))
    await client.until(lambda: any(len(reports) > 1 for reports in client.progress_reports.values()))
    children = _children(client.process.pid)
    assert children
    if end == "kill":
        client.process.kill()
    elif end == "goes away":
        assert client.process.stdin
        client.process.stdin.close()
    else:
        await client.shutdown_session()
    assert await client.ended() == {"kill": -9, "goes away": 1}.get(end, 0)
    assert client.errors == b""
    await client.until(lambda: not any(map(_is_running, children)))
    running.cancel()
    await client.stop()
