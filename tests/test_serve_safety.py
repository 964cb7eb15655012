"""Who may use the service, what it refuses, and what it writes to its log."""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import httpx
import pytest
from starlette.datastructures import Headers

from linter.config.config import BadConfig
from linter.serve import guard, serve_command
from linter.serve.service_settings import Settings, host_of, is_loopback, origin_of, prefix_of, read_token
from service import ROOT, Service

pytestmark = pytest.mark.slow

TOKEN = "a-secret-of-the-newsroom"
ARTICLE = {"text": "The tram is late.It is full."}
CMS = "https://cms.example.org"
CANARY = "zanzibar"


@pytest.fixture(scope="module")
def token_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("secret") / "token"
    file.write_text(f"{TOKEN}\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    options = ("--allow-origin", CMS, "--allow-host", "copydesk.example.org", "--max-bytes", "2000", "--jobs", "1")
    with Service(tmp_path_factory.mktemp("newsroom"), *options) as started:
        yield started


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, token_file: Path) -> Iterator[Service]:
    """A service that other machines can reach, behind a proxy."""
    options = ("--host", "0.0.0.0", "--token-file", str(token_file), "--root-path", "/copydesk/", "--jobs", "1")
    with Service(tmp_path_factory.mktemp("newsroom"), *options) as started:
        port = httpx.URL(started.url).port
        started.client.base_url = httpx.URL(f"http://127.0.0.1:{port}/copydesk/")
        yield started


def refused(response: httpx.Response, status: int, words: str) -> None:
    assert response.status_code == status, response.text
    assert words in response.json()["error"]["message"]


# --- Host and origin ---------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8075", "copydesk.example.org"])
def test_known_hosts_are_served(service: Service, host: str) -> None:
    assert service.post("check", ARTICLE, host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "evil.example.org:8075",
        "localhost.evil.org",
        "0.0.0.0",
        "[",
        "",
        "a@localhost@b",
        "10.0.0.9",
    ],
)
def test_foreign_hosts_are_refused(service: Service, host: str) -> None:
    refused(service.post("check", ARTICLE, host=host), 421, "--allow-host")


def test_the_own_page_and_allowed_pages_are_served(service: Service) -> None:
    own = service.url.rstrip("/")
    assert service.post("check", ARTICLE, origin=own).status_code == 200
    answer = service.post("check", ARTICLE, origin=CMS)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == CMS
    assert "Origin" in answer.headers["vary"]
    refusal = service.post("nowhere", ARTICLE, origin=CMS)  # which the page can read, too
    assert (refusal.status_code, refusal.headers["access-control-allow-origin"]) == (404, CMS)


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://localhost:1", f"{CMS}.evil.org", ""])
def test_other_pages_are_refused(service: Service, origin: str) -> None:
    answer = service.post("check", ARTICLE, origin=origin)
    refused(answer, 403, "--allow-origin")
    assert "access-control-allow-origin" not in answer.headers


def test_browsers_may_ask_first(service: Service) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    allowed = service.client.options("check", headers={**asked, "origin": CMS})
    assert allowed.status_code == 200
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    assert service.client.options("check", headers={**asked, "origin": "https://evil.example.org"}).status_code == 400
    assert service.client.options("check").status_code == 405


def test_a_page_elsewhere_can_only_link_to_the_page(service: Service) -> None:
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert service.client.get("", headers={**elsewhere, "sec-fetch-mode": "navigate"}).status_code == 200
    refused(service.client.get("rules", headers={**elsewhere, "sec-fetch-mode": "navigate"}), 403, "--allow-origin")
    refused(service.client.get("", headers={**elsewhere, "sec-fetch-mode": "no-cors"}), 403, "--allow-origin")


def test_large_responses_are_compressed(service: Service) -> None:
    answer = service.client.get("rules", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.content) > 3 * int(answer.headers["content-length"])
    assert service.client.get("rules", headers={"accept-encoding": "identity"}).json() == answer.json()


