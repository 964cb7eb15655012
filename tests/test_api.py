"""What others import: text in, findings out, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linter
from linter.checks.pattern.phrases import Phrases

PIECES = [
    *"the |The tram |vladimir Putin |café|🚋|e\u0301|שלום|, |. |.|&amp;|&nbsp;|&lt;p&gt;|*|**|_".split("|"),
    *'`|```|```html|“`|“|”|"|<p>|</p>|<b|</b>|<a href="x.org">|<!--|-->|">|[|](|)|![|www.x.org'.split("|"),
    *"> |- |1. |# |---|title: |Slug: |Meta Description: |#tram|u003cp|\\|\t| |\n|\r\n|\r|\n\n".split("|"),
    *"\ufffd|\ufeff|\x00|\x0b|\u2028|\x85".split("|"),
]


@pytest.mark.parametrize("kind", ["markdown", "html", "text"])
@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_findings_are_where_they_say(kind: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = [0]
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            lines.append(at + 1)
    findings = linter.lint_text(text, kind=kind)
    for finding in findings:
        assert text[finding.start : finding.end] == finding.text
        assert lines[finding.line - 1] + finding.column - 1 == finding.start
        assert lines[finding.end_line - 1] + finding.end_column - 1 == finding.end
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(text)
    assert findings == sorted(findings, key=lambda finding: finding.order)


def test_own_rules() -> None:
    rule = linter.Rule("house", "tram", "", "", "info", Phrases(("tram",)), "“{match}”")
    (finding,) = linter.lint_text("The tram.", kind="text", path="a.txt", rules=[rule])
    assert (finding.path, finding.rule, finding.message, finding.start) == ("a.txt", "house/tram", "“tram”", 4)


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="“rtf” is no kind of article: markdown, html, text"):
        linter.lint_text("", kind="rtf")


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(AttributeError, match="has no “lint_txt”"):
        linter.lint_txt  # noqa: B018
