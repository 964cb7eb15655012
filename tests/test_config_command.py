"""The output of `copydesk config` for an article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.cli import main
from linter.config.select import DEFAULT

CONFIG = """\
rules: [house]
packs: [style, placeholders]
severity:
  style: error
options:
  style/bus: {message: 'No “{match}”.'}
fail-on: warning
exclude: [old/]
language: {'letters/**': en-GB}
encoding: {'letters/**': windows-1252}
site: {'letters/**': MkDocs}
overrides:
  - path: letters/**
    metadata: {section: opinion}
    severity: {style/tram: info}
    select: style/ferry
  - path: other/
    ignore: style
suppressions:
  - {path: letters/, rule: style/bus, text: bus, reason: quoted}
suppression-reasons: required
"""
PAGE = """\
letters/a.md
  settings             copydesk.yaml                 default
  rules                house                         copydesk.yaml:1:1
  kind                 Markdown                      default
  language             en                            copydesk.yaml:9:26
  encoding             cp1252                        copydesk.yaml:10:26
  site                 MkDocs                        copydesk.yaml:11:22
  dialect              python-markdown               copydesk.yaml:11:22
  draft                yes                           the article
  checked              yes                           default
  fail-on              warning                       copydesk.yaml:7:1
  override             letters/**; section: opinion  copydesk.yaml:13:5
  suppression          style/bus: “bus” (quoted)     copydesk.yaml:20:5
  suppression-reasons  required                      copydesk.yaml:21:1
  allowed words        words.txt                     default
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house" / "style").mkdir(parents=True)
    for name in ("tram", "bus", "ferry"):
        (tmp_path / "house" / "style" / f"{name}.yaml").write_text(
            f"id: {name}\nsummary: s.\nseverity: warning\nenabled: {str(name != 'ferry').lower()}\n"
            f"check: phrases\nphrases: [{name}]\nmessage: m.\n",
            "utf-8",
        )
    for folder in ("letters", "old"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text("---\nsection: Opinion\ndraft: true\n---\nA tram.\n", "utf-8")
    (tmp_path / "copydesk.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "words.txt").write_text("tram\n", "utf-8")
    return tmp_path


def rules(page: str) -> dict[str, list[str]]:
    """Return the rows of the rules: severity and position."""
    rows = [line.split() for line in page.split("rules, ")[1].splitlines()[1:]]
    return {name: rest for name, *rest in rows if "/" in name}


def test_every_key_is_shown_with_its_position(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "letters/a.md"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(PAGE)
    shown = rules(page)
    assert shown["style/tram"] == ["info", "copydesk.yaml:15:16"]
    assert shown["style/bus"] == ["error", "copydesk.yaml:4:3"]
    assert "message  copydesk.yaml:6:15" in page
    assert shown["style/ferry"] == ["error", "copydesk.yaml:4:3"]
    assert shown["leaks/raw-tag"] == ["off", "copydesk.yaml:2:1"]
    assert shown["placeholders/slot"] == ["info", "the", "article"]
    assert "copydesk/front-matter" not in shown


def test_an_article_that_is_excluded_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "old/a.md"]) == 0
    page = capsys.readouterr().out
    assert "no, it is excluded" in page
    assert "copydesk.yaml:8:1" in page
    assert rules(page)["style/tram"] == ["error", "copydesk.yaml:4:3"]


def test_command_line_options_are_shown_as_positions(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "old/a.md", "--select=style/ferry", "--ignore=style/bus"]) == 0
    shown = rules(capsys.readouterr().out)
    assert shown["style/tram"] == ["off", "--select"]
    assert shown["style/bus"] == ["off", "--ignore"]


def test_json_has_every_rule(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "letters/a.md", "--all", "--json"]) == 0
    page = json.loads(capsys.readouterr().out)
    found = {rule["rule"]: rule for rule in page["rules"]}
    assert found["style/bus"]["from"] == {
        "on": DEFAULT,
        "severity": "copydesk.yaml:4:3",
        "options": {"message": "copydesk.yaml:6:15"},
    }
    assert found["copydesk/front-matter"]["from"] == {"on": DEFAULT, "severity": DEFAULT, "options": {}}
    assert {"name": "fail-on", "value": "warning", "from": "copydesk.yaml:7:1"} in page["settings"]


def test_without_a_config_everything_is_default(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "words.txt").unlink()
    assert main(["config", "old/a.md", "--isolated"]) == 0
    page = capsys.readouterr().out
    assert "settings  none" in page
    assert "copydesk.yaml" not in page


@pytest.mark.parametrize(
    ("name", "content", "config", "expected"),
    [
        pytest.param(
            "mkdocs.yml", "", "", ["MkDocs mkdocs.yml", "python-markdown mkdocs.yml"], id="a file of the site"
        ),
        pytest.param(
            "package.json",
            '{"dependencies": {"astro": "4"}}',
            "",
            ["Astro package.json", "remark package.json"],
            id="a dependency",
        ),
        pytest.param("a.md", "", "", ["unknown default", "unknown default"], id="nothing"),
        pytest.param("a.md", "!!! note", "", ["MkDocs the article", "python-markdown the article"], id="a mark"),
        pytest.param(
            "mkdocs.yml", "", "site: redcarpet", ["MkDocs mkdocs.yml", "redcarpet copydesk.yaml:1:7"], id="a dialect"
        ),
        pytest.param(
            "mkdocs.yml",
            "",
            "site: {a.md: Hugo}",
            ["Hugo copydesk.yaml:1:14", "goldmark copydesk.yaml:1:14"],
            id="another site",
        ),
    ],
)
def test_the_site_is_shown_with_the_evidence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str,
    config: str,
    expected: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.yaml").write_text(config, "utf-8")
    (tmp_path / "a.md").write_text("The tram.\n", "utf-8")
    (tmp_path / name).write_text(content, "utf-8")
    assert main(["config", "a.md"]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert [row.partition(" ")[2] for row in rows if row.startswith(("site ", "dialect "))] == expected


@pytest.mark.parametrize("path", ["letters", "gone.md", "-"])
def test_a_missing_file_is_reported(project: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", path]) == 2
    assert f"{path}: there is no such file; pass the path of an article" in capsys.readouterr().err
