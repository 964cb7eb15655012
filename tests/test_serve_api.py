"""The JSON API of the service, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from linter.api import Linter
from linter.serve import app, openapi
from linter.serve.metrics import Metrics
from linter.serve.requests import ArticleRequest, ConversionRequest
from linter.serve.service_settings import Settings
from service import Service

JSON = {"content-type": "application/json"}
TRAM = "# Tram\n\n😀 The 漢字 tram is late.It is full.\n\nIt left on tuesday.The end.\n"
LEAK = 'The tram stops near Japan.">\n\nA <b>bold</b> word.\n'
PARTS = [
    "😀",
    "漢字",
    "\r\n",
    "\r",
    "\n\n",
    "\u2028",
    "e\u0301",
    "late.It",
    "<b>",
    '">',
    "vladimir Putin",
    " ",
    "`html",
    "\ud800",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("newsroom"), "--jobs", "1") as started:
        yield started


@pytest.fixture(scope="module")
def linter() -> Linter:
    return Linter(isolated=True)


def ok(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


def message(response: httpx.Response, status: int) -> str:
    """Return the sentence of an error."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["status"] == status
    assert error["message"].endswith((".", "?"))
    return str(error["message"])


@pytest.mark.parametrize("kind", ["markdown", "html", "text", "wordpress"])
def test_findings_are_those_of_the_linter(service: Service, linter: Linter, kind: str) -> None:
    for text in (TRAM, LEAK):
        found = ok(service.post("check", {"text": text, "kind": kind}))
        expected = [finding.as_json() for finding in linter.check(text, kind=kind)]
        assert found["findings"] == json.loads(json.dumps(expected))
        assert (found["version"], found["files"], found["problems"]) == (1, 1, [])
        assert sum(found["counts"].values()) == len(expected)
    assert expected


