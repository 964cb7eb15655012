"""Markdown syntax that readers see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.markup.unparsed_markdown import UnparsedMarkdown
from linter.source import Source

PASTED = UnparsedMarkdown("pasted")


def found(text: str, kind: str) -> list[str]:
    return [text[match.start : match.end] for match in PASTED.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<p>A **late** tram</p>", ["**late**"], id="strong words"),
        pytest.param("<p>在**多平台**的</p>", ["**多平台**"], id="between words of Chinese"),
        pytest.param("<p>## The tram<br>**late**</p>", ["**late**", "## "], id="a heading beside strong words"),
        pytest.param("<p>## The tram</p><p>## Usage</p>", [], id="headings alone"),
        pytest.param("<p>**late**</p><p>```sh</p>", [], id="a page that shows code marks"),
        pytest.param("<p>See [it](https://example.org/).</p>", ["[it](https://example.org/)"], id="a link"),
        pytest.param("<p>2**3**4, f(**a, **b), a ** b ** c</p>", [], id="powers and arguments"),
        pytest.param("<p># late, C# (late) [it] (now)</p>", [], id="a number sign, brackets"),
        pytest.param("<pre>**late**</pre><p><code>## a</code></p>", [], id="code"),
        pytest.param("<p>****</p><p>*** late ***</p>", [], id="lines of asterisks"),
    ],
)
def test_in_html(text: str, expected: list[str]) -> None:
    assert found(text, "html") == expected


def test_plain_text_must_have_marks_of_two_sorts() -> None:
    assert found("A **late** tram.\n\nA **very late** one.", "text") == []
    assert found("## Trams\n\nA **late** tram.", "text") == ["**late**", "## "][::-1]


def test_markdown_is_markdown() -> None:
    assert found("A \\*\\*late\\*\\* tram\n\n\\## The tram", "markdown") == []


def test_the_fix_keeps_the_words() -> None:
    text = "<p>A **late** tram: [it](https://example.org/)</p>"
    edits = [edit for match in PASTED.find_in(readers.read(Source(text), "html")) for edit in match.edits]
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert text == "<p>A late tram: it</p>"


@given(st.text(alphabet="*#[]()ah \n/:", max_size=60))
def test_spans_slice_to_marks(text: str) -> None:
    for mark in found(text, "text"):
        assert mark.startswith(("**", "#", "["))
