"""Paragraphs that were broken in two within a sentence."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.sentences.broken_paragraph import BrokenParagraph
from linter.source import Source

FIRST = "The ferry of the town is late again, and the crew"
SECOND = "waits for the soup that was promised to all of them."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{FIRST}\n\n{SECOND}", ["is late again, and the crew\n\nwaits"], id="at a word"),
        pytest.param(f"{FIRST},\r\n\r\n{SECOND}", ["is late again, and the crew,\r\n\r\nwaits"], id="at a comma"),
        pytest.param(f"{FIRST}\r\n{SECOND}", [], id="at a single line break"),
        pytest.param(f"{FIRST}\n\n{SECOND[:-1]} = a + b.", [], id="a formula"),
        pytest.param(f"{FIRST}.\n\n{SECOND}", [], id="behind a sentence"),
        pytest.param(f"{FIRST}\n\nThe soup {SECOND}", [], id="before a capital"),
        pytest.param(f"{FIRST}\n\n{SECOND[:-1]}", [], id="without an end"),
        pytest.param(f"{FIRST}\n\nqwxzk {SECOND}", [], id="before an unknown word"),
        pytest.param(f"{FIRST}\n\n<!-- more -->\n\n{SECOND}", [], id="with a comment between"),
        pytest.param(f"- {FIRST}\n- {SECOND}", [], id="items of a list"),
        pytest.param(f"The crew\n\n{SECOND}", [], id="too short"),
        pytest.param(f"{FIRST}\nand\nthe soup\nand the\ncrew\n\n{SECOND}", [], id="verses"),
    ],
)
def test_where_a_paragraph_breaks(text: str, expected: list[str]) -> None:
    matches = BrokenParagraph().find_in(readers.read(Source(text), "markdown"))
    assert [text[match.start : match.end] for match in matches] == expected


def test_in_html_the_paragraphs_are_adjacent() -> None:
    text = f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
    assert len(list(BrokenParagraph().find_in(readers.read(Source(text), "html")))) == 1