@given(
    st.lists(st.sampled_from([*PARTS, "\ud800"]), max_size=12).map("".join),
    st.sampled_from(["markdown", "html", "text"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_offsets_are_code_points(service: Service, text: str, kind: str) -> None:
    for finding in ok(service.client.post("check", content=body(text=text, kind=kind), headers=JSON))["findings"]:
        assert text[finding["start"] : finding["end"]] == finding["text"]


def body(**values: object) -> bytes:
    """Return a JSON body in ASCII, which may have lone surrogates."""
    return json.dumps(values).encode()


def test_fix_applies_the_safe_fixes(service: Service, linter: Linter) -> None:
    fixed = ok(service.post("fix", {"text": TRAM}))
    expected = linter.fix(TRAM)
    assert fixed["text"] == expected.text != TRAM
    assert [each["rule"] for each in fixed["fixed"]] == [finding.rule for finding in expected.fixed]
    assert fixed["findings"] == [finding.as_json() for finding in expected.left]
    assert ok(service.post("fix", {"text": fixed["text"]}))["text"] == fixed["text"]


def test_unsafe_fixes_are_applied_only_on_request(service: Service, linter: Linter) -> None:
    text = "The mayor of the town met vladimir Putin, and he was late.\n"
    assert ok(service.post("fix", {"text": text}))["text"] == text
    assert ok(service.post("fix", {"text": text, "unsafe": True}))["text"] == linter.fix(text, unsafe=True).text != text


def test_select_and_ignore(service: Service) -> None:
    def rules(**values: object) -> set[str]:
        found = ok(service.post("check", {"text": TRAM + LEAK, **values}))["findings"]
        return {finding["rule"] for finding in found}

    everything = rules()
    packs = {rule.partition("/")[0] for rule in everything}
    assert {"spacing", "leaks"} <= packs
    assert rules(select=["spacing"]) == {rule for rule in everything if rule.startswith("spacing/")}
    assert rules(ignore=["spacing/*"]) == {rule for rule in everything if not rule.startswith("spacing/")}
    assert rules(select="spacing", ignore="spacing/after-stop") == set()
    assert rules() == everything


def test_the_language_decides_which_rules_run(service: Service) -> None:
    text = "Die Mayor met vladimir Putin.\n"
    assert ok(service.post("check", {"text": text, "language": "en-GB"}))["findings"]
    assert not ok(service.post("check", {"text": text, "language": "de"}))["findings"]


@pytest.mark.slow
def test_the_config_applies_to_a_path(tmp_path: Path) -> None:
    config = "overrides:\n  - path: drafts/\n    ignore: [spacing]\n"
    (tmp_path / "copydesk.yaml").write_text(config, "utf-8")
    with Service(tmp_path, "--jobs", "1", isolated=False) as started:
        for path, count in (("drafts/tram.md", 0), ("news/tram.md", 2), ("", 2)):
            found = ok(started.post("check", {"text": TRAM, "path": path}))["findings"]
            assert sum(finding["rule"].startswith("spacing/") for finding in found) == count
            assert {finding["path"] for finding in found} <= {path or "<text>"}


def test_the_suffix_of_the_path_decides_the_kind(service: Service) -> None:
    html = "<p>The tram is late.It is full.</p>"
    as_html = ok(service.post("check", {"text": html, "path": "tram.html"}))
    assert as_html == ok(service.post("check", {"text": html, "path": "tram.html", "kind": "html"}))
    assert as_html["findings"] != ok(service.post("check", {"text": html, "path": "tram.txt"}))["findings"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, 'The key “text” is missing; send an object such as {"text": "…"}.'),
        ([], 'The body is not a JSON object; send one such as {"text": "…"}.'),
        ({"text": 1}, "text: the value is not a string."),
        ({"text": None}, "text: the value is not a string."),
        ({"text": "", "tetx": 1}, "There is no key “tetx”; did you mean “text”?"),
        ({"text": "", "kind": "htm"}, "kind: “htm” is not a valid value; did you mean “html”?"),
        ({"text": "", "kind": "pdf"}, "kind: “pdf” is not a valid value; use markdown, html, text or wordpress."),
        (
            {"text": "", "language": "english"},
            "language: “english” is not a language code such as en; did you mean “en”?",
        ),
        ({"text": "", "select": ["leakz"]}, "select: no rule or pack is called “leakz”; did you mean “leaks”?"),
        ({"text": "", "ignore": [1]}, "ignore: the value is not a list of names of rules and packs."),
        ({"text": "", "unsafe": True}, "There is no key “unsafe”."),
        ({"text": "", "path": "../tram.md"}, "path: “../tram.md” is not a relative path such as news/tram.md."),
        ({"text": "", "path": "/etc/tram.md"}, "path: “/etc/tram.md” is not a relative path such as news/tram.md."),
        ({"text": "", "path": "C:tram.md"}, "path: “C:tram.md” is not a relative path such as news/tram.md."),
    ],
)
def test_mistakes_are_explained(service: Service, values: object, sentence: str) -> None:
    assert message(service.post("check", values), 400) == sentence


def test_paths_have_no_lone_surrogates(service: Service) -> None:
    """No file has such a name."""
    response = service.client.post("check", content=body(text="", path="\ud800/tram.md"), headers=JSON)
    assert "is not a relative path" in message(response, 400)


def test_other_errors(service: Service) -> None:
    assert "JSON" in message(service.client.post("check", content=b"{", headers=JSON), 400)
    assert "application/json" in message(service.client.post("check", content=b"{}"), 415)
    assert "nothing at this path" in message(service.client.get("nothing"), 404)
    assert "does not support this method" in message(service.client.get("check"), 405)
    assert "GET /rules" in message(service.client.get("rules/leaks/nothing"), 404)


@pytest.mark.slow
def test_a_rule_of_vale_is_found_by_its_style(tmp_path: Path) -> None:
    (tmp_path / ".vale.ini").write_text("StylesPath = styles\n[*]\nBasedOnStyles = House\n", "utf-8")
    (tmp_path / "styles" / "House").mkdir(parents=True)
    rule = "extends: existence\nmessage: Do not write %s.\nlevel: error\ntokens: [very]\n"
    (tmp_path / "styles" / "House" / "Very.yml").write_text(rule, "utf-8")
    with Service(tmp_path, "--jobs", "1", "--vale", ".vale.ini") as started:
        found = ok(started.post("check", {"text": "The tram is very late."}))["findings"]
        assert [finding["rule"] for finding in found] == ["House.Very"]
        assert ok(started.client.get("rules/House/Very"))["name"] == "House.Very"


def test_articles_are_converted(service: Service) -> None:
    def converted(**values: str) -> str:
        return str(ok(service.post("convert", values))["text"])

    assert converted(text="# Tram\n\nA *late* one.", to="html") == "<h1>Tram</h1>\n<p>A <em>late</em> one.</p>\n"
    assert converted(text="<h1>Tram</h1><p>A <em>late</em> one.</p>", kind="html", to="markdown") == (
        "# Tram\n\nA *late* one.\n"
    )
    assert "nested too deeply" in message(service.post("convert", {"text": "<b>" * 9000, "kind": "html"}), 400)
    docx = {"content-type": app.DOCX}
    assert "not a Word file" in message(service.client.post("convert", content=b"PK\3\4", headers=docx), 400)


def test_rules_are_explained(service: Service, linter: Linter) -> None:
    rules = ok(service.client.get("rules"))["rules"]
    assert {rule["name"] for rule in rules if rule["on"]} == {rule.name for rule in linter.rules}
    assert len(rules) > len(linter.rules)
    rule = ok(service.client.get("rules/spacing/after-stop"))
    assert rule["summary"] == "Missing spaces after punctuation"
    assert any("⟦" in example["text"] and example["fixed"] for example in rule["examples"])


# --- The description of the API ----------------------------------------------------------------


@pytest.fixture(scope="module")
def description(service: Service) -> Any:
    return ok(service.client.get("openapi.json"))


def test_the_description_is_valid(description: Any) -> None:
    validate(description)
    validate(openapi.document(Settings(token="t" * 20, root_path="/copydesk")))


def test_the_description_has_every_route(description: Any) -> None:
    routes = app.Service(Settings(), None, Metrics()).routes()  # type: ignore[arg-type]
    real = {(route.path, method.lower()) for route in routes for method in route.methods or () if method != "HEAD"}
    described = {
        (path, method) for path, item in description["paths"].items() for method in item if method != "parameters"
    }
    assert described == real


def test_responses_match_the_description(service: Service, description: Any) -> None:
    """Every documented operation is called, with a good request and, where it has a body, with a wrong one."""
    article = {"text": TRAM + LEAK, "language": "en", "ignore": ["measures"]}
    requests: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "/check": [("post", {"json": article}), ("post", {"json": {}}), ("post", {"content": b""})],
        "/fix": [("post", {"json": {**article, "unsafe": True}}), ("post", {"json": {"text": 1}})],
        "/view": [("post", {"json": article}), ("post", {"json": [1]})],
        "/convert": [("post", {"json": {"text": "# Tram", "to": "html"}}), ("post", {"json": {"to": "pdf"}})],
        "/rules/{pack}/{id}": [("get", {})],
        "/v2/check": [
            ("get", {"params": {"language": "en", "text": TRAM}}),
            ("post", {"data": {"language": "en", "text": TRAM}}),
            ("post", {"data": {"text": TRAM}}),
        ],
    }
    statuses = set()
    for path, item in description["paths"].items():
        for method, values in requests.get(path, [("get", {})]):
            address = path.lstrip("/").format(pack="leaks", id="raw-tag")
            response = service.client.request(method, address, **values)
            statuses.add(response.status_code)
            matches(response, item[method], description)
    assert {200, 400, 415} <= statuses


def matches(response: httpx.Response, operation: Any, description: Any) -> None:
    """Assert that a response is as described."""
    described = operation["responses"][str(response.status_code)]
    if "$ref" in described:
        described = description["components"]["responses"][described["$ref"].rpartition("/")[2]]
    media_type = response.headers["content-type"].partition(";")[0]
    schema = described["content"][media_type]["schema"]
    if media_type == "application/json":
        whole = {**schema, "components": description["components"]}
        jsonschema.Draft202012Validator(whole).validate(response.json())


def test_requests_match_the_description(description: Any) -> None:
    schemas = description["components"]["schemas"]
    assert list(schemas["ArticleToFix"]["properties"]) == list(ArticleRequest._fields)
    assert [*schemas["Article"]["properties"], "unsafe"] == list(ArticleRequest._fields)
    assert list(schemas["Conversion"]["properties"]) == list(ConversionRequest._fields)