def test_responses_have_headers_for_security(service: Service) -> None:
    for answer in (service.client.get(""), service.client.get("rules"), service.client.get("nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        assert "server" not in answer.headers


# --- Token -------------------------------------------------------------------------------------


def test_a_token_is_needed(guarded: Service) -> None:
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \u00e9"):
        header = {"authorization": wrong.encode()} if wrong else {}
        refused(guarded.client.post("check", json=ARTICLE, headers=header), 403, "Bearer")
    assert guarded.post("check", ARTICLE, authorization=f"Bearer {TOKEN}").status_code == 200
    assert guarded.post("check", ARTICLE, authorization=f"bearer {TOKEN}").status_code == 200


def test_only_the_page_and_the_health_need_no_token(guarded: Service) -> None:
    assert guarded.client.get("").status_code == 200
    assert guarded.client.get("healthz").status_code == 200
    for path in ("rules", "rules/leaks/raw-tag", "metrics", "openapi.json", "nothing"):
        refused(guarded.client.get(path), 403, "Bearer")


def test_clients_of_languagetool_send_the_token_as_a_parameter(guarded: Service) -> None:
    form = {"language": "en", "text": ARTICLE["text"]}
    answer = guarded.client.post("v2/check", data=form)
    assert (answer.status_code, answer.text) == (403, "Error: A token is needed: send it as the parameter 'apiKey'.")
    assert guarded.client.post("v2/check", data={**form, "apiKey": "wrong"}).status_code == 403
    assert guarded.client.post("v2/check", data={**form, "apiKey": TOKEN}).status_code == 200
    assert guarded.client.get("v2/check", params={**form, "apiKey": TOKEN}).status_code == 200


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(guard.hmac, "compare_digest", lambda one, other: compared.append((one, other)) or False)
    assert not guard.same_token("given", "token")
    assert compared == [(b"given", b"token")]


def test_large_forms_are_not_decoded_to_find_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other requests wait meanwhile, and the client is not known yet."""
    decoded: list[str] = []
    monkeypatch.setattr(guard, "unquote_plus", lambda text: decoded.append(text) or unquote_plus(text))
    for form in (b"apiKey=%zz&" * 50_000, b"apiKey=" + b"%41" * 100_000, b"text=" + b"%41" * 100_000):
        assert not guard.has_token(Settings(token=TOKEN), Headers(), form)
    assert sum(map(len, decoded)) < 10_000
    encoded = "".join(f"%{byte:02x}" for byte in TOKEN.encode())
    assert guard.has_token(Settings(token=TOKEN), Headers(), f"text=late&apiKey={encoded}".encode())


def test_tokens_must_be_strong(tmp_path: Path) -> None:
    file = tmp_path / "token"
    for text in (b"", b"short", b"has spaces in it, many", b"\xff" * 30, "ééééééééééééééééééé".encode()):
        file.write_bytes(text)
        with pytest.raises(BadConfig, match="--token-file"):
            read_token(str(file))
    with pytest.raises(BadConfig, match="No such file"):
        read_token(str(tmp_path / "gone"))
    file.write_text(f"  {TOKEN}\r\n", "utf-8")
    assert read_token(str(file)) == TOKEN


# --- A reverse proxy ---------------------------------------------------------------------------


def test_the_service_works_under_a_prefix(guarded: Service) -> None:
    """A proxy may keep the prefix or remove it."""
    root = guarded.client.base_url.copy_with(raw_path=b"/")
    bearer = {"authorization": f"Bearer {TOKEN}"}
    for url in (root.join("copydesk/"), root):
        assert httpx.get(url).status_code == 200
        assert httpx.post(url.join("check"), json=ARTICLE, headers=bearer).status_code == 200
    assert httpx.get(root.join("copydesk")).headers["location"] == "copydesk/"
    assert httpx.get(root.join("openapi.json"), headers=bearer).json()["servers"] == [{"url": "/copydesk"}]
    assert guarded.url.endswith("/copydesk/")
    for path in ("copydesk/check/", "check/", "copydesk/rules/"):  # not redirected to plain HTTP
        assert httpx.post(root.join(path), json=ARTICLE, headers=bearer).status_code == 404


# --- Limits, log and metrics -------------------------------------------------------------------


def test_bodies_have_a_limit(service: Service) -> None:
    refused(service.post("check", {"text": "x" * 2000}), 413, "2,000 bytes")
    assert service.post("check", {"text": "x" * 1900}).status_code == 200
    form = {"language": "en", "text": "é" * 1100}
    answer = service.client.post("v2/check", data=form)
    assert answer.status_code == 413
    assert answer.text.startswith("Error: ")
    assert service.client.post("v2/check", data={**form, "text": "é" * 900}).status_code == 200
    assert service.client.get("v2/maxtextlength").text == "2000"


def test_the_log_has_no_text_of_articles(service: Service) -> None:
    service.post("check", {"text": f"{CANARY} is late.It is full.", "path": f"{CANARY}.md"})
    service.post("check", {CANARY: CANARY})
    service.client.post("check", content=CANARY.encode(), headers={"content-type": CANARY, "origin": CANARY})
    service.client.get("v2/check", params={"language": "en", "text": CANARY})
    service.client.get(f"{CANARY}/rules/{CANARY}", headers={"user-agent": CANARY})
    service.client.request(CANARY.upper(), "rules")
    last = service.post("fix", {"text": f"{CANARY} is late.It is full."})
    assert CANARY in last.text
    for _ in range(500):  # a line is written after its response
        lines = service.logged("request")
        if lines[-1]["route"] == "/fix":
            break
        time.sleep(0.02)
    assert CANARY not in service.log.lower()
    assert {line["route"] for line in lines} >= {"/check", "/v2/check", "/fix", "other"}
    assert set(lines[-1]) == {"time", "event", "method", "route", "status", "ms", "received", "sent", "client"}


def test_metrics_are_for_prometheus(service: Service) -> None:
    def values() -> dict[str, float]:
        lines = service.client.get("metrics").text.splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"}

    before = values()
    service.post("check", ARTICLE)
    after = values()
    for name, more in (
        ('copydesk_requests_total{route="/check",status="200"}', 1),
        ('copydesk_request_seconds_count{route="/check"}', 1),
        ('copydesk_findings_total{severity="warning"}', 1),
    ):
        assert after[name] == before.get(name, 0) + more
    assert (after["copydesk_workers"], after["copydesk_requests_active"]) == (1, 1)


# --- The command -------------------------------------------------------------------------------


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    """Run a service that must not start."""
    command = [sys.executable, "-m", "linter", "serve", "--isolated", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=environment, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "--token-file FILE"),
        (("--host", "::"), "--token-file FILE"),
        (("--host", "example.org"), "--token-file FILE"),
        (("--token-file", "/nothing/here"), "No such file"),
        (("--port", "70000"), "from 0 to 65535"),
        (("--port", "http"), "is not a number"),
        (("--allow-origin", "*"), "such as https://cms.example.org"),
        (("--allow-origin", "cms.example.org"), "such as https://cms.example.org"),
        (("--allow-host", "copydesk.example.org:80"), "leave out the port"),
        (("--root-path", "copydesk"), "such as /copydesk"),
        (("--timeout", "0"), "of seconds"),
        (("--select", "leakz"), "did you mean “leaks”"),
        (("--config", "gone.yaml"), "gone.yaml"),
    ],
)
def test_mistakes_on_the_command_line(options: tuple[str, ...], words: str) -> None:
    run = serve(*options)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = serve("--port", str(port))
    assert run.returncode == 2
    assert re.fullmatch(
        rf"copydesk: cannot listen on 127\.0\.0\.1, port {port}: [^:(]+; choose .* --port\n", run.stderr
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)  # for root, permissions do not count
        with pytest.raises(BadConfig) as refused:
            serve_command.run(argparse.Namespace())
    finally:
        os.seteuid(user)
    assert refused.value.mistakes[0].startswith("copydesk: the working folder cannot be used: ")


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(name='uvicorn')", "utf-8")
    command = [sys.executable, "-m", "linter", "serve"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "uvicorn; install copydesk with its extra, “copydesk[serve]”" in run.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_stops_at_a_signal(tmp_path: Path, number: int) -> None:
    with Service(tmp_path, "--jobs", "1") as started:
        started.process.send_signal(number)
        assert started.process.wait(30) == 0


def test_names_of_addresses() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.168.0.1", "example.org", "localhost.example.org", ""]))
    assert origin_of("HTTPS://CMS.example.org/") == CMS
    assert (origin_of(f"{CMS}:443"), origin_of("http://cms:80")) == (CMS, "http://cms")
    assert (origin_of(f"{CMS}:80"), origin_of("http://cms:8080/")) == (f"{CMS}:80", "http://cms:8080")
    assert host_of("Copydesk.example.org") == host_of("copydesk.example.org.") == "copydesk.example.org"
    assert (prefix_of("/desk/copydesk/"), prefix_of("/")) == ("/desk/copydesk", "")
