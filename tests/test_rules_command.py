"""The output of `copydesk rules`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.cli import main
from linter.config import packs
from linter.config.select import RuleState
from linter.reference.explain import rules_table
from linter.styled_text import Lines

RULE = """\
id: {id}
summary: {summary}
severity: {severity}
enabled: {enabled}
language: {language}
check: phrases
phrases: [tram]
message: '{{match}}'
bad:
  - text: 'a ⟦tram⟧'
{fixed}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two packs of three rules."""
    monkeypatch.chdir(tmp_path)
    for name, summary, severity, enabled, language, fixed in (
        ("style/tram", "We write “bus”.", "warning", "true", "any", "    fixed: a bus"),
        ("style/old-tram", "Nobody writes of old trams, since the harbour has none.", "info", "false", "[fr, en]", ""),
        ("names/tram", "The tram has no name.", "error", "true", "en", ""),
    ):
        file = tmp_path / "house" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        values = {"summary": summary, "severity": severity, "enabled": enabled, "language": language, "fixed": fixed}
        file.write_text(RULE.format(id=file.stem, **values), "utf-8")
    return tmp_path


TABLE = """\
rule            severity  here  language  fixes  summary
style/old-tram  info      off   en, fr    no     Nobody writes of old trams, since the harbour has none.
style/tram      error     on    any       yes    We write “bus”.
"""


def test_a_pack_as_configured(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "copydesk.yaml").write_text("rules: house\nseverity: {style/tram: error}\n", "utf-8")
    assert main(["rules", "--pack", "style"]) == 0
    assert capsys.readouterr().out == TABLE


def test_all_rules_of_all_packs(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--rules", "house"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == sorted(
        {rule.name for rule in packs.shipped_rules()} | {"style/tram", "style/old-tram", "names/tram"}
    )


def test_options_switch_rules_on_and_off(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rules", "--rules=house", "--pack=style", "--select=style/old-*", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert listed == {
        "version": 1,
        "rules": [
            {
                "rule": "style/old-tram",
                "severity": "info",
                "on": True,
                "languages": ["en", "fr"],
                "fixable": False,
                "summary": "Nobody writes of old trams, since the harbour has none.",
            },
            {
                "rule": "style/tram",
                "severity": "warning",
                "on": False,
                "languages": [],
                "fixable": True,
                "summary": "We write “bus”.",
            },
        ],
    }


OFF = """\
rule            severity  here  language  fixes  summary
style/old-tram  info      on    en, fr    no     Nobody writes of old trams, since the harbour has none.
"""


def test_rules_that_are_off_by_default(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "copydesk.yaml").write_text("rules: house\nselect: style\n", "utf-8")
    assert main(["rules", "--pack", "style", "--off"]) == 0
    assert capsys.readouterr().out == OFF


@pytest.mark.parametrize(
    ("select", "packs_on"),
    [
        pytest.param("[structure]", {"structure"}, id="one line in the settings turns on all rules of a pack"),
        pytest.param("'*'", set(), id="one line in the settings turns on all rules"),
    ],
)
def test_turning_on_rules_that_are_off(
    select: str, packs_on: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.yaml").write_text(f"select: {select}\n", "utf-8")
    assert main(["rules", "--off", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["rules"]
    for rule in listed:
        assert rule["on"] == (not packs_on or rule["rule"].split("/")[0] in packs_on)
    article = tmp_path / "tram.md"
    article.write_text("# The tram\n\nIt is late.\n\n## It costs too much.\n\nThe council said so.\n", "utf-8")
    main(["check", "tram.md", "--report", "json"])
    assert "structure/heading-end" in {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_errors_and_warnings_are_on_by_default() -> None:
    off = {rule.name for rule in packs.shipped_rules() if rule.severity != "info" and not rule.enabled}
    assert off == {"names/name-variant", "placeholders/number-slot"}


def test_a_pack_that_is_not_there(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--pack", "leak", "--pack", "style"]) == 2
    assert capsys.readouterr().err == (
        "copydesk: there is no pack “leak”; did you mean “leaks”?\ncopydesk: there is no pack “style”\n"
    )


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_the_table_fits_the_terminal(width: int) -> None:
    lines = Lines(width, color=False)
    rules_table(lines, [RuleState(rule, rule, True) for rule in packs.shipped_rules()])
    columns = max(len(rule.name) for rule in packs.shipped_rules()) + len("  severity  here  language  fixes")
    assert max(map(len, lines.done)) <= max(width, columns)
