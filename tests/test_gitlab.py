"""The GitLab Code Quality report, against its published format."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

import samples
from linter.finding import Finding, Problem, Result
from linter.reporters import View, render
from samples import PROBLEM

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
FORM = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
LEAK = samples.LEAK._replace(before="The tram ")


def entries(*findings: Finding, problems: tuple[Problem, ...] = ()) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads(render("gitlab", Result(1, findings, problems), View()))
    jsonschema.validate(made, FORM)
    return made


def test_place_and_severity_of_an_entry() -> None:
    (entry,) = entries(LEAK)
    assert entry["fingerprint"]
    del entry["fingerprint"]
    assert entry == {
        "description": "“</b>” shows up as text. Remove the tag and keep the words.",
        "check_name": "leaks/raw-tag",
        "severity": "critical",
        "location": {"path": "posts/tram.txt", "lines": {"begin": 3}},
        "group": "leaks/raw-tag: </w>",
    }


def test_severities_and_problems_first() -> None:
    found = entries(LEAK, LEAK._replace(severity="warning"), LEAK._replace(severity="info"), problems=(PROBLEM,))
    assert [entry["severity"] for entry in found] == ["blocker", "critical", "minor", "info"]


def test_a_fingerprint_survives_a_move_and_is_unique() -> None:
    first, second = entries(LEAK, LEAK._replace(line=9, start=90, end=94))
    (moved,) = entries(LEAK._replace(line=77, start=900, end=904))
    assert first["fingerprint"] == moved["fingerprint"] != second["fingerprint"]


def test_the_lines_of_a_record_are_not_those_of_its_file() -> None:
    (entry,) = entries(LEAK._replace(record="7"))
    assert entry["location"]["lines"]["begin"] == 1
    assert entry["description"].startswith("7: ")


def test_a_run_without_findings_is_an_empty_list() -> None:
    assert entries() == []
