"""What can go wrong around a running service: clients, requests, processes and signals.

After each test, the log must have no text of a request and no traceback.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from linter.api import Linter
from linter.serve.app import WAITING
from linter.serve.http_server import Protocol
from linter.serve.tasks import Tasks
from service import ROOT, Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP, and no process groups like these"),
]

CANARY = "Zanzibarquokka"  # in articles, queries, paths and headers, and never in a log
ARTICLE = {"text": f"The {CANARY} is late.It is full.\n"}
SECONDS = 5  # the time limit of most services here
MOST = 20_000  # bytes of a body
HEAD_SECONDS = 10.0  # for the head of a request
TOKEN = "a-token-of-some-length"
FORM = "application/x-www-form-urlencoded"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    options = ("--jobs", "2", "--timeout", str(SECONDS), "--max-bytes", str(MOST))
    with Service(tmp_path_factory.mktemp("service"), *options) as started:
        yield started


@pytest.fixture
def service(shared: Service) -> Iterator[Service]:
    """The service that most tests use. It must be as good after each test as before."""
    yield shared
    assert_healthy(shared)


def assert_healthy(service: Service) -> None:
    """Assert that a service answers, with all its processes, and that its log is clean."""
    until(lambda: len(service.workers()) == 2 == service.client.get("healthz").json()["workers"])
    assert service.post("check", ARTICLE).json()["findings"]
    assert_clean(service.log)


def assert_ended(service: Service, children: list[int]) -> None:
    """Assert that a service ends in order, with all its processes, and that its log is clean."""
    assert service.process.wait(10) == 0
    until(lambda: all(map(is_gone, children)))
    assert_clean(service.log)


def assert_clean(log: str) -> None:
    """Assert that each line of a log is JSON, and that none has text of a request, a traceback or an error."""
    assert CANARY.lower() not in log.lower()
    assert "Traceback" not in log
    for line in map(json.loads, log.splitlines()):
        assert line["event"] in ("start", "request", "server", "stop")
        assert line.get("level") != "error", line
        assert line.get("status") != 500, line


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether there is no such process, not even a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def connect(service: Service) -> socket.socket:
    url = httpx.URL(service.url)
    return socket.create_connection((url.host, url.port), timeout=30)


def request(path: str = "/check", values: object = ARTICLE, *headers: str, method: str = "POST") -> bytes:
    """Return a request with a JSON body as bytes."""
    body = json.dumps(values).encode()
    return head(path, *headers, f"Content-Length: {len(body)}", method=method) + body


def head(path: str = "/check", *headers: str, method: str = "POST", version: str = "1.1") -> bytes:
    lines = (f"{method} {path} HTTP/{version}", "Host: localhost", "Content-Type: application/json", *headers, "", "")
    return "\r\n".join(lines).encode()


def exchange(service: Service, data: bytes, most: int = 1) -> list[int]:
    """Send bytes, and return the statuses of the next responses, at most `most`."""
    with connect(service) as connection:
        connection.sendall(data)
        return statuses(connection, most)


def statuses(connection: socket.socket, most: int = 1) -> list[int]:
    """Return the statuses of the next responses, at most `most`; fewer if the service closes the connection."""
    found: list[bytes] = []
    answer = b""
    while len(found) < most and (part := connection.recv(65_536)):
        answer += part
        found = re.findall(rb"HTTP/1\.1 (\d\d\d) ", answer)
    return [*map(int, found)]


def can_connect(service: Service) -> bool:
    """Whether the service accepts connections."""
    try:
        connect(service).close()
    except OSError:
        return False
    return True


# Slow clients


def test_slow_heads_end_their_connections_and_no_others(service: Service) -> None:
    with ExitStack() as stack, ThreadPoolExecutor() as threads:
        silent, slow, second = (stack.enter_context(connect(service)) for _ in range(3))
        second.sendall(head("/healthz", method="GET"))
        assert statuses(second) == [200]
        ends = [
            threads.submit(wait_until_closed, connection, data)
            for connection, data in (
                (silent, b""),
                (slow, head("/" + "a" * 500)),
                (second, head("/" + "a" * 500)),
            )
        ]
        while not all(end.done() for end in ends):
            assert service.client.get("healthz").status_code == 200
            time.sleep(0.1)
        assert [end.exception() for end in ends] == [None] * 3


def wait_until_closed(connection: socket.socket, data: bytes) -> None:
    """Send a byte of `data` every 0.1 s until the service closes the connection."""
    connection.settimeout(0.1)
    with suppress(ConnectionError):
        for at in count():
            connection.sendall(data[at : at + 1])
            with suppress(TimeoutError):
                if not connection.recv(1000):
                    break


def test_a_body_that_does_not_arrive_in_time_is_answered_with_408(service: Service) -> None:
    with connect(service) as connection:
        connection.sendall(head("/check", "Content-Length: 1000") + b'{"text": "')
        assert statuses(connection) == [408]


def test_a_body_that_trickles_is_answered_with_408(service: Service) -> None:
    with connect(service) as connection:
        connection.sendall(head("/check", "Content-Length: 1000"))
        while not select.select([connection], [], [], 0.1)[0]:
            connection.sendall(b"x")
        assert statuses(connection) == [408]


@pytest.mark.parametrize("part", [0, 10, 40], ids="nothing, some, most".split(", "))
def test_a_client_that_leaves_within_a_body_is_logged_as_499(service: Service, part: int) -> None:
    before = service.log.count('"status": 499')
    with connect(service) as connection:
        connection.sendall(request()[: -len(json.dumps(ARTICLE)) + part])
    until(lambda: service.log.count('"status": 499') == before + 1)


def test_a_client_that_leaves_before_its_response_costs_nothing(service: Service) -> None:
    for _ in range(50):
        with connect(service) as connection:
            connection.sendall(request())


def test_a_client_that_resets_its_connection_costs_nothing(service: Service) -> None:
    for size in range(0, len(request()), 7):
        with connect(service) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes((1, 0, 0, 0, 0, 0, 0, 0)))
            connection.sendall(request()[:size])


def test_responses_are_not_held_back() -> None:
    """Without TCP_NODELAY, the system would hold back the body of each response for 40 ms."""

    async def app(scope: object, receive: object, send: object) -> None:
        pass

    async def option() -> int:
        config = uvicorn.Config(app)
        made = Protocol(config, ServerState(), {})
        listening = socket.create_server(("127.0.0.1", 0))
        server = await asyncio.get_running_loop().create_server(lambda: made, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            while made.transport is None:
                await asyncio.sleep(0.01)
            found: int = made.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            made.transport.abort()
            writer.close()
        return found

    assert asyncio.run(option()) != 0


# Requests that are too large


@pytest.mark.parametrize("size", [MOST + 1, 10 * MOST, 30_000_000])
def test_a_client_can_read_that_its_body_is_too_large(service: Service, size: int) -> None:
    text = CANARY * (size // len(CANARY) + 1)
    response = httpx.post(f"{service.url}check", content=json.dumps({"text": text}), headers=JSON, timeout=30)
    assert response.status_code == 413
    assert response.json()["error"]["message"] == "The article is too large; a request may have at most 20,000 bytes."


@pytest.mark.parametrize("size", [MOST + 1, 10 * MOST, 30_000_000])
def test_a_client_can_read_that_its_chunks_are_too_large(service: Service, size: int) -> None:
    chunk = CANARY.encode() * 500
    chunks = (chunk for _ in range(size // len(chunk) + 1))
    response = httpx.post(f"{service.url}check", content=chunks, headers=JSON, timeout=30)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"GET /{CANARY * 2000}".encode(), id="a path"),
        pytest.param(head("/check", f"X-Text: {CANARY * 2000}")[:-4], id="a header"),
        pytest.param(head("/check", *(f"X-{number}: {CANARY}" for number in range(2000)))[:-4], id="many headers"),
        pytest.param(b"A" * 100_000, id="a line without an end"),
    ],
)
def test_a_head_that_is_too_large_is_answered_with_400(service: Service, data: bytes) -> None:
    assert exchange(service, data) == [400]


# Requests that are no requests


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\r\n\r\n", [400], id="empty lines"),
        pytest.param(f"{CANARY}\r\n\r\n".encode(), [400], id="a word"),
        pytest.param(b"GET / HTTP/x.9\r\nHost: localhost\r\n\r\n", [400], id="an unknown version"),
        pytest.param(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n", [200], id="HTTP/1.0"),
        pytest.param(b"GET /healthz HTTP/1.0\r\n\r\n", [421], id="HTTP/1.0 without a host"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n\r\n", [400], id="HTTP/1.1 without a host"),
        pytest.param(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", [400], id="two hosts"),
        pytest.param(head(f"/{CANARY}", method="GET"), [404], id="an unknown path"),
        pytest.param(head("/%FF%00%0a../..//", method="GET"), [404], id="a path that is no text"),
        pytest.param(head("/check", method=CANARY), [405], id="an unknown method"),
        pytest.param(head("/check", method="TRACE"), [405], id="TRACE"),
        pytest.param(head("/healthz", method="HEAD"), [200], id="HEAD"),
        pytest.param(head("*", method="OPTIONS"), [404], id="a star"),
        pytest.param(head("localhost:80", method="CONNECT"), [404], id="CONNECT"),
        pytest.param(head(f"http://localhost/{CANARY}", method="GET"), [404], id="an absolute address"),
        pytest.param(head("/check", "Content-Length: -1"), [400], id="a negative length"),
        pytest.param(head("/check", "Content-Length: ²"), [400], id="a length that is no number"),
        pytest.param(head("/check", "Content-Length: 5", "Content-Length: 6") + b"{}", [400], id="two lengths"),
        pytest.param(head("/check", f"Content-Length: {'9' * 30}"), [400], id="a length of thirty digits"),
        pytest.param(
            head("/check", "Content-Length: 99999999999999999999") + b"{}", [413], id="a length that is too large"
        ),
        pytest.param(head("/check", "Transfer-Encoding: gzip") + b"{}", [400], id="an unknown encoding"),
        pytest.param(head("/check", "Transfer-Encoding: chunked") + b"xyz\r\n{}\r\n0\r\n\r\n", [400], id="a bad chunk"),
        pytest.param(
            head("/check", "Transfer-Encoding: chunked", "Content-Length: 5") + b"2\r\n{}\r\n0\r\n\r\n",
            [400],
            id="chunks and a length",
        ),
        pytest.param(
            head("/check", "Connection: Upgrade", "Upgrade: websocket", method="GET"), [405], id="a web socket"
        ),
        pytest.param(
            head("/check", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", method="GET"), [405], id="HTTP/2"
        ),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [421, 400], id="the preface of HTTP/2"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400], id="TLS"),
    ],
)
def test_what_is_no_request_gets_a_clear_status(service: Service, data: bytes, expected: list[int]) -> None:
    assert exchange(service, data, len(expected)) == expected


def test_random_bytes_never_make_an_error(service: Service) -> None:
    dice = random.Random(1)
    for _ in range(300):
        whole = bytearray(request("/check" if dice.random() < 0.5 else "/v2/check", ARTICLE, "Connection: close"))
        for _ in range(dice.randrange(1, 20)):
            whole[dice.randrange(len(whole))] = dice.randrange(256)
        with connect(service) as connection:
            connection.sendall(whole)
            connection.shutdown(socket.SHUT_WR)
            assert all(status < 500 for status in statuses(connection))


def test_pipelined_requests_are_answered_in_order(service: Service) -> None:
    small = [head("/healthz", method="GET"), request(), head("/nothing", method="GET")] * 5
    assert exchange(service, b"".join(small), 15) == [200, 200, 404] * 5


def test_garbage_behind_a_request_does_not_harm_it(service: Service) -> None:
    assert exchange(service, request() + CANARY.encode() * 100 + b"\r\n\r\n", 2) == [200, 400]


# Bodies that are no articles

NESTED = "[" * 9000 + "]" * 9000
BODIES = {
    "nothing": (b"", 400),
    "no JSON": (CANARY.encode(), 400),
    "a list": (b"[]", 400),
    "a number": (b"1", 400),
    "deep nesting": (f'{{"text": {NESTED}}}'.encode(), 400),
    "deep nesting without an end": (b"[" * MOST, 400),
    "not a number": (b'{"text": NaN}', 400),
    "infinity": (b'{"text": -Infinity}', 400),
    "a huge number": (b'{"text": ' + b"9" * 10_000 + b"}", 400),
    "a huge exponent": (b'{"text": 1e999999}', 400),
    "duplicate keys": (b'{"text": "a", "text": "b"}', 200),
    "a lone surrogate in a text": (b'{"text": "The \\ud800 is late.It is full."}', 200),
    "a lone surrogate in a path": (b'{"text": "a", "path": "\\udfff.md"}', 400),
    "a lone surrogate in a key": (b'{"text": "a", "\\ud800": 1}', 400),
    "a lone surrogate in a rule": (b'{"text": "a", "select": ["\\ud800"]}', 400),
    "bytes that are no UTF-8": (b'{"text": "\xff\xfe"}', 400),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), 200),
    "a NUL character": (b'{"text": "a\\u0000b"}', 200),
    "a NUL character in a path": (b'{"text": "a", "path": "a\\u0000b.md"}', 400),
    "an unknown key": (f'{{"{CANARY}": 1}}'.encode(), 400),
    "many keys": (b'{"text": "a"' + b', "kind": "text"' * 1000 + b"}", 200),
    "an object as a text": (b'{"text": {"text": "a"}}', 400),
    "an unknown rule": (f'{{"text": "a", "select": ["{CANARY}"]}}'.encode(), 400),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["check", "fix", "view"])
def test_a_body_that_is_no_article_gets_a_clear_status(service: Service, path: str, body: bytes, expected: int) -> None:
    response = service.client.post(path, content=body, headers=JSON)
    assert response.status_code == expected
    if expected == 400:
        assert response.json()["error"]["status"] == 400


FORMS = {
    "nothing": (b"", 400),
    "bytes that are no text": (b"language=auto&text=\xff\xfe\x00", 200),
    "text that is not encoded": ("language=auto&text=Zoë ist spät.".encode(), 200),
    "wrong percent signs": (b"language=auto&text=%zz%", 200),
    "many fields": (b"&".join(b"a=%d" % number for number in range(1000)), 400),
    "duplicate fields": (b"language=auto&text=a&text=b", 200),
    "data that is no JSON": (b"language=auto&data=" + CANARY.encode(), 400),
    "data that is a list": (b"language=auto&data=[]", 400),
    "data that is a number": (b"language=auto&data=1", 400),
    "data that is null": (b"language=auto&data=null", 400),
    "data with a number as annotation": (b'language=auto&data={"annotation":1}', 400),
    "data with a list of numbers": (b'language=auto&data={"annotation":[1,2]}', 400),
    "data with nesting": (b"language=auto&data=" + NESTED.encode(), 400),
    "data with a lone surrogate": (b'language=auto&data={"text":"The \\ud800 is late.It is full."}', 200),
    "an unknown language": (f"language={CANARY}&text=a".encode(), 400),
}


@pytest.mark.parametrize(("body", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_that_is_no_article_gets_a_clear_status(service: Service, body: bytes, expected: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert service.client.post("v2/check", content=body, headers=headers).status_code == expected


# Bodies for a worker process, without the service around it, so that many can be tried

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
KEYS = ("text", "kind", "path", "language", "select", "ignore", "unsafe", "to")
WORDS = ("markdown", "html", "text", "wordpress", "en", "de-DE", "news/tram.md", "spacing", "../x", "", "*")
OBJECTS = st.dictionaries(st.sampled_from(KEYS), VALUES | st.sampled_from(WORDS), max_size=8)
TASKS = ("check", "fix", "view", "convert", "languagetool")


@pytest.fixture(scope="module")
def tasks() -> Tasks:
    return Tasks(Linter(isolated=True))


@given(body=OBJECTS, name=st.sampled_from(TASKS))
def test_any_json_is_answered_or_refused(tasks: Tasks, name: str, body: dict[str, Any]) -> None:
    assert tasks.answer(name, json.dumps(body).encode()).status in (200, 400)


@given(body=st.binary(max_size=200), name=st.sampled_from((*TASKS, "docx", "rule")))
def test_any_bytes_are_answered_or_refused(tasks: Tasks, name: str, body: bytes) -> None:
    assert tasks.answer(name, body).status in (200, 400, 404)


# Worker processes


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_idle_processes_that_die_are_replaced_and_no_request_fails(service: Service, number: signal.Signals) -> None:
    killed, other = service.workers()
    os.kill(killed, number)
    until(lambda: killed not in service.workers())  # dead, but perhaps not noticed yet
    time.sleep(0.2)  # the threads of a dead process end one after another
    assert {service.post("check", ARTICLE).status_code for _ in range(10)} == {200}
    until(lambda: len(service.workers()) == 2)
    assert other in service.workers()


def test_a_request_whose_process_dies_is_answered_with_503(service: Service) -> None:
    with service.stopped_workers() as pids, ThreadPoolExecutor() as threads:
        sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(3)]
        until(lambda: service.metric("requests_active") > 3)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        responses = [each.result() for each in sent]
    codes = sorted(response.status_code for response in responses)
    assert codes in ([200, 503, 503], [429, 503, 503])  # the third may wait too long for a new process
    failed = next(response for response in responses if response.status_code == 503)
    assert "The worker process died" in failed.json()["error"]["message"]


def test_a_request_that_takes_too_long_is_answered_with_503_and_others_continue(service: Service) -> None:
    first = service.workers()[0]
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor() as threads:
        sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(20)]
        codes = [each.result().status_code for each in sent]
    until(lambda: first not in service.workers())
    assert codes.count(503) == 1
    assert codes.count(200) == 19


def test_an_article_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "1", "--timeout", "3", "--max-bytes", "20000000") as service:
        response = service.post("check", {"text": f"The {CANARY} is late.It is full.\n\n" * 300_000})
        assert response.status_code == 503
        why = "This article takes longer than the time limit (3 s); split it."
        assert response.json()["error"]["message"] == why
        until(lambda: service.post("check", ARTICLE).status_code == 200)
        assert 'copydesk_workers_ended_total{reason="time limit"} 1.0' in service.client.get("metrics").text
        assert_clean(service.log)


def test_a_full_queue_is_answered_with_429(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "1", "--timeout", "60") as service, ThreadPoolExecutor(100) as threads:
        with service.stopped_workers():
            sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(1 + WAITING)]
            until(lambda: service.metric("requests_waiting") == WAITING)
            refused = service.post("check", ARTICLE)
            assert service.client.get("healthz").status_code == 200
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.json()["error"]["message"] == "The service is busy; try again in a moment."
        assert {each.result().status_code for each in sent} == {200}
        assert_clean(service.log)


def test_a_request_that_waits_too_long_is_answered_with_429(service: Service) -> None:
    with service.stopped_workers(), ThreadPoolExecutor() as threads:
        sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(6)]
        codes = {each.result().status_code for each in sent}
    assert 429 in codes
    assert codes <= {200, 429, 503}


def test_slow_bodies_leave_room_for_other_requests(service: Service) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(service)) for _ in range(300)]
        for connection in connections:
            connection.sendall(head("/check", "Content-Length: 1000"))
        assert {*statuses(connections[-1])} == {503}
        for path in ("/healthz", "/rules", "/v2/info"):
            assert exchange(service, head(path, method="GET")) == [200]
    until(lambda: exchange(service, request()) == [200])


def test_slow_bodies_without_the_token_keep_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN, "ascii")
    options = ("--jobs", "1", "--timeout", f"{SECONDS}", "--token-file", "token")
    with Service(tmp_path, *options) as service, ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(connect(service))
            lines = ("POST /v2/check HTTP/1.1", "Host: localhost", f"Content-Type: {FORM}", "Content-Length: 1000")
            connection.sendall("\r\n".join([*lines, "\r\n"]).encode())
        assert statuses(connection) == [503]
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert service.client.get("healthz").status_code == 200
        assert service.client.post("check", json=ARTICLE, headers=bearer).status_code == 200
        form = {"language": "en", "text": "late.It is"}
        assert service.client.post("v2/check", data=form, headers=bearer).status_code == 200
        assert service.client.post("v2/check", params={"apiKey": TOKEN}, data=form).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes with ps")
def test_responses_that_nobody_reads_are_given_up(tmp_path: Path) -> None:
    text = "late.It is " * 10_000
    with Service(tmp_path, "--jobs", "1", "--timeout", f"{SECONDS}") as service, ExitStack() as stack:
        service.post("view", {"text": text})
        before = service.memory()[0]
        for _ in range(30):
            connection = stack.enter_context(connect(service))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request("/view", {"text": text}))
        until(lambda: service.metric("requests_active") == 1, 120)
        assert service.memory()[0] < before + 60_000


def test_idle_connections_keep_no_client_out(service: Service) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(service)) for _ in range(1500)]
        assert exchange(service, request()) == [200]
        del idle


# Signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_requests_in_flight_are_answered_before_the_service_ends(tmp_path: Path, number: signal.Signals) -> None:
    with Service(tmp_path, "--jobs", "2") as service, ThreadPoolExecutor() as threads:
        children = service.children()
        with service.stopped_workers():
            sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(6)]
            until(lambda: service.metric("requests_waiting") == 4)
            service.process.send_signal(number)
            until(lambda: not can_connect(service))
        assert {each.result().status_code for each in sent} == {200}
        assert_ended(service, children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_to_all_processes_ends_them_in_order(tmp_path: Path, number: signal.Signals) -> None:
    """As a terminal sends Ctrl-C, and some service managers SIGTERM."""
    with Service(tmp_path, "--jobs", "2") as service, ThreadPoolExecutor() as threads:
        children = service.children()
        with service.stopped_workers():
            sent = [threads.submit(service.post, "check", ARTICLE) for _ in range(2)]
            until(lambda: service.metric("requests_active") == 3)
            os.killpg(service.process.pid, number)
        assert {each.result().status_code for each in sent} == {200}
        assert_ended(service, children)


def test_requests_that_never_end_do_not_keep_the_service_running(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "1", "--timeout", "1") as service, connect(service) as slow:
        children = service.children()
        with service.stopped_workers(), connect(service) as waiting:
            slow.sendall(head("/check", "Content-Length: 100"))
            waiting.sendall(request())
            until(lambda: service.metric("requests_active") == 3)
            service.process.send_signal(signal.SIGTERM)
            assert service.process.wait(20) == 0
        until(lambda: all(map(is_gone, children)))


def test_a_second_ctrl_c_ends_the_service_at_once(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "1", "--timeout", "60") as service, ThreadPoolExecutor() as threads:
        children = service.children()
        with service.stopped_workers():
            sent = threads.submit(service.post, "check", ARTICLE)
            until(lambda: service.metric("requests_active") == 2)
            service.process.send_signal(signal.SIGINT)
            until(lambda: not can_connect(service))
            service.process.send_signal(signal.SIGINT)
            assert service.process.wait(10) == 0
        with suppress(httpx.HTTPError):
            assert sent.result().status_code >= 500
        until(lambda: all(map(is_gone, children)))
        assert "'lifespan'" not in service.log


def test_no_process_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "2") as service:
        children = service.children()
        assert len(children) >= 2
        service.process.kill()
        service.process.wait()
        until(lambda: all(map(is_gone, children)), 10)


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.6, 0.9, 1.2, 1.8])
def test_a_signal_while_the_service_starts_ends_it(tmp_path: Path, delay: float) -> None:
    service = started(tmp_path)
    time.sleep(delay)
    service.send_signal(signal.SIGTERM)
    _, errors = service.communicate(timeout=20)
    assert service.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in errors


def test_a_signal_while_a_process_is_replaced_ends_the_service(tmp_path: Path) -> None:
    with Service(tmp_path, "--jobs", "1") as service:
        for pid in service.workers():
            os.kill(pid, signal.SIGKILL)
        until(lambda: service.client.get("healthz").status_code == 503)
        until(lambda: bool(service.workers()))
        children = service.children()
        service.process.send_signal(signal.SIGTERM)
        assert_ended(service, children)


def test_a_process_that_cannot_start_ends_the_service_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        'import os, sys\n"--multiprocessing-fork" in sys.orig_argv and os._exit(3)\n'
    )
    service = started(tmp_path, PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT))))
    _, errors = service.communicate(timeout=30)
    assert service.returncode == 2
    assert "Traceback" not in errors
    assert "copydesk: a worker process did not start" in errors


def started(folder: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a service that is not awaited."""
    command = [sys.executable, "-m", "linter", "serve", "--port", "0", "--jobs", "2", "--isolated"]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


# Memory


def test_memory_does_not_grow(service: Service) -> None:
    dice = random.Random(1)

    def send(count: int) -> int:
        for number in range(count):
            words = " ".join(f"w{dice.randrange(10**9)}" for _ in range(100))
            service.post("check", {"text": f"{words}.It is {number}.", "path": f"{number}.md"})
            exchange(service, request(f"/{number}", method="PUT"))
        return sum(service.memory())

    first = send(500)
    assert send(1500) < 1.1 * first
