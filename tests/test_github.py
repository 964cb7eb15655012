"""The GitHub Actions report: exact text."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.cli import main
from linter.finding import Finding, Problem, Result
from linter.reporters import View, render
from samples import LEAK, NAME, NOTE


def commands(*findings: Finding) -> list[str]:
    return render("github", Result(1, findings, ()), View(quiet=True)).splitlines()


def test_order_of_commands() -> None:
    result = Result(3, (NOTE, NAME, LEAK), (Problem("nowhere.md", "there is no such file or folder"),))
    assert render("github", result, View()) == (
        "::error title=copydesk::nowhere.md: there is no such file or folder\n"
        "::error file=posts/tram.txt,line=3,endLine=3,col=12,endColumn=16,title=leaks/raw-tag::"
        "posts/tram.txt:3:12: “</b>” shows up as text. Remove the tag and keep the words.\n"
        "::warning file=a.md,line=3,endLine=3,col=12,endColumn=16,title=names/proper-noun::"
        "a.md:3:12: “russia” should be capitalized.\n"
        "::notice file=a.md,line=3,endLine=3,col=12,endColumn=16,title=copydesk/encoding::"
        "a.md:3:12: Read as Windows-1252.\n"
        "copydesk: 1 error, 1 warning and 1 note in 2 of 3 articles; not everything could be checked\n"
    )


def test_a_run_without_findings_has_a_total() -> None:
    assert render("github", Result(1, (), ()), View()) == "copydesk: no problems found in 1 article\n"
    assert render("github", Result(1, (), ()), View(quiet=True)) == ""


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        pytest.param(
            LEAK._replace(path="100%, a:b\n.md", message="100%: a,\r\nb"),
            "::error file=100%25%2C a%3Ab%0A.md,line=3,endLine=3,col=12,endColumn=16,title=leaks/raw-tag::"
            "100%25, a:b\\n.md:3:12: 100%25: a,%0D%0Ab",
            id="what separates and ends commands is escaped",
        ),
        pytest.param(
            LEAK._replace(message="a %0A ::error::b\x1b[31m\u202e"),
            "::error file=posts/tram.txt,line=3,endLine=3,col=12,endColumn=16,title=leaks/raw-tag::"
            "posts/tram.txt:3:12: a %250A ::error::b\\x1b[31m\\u202e",
            id="no text of an article steers the log",
        ),
        pytest.param(
            LEAK._replace(path="a\x1b\0\x07\u202e\n.md", message="b"),
            "::error file=a\\x1b\\x00\\x07\\u202e%0A.md,line=3,endLine=3,col=12,endColumn=16,title=leaks/raw-tag::"
            "a\\x1b\\x00\\x07\\u202e\\n.md:3:12: b",
            id="no name of a file steers the log",
        ),
        pytest.param(
            LEAK._replace(end_line=5, end_column=2),
            "::error file=posts/tram.txt,line=3,endLine=5,title=leaks/raw-tag::"
            "posts/tram.txt:3:12: “</b>” shows up as text. Remove the tag and keep the words.",
            id="over several lines there are no columns",
        ),
        pytest.param(
            LEAK._replace(record="7"),
            "::error file=posts/tram.txt,title=leaks/raw-tag::"
            "posts/tram.txt#7:3:12: “</b>” shows up as text. Remove the tag and keep the words.",
            id="the lines of a record are not those of the file",
        ),
    ],
)
def test_a_command(finding: Finding, expected: str) -> None:
    assert commands(finding) == [expected]


def test_the_total_is_printed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--isolated", "--report", "github"]) == 0
    seen = capsys.readouterr()
    assert (seen.out, seen.err) == ("copydesk: no articles to check\n", "")
