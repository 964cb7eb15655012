"""docs/service.md: every example, command, table and recipe, tried on a real service."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

import chromium
from components import needs
from linter.serve import app, http_server, openapi
from linter.serve.service_settings import Settings
from service import ROOT, Service
from test_serve_convert import docx, paragraph

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "service.md").read_text("utf-8")
FENCED = r"(?s)```{}\n({}.*?)```"
EXAMPLES = re.findall(r"(?s)```sh\n(curl [^`]*)```\n\n```json\n(.*?)```", PAGE)
COMMANDS = re.findall(r"(?m)^copydesk (serve.*)$", PAGE)
BAD, GOOD = '<p>The tram stops near Japan.">', "The tram stops near Japan."
TOKEN = "a-secret-of-the-newsroom"
TITLE = "The <two> trams"
LATE = 30.0  # seconds until a server must answer

assert len(EXAMPLES) >= 7
assert len(COMMANDS) >= 3


def block(language: str, start: str = "") -> str:
    """Return the only block of the page in a language that begins with `start`."""
    (found,) = re.findall(FENCED.format(language, re.escape(start)), PAGE)
    return str(found)


def section(title: str) -> str:
    """Return the text under a heading of the page."""
    return re.split(rf"(?m)^#+ {title}$", PAGE)[1].partition("\n#")[0]


def first_cells(title: str) -> list[str]:
    """Return the first cell of each row of the table in a section."""
    return re.findall(r"(?m)^\| (.*?) \|", section(title))[1:]


def port_of(service: Service) -> int:
    port = httpx.URL(service.url).port
    assert port
    return port


def wait_for(url: str, **options: Any) -> httpx.Response:
    """Return the response of a server that is starting."""
    end = time.monotonic() + LATE
    while True:
        try:
            return httpx.get(url, **options)
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@contextmanager
def running(*command: str, folder: Path) -> Iterator[None]:
    """Run a program until the end of the block."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        return int(server.server_address[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the page refers to."""
    made = tmp_path_factory.mktemp("newsroom")
    (made / "token").write_text(TOKEN, "utf-8")
    (made / "tram.docx").write_bytes(docx(paragraph("The tram is late.")))
    return made


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    with Service(folder, "--jobs", "2") as started:
        yield started


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[Service]:
    """A service as the sections about a proxy and systemd start it."""
    (options,) = [line for line in COMMANDS if "--root-path" in line]
    with Service(folder, "--jobs", "1", *shlex.split(options)[1:]) as started:
        yield started


# --- The API -----------------------------------------------------------------------------------


def curl(command: str, service: Service, folder: Path) -> str:
    """Run a command that is shown, on a port that is free, and return what it prints."""
    needs(program="curl")
    options = f"curl --silent --show-error --connect-to ::127.0.0.1:{port_of(service)} "
    run = subprocess.run(
        ["bash", "-c", command.replace("curl ", options)], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout


def assert_shown(shown: Any, real: Any) -> None:
    """Assert that data is as shown. "…" stands for further keys of an object, or further values of a list."""
    if isinstance(shown, dict) and isinstance(real, dict):
        assert shown.keys() - {"…"} == (real.keys() & shown.keys() if "…" in shown else real.keys())
        for key in shown.keys() - {"…"}:
            assert_shown(shown[key], real[key])
    elif isinstance(shown, list) and shown[-1:] == ["…"]:
        assert len(real) >= len(shown)
        assert_shown(shown[:-1], real[: len(shown) - 1])
    elif isinstance(shown, list) and isinstance(real, list):
        assert len(shown) == len(real)
        for one, other in zip(shown, real, strict=True):
            assert_shown(one, other)
    else:
        assert shown == real


def parsed(shown: str) -> Any:
    """Return the data in JSON that is shown, in which … stands for what is left out."""
    in_objects = re.sub(r",\s*…(?=\s*\})", ', "…": 0', shown)
    return json.loads(re.sub(r",\s*…(?=\s*\])", ', "…"', in_objects))


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=lambda text: text[:40])
def test_an_example_gives_the_answer_that_is_shown(service: Service, folder: Path, command: str, shown: str) -> None:
    assert_shown(parsed(shown), json.loads(curl(command, service, folder)))


