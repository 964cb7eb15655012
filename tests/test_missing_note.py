"""Numbers of notes that an article does not have."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.links.missing_note import MissingNote
from linter.source import Source

CHECK = MissingNote(headings=("sources?",))
STORY = "The tram is late[1]. It is dear.[2][3] It is full [1]."


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(STORY, ["[1]", "[2][3]", "[1]"], id="no notes"),
        pytest.param("Late[1], dear[2] [3] and full.", ["[1]", "[2] [3]"], id="a space between"),
        pytest.param("Late[1]. Dear[2].", [], id="too few"),
        pytest.param("Late[1]. Dear[1]. Full[1].", [], id="one number"),
        pytest.param("Late[2]. Dear[3]. Full[4].", [], id="not from the first one on"),
        pytest.param(f"{STORY}\n\n[1] Harbour News", [], id="notes below"),
        pytest.param(f"{STORY}\n\n1. Harbour News", ["[1]", "[2][3]", "[1]"], id="a list that is too short"),
        pytest.param(f"{STORY}\n\n1. Harbour News\n2. Mayor\n3. Council", [], id="a list at the end"),
        pytest.param(f"{STORY}\n\n## Sources\n\n* Harbour News", [], id="a heading"),
        pytest.param(f"{STORY}\n\nSources:\n* Harbour News", [], id="a line"),
        pytest.param(f"{STORY} [1](#n1)", [], id="a link"),
        pytest.param(f"{STORY}\n\n[1]: https://example.org/", [], id="an address"),
        pytest.param("[1] Late. [2] Dear. [3] Full.", [], id="at the start"),
        pytest.param("`a[1]`, `a[2]` and `a[3]`", [], id="code"),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert found(text) == expected
