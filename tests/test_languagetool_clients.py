"""Unchanged clients of LanguageTool, which use the service instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from language_tool_python import LanguageTool
from language_tool_python.exceptions import LanguageToolError
from playwright.sync_api import Page, sync_playwright

import chromium
from real_editors import needs
from service import Service

pytestmark = pytest.mark.slow

TEXT = "😀 é The tram is late.It is full; on tuesday the the 漢字 tram left."
FIXED = TEXT.replace("late.It", "late. It")
RULES = ["spacing/after-stop", "names/proper-noun", "sentences/doubled-word"]
TOKEN = "0123456789abcdef"


class EmptyPage(BaseHTTPRequestHandler):
    """A website whose only page is empty."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The origin of a website. With the name “localhost”, it is another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("newsroom"), "--jobs", "1", "--allow-origin", site) as started:
        yield started


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[Service]:
    """A service that needs a token."""
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "token").write_text(TOKEN, "utf-8")
    options = ("--jobs", "1", "--token-file", "token", "--allow-origin", site)
    with Service(folder, *options) as started:
        yield started


def with_password(service: Service) -> str:
    """Return the URL of a service with its token as password."""
    return service.url.replace("://", f"://editor:{TOKEN}@")


# --- language_tool_python ----------------------------------------------------------------------


def test_language_tool_python(service: Service) -> None:
    with LanguageTool("en-US", remote_server=service.url) as tool:
        matches = tool.check(TEXT)
        assert [match.rule_id for match in matches] == RULES
        found = [TEXT[match.offset : match.offset + match.error_length] for match in matches]
        assert found == ["late.It", "tuesday", "the the"]
        assert [match.replacements for match in matches] == [["late. It"], [], []]
        assert matches[0].category == "spacing"
        assert tool.correct(TEXT) == FIXED
    assert service.client.get("healthz").status_code == 200  # closing the tool does not end the service


def test_language_tool_python_chooses_rules(service: Service) -> None:
    with LanguageTool("en-US", remote_server=service.url) as tool:

        def rules() -> list[str]:
            return [match.rule_id for match in tool.check(TEXT)]

        tool.picky = True
        tool.disabled_rules = {"names/proper-noun", "WHITESPACE_RULE"}
        assert rules() == ["spacing/after-stop", "sentences/doubled-word"]
        tool.disabled_categories = {"spacing"}
        assert rules() == ["sentences/doubled-word"]
        tool.disabled_rules, tool.disabled_categories = set(), set()
        tool.enabled_rules, tool.enabled_rules_only = {"names/proper-noun"}, True
        assert rules() == ["names/proper-noun"]
        tool.enabled_rules = set()
        with pytest.raises(LanguageToolError, match="You must specify enabled rules or categories"):
            tool.check(TEXT)


def test_language_tool_python_chooses_a_language(service: Service) -> None:
    with LanguageTool("auto", remote_server=service.url, mother_tongue="fr") as tool:
        assert [match.rule_id for match in tool.check(TEXT)] == RULES
        tool.preferred_variants = {"en-GB"}
        assert [match.rule_id for match in tool.check(TEXT)] == RULES
        tool.language = "de-AT"
        assert [match.rule_id for match in tool.check(TEXT)] == ["spacing/after-stop"]
        tool.language = "pt-AO"
        assert str(tool.language) == "pt"
        with pytest.raises(ValueError, match="unsupported language"):
            tool.language = "xx-XX"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_language_tool_python_finds_lines(service: Service, line_end: str) -> None:
    text = line_end.join(("# Tram", "", "It came to the harbour.", TEXT, "Nobody saw it."))
    with LanguageTool("en-US", remote_server=service.url) as tool:
        assert [match.get_line_and_column(text) for match in tool.check(text)] == [(4, 17), (4, 37), (4, 45)]


def test_language_tool_python_with_a_token(guarded: Service) -> None:
    with LanguageTool("en-US", remote_server=with_password(guarded)) as tool:
        assert tool.correct(TEXT) == FIXED
    with (
        LanguageTool("en-US", remote_server=guarded.url) as tool,
        pytest.raises(LanguageToolError, match="A token is needed"),
    ):
        tool.check(TEXT)