def test_what_is_left_out_is_compared_too() -> None:
    assert_shown(parsed('{"a": [1, …], …}'), {"a": [1, 2], "b": 3})
    for shown in ('{"a": [2, …], …}', '{"a": [1, 2]}', '{"a": [1], …}', '{"c": 1, …}', '{"a": [1, 2, 3, …], …}'):
        with pytest.raises(AssertionError):
            assert_shown(parsed(shown), {"a": [1, 2], "b": 3})


def test_every_path_is_in_the_table() -> None:
    paths = {path.replace("{pack}", "PACK").replace("{id}", "ID") for path in openapi.document(Settings())["paths"]}
    named = set(re.findall(r"`(?:GET|POST) (/\S+?)`", section("The API")))
    assert named <= paths
    assert {path for path in paths if not path.startswith("/v2/")} - named == {"/"}


def test_every_key_of_a_request_is_in_the_table() -> None:
    properties = openapi.document(Settings())["components"]["schemas"]["ArticleToFix"]["properties"]
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells("Check an article")))) == set(properties)


def test_every_status_is_in_the_table() -> None:
    operations = [item["post"] for path, item in openapi.document(Settings())["paths"].items() if "post" in item]
    statuses = {int(status) for operation in operations for status in operation["responses"]} - {200}
    named = {int(status) for cell in first_cells("Errors") for status in cell.split(", ")}
    assert named == statuses | {404, 405, 500}


def test_numbers_are_those_of_today() -> None:
    limits = re.sub(r"\s+", " ", PAGE)
    settings = Settings()
    assert f"{app.WAITING} more requests wait" in limits
    assert f"`--timeout SECONDS` (default: {settings.seconds})" in limits
    assert f"`--max-bytes N` (default: {settings.max_bytes})" in limits
    assert f"http://127.0.0.1:{settings.port}/ in a browser" in limits
    assert app._DOCX_FACTOR == 20
    assert "20 times as many" in limits
    assert f"client_max_body_size {settings.max_bytes * app._DOCX_FACTOR // 1_000_000}m;" in limits
    assert http_server.GRACE_SECONDS == 5
    assert "at most twice `--timeout` plus five seconds" in limits


def test_a_line_of_the_log_is_as_shown(service: Service, folder: Path) -> None:
    shown = json.loads(block("json", '{"time"'))
    curl(EXAMPLES[0][0], service, folder)
    changing = {"time", "ms", "sent"}
    end = time.monotonic() + LATE
    while not (found := [line for line in service.logged("request") if agree(shown, line, changing)]):
        assert time.monotonic() < end, service.log
        time.sleep(0.05)
    assert shown.keys() == found[0].keys()
    assert all(type(shown[key]) is type(found[0][key]) for key in changing)


def agree(shown: dict[str, Any], logged: dict[str, Any], changing: set[str]) -> bool:
    """Whether two lines of the log have the same values, except under the keys `changing`."""
    return all(shown[key] == logged[key] for key in shown.keys() - changing)


def test_every_metric_is_in_the_table(service: Service) -> None:
    text = service.client.get("metrics").text
    real = {(name, kind) for name, kind in re.findall(r"(?m)^# TYPE (\S+) (\S+)$", text)}
    assert set(re.findall("`(.*?)`", " ".join(first_cells("Metrics")))) == {
        name for name, _ in real if name.startswith("copydesk_")
    }
    assert ("copydesk_request_seconds", "histogram") in real
    assert any(name.startswith("process_") for name, _ in real)


