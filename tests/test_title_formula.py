"""Descriptions that a program generated from the title."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.metadata.title_formula import TitleFormula
from linter.source import Source

CHECK = TitleFormula(keys=("description",), openings=("learn", "the latest"), endings=("in this guide",))


def found(description: str, title: str = "New Harbour Trams") -> list[str]:
    text = f"---\ntitle: {title}\ndescription: {description}\n---\n\nThe tram is late.\n"
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), "markdown"))]


@pytest.mark.parametrize(
    "description",
    [
        "Learn all about New Harbour Trams.",
        "The latest on New Harbour Trams!",
        "We ride New Harbour Trams in this guide.",
    ],
)
def test_formulas(description: str) -> None:
    assert found(description) == [description]


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("New Harbour Trams in this guide", id="begins with the title"),
        pytest.param("Anna Berg on New Harbour Trams", id="other words"),
        pytest.param("Learn that trams are late. New Harbour Trams", id="another sentence"),
        pytest.param("Learn of the book “New Harbour Trams”", id="quoted"),
        pytest.param(f"Learn all about New Harbour Trams {'and more ' * 12}", id="long"),
        pytest.param("Learn all about new harbour trams", id="in other words"),
    ],
)
def test_other_descriptions(description: str) -> None:
    assert not found(description)


def test_a_short_title_is_a_name() -> None:
    assert not found("Learn all about Trams.", "Trams")