def test_language_tool_python_on_the_command_line(service: Service, tmp_path: Path) -> None:
    (tmp_path / "tram.txt").write_text(f"It came.\n\n{TEXT}\n", "utf-8")
    host, port = service.url.removeprefix("http://").rstrip("/").split(":")
    command = [
        sys.executable,
        "-m",
        "language_tool_python",
        "--remote-host",
        host,
        "--remote-port",
        port,
        "-l",
        "en-US",
    ]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    checked = subprocess.run([*command, "tram.txt"], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
    assert checked.returncode == 2, checked.stderr
    lines = checked.stdout.decode().splitlines()
    assert lines[0] == (
        "tram.txt:3:17: spacing/after-stop: Add a space after the period: “late. It”. Suggestions: 'late. It'"
    )
    assert [line.split(": ")[1] for line in lines] == RULES
    applied = subprocess.run(
        [*command, "--apply", "tram.txt"], cwd=tmp_path, env=environment, capture_output=True, timeout=60
    )
    assert applied.stdout.decode().strip() == f"It came.\n\n{FIXED}"


# --- pylanguagetool ----------------------------------------------------------------------------


CALL_API = """\
import json, sys
from pylanguagetool import api

function, arguments, options = json.load(sys.stdin)
try:
    answer = {"result": getattr(api, function)(*arguments, **options)}
except ValueError as error:
    answer = {"error": str(error)}
print(json.dumps(answer))
"""


def call_pylanguagetool(function: str, *arguments: str, **options: Any) -> Any:
    """Return the result of a function of its API. Raises ValueError if the service refuses the call.

    It runs in another process: the package imports pkg_resources, which adds a folder with packages to `sys.path`, and
    keys of the cache depend on these packages.
    """
    done = subprocess.run(
        [sys.executable, "-c", CALL_API],
        input=json.dumps([function, arguments, options]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["result"]


def test_pylanguagetool(service: Service) -> None:
    address = f"{service.url}v2/"
    text = TEXT.removeprefix("😀 ")  # its list of words counts code points

    def rules(**parameters: Any) -> list[str]:
        found = call_pylanguagetool("check", text, api_url=address, **{"lang": "en-US", **parameters})
        return [match["rule"]["id"] for match in found["matches"]]

    assert rules() == RULES
    assert rules(lang="auto", preferred_variants="en-GB", mother_tongue="de-DE", picky=True) == RULES
    assert rules(disabled_rules="names/proper-noun", disabled_categories="SPACING") == ["sentences/doubled-word"]
    assert rules(enabled_only=True, enabled_categories="sentences") == ["sentences/doubled-word"]
    assert rules(pwl=["tuesday", "late.It"]) == ["sentences/doubled-word"]
    with pytest.raises(ValueError, match=r"^Error: language: “klingon” is not a language code"):
        rules(lang="klingon")
    assert {"name": "English (GB)", "code": "en", "longCode": "en-GB"} in call_pylanguagetool("get_languages", address)


def test_pylanguagetool_with_a_token(guarded: Service) -> None:
    found = call_pylanguagetool("check", TEXT, api_url=f"{with_password(guarded)}v2/", lang="en-US")
    assert [match["rule"]["id"] for match in found["matches"]] == RULES
    with pytest.raises(ValueError, match=r"^Error: A token is needed"):
        call_pylanguagetool("check", TEXT, api_url=f"{guarded.url}v2/", lang="en-US")


def test_pylanguagetool_on_the_command_line(service: Service, tmp_path: Path) -> None:
    (tmp_path / "tram.txt").write_text("Tram\n\nThe tram is late.It is full.\n", "utf-8")
    program = str(Path(sys.executable).with_name("pylanguagetool"))
    options = ["--api-url", f"{service.url}v2/", "--no-color", "--rules", "--explain-rule", "tram.txt"]
    environment = {**os.environ, "PYTHONUTF8": "1", "HOME": str(tmp_path)}
    done = subprocess.run(
        [program, *options], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
    )
    assert done.returncode == 1, done.stderr
    shown = done.stdout.decode()
    assert "English (US) detected (100% confidence)" in shown
    assert "  ✗ Tram  The tram is late.It is full. \n" in shown
    assert "                      ^^^^^^^\n" in shown
    assert "  ✓ Tram  The tram is late. It is full. \n" in shown
    assert "  spacing/after-stop: Missing spaces after punctuation" in shown
    assert "docs/rules/spacing.md#spacingafter-stop" in shown
    assert f"Text checked by {service.url}v2/ (copydesk " in shown


# --- Packages of npm ---------------------------------------------------------------------------

PACKAGES = ("gramma@1.6.0", "annotatedtext-rehype@1.0.12")
# Checks a text with gramma and an HTML page with annotatedtext-rehype, and prints what was found as JSON.
SCRIPT = """
import gramma from "gramma";
import { build } from "annotatedtext-rehype";

const [url, text, markdown, html] = process.argv.slice(2);
const options = { api_url: url, language: "en-US", dictionary: ["tuesday"], rules: { sentences: false } };
const plain = await gramma.check(text, options);
const replacements = plain.matches.map((match) => ({ ...match, change: match.replacements[0].value }));
const body = new URLSearchParams({ language: "en-US", data: JSON.stringify(build(html)) });
const page = await (await fetch(url, { method: "POST", body })).json();
const cut = (text) => (match) => text.slice(match.offset, match.offset + match.length);
console.log(JSON.stringify({
  words: plain.matches.map((match) => match.word),
  fixed: gramma.replaceAll(text, replacements),
  markdown: (await gramma.check(markdown, { ...options, markdown: true })).matches.map(cut(markdown)),
  html: page.matches.map(cut(html)),
}));
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages."""
    npm = needs("npm")
    folder = tmp_path_factory.mktemp("npm")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    if done.returncode and not os.environ.get("EDITORS_REQUIRED"):
        pytest.skip("npm cannot install the packages")
    assert done.returncode == 0, done.stderr
    (folder / "client.mjs").write_text(SCRIPT, "utf-8")
    return folder


@pytest.mark.slow
def test_gramma_and_annotated_text(service: Service, packages: Path) -> None:
    markdown = "# 😀 Tram\n\nThe tram is **late.It** is `full.It` left<br>it on _the the_ quay.\n"
    html = "<html><!-- a.B --><h1>😀 Tram</h1>\n<p>The &amp; tram is <b>late.It</b> left on tuesday.</p></html>"
    command = ["node", "client.mjs", f"{service.url}v2/check", TEXT, markdown, html]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "words": ["late.It"],  # the category “sentences” is off, and a name is in the dictionary of gramma
        "fixed": FIXED,
        "markdown": ["late.It"],
        "html": ["late.It", "tuesday"],
    }


@pytest.mark.slow
def test_gramma_on_the_command_line(guarded: Service, packages: Path, tmp_path: Path) -> None:
    (tmp_path / "tram.md").write_text(f"# Tram\n\n{TEXT}\n", "utf-8")
    settings = {"api_url": f"{guarded.url}v2/check?username=editor&apiKey={TOKEN}", "language": "en-GB"}
    (tmp_path / ".gramma.json").write_text(json.dumps(settings), "utf-8")
    home = tmp_path / "home" / ".config" / "gramma"
    home.mkdir(parents=True)
    (home / ".update").write_text("", "utf-8")  # it has just looked for a new version
    program = packages / "node_modules" / "gramma" / "src" / "cli.js"
    done = subprocess.run(
        ["node", program, "check", "-p", "-n", "tram.md"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    shown = done.stdout.decode()
    assert done.returncode == 1, (shown, done.stderr)
    assert "Language: English (GB)\nFound 3 potential mistakes\n" in shown
    assert "Word: late.It\n" in shown
    assert "Suggested fix: 1) late. It\n" in shown


# --- Chromium ----------------------------------------------------------------------------------

ASK = """async ([url, headers]) => {
  const body = new URLSearchParams({ language: "en-US", text: "😀 The tram is late.It is full." });
  try {
    const response = await fetch(url, { method: "POST", body, headers });
    return response.ok ? (await response.json()).matches.map((match) => match.offset) : await response.text();
  } catch (error) {
    return error.name;
  }
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium.needed()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser.new_page()
        browser.close()


def test_a_page_of_an_allowed_origin_can_check_a_text(page: Page, service: Service, site: str) -> None:
    page.goto(site)
    assert page.evaluate(ASK, [f"{service.url}v2/check", {}]) == [15]


def test_a_page_of_another_origin_cannot_check_a_text(page: Page, service: Service, site: str) -> None:
    page.goto(site.replace("127.0.0.1", "localhost"))
    before = len(service.logged("request"))
    assert page.evaluate(ASK, [f"{service.url}v2/check", {}]) == "TypeError"
    assert [line["status"] for line in service.logged("request", before + 1)[before:]] == [403]


def test_a_page_of_an_allowed_origin_needs_the_token(page: Page, guarded: Service, site: str) -> None:
    """The browser asks first whether the page may send the header."""
    page.goto(site)
    assert page.evaluate(ASK, [f"{guarded.url}v2/check?apiKey={TOKEN}", {}]) == [15]
    assert page.evaluate(ASK, [f"{guarded.url}v2/check", {"authorization": f"Bearer {TOKEN}"}]) == [15]
    shown = page.evaluate(ASK, [f"{guarded.url}v2/check", {}])
    assert shown == "Error: A token is needed: send it as the parameter 'apiKey'."