def test_the_service_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/privacy.md promises. All folders for files of its own are in one folder here."""
    for name in ("HOME", "XDG_CACHE_HOME", "COPYDESK_CACHE_DIR", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    with Service(tmp_path, "--jobs", "1") as started:
        for path in ("check", "fix", "view", "convert"):
            assert started.post(path, {"text": "The tram is late.It is full."}).status_code == 200
        word = {"content-type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
        large = docx(paragraph("The tram is late. " * 100_000))
        assert started.client.post("convert", content=large, headers=word).status_code == 200
        assert [*tmp_path.iterdir()] == []


def test_a_request_is_completed_when_the_service_stops(tmp_path: Path) -> None:
    body = json.dumps({"text": "The tram is late.It is full."}).encode()
    lines = (
        "POST /check HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    head = "\r\n".join((*lines, "", ""))
    with (
        Service(tmp_path, "--jobs", "1") as started,
        socket.create_connection(("127.0.0.1", port_of(started)), timeout=LATE) as connection,
    ):
        connection.sendall(head.encode() + body[:10])
        while "copydesk_requests_active 2.0" not in started.client.get("metrics").text:
            time.sleep(0.01)
        started.process.terminate()
        time.sleep(0.5)
        connection.sendall(body[10:])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"spacing/after-stop" in answer
        assert started.process.wait(30) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_shown_starts_a_service(folder: Path, command: str) -> None:
    with Service(folder, *shlex.split(command)[1:], "--jobs", "1") as started:
        assert started.client.get("healthz", headers={"host": "localhost"}).json()["status"] == "ok"


def test_a_token_is_sent_as_shown(folder: Path) -> None:
    (options,) = [line for line in COMMANDS if "0.0.0.0" in line]
    command = next(text for text in re.findall(FENCED.format("sh", "curl"), PAGE) if "Bearer" in text)
    with Service(folder, *shlex.split(options)[1:], "--jobs", "1") as started:
        assert json.loads(curl(command, started, folder))["files"] == 1
        assert "error" in json.loads(curl(command.replace("cat token", "echo wrong"), started, folder))


# --- Running it --------------------------------------------------------------------------------


def assert_served(url: str, **options: Any) -> None:
    """Assert that a proxy shows the service at `url`, which ends with a slash."""
    with httpx.Client(base_url=url, headers={"host": "copydesk.example.org"}, **options) as client:
        assert "<title>copydesk</title>" in client.get("").text
        assert client.get("healthz").json()["status"] == "ok"
        bearer = {"authorization": f"Bearer {TOKEN}", "origin": "https://copydesk.example.org"}
        checked = client.post("check", json={"text": "The tram is late.It is full."}, headers=bearer)
        assert checked.json()["counts"]["warning"] == 1, checked.text
        large = client.post("check", json={"text": "x" * 600_000}, headers=bearer)
        assert "500,000 bytes" in large.json()["error"]["message"]
        assert client.post("check", json={"text": ""}).status_code == 403
        query = {"language": "en", "text": "zanzibar", "apiKey": TOKEN}
        assert client.get("v2/check", params=query).status_code == 200
        del query["apiKey"]
        assert client.get("v2/check", params=query).status_code == 403
        assert client.get("v2/check", params=query, auth=("editor", TOKEN)).status_code == 200


def test_nginx(guarded: Service, tmp_path: Path) -> None:
    needs(program="openssl")
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        needs(program="nginx")
    port = free_port()
    config = block("nginx").replace("listen 443", f"listen 127.0.0.1:{port}")
    config = config.replace("http://127.0.0.1:8075", f"http://127.0.0.1:{port_of(guarded)}")
    config = config.replace("/etc/ssl", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}} http {{ access_log off; {temporary}\n{config} }}\n",
        "utf-8",
    )
    names = ("-subj", "/CN=copydesk.example.org", "-addext", "subjectAltName=DNS:copydesk.example.org,IP:127.0.0.1")
    files = ("-keyout", str(tmp_path / "copydesk.key"), "-out", str(tmp_path / "copydesk.crt"))
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names, *files]
    subprocess.run(made, check=True, capture_output=True)
    trust = ssl.create_default_context(cafile=tmp_path / "copydesk.crt")
    url = f"https://127.0.0.1:{port}/copydesk/"
    with running(str(nginx), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), folder=tmp_path):
        wait_for(url, verify=trust)
        assert_served(url, verify=trust)
        assert httpx.get(url.rstrip("/"), verify=trust).status_code in (301, 308)
    log = (tmp_path / "copydesk.log").read_text("utf-8")
    assert "GET /copydesk/v2/check 200" in log
    assert "zanzibar" not in log
    assert TOKEN not in log
    assert [file for kind in kinds for file in (tmp_path / kind).rglob("*") if file.is_file()] == []


def test_caddy(guarded: Service, tmp_path: Path) -> None:
    if not (caddy := shutil.which("caddy")):
        pytest.skip("there is no caddy on this machine")
    port = free_port()
    config = block("caddy").replace("copydesk.example.org {", f"http://copydesk.example.org:{port} {{")
    config = config.replace("127.0.0.1:8075", f"127.0.0.1:{port_of(guarded)}")
    (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{config}", "utf-8")
    with running(caddy, "run", "--config", "Caddyfile", folder=tmp_path):
        wait_for(f"http://127.0.0.1:{port}/copydesk/")
        assert_served(f"http://127.0.0.1:{port}/copydesk/")


def test_the_unit_of_systemd(folder: Path, tmp_path: Path) -> None:
    unit = block("ini")
    program, command, options = re.findall(r"(?m)^ExecStart=(\S+) (\S+) (.*)$", unit)[0]
    assert command == "serve"
    assert f"{program.removesuffix('/copydesk')}/pip install" in PAGE
    with Service(folder, *shlex.split(options.replace("%d", str(folder))), "--jobs", "1") as started:
        assert started.url.endswith("/copydesk/")
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd on this machine")
    file = tmp_path / "copydesk.service"
    file.write_text(unit.replace(program, sys.executable), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    checked = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(file)]
    assert subprocess.run(checked, capture_output=True).returncode == 0


def test_the_container(folder: Path) -> None:
    """The image is not built here; its commands are run."""
    image = block("dockerfile")
    program, *options = json.loads(re.findall(r"(?m)^CMD (.*)$", image)[0])
    assert program == "copydesk"
    assert options.pop(0) == "serve"
    options[options.index("/run/secrets/copydesk-token")] = str(folder / "token")
    with Service(folder, *options, "--jobs", "1") as started:
        python, *words = json.loads(re.findall(r"(?m)^HEALTHCHECK CMD (.*)$", image)[0])
        assert python == "python"
        healthy = [sys.executable, *(word.replace("8075", str(port_of(started))) for word in words)]
        assert subprocess.run(healthy).returncode == 0
    assert subprocess.run(healthy, capture_output=True).returncode != 0
    assert "/run/secrets/copydesk-token:ro" in block("sh", "docker build")


# --- Publishing systems ------------------------------------------------------------------------


class WordPress:
    """The plugin in PHP, with a service at `url`."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        needs(program="php")
        plugin, report = block("php", "<?php"), block("php", "/** Mail")
        (folder / "copydesk.php").write_text(f"{plugin}{report}", "utf-8")
        script = str(ROOT / "tests" / "wordpress.php")
        self._command = ["php", "-d", "allow_url_fopen=1", script, url, token, str(folder / "copydesk.php")]

    def call(self, hook: str, post: dict[str, Any], saved: dict[str, Any] | None = None) -> tuple[Any, str]:
        """Return the result of a hook, and the notice after it."""
        lines = [json.dumps([hook, post, saved or {}]), json.dumps(["admin_notices", {}, {}])]
        run = subprocess.run(self._command, input="\n".join(lines) + "\n", capture_output=True, text=True)
        assert run.stderr == "", run.stderr
        result, notice = run.stdout.splitlines()
        return json.loads(result), json.loads(notice)

    def save(self, content: str, status: str, **more: Any) -> tuple[str, str]:
        """Save a post outside the block editor. Return its status, and the notice."""
        texts = {"post_title": TITLE, "post_content": content.replace('"', '\\"')}
        post = {"post_type": "post", "post_status": status, "post_date_gmt": "2026-03-02 09:00:00", **texts, **more}
        result, notice = self.call("wp_insert_post_data", {**post, "ID": 3}, {"post_status": more.get("was", "draft")})
        held = (result["post_status"], status) == ("draft", "publish")
        assert result["post_date_gmt"].startswith("0000" if held else "2026")
        return result["post_status"], notice


