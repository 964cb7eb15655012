"""The data that the page of the service shows: rows with marks, and the rows of HTML by its blocks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.api import Linter
from linter.finding import Finding
from linter.serve.article_view import verdict, view
from linter.source import Source

LINTER = Linter(isolated=True, select=["spacing", "structure", "leaks", "links"])
RULES = {rule.name: rule for rule in LINTER.rules}


def shown(text: str, kind: str, findings: list[Finding] | None = None) -> dict[str, Any]:
    """Return the view of a text, with its findings unless others are given."""
    document = readers.read(Source(text), kind)
    found = LINTER.check(text, kind=kind) if findings is None else findings
    return view(document, found, RULES, LINTER.run_rules.with_examples)


def piece_text(piece: Any, tags: bool) -> str:
    """Return the text of a piece; without tags, "" for hidden code."""
    if isinstance(piece, str):
        return piece
    return str(piece[0]) if tags or piece[2:] != [1] else ""


def lines(made: dict[str, Any], *, tags: bool = False) -> list[tuple[str, str]]:
    """Return the scope and the text of each row that the page shows."""
    found = []
    for _, pieces, _, scope in made["rows"]:
        text = "".join(piece_text(piece, tags) for piece in pieces)
        if text:
            found.append((scope, text))
    return found


PAGE = """<html><head><title>Late</title><style>p { color: red }</style></head><body><nav><a href="/">Home</a></nav>
<h1>The tram</h1><p class="MsoNormal"><b style='mso-bidi:
normal'>The mayor</b>
spoke &amp; left; <code>x = 1</code> is an <q>answer</q>.<br>And<!-- no --> more. <img src="a.png" alt="Tram"></p>
<ul><li>One<ul><li>Two</li></ul></li></ul><table><tr><td>Cell</td><td>Other</td></tr></table>
<pre>first
second</pre><blockquote>Quoted</blockquote><script>hit()</script></body></html>"""


def test_readers_of_html_see_blocks_and_no_tags() -> None:
    assert lines(shown(PAGE, "html", [])) == [
        ("boilerplate", "Home"),
        ("heading", "The tram"),
        ("", "The mayor spoke & left; x = 1 is an “answer”."),
        ("", "And more. "),
        ("list", "One"),
        ("list", "Two"),
        ("table", "Cell"),
        ("table", "Other"),
        ("code", "first"),
        ("code", "second"),
        ("quote", "Quoted"),
    ]


def test_with_tags_a_row_begins_with_the_tags_of_its_block() -> None:
    made = shown('<h1 id="a">The tram</h1><!-- x --><p class="b"><b>It</b> is late.</p>\n<p>So', "html", [])
    assert lines(made, tags=True) == [
        ("heading", '<h1 id="a">The tram</h1><!-- x -->'),
        ("", '<p class="b"><b>It</b> is late.</p>'),
        ("", "<p>So"),
    ]
    assert [row[0] for row in made["rows"]] == [1, 1, 2]


def test_code_is_shown_if_it_is_all_that_a_finding_marks() -> None:
    made = shown("<p>The tram<o:p></o:p> is <b>late,so</b> there.</p>", "html")
    marked = {
        tuple(piece[1]): piece_text(piece, False) for row in made["rows"] for piece in row[1] if type(piece) is list
    }
    texts = {made["rules"][one["rule"]]: marked.get((at,)) for at, one in enumerate(made["findings"])}
    assert texts["structure/empty-element"] == "<o:p></o:p>"
    assert texts["spacing/after-comma"] == "late,so"


def test_a_finding_with_text_and_tags_shows_its_text_only() -> None:
    text = "<p>The <b>tram</b> is late.</p>"
    (example,) = LINTER.check("So,it is.", kind="text")
    finding = example._replace(start=3, end=18, text=text[3:18])
    ((_, pieces, begins, _),) = shown(text, "html", [finding])["rows"]
    assert "".join(piece_text(piece, False) for piece in pieces) == "The tram is late."
    assert [piece[0] for piece in pieces if type(piece) is list and piece[1]] == ["The ", "<b>", "tram", "</b>"]
    assert begins == [0]


def test_lines_of_other_formats_are_unchanged() -> None:
    text = "# The tram\n\nIt is <b>late</b>,so.\n"
    made = shown(text, "markdown")
    assert lines(made, tags=True) == [("", "# The tram"), ("", "It is <b>late</b>,so.")]
    assert [row[0] for row in made["rows"]] == [1, 2, 3, 4]


def test_a_finding_has_its_edits_and_explanation() -> None:
    made = shown("🚋 The tram,which is late.", "text")
    (finding,) = made["findings"]
    assert finding["edits"] == [[11, 11, " "]]
    assert finding["fix"] == ["tram,which", "tram, which", True, True]
    assert made["rules"] == ["spacing/after-comma"]
    rule = RULES["spacing/after-comma"]
    assert made["explanations"][0]["why"] == rule.why
    assert made["fixable"] == made["counts"]["warning"] == 1


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], ("No problems found.", "")),
        (["info"], ("No problems found; 1 note.", "")),
        (["warning", "warning"], ("2 warnings", "no errors.")),
        (["error", "info"], ("1 error and 1 note", "not ready to publish.")),
    ],
)
def test_the_verdict(severities: list[str], expected: tuple[str, str]) -> None:
    (finding,) = LINTER.check("So,it is.", kind="text")
    assert verdict([finding._replace(severity=severity) for severity in severities]) == expected


TAGS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "<li>",
    "<td>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<script>",
    "<h1>",
]
MARKUP = [
    *TAGS,
    "</script>",
    "<!-- c -->",
    "<p\nclass='x'>",
    "<img alt='a'>",
    "<q>",
    "</q>",
    "<",
    "&",
    "\n",
    "\r\n",
    " ",
]


@given(st.lists(st.sampled_from([*MARKUP, "&amp;", "&nbsp;", "word", "so,it", "🚋", "a  b"]), max_size=20))
def test_no_text_and_no_finding_is_lost(parts: list[str]) -> None:
    text = "".join(parts)
    made = shown(text, "html")
    rows = made["rows"]
    assert [at for row in rows for at in row[2]] == [*range(len(made["findings"]))]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    pieces = [piece for row in rows for piece in row[1]]
    assert all(type(piece) is str or len(piece) in (2, 3) for piece in pieces)
    whole = "".join(piece_text(piece, True) for piece in pieces)
    for shown_as, source in {"“": "<q>", "”": "</q>", "\xa0": "&nbsp;", "⍽": "&nbsp;", "␣": " "}.items():
        whole = whole.replace(shown_as, source)
    whole, text = (re.sub(r"\s|amp;", "", one) for one in (whole, text))
    assert whole == text
