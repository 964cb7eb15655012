"""The plain and JSON reports: exact text."""

from __future__ import annotations

import json

import samples
from linter.finding import Edit, Finding, Fix, Problem, Result
from linter.reporters import NAMES, View, count_by_folder, render, summary

LEAK = samples.LEAK._replace(
    paragraph=2,
    heading="The “harbour” tram",
    fix=Fix(False, (Edit(40, 44, ""),)),
    before="The council",
    after=" met.",
)
NOTE = Finding(
    path="posts/ferry\n.txt",
    record="7",
    rule="copydesk/encoding",
    severity="info",
    message="Read as \x1b[31m\u2028Windows-1252\u202e.",
    line=1,
    column=1,
    end_line=2,
    end_column=1,
    start=0,
    end=3,
    text="é\r\n",
)
RESULT = Result(3, (NOTE, LEAK), (Problem("nowhere.md", "there is no such file or folder"),))
NOTHING = Result(1, (), ())


def test_json_contains_everything() -> None:
    assert render("json", RESULT, View()) == (
        '{"version": 1, "files": 3,\n'
        '"findings": [\n'
        '{"path": "posts/ferry\\n.txt", "record": "7", "rule": "copydesk/encoding", "severity": "info", '
        '"message": "Read as \\u001b[31m\\u2028Windows-1252\\u202e.", "line": 1, "column": 1, "end_line": 2, '
        '"end_column": 1, "start": 0, "end": 3, "text": "é\\r\\n", "paragraph": null, "heading": null, "fix": null, '
        '"group": "copydesk/encoding: é"},\n'
        '{"path": "posts/tram.txt", "record": null, "rule": "leaks/raw-tag", "severity": "error", '
        '"message": "“</b>” shows up as text. Remove the tag and keep the words.", "line": 3, "column": 12, '
        '"end_line": 3, "end_column": 16, "start": 40, "end": 44, "text": "</b>", "paragraph": 2, '
        '"heading": "The “harbour” tram", "fix": {"safe": false, "edits": [{"start": 40, "end": 44, "text": ""}]}, '
        '"group": "leaks/raw-tag: </w>"}],\n'
        '"problems": [\n'
        '{"path": "nowhere.md", "message": "there is no such file or folder"}]}\n'
    )


def test_json_of_nothing_is_an_object_too() -> None:
    assert render("json", NOTHING, View()) == '{"version": 1, "files": 1,\n"findings": [],\n"problems": []}\n'


def test_json_lines_have_the_same_content_and_an_end() -> None:
    made = [json.loads(line) for line in render("jsonl", RESULT, View()).split("\n")[:-1]]
    whole = json.loads(render("json", RESULT, View()))
    assert [line["finding"] for line in made[:2]] == whole["findings"]
    assert made[2:] == [
        {"problem": whole["problems"][0]},
        {"end": {"version": 1, "files": 3, "findings": 2, "problems": 1}},
    ]


def test_plain_has_one_line_per_finding_and_no_notes() -> None:
    assert render("plain", RESULT, View()) == (
        "posts/tram.txt:3:12: error: “</b>” shows up as text. Remove the tag and keep the words. [leaks/raw-tag]\n"
    )


def test_plain_with_everything_has_one_line_per_finding_for_any_article() -> None:
    assert render("plain", RESULT, View(everything=True)) == (
        "posts/ferry\\n.txt#7:1:1: info: Read as \\x1b[31m\\u2028Windows-1252\\u202e. [copydesk/encoding]\n"
        "posts/tram.txt:3:12: error: “</b>” shows up as text. Remove the tag and keep the words. [leaks/raw-tag]\n"
    )


def test_plain_of_nothing_is_empty() -> None:
    assert render("plain", NOTHING, View()) == ""


def test_the_summary_counts() -> None:
    assert summary(RESULT) == "1 error and 1 note in 2 of 3 articles; not everything could be checked"
    assert summary(NOTHING) == "no problems found in 1 article"
    assert summary(Result(0, (), ())) == "no articles to check"


def test_reports_have_names() -> None:
    assert {"json", "plain", "terminal"} <= set(NAMES)
    assert "nothing" not in NAMES


def test_json_statistics_by_pack_folder_and_rule() -> None:
    findings = (NOTE._replace(path="a.md"), LEAK, LEAK._replace(start=9), LEAK._replace(path="posts/b/c.md"))
    made = json.loads(render("json", Result(9, findings, ()), View(statistics=True)))
    leaks = {"severity": "error", "findings": 3, "articles": 2}
    note = {"severity": "info", "findings": 1, "articles": 1}
    assert len(made["findings"]) == 4
    assert made["statistics"] == {
        "packs": [{"name": "leaks", **leaks}, {"name": "copydesk", **note}],
        "folders": [
            {"name": "posts", **leaks | {"findings": 2, "articles": 1}},
            {"name": ".", **note},
            {"name": "posts/b", **leaks | {"findings": 1, "articles": 1}},
        ],
        "rules": [{"name": "leaks/raw-tag", **leaks}, {"name": "copydesk/encoding", **note}],
    }


def test_an_article_with_a_folder_of_its_own_counts_in_the_folder_above() -> None:
    findings = tuple(LEAK._replace(path=f"posts/{name}/index.md") for name in ("ferry", "tram"))
    assert [(group.name, group.articles) for group in count_by_folder(findings)] == [("posts", 2)]
    assert [group.name for group in count_by_folder([LEAK._replace(path="index.html")])] == ["."]


def test_the_terminal_shows_statistics_in_place_of_findings() -> None:
    findings = (NOTE._replace(path="a.md"), *(LEAK._replace(path=f"posts/{n:02}/c.md") for n in range(30)))
    shown = render("terminal", Result(99, findings, ()), View(width=60, statistics=True))
    assert shown.startswith("""\
  pack      findings  articles
✖ leaks           30        30
· copydesk         1         1

  folder    findings  articles
· .                1         1
✖ posts/00         1         1
""")
    assert "\n  and 11 more folders\n" in shown
    assert "\n✖ leaks/raw-tag            30        30\n" in shown
    assert "\n30 errors and 1 note in 31 of 99 articles:\nnot ready to publish.\n" in shown
