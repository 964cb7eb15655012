"""Lines before and after the running text of a plain text."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.boilerplate.edge_line import EdgeLine
from linter.source import Source
from linter.text import language

CHECK = EdgeLine(("sports", "watch live"), 5)
STORY = "The harbor tram is late again, and nobody at the town hall can say when that will change."


def found(text: str, kind: str = "text") -> list[str]:
    document = language.with_language(readers.read(Source(text), kind))
    return [text[match.start : match.end] for match in CHECK.find_in(document)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("Sports", ["Sports"], id="a label"),
        pytest.param("The trams of Sports", [], id="a headline with it"),
        pytest.param("4419915", ["4419915"], id="a number"),
        pytest.param("May 6, 2024", ["May 6, 2024"], id="a date"),
        pytest.param("May 6, 2024\nAnna Berg", ["May 6, 2024\nAnna Berg"], id="a date and a name"),
        pytest.param("Anna Berg", [], id="a name alone"),
        pytest.param("Press release\n\nMay 6, 2024", [], id="the date of a release"),
        pytest.param("- May 6, 2024", [], id="an item of a list"),
        pytest.param("\n\n".join(["May 6, 2024"] * 13), [], id="many lines"),
    ],
)
def test_before_the_text(head: str, expected: list[str]) -> None:
    assert [text for text in found(f"{head}\n\n{STORY}\n") if text in (*expected, head)] == expected


def test_behind_the_text() -> None:
    assert found(f"{STORY}\n\n14 comments\n") == ["14 comments"]
    assert found(f"{STORY}\n\nMay 6, 2024\n") == []
    assert found(f"{STORY}\n\n© 2024 Anna Berg\n") == []


def test_amid_the_text() -> None:
    assert found(f"{STORY}\n\nSports\n\n{STORY}\n") == []


def test_only_plain_text() -> None:
    assert found(f"Sports\n\n{STORY}\n", "markdown") == []


def test_forms_and_several_labels() -> None:
    check = EdgeLine(("sports", "world", "by", "and"), 5, (r"ref \d+",))
    text = f"Ref 12\n\nSports | World\n\nThe trams are late again in the town of Harbor\n\n{STORY}\n"
    document = language.with_language(readers.read(Source(text), "text"))
    assert [text[match.start : match.end] for match in check.find_in(document)] == ["Ref 12\n\nSports | World"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("Sports\n\n31/08/2018", True, id="a label and a date"),
        pytest.param("By Anna Berg", False, id="a byline"),
        pytest.param(STORY, False, id="running text"),
    ],
)
def test_above_the_title_of_markdown(head: str, expected: bool) -> None:
    assert found(f"{head}\n\n# Late\n\n{STORY}\n", "markdown") == ([head] if expected else [])
    assert found(f"# Late\n\n{head}\n\n{STORY}\n", "markdown") == []
