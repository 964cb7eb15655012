"""Rules of Vale in the commands of copydesk, in reports, and in editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter import output
from linter.cli import main
from linter.readers import read
from linter.source import Source
from tests.vale.house import INI, TRAM, write, write_style

ARTICLE = "# The tram\n\nWe utilize a very old bus, whilst waiting.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an article, a style, and settings that use it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    write_style(tmp_path)
    write(tmp_path, {"docs/a.md": ARTICLE, "copydesk.yaml": "vale: .vale.ini\n"})
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit status, standard output and standard error of `copydesk`."""
    output.notice.cache_clear()
    status = main(arguments)
    return (status, *capsys.readouterr())


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the places, severities and rules that `copydesk check` reports."""
    _, printed, _ = run(capsys, "check", "docs", "--report=json", *arguments)
    rows = json.loads(printed)["findings"]
    return [f"{row['line']}:{row['column']} {row['severity']} {row['rule']}" for row in rows]


EVERYTHING = [
    "1:7 info House.Tram",
    "3:4 error House.Terms",
    "3:14 warning House.Weak",
    "3:28 error House.Terms",
]


def test_check(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys) == EVERYTHING
    (here / "copydesk.yaml").write_text("fail-on: warning\n")
    assert found(capsys) == []
    assert found(capsys, "--vale", ".vale.ini") == EVERYTHING
    status, _, error = run(capsys, "check", "docs", "--vale", ".vale.ini")
    assert status == 1
    assert error.splitlines()[1:] == [
        "copydesk: not run, because they are scripts or sequences of parts of speech: House.Script"
    ]
    assert run(capsys, "check", "docs", "--vale", ".vale.ini", "-q")[2] == ""


def test_settings_of_copydesk_apply(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "vale: .vale.ini\nseverity: {House: warning, House.Weak: off}\nignore: [House.Tram]\n"
    (here / "copydesk.yaml").write_text(text)
    assert found(capsys) == ["3:4 warning House.Terms", "3:28 warning House.Terms"]
    assert found(capsys, "--select=House.Weak") == ["3:14 warning House.Weak"]
    (here / "copydesk.yaml").write_text("vale: .vale.ini\nignore: [House.Trams]\n")
    status, _, error = run(capsys, "check", "docs")
    assert (status, error) == (
        2,
        "copydesk.yaml:2:10: no rule or pack is called “House.Trams”; did you mean “House.Tram”?\n",
    )


@pytest.mark.parametrize(
    "comment", ["copydesk: ignore House.Terms -- a quotation", "vale House.Terms = NO", "vale off"]
)
def test_comments(here: Path, capsys: pytest.CaptureFixture[str], comment: str) -> None:
    (here / "docs" / "a.md").write_text(f"<!-- {comment} -->\n\nWe utilize it.\n\n<!-- vale on -->\n")
    assert found(capsys) == []
    assert found(capsys, "--no-suppressions") == ["3:4 error House.Terms"]


def test_baseline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "baseline", "create")[0] == 0
    assert found(capsys) == []
    (here / "docs" / "a.md").write_text(f"We utilize it again.\n\n{ARTICLE}")
    assert found(capsys) == ["1:4 error House.Terms"]


def test_fix(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = here / "docs" / "a.md"
    assert run(capsys, "fix", "docs")[0] == 0
    assert article.read_text() == "# The tram\n\nWe utilize a old bus, while waiting.\n"
    assert run(capsys, "fix", "docs", "--unsafe")[0] == 0
    assert article.read_text() == "# The tram\n\nWe use a old bus, while waiting.\n"


def test_rules(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / ".vale.ini").write_text(INI + "House.Weak = NO\n")
    status, printed, _ = run(capsys, "rules", "--pack", "House", "--json")
    rows = json.loads(printed)["rules"]
    assert status == 0
    assert [(row["rule"], row["severity"], row["on"], row["fixable"]) for row in rows] == [
        ("House.Terms", "error", True, True),
        ("House.Tram", "info", True, False),
        ("House.Weak", "warning", False, True),
    ]
    (here / "copydesk.yaml").unlink()
    assert run(capsys, "rules", "--vale", "--pack=House")[1].count("House.") == 3
    (here / ".vale.ini").unlink()
    assert run(capsys, "rules", "--vale")[2].startswith("--vale: there is no .vale.ini in this folder or above")


def test_explain(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed, _ = run(capsys, "explain", "House.Terms")
    assert status == 0
    for part in (
        "The house has its own terms.",
        "instead of '%s' & <not> that.\n",
        "file       styles/House/Terms.yml\n",
        "level      error",
        "looks at   text\n",
        "docs       https://example.org/terms\n",
        "check      substitution\n",
        "swap: utilize → use|apply, whilst → while\n",
        "House.Terms = NO",
        "ignore: [House.Terms]",
        "<!-- copydesk: ignore House.Terms -- why -->",
    ):
        assert part in printed
    assert "why  " not in run(capsys, "explain", "House.Weak")[1]
    assert run(capsys, "explain", "House")[1].startswith("House ")


def test_explain_spelling(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / ".vale.ini").write_text("[*]\nBasedOnStyles = Vale\n")
    _, printed, _ = run(capsys, "explain", "Vale.Spelling")
    assert "Corrects the spelling of the match. Review it first" in " ".join(printed.split())


def test_config(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / ".vale.ini").write_text(INI.replace("[*]", "[*.md]"))
    write(here, {"docs/b.txt": "A tram.\n"})
    _, printed, _ = run(capsys, "config", "docs/a.md", "--json", "--all")
    page = json.loads(printed)
    values = {value["name"]: (value["value"], value["from"]) for value in page["settings"]}
    assert values["vale"] == (".vale.ini", "copydesk.yaml:1:1")
    assert values["vale styles"] == ("House", ".vale.ini")
    assert {row["rule"]: row["on"] for row in page["rules"]}["House.Tram"]
    page = json.loads(run(capsys, "config", "docs/b.txt", "--json", "--all")[1])
    assert not {row["rule"]: row["on"] for row in page["rules"]}["House.Tram"]


def test_sarif(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(run(capsys, "check", "docs", "--report=sarif")[1])["runs"][0]
    rules = {rule["id"]: rule for rule in log["tool"]["driver"]["rules"]}
    assert rules["House.Terms"]["helpUri"] == "https://example.org/terms"
    assert rules["House.Terms"]["fullDescription"] == {"text": "The house has its own terms."}
    assert "helpUri" not in rules["House.Tram"]
    assert [result["ruleId"] for result in log["results"]] == [row.split()[2] for row in EVERYTHING]


def test_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed, _ = run(capsys, "schema", "config")
    assert status == 0
    assert '"House.Terms"' in printed
    assert '"vale"' in printed


@pytest.mark.parametrize("name", [".vale.ini", "_vale.ini", ".vale"])
def test_init(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (here / "copydesk.yaml").unlink()
    (here / ".vale.ini").rename(here / name)
    status, printed, _ = run(capsys, "init")
    assert status == 0
    assert f"{name}: copydesk check runs 3 rules of House.\n" in printed
    assert "Not run, because they are scripts or sequences of parts of speech: House.Script.\n" in printed
    assert f"\nvale: {name}\n" in (here / "copydesk.yaml").read_text("utf-8")
    assert found(capsys) == EVERYTHING


def test_init_with_mistakes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "copydesk.yaml").unlink()
    (here / ".vale.ini").write_text(INI.replace("House", "Hose"))
    status, printed, _ = run(capsys, "init")
    assert status == 0
    assert printed.startswith(".vale.ini is not used, because it has mistakes:\n  .vale.ini:5:17: the style “Hose” is")
    assert "\n# vale: .vale.ini\n" in (here / "copydesk.yaml").read_text("utf-8")
    assert found(capsys) == []


def test_the_language_server_reads_changed_files_again(here: Path) -> None:
    folders = pytest.importorskip("linter.lsp.folders")
    folder, path = folders.Folder(str(here), in_workspace=True), str(here / "docs" / "a.md")

    def rules() -> list[str]:
        return [finding.rule for finding in folder.check("A very late tram.\n", "markdown", path)[0]]

    assert folder.refresh()
    assert rules() == ["House.Weak", "House.Tram"]
    assert not folder.refresh()
    for name, text, expected in (
        (".vale.ini", INI.replace("suggestion", "warning"), ["House.Weak"]),
        ("styles/House/Tram.yml", TRAM.replace("suggestion", "error"), ["House.Weak", "House.Tram"]),
        ("styles/House/Late.yml", TRAM.replace("suggestion", "error").replace("tram]", "late]"), None),
        ("styles/House/Late.yml", "extends: existence\n", None),
    ):
        write(here, {name: text})
        assert folder.refresh(), name
        assert rules() == (expected or ["House.Weak", "House.Late", "House.Tram"])
    assert [Path(mistake.file).name for mistake in folder.mistakes] == ["Late.yml"]
    (here / "styles" / "House" / "Late.yml").unlink()
    assert folder.refresh()
    assert folder.mistakes == ()


def test_a_mistake_at_the_start_can_be_corrected_in_the_editor(here: Path) -> None:
    folders = pytest.importorskip("linter.lsp.folders")
    write(here, {".vale.ini": INI.replace("suggestion", "grave")})
    folder = folders.Folder(str(here), in_workspace=True)
    assert folder.refresh()
    assert [(Path(each.file).name, each.line, each.column) for each in folder.mistakes] == [(".vale.ini", 2, 17)]
    write(here, {".vale.ini": INI})
    assert folder.refresh()
    assert folder.mistakes == ()


def test_editors_show_the_page_of_a_rule_or_its_file(here: Path) -> None:
    folders = pytest.importorskip("linter.lsp.folders")
    diagnostics = pytest.importorskip("linter.lsp.diagnostics")
    folder = folders.Folder(str(here), in_workspace=True)
    folder.refresh()
    assert diagnostics.documentation(folder.rules["House.Terms"], str(here)) == "https://example.org/terms"
    assert diagnostics.documentation(folder.rules["House.Tram"], str(here)).endswith("/styles/House/Tram.yml")


def test_editors_suppress_a_finding(here: Path) -> None:
    folders = pytest.importorskip("linter.lsp.folders")
    folder, path = folders.Folder(str(here), in_workspace=True), str(here / "docs" / "a.md")
    folder.refresh()
    finding = folder.check(ARTICLE, "markdown", path)[0][1]
    suppression_edits = pytest.importorskip("linter.lsp.suppression_edits")
    (edit,) = suppression_edits.suppress_here(read(Source(ARTICLE), "markdown"), finding, "a quotation")
    text = ARTICLE[: edit.start] + edit.text + ARTICLE[edit.end :]
    assert "<!-- copydesk: ignore House.Terms -- a quotation -->" in text
    assert [each.rule for each in folder.check(text, "markdown", path)[0]] == ["House.Tram", "House.Weak"]
