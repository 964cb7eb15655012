"""A number in the title that the numbered headings do not reach, or exceed."""

from __future__ import annotations

import pytest

from linter.checks.structure.promised_number import PromisedNumber
from linter.readers import markdown
from linter.source import Source


def article(title: str, *headings: str) -> str:
    return f"# {title}\n\n" + "".join(f"## {heading}\n\nIt is late.\n\n" for heading in headings)


def found(text: str) -> list[tuple[str, str]]:
    document = markdown.read(Source(text))
    return [(text[match.start : match.end], match.values["counted"]) for match in PromisedNumber().find_in(document)]


@pytest.mark.parametrize("form", ["{}. Tram", "{}) Tram", "{}: Tram", "Step {}: tram", "#{} Tram", "Tip {} Tram"])
def test_numbered_headings_are_counted(form: str) -> None:
    headings = [form.format(number) for number in (1, 2, 3)]
    assert found(article("7 Ways to Ride", *headings)) == [("7", "3")]
    assert found(article("Top 10 New Tools of the Town", *headings)) == [("10", "3")]
    assert found(article("3 Ways to Ride", *headings)) == []


def test_the_title_of_the_front_matter_counts() -> None:
    text = "---\ntitle: 5 Easy Tips for the Tram\n---\n" + article("Tram", "1. One", "2. Two", "3. Three")
    assert found(text) == [("5", "3")]


@pytest.mark.parametrize(
    "headings",
    [("1. One", "2. Two"), ("1. One", "2. Two", "4. Four"), ("2. Two", "3. Three", "4. Four"), ("A", "B", "C")],
)
def test_other_headings_are_no_list(headings: tuple[str, ...]) -> None:
    assert found(article("7 Ways to Ride", *headings)) == []


def test_other_titles_promise_nothing() -> None:
    headings = ("1. One", "2. Two", "3. Three")
    assert found(article("12 Hours on the Tram", *headings)) == []
    assert found(article("2025 in Tips", *headings)) == []
    assert found("") == []
