"""The Markdown summary, as rendered by a Markdown parser."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from linter.finding import Finding, Problem, Result
from linter.reporters import View, render
from samples import LEAK, NAME, NOTE


def summary(*findings: Finding, files: int = 3, problems: tuple[Problem, ...] = (), everything: bool = False) -> str:
    return render("markdown", Result(files, findings, problems), View(everything=everything))


def shown(text: str) -> list[list[str]]:
    """The cells of all tables, as text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    rows: list[list[str]] = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and tokens[i - 1].type in {"td_open", "th_open"}:
            assert all(child.type in {"text", "text_special"} for child in token.children or ()), token.content
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def test_most_severe_findings_first_and_a_table_by_rule() -> None:
    text = summary(NOTE, NAME, LEAK)
    assert text.startswith(
        "### copydesk: not ready to publish\n\n1 error, 1 warning and 1 note in 2 of 3 articles.\n\n"
    )
    assert shown(text) == [
        ["", "place", "message", "rule"],
        ["🛑 error", "posts/tram.txt:3", LEAK.message, "leaks/raw-tag"],
        ["⚠️ warning", "a.md:3", NAME.message, "names/proper-noun"],
        ["rule", "findings", "articles"],
        ["leaks/raw-tag", "1", "1"],
        ["names/proper-noun", "1", "1"],
        ["copydesk/encoding", "1", "1"],
    ]


def test_notes_are_shown_with_everything() -> None:
    assert shown(summary(NOTE, everything=True))[1] == ["note", "a.md:3", NOTE.message, NOTE.rule]


def test_no_findings_is_one_line() -> None:
    assert summary() == "### copydesk: No problems found in 3 articles\n\n"


def test_findings_that_do_not_count_are_mentioned() -> None:
    text = render("markdown", Result(3, (), (), known=1_200, suppressed=1), View())
    assert (
        text == "### copydesk: No problems found in 3 articles\n\nNot shown: 1,200 in the baseline; 1 suppressed.\n\n"
    )


def test_problems_are_named() -> None:
    assert "- **nowhere.md**: there is no such file" in summary(
        problems=(Problem("nowhere.md", "there is no such file"),)
    )


def test_a_thousand_findings_fit_into_a_comment() -> None:
    findings = [
        LEAK._replace(line=line, text=f"</b{line}>" + "<" * line, message="“" + "<" * 400 + "”")
        for line in range(1, 1001)
    ]
    text = summary(*findings)
    assert len(text) < 65_536  # of a comment at GitHub
    assert "… and 975 more." in text


def test_mentions_and_links_are_escaped() -> None:
    hostile = "@everyone #12 https://evil.example www.evil.example [a](b) <img src=x> `x` | a\n| b"
    text = summary(LEAK._replace(message=hostile))
    assert not re.search(r"@\w|#\d(?!\d*;)|://|www\.|<img|\]\(", text)
    assert shown(text)[1][2].replace("\u200b", "") == hostile.replace("\n", "\\n")


@given(st.text(max_size=200))
def test_any_text_stays_in_its_cell_and_reads_literally(text: str) -> None:
    rows = shown(summary(LEAK._replace(message=f"“{text}”")))
    assert [len(row) for row in rows] == [4, 4, 3, 3]