@pytest.fixture(scope="module")
def wordpress(guarded: Service, tmp_path_factory: pytest.TempPathFactory) -> WordPress:
    return WordPress(tmp_path_factory.mktemp("wordpress"), f"http://127.0.0.1:{port_of(guarded)}", TOKEN)


def test_wordpress_holds_a_post_with_errors(wordpress: WordPress) -> None:
    status, notice = wordpress.save(BAD, "publish")
    assert status == "draft"
    assert "“The &lt;two&gt; trams” was saved as a draft, because copydesk found errors:<br>Line 1: Page code" in notice
    assert "[leaks/attribute-tail]" in notice
    allowed = f"<!-- copydesk: ignore-file leaks/attribute-tail -- an example -->\n{BAD}"
    assert wordpress.save(allowed, "publish") == ("publish", "")
    assert wordpress.save(BAD, "future")[0] == "draft"
    assert wordpress.save(GOOD, "publish") == ("publish", "")
    assert wordpress.save(BAD, "draft") == ("draft", "")
    assert wordpress.save(BAD, "publish", post_type="revision") == ("publish", "")
    status, notice = wordpress.save(BAD, "publish", was="publish")
    assert status == "publish"
    assert "is public, but copydesk found errors:" in notice


def test_the_block_editor_shows_the_errors(wordpress: WordPress) -> None:
    refused, _ = wordpress.call("rest_pre_insert_post", {"post_content": BAD, "post_status": "publish"})
    assert refused["message"].startswith(
        'copydesk found errors. Line 1: Page code in the text: “…tram stops near Japan."›”'
    )
    assert refused["data"] == {"status": 400}
    saved = {"post_content": BAD, "post_status": "draft"}
    assert wordpress.call("rest_pre_insert_post", {"ID": 3, "post_status": "publish"}, saved)[0]["code"]
    for post in (
        {"ID": 3, "post_content": BAD},
        {"ID": 3, "post_title": TITLE},
        {"post_content": GOOD, "post_status": "publish"},
    ):
        assert wordpress.call("rest_pre_insert_post", post, saved)[0] == post


