"""The report of `copydesk try`, and its samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.cli import main
from linter.cli.try_command import sample_findings
from linter.finding import Finding

RULE = """\
id: tramway
summary: We write “tram”.
severity: warning
enabled: false
check: swap
swap: {tramway: tram}
message: '“{match}” is “{right}” in this house.'
fix: {safe: true}
"""


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four articles, a rule, and a config that turns it off."""
    monkeypatch.chdir(tmp_path)
    files = {
        "house/style/tramway.yaml": RULE,
        "copydesk.yaml": "rules: house\npaths: news\nseverity: {style: 'off'}\n",
        "news/ferry.md": "The ferry is late.\n",
        "news/tram.md": "The tramway is late.\n\nA tramway, they say, is a tramway.\n",
        "news/hill.md": "No tramway goes up there. <!-- copydesk: ignore style/tramway -- the old word -->\n",
        "news/line.md": "Every tramway needs a line.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


SAID = """\
! We write “tram”.                                                 style/tramway
  4 findings in 2 of 4 articles: 1,000 per 1,000
  articles. 4 can be fixed safely. Suppressed: 1 more.

All of them:

news/line.md
1  1 │ Every tramway needs a line.
     │       ^^^^^^^ “tramway” is “tram” in this house.

news/tram.md
2  1 │ The tramway is late.
     │     ^^^^^^^ “tramway” is “tram” in this house.
3  3 │ A tramway, they say, is a tramway.
     │   ^^^^^^^ “tramway” is “tram” in this house.
4  3 │ A tramway, they say, is a tramway.
     │                           ^^^^^^^ “tramway” is “tram” in this house.

  Read each of them. For “warning”, at least 95 of 100
  findings must be right: none of these may be wrong.
  Add wrong findings to the “good” examples of the rule.
"""


@pytest.mark.parametrize("rule", ["house/style/tramway.yaml", "style/tramway", "tramway"])
def test_a_rule_is_tried_by_its_file_or_its_name_though_it_is_off(
    newsroom: Path, capsys: pytest.CaptureFixture[str], rule: str
) -> None:
    assert main(["try", rule]) == 0
    assert capsys.readouterr().out == SAID


def test_a_rule_is_tried_that_is_in_no_folder_of_packs(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (newsroom / "tramway.yaml").write_text(RULE, "utf-8")
    (newsroom / "news" / "broken.yaml").write_text("id: [", "utf-8")
    assert main(["try", "tramway.yaml", "news/line.md"]) == 0
    assert "1 finding in 1 of 1 article: 1,000 per 1,000 articles." in capsys.readouterr().out


def test_a_sample_says_how_to_see_others(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "tramway", "--sample", "2", "--seed", "7"]) == 0
    said = capsys.readouterr().out
    assert said.count("│ ^") + said.count("^ “tramway”") == 2
    assert "2 of them, chosen at random (for others: --seed 8):" in said
    assert said.endswith("For a larger sample: --sample 100.\n")


def test_a_rule_may_find_nothing(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "tramway", "news/ferry.md"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["  No findings in 1 article."]


def test_a_shipped_rule_is_tried_alone(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (newsroom / "news" / "cut.txt").write_text("The tramway,which is late</b>\n", "utf-8")
    assert main(["try", "raw-tag"]) == 0
    said = capsys.readouterr().out
    assert "1 finding in 1 of 5 articles: 200 per 1,000 articles." in said
    assert said.count("│ ") == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["leaks"], "copydesk: “leaks” is a pack; pass a single rule, such as", id="a pack"),
        pytest.param(["tramwy"], "copydesk: there is no rule or pack “tramwy”", id="no rule"),
        pytest.param(["nowhere.yaml"], "nowhere.yaml: this file cannot be read: No such file", id="no file"),
        pytest.param(["news/tram.md"], "news/tram.md:", id="an article for a rule"),
        pytest.param(["tramway", "nowhere"], "copydesk: nowhere: no such file or folder", id="no articles"),
        pytest.param(["tramway", "--sample", "x"], "“x” is not a number, such as 30", id="no number"),
    ],
)
def test_what_cannot_be_tried_is_reported(
    newsroom: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["try", *arguments]) == 2
    assert said in capsys.readouterr().err


def found(numbers: set[int]) -> list[Finding]:
    return [
        Finding(f"{number:03}.md", None, "style/tram", "info", "", 1, 1, 1, 2, 0, 1, "a") for number in sorted(numbers)
    ]


@given(st.sets(st.integers(0, 999)), st.integers(0, 40), st.integers(0, 9), st.integers(0, 999))
def test_a_sample_is_stable(numbers: set[int], size: int, seed: int, other: int) -> None:
    """It is reproducible, a larger sample contains a smaller one, and a new finding replaces at most one."""
    findings = found(numbers)
    drawn = sample_findings(findings, size, seed)
    assert drawn == sample_findings(findings, size, seed)
    assert len(drawn) == min(size, len(findings))
    assert [finding for finding in findings if finding in drawn] == drawn
    assert set(drawn) <= set(sample_findings(findings, size + 1, seed))
    assert len(set(drawn) - set(sample_findings(found(numbers | {other}), size, seed))) <= 1


def test_another_seed_draws_others() -> None:
    findings = found(set(range(200)))
    assert len({tuple(sample_findings(findings, 5, seed)) for seed in range(20)}) == 20
