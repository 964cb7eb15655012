"""Many notes of one rule in a folder: summarized in reports for people, listed in all others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from linter.cli import main
from linter.config import packs
from linter.finding import Finding, Result
from linter.reporters import NAMES, View, render, split_floods

RULES = {rule.name: rule for rule in packs.shipped_rules()}
ALL = View(everything=True, rules=RULES)


def note(path: str, line: int = 1, rule: str = "links/bare", severity: str = "info") -> Finding:
    message = f"A bare address in {path}."
    return Finding(path, None, rule, severity, message, line, 1, line, 4, 0, 3, "tra", before="", after="m")


def in_folder(count: int, folder: str = "posts/2024") -> list[Finding]:
    return [note(f"{folder}/{number:02}.md") for number in range(count)]


def test_six_notes_of_a_rule_are_counted_and_five_are_listed() -> None:
    assert split_floods(in_folder(5), ALL) == (in_folder(5), [])
    listed, floods = split_floods(in_folder(6), ALL)
    assert listed == []
    assert floods[0].group[:4] == ("links/bare", "info", 6, 6)


def test_notes_of_one_article_are_listed() -> None:
    notes = [note("tram.md", line) for line in range(1, 40)]
    assert split_floods(notes, ALL) == (notes, [])


def test_warnings_are_listed() -> None:
    warnings = [finding._replace(severity="warning") for finding in in_folder(30)]
    listed, floods = split_floods([*warnings, *in_folder(30)], ALL)
    assert listed == warnings
    assert floods[0].group.findings == 30


def test_a_selected_rule_is_listed() -> None:
    assert split_floods(in_folder(30), ALL._replace(listed=frozenset({"links/bare"}))) == (in_folder(30), [])


@pytest.mark.parametrize(
    ("folders", "common"),
    [
        (("posts/2024", "posts/2023"), "posts"),
        (("posts/2024", "posts/2024/tram"), "posts/2024"),
        (("post", "posts"), "."),
        (("/a", "/b"), "/"),
        (("/news/a", "/news/b"), "/news"),
    ],
)
def test_the_folder_is_the_deepest_one_around_all_articles(folders: tuple[str, str], common: str) -> None:
    notes = [finding for folder in folders for finding in in_folder(4, folder)]
    assert split_floods(notes, ALL)[1][0].folder == common


def test_the_plain_report_has_one_line() -> None:
    warning = note("tram.md", severity="warning")
    assert render("plain", Result(7, (*in_folder(7), warning), ()), ALL) == (
        "tram.md:1:1: warning: A bare address in tram.md. [links/bare]\n"
        f"posts/2024: info: {RULES['links/bare'].summary}: 7 notes, all in posts/2024; "
        "7 articles, such as posts/2024/00.md:1:1 [links/bare]\n"
    )


def test_the_plain_report_without_all_has_no_notes() -> None:
    assert render("plain", Result(7, tuple(in_folder(7)), ()), View(rules=RULES)) == ""


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_terminal_names_the_folder_once_and_the_total(width: int) -> None:
    text = render("terminal", Result(700, tuple(in_folder(678)), ()), ALL._replace(width=width, paths=("posts",)))
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    assert f"{RULES['links/bare'].summary}: 678 notes, all in posts/2024" in flat
    assert "copydesk check --all --select links/bare posts" in flat
    assert flat.count("posts/2024") == 2  # and in the example


def test_the_html_report_summarizes_floods_and_lists_the_rest() -> None:
    result = Result(9, (*in_folder(8), note("posts/tram.md", rule="links/here")), ())
    page = render("html", result, ALL)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert [article["path"] for article in data["articles"]] == ["posts/tram.md"]
    assert page.count("8 notes, all in posts/2024") == 1
    assert "9 articles; 9 notes" in page


def test_an_html_report_with_only_floods() -> None:
    page = render("html", Result(9, tuple(in_folder(8)), ()), ALL)
    assert "No article has other findings." in page


@pytest.mark.parametrize("name", sorted({*NAMES} - {"html", "plain", "terminal", "markdown", "github", "junit"}))
def test_reports_for_programs_keep_every_finding(name: str) -> None:
    assert render(name, Result(60, tuple(in_folder(60)), ()), ALL).count("posts/2024/") >= 60


def test_the_command_line_lists_a_rule_that_is_selected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(8):
        (tmp_path / f"{number}.md").write_text(f"The timetable of tram {number} is [here](/trams/{number}).\n")
    run = ["check", str(tmp_path), "--isolated", "--no-cache", "--all", "--report", "plain"]
    main(run)
    assert capsys.readouterr().out.count("[links/here]") == 1
    main([*run, "--select", "links/here"])
    assert capsys.readouterr().out.count("[links/here]") == 8