def test_wordpress_mails_errors_in_public_posts(wordpress: WordPress) -> None:
    post = {"ID": 3, "post_type": "post", "post_title": TITLE, "post_author": 7}
    sent, _ = wordpress.call("save_post", {**post, "post_content": BAD, "post_status": "publish"})
    assert sent[:2] == ["7@example.org", f"copydesk found errors: {TITLE}"]
    assert sent[2].startswith("Line 1: Page code")
    for content, status in ((GOOD, "publish"), (BAD, "draft")):
        assert wordpress.call("save_post", {**post, "post_content": content, "post_status": status})[0] is None


def test_wordpress_saves_without_the_service(guarded: Service, tmp_path: Path) -> None:
    for url, token in (("http://127.0.0.1:9", TOKEN), (f"http://127.0.0.1:{port_of(guarded)}", "wrong")):
        status, notice = WordPress(tmp_path, url, token).save(BAD, "publish")
        assert status == "publish"
        assert "was saved without a check, because copydesk does not answer." in notice


CMS = """
var events = {}, asked = [];
var CMS = { registerEventListener: ({ name, handler }) => (events[name] = handler) };
window.prompt = () => asked.shift();
async function publish(body) {
  try { await events.prePublish({ entry: { getIn: ([data, key]) => ({ body })[key] } }); return "published"; }
  catch (error) { return error.message; }
}
"""


def test_a_cms_in_the_browser(guarded: Service, folder: Path, tmp_path: Path) -> None:
    chromium.needed()
    script = block("js").replace("https://copydesk.example.org/copydesk", "http://localhost:PORT/copydesk")
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: handler(*given, directory=str(tmp_path))) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        origin = f"http://localhost:{site.server_address[1]}"
        options = ("--token-file", "token", "--allow-origin", origin, "--root-path", "/copydesk", "--jobs", "1")
        with Service(folder, *options) as allowed, sync_playwright() as playwright:
            script = script.replace("PORT", str(port_of(allowed)))
            (tmp_path / "index.html").write_text(f"<script>{CMS}</script><script>{script}</script>", "utf-8")
            browser = chromium.launch(playwright)
            page = browser.new_page()
            page.goto(origin)

            def publish(text: str, *tokens: str) -> str:
                return str(page.evaluate("([text, given]) => (asked = given, publish(text))", [text, [*tokens]]))

            assert "A token is needed" in publish(BAD, "wrong")
            assert publish(BAD, TOKEN).startswith("Line 1: Page code in the text")
            assert publish(GOOD) == "published"
            page.goto(origin.replace("localhost", "127.0.0.1"))  # an origin that is not allowed
            assert publish(BAD, TOKEN) == "published"
            page.goto(origin)
            allowed.process.terminate()
            allowed.process.wait(30)
            assert publish(BAD, TOKEN) == "published"
        site.shutdown()
