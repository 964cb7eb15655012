"""The JSON Schemas of configs and rules for editors: up to date, valid, and consistent with the readers."""

from __future__ import annotations

import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from linter.cli import main
from linter.readers.front_matter_formats import resolved
from linter.reference import schemas

for extension in ("records", "vale"):  # whose keys the schemas contain
    pytest.importorskip(f"linter.{extension}")
ROOT = Path(__file__).parent.parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one, if PyYAML has it
SCRIPT = runpy.run_path(str(ROOT / "docs" / "schemas.py"))
DOCS = [
    block
    for file in (ROOT / "docs").glob("*.md")
    for block in re.findall(r"(?s)```yaml\n(.*?)```", file.read_text("utf-8"))
]
RULE = (ROOT / "rules" / "leaks" / "raw-tag.yaml").read_text("utf-8")


def plain(text: str) -> Any:
    """Return YAML as an editor reads it, according to YAML 1.2: `no` and `off` are texts."""
    return _data(yaml.compose(text, Loader=LOADER))


def _data(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_data(each) for each in node.value]
    return node.value if node is not None and node.style else resolved(node.value if node else "")


@cache
def validator(schema: str) -> Draft7Validator:
    return Draft7Validator(schemas.shipped_schema(schema))


def wrong(schema: str, text: str) -> list[str]:
    """Return the mistakes that an editor would show in a file."""
    found = validator(schema).iter_errors(plain(text) or {})
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


@pytest.mark.parametrize("name", schemas.NAMES)
def test_schemas_are_up_to_date(name: str) -> None:
    made = SCRIPT["text"](SCRIPT["made"]()[name])
    assert (ROOT / "linter" / "schemas" / f"{name}.json").read_text("utf-8") == made, "run “python docs/schemas.py”"
    Draft7Validator.check_schema(schemas.shipped_schema(name))


def test_every_rule_is_valid() -> None:
    files = sorted((ROOT / "rules").glob("*/*.yaml"))
    assert len(files) > 400
    assert [f"{file}: {mistake}" for file in files for mistake in wrong("rule", file.read_text("utf-8"))] == []


def test_examples_in_the_docs_are_valid() -> None:
    shown = [
        block
        for block in DOCS
        if not block.startswith(("repos:", "# .")) and "check: long_words" not in block  # of docs/writing-checks.md
    ]
    assert len(shown) > 20
    assert [
        f"{mistake}\nin {block}"
        for block in shown
        for mistake in wrong("rule" if block.startswith("id:") else "config", block)
    ] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param(("severity: error", "severity: grave"), "severity", id="a severity"),
        pytest.param(("check: tag", "check: tags"), "check", id="a kind of check"),
        pytest.param(("summary:", "sumary:"), "", id="a key"),
        pytest.param(("check: tag", "phrases: [a]\ncheck: tag"), "", id="a key of another kind of check"),
        pytest.param(("good:", "good:\n  - txt: a"), "good", id="an example without a text"),
        pytest.param(("check: tag", "enabled: 'no'\ncheck: tag"), "enabled", id="a text for true or false"),
        pytest.param(("id: raw-tag", "id: Raw_Tag"), "id", id="an id"),
        pytest.param(("check: tag", "scope: [prose, footer]\ncheck: tag"), "scope", id="a scope"),
        pytest.param(("check: tag", "language: english\ncheck: tag"), "language", id="a language"),
    ],
)
def test_a_mistake_in_a_rule_is_marked(change: tuple[str, str], place: str) -> None:
    assert change[0] in RULE
    found = wrong("rule", RULE.replace(*change, 1))
    assert found
    assert all(one.startswith(place) for one in found), found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("exlude: [a]", id="a key"),
        pytest.param("fail-on: errors", id="a severity"),
        pytest.param("severity: {leaks: of}", id="a severity of a pack"),
        pytest.param("language: {'*': english}", id="a language"),
        pytest.param("packs: {leaks: true}", id="no list"),
        pytest.param("overrides: [{ignore: leaks}]", id="an override without a place"),
        pytest.param("overrides: [{path: a, rules: leaks}]", id="a key of an override"),
        pytest.param("suppressions: [{path: a, text: b}]", id="a suppression without a rule"),
        pytest.param("suppressions: [{rule: leaks}]", id="a suppression without a place"),
        pytest.param("suppression-reasons: yes", id="reasons"),
        pytest.param("records: [{body: a}]", id="records without a path in a list"),
        pytest.param("records: {input: cvs}", id="a format of records"),
    ],
)
def test_a_mistake_in_the_config_is_marked(text: str) -> None:
    assert wrong("config", text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("severity: {leaks: off, 'links/*': info}", id="off is a text"),
        pytest.param("language: no", id="Norwegian"),
        pytest.param(
            "overrides: {path: a, metadata: {draft: true, year: [2024, '20*']}, select: x/y}", id="one override"
        ),
        pytest.param("options: {a/b: {words+: [c]}}", id="options"),
        pytest.param("records: {input: csv, body: text}", id="one mapping of records"),
        pytest.param("records: [{path: [a, b], key: id}]", id="mappings of records"),
    ],
)
def test_what_is_read_is_not_marked(text: str) -> None:
    assert wrong("config", text) == []


def test_the_schema_lists_all_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    (tmp_path / "house" / "style" / "tram.yaml").write_text(
        "id: tram\nsummary: We write “tram”.\nseverity: error\ncheck: phrases\nphrases: [a]\nmessage: m\n", "utf-8"
    )
    (tmp_path / "copydesk.yaml").write_text("rules: [house]\n", "utf-8")
    assert main(["schema", "config"]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft7Validator.check_schema(schema)
    known = schema["definitions"]["name"]["anyOf"][0]["enum"]
    assert {"style/tram", "style", "leaks/raw-tag"} <= set(known)
    made = Draft7Validator(schema)
    assert made.is_valid({"options": {"style/tram": {"phrases+": ["b"], "scope": "heading"}}})
    assert not made.is_valid({"options": {"style/tram": {"phrase": ["b"]}}})
    assert not made.is_valid({"options": {"style/trem": {}}})
    assert main(["schema", "rule"]) == 0
    assert json.loads(capsys.readouterr().out) == schemas.shipped_schema("rule")


def test_a_slip_is_answered_with_advice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "rules"]) == 2
    assert "“rules” is not config or rule; did you mean “rule”?" in capsys.readouterr().err
