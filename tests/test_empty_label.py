"""Labels without a value."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.empty_label import EmptyLabel
from linter.source import Source

CHECK = EmptyLabel(("Published", "Last updated", "By"))
STORY = "The council met on Monday, and it spoke about the tram, which will cost more."


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Published:\n\n{STORY}", ["Published:"], id="before the story"),
        pytest.param(f"**published** :\n\n{STORY}", ["published** :"], id="in small letters, with a space"),
        pytest.param("Late.\n\nLast updated:", ["Last updated:"], id="at the end"),
        pytest.param("Published:\nLast updated: Monday\nLate.", ["Published:"], id="before another label"),
        pytest.param("Published:\n\nLast updated: Monday", ["Published:"], id="before a block with another label"),
        pytest.param(f"By:\n\n# {STORY}", ["By:"], id="before a headline"),
        pytest.param(f"Published: Monday\n\n{STORY}", [], id="a value behind it"),
        pytest.param(f"Published:\nMonday\n\n{STORY}", [], id="a value on the next line"),
        pytest.param(f"By:\n\nAnna Berg\n\n{STORY}", [], id="a value in the next block"),
        pytest.param(f"By:\n\n## Anna Berg\n\n{STORY}", [], id="a value that is a heading"),
        pytest.param("Published:\n\n* Monday\n* Tuesday", [], id="a list of values"),
        pytest.param("", [], id="an empty article"),
        pytest.param(f"It was published:\n\n{STORY}", [], id="a sentence"),
        pytest.param(f"| Published: |\n|---|\n\n{STORY}", [], id="a cell of a table"),
    ],
)
def test_empty_labels(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_in_html_and_plain_text() -> None:
    assert found(f"<p>Published: <time></time></p><p>{STORY}</p>", "html") == ["Published:"]
    assert found(f"Published:\n\n{STORY}", "text") == ["Published:"]
    assert found(f"Published: \n{STORY}", "text") == ["Published:"]
