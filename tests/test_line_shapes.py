"""The shapes of lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.boilerplate._line_shapes import EVIDENCE, shapes, weights
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.source import Source


def looks(text: str, kind: str = "text") -> set[str]:
    story = standalone_lines(readers.read(Source(text), kind))
    line = story.line(0)
    return {*shapes(line, story)} if line else set()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("March 3, 2024", "date"),
        ("3rd March 2024", "date"),
        ("Sunday, 2024-03-03", "date"),
        ("Updated: March 3, 2024", "stamp"),
        ("03/03/2024 10:15 AM EST", "stamp"),
        ("5 min read", "stamp"),
        ("2 hours ago", "stamp"),
        ("Anna Berg March 3, 2024 in City", "stamp"),
        ("14 comments", "count"),
        ("1.2k", "count"),
        ("Comments (3)", "count"),
        ("anna@example.org", "mail"),
        ("Email: anna@example.org", "mail"),
        ("+1 (555) 010-9999", "phone"),
        ("Tel.: 555-010-9999 ext. 12", "phone"),
        ("Media Contact: Anna Berg", "contact"),
        ("https://example.org/tram", "address"),
        ("example.org", "address"),
        ("#tram #harbor", "hashtag"),
        ("Timetable (PDF, 1.4 MB)", "size"),
        ("Home » News » The tram", "trail"),
        ("City > Harbor > Trams", "trail"),
        ("City | Harbor | Trams", "bar"),
        ("By Anna Berg", "byline"),
        ("Written by: Anna Berg", "byline"),
        ("Photo: Anna Berg", "credit"),
        ("Anna Berg/Getty Images", "credit"),
        ("© 2024 The Harbor", "credit"),
        ("Tags: tram, harbor", "page"),
        ("Share on Facebook", "page"),
        ("Read more", "page"),
        ("Also here:", "label"),
        ("City: Harbor", "field"),
        ("Tickets from 3 pm", "event"),
        ("10 am to 11:30 am", "event"),
        ("Adults $4", "event"),
    ],
)
def test_shapes(text: str, shape: str) -> None:
    assert shape in looks(text)


@pytest.mark.parametrize(
    "text",
    [
        "May we ask?",
        "March on",
        "by the harbor",
        "By the time she came, the tram had left.",
        "12 Main Street",
        "Photo finish",
        "The tram / the ferry",
        "a.m.",
        "Then > now",
    ],
)
def test_lines_without_evidence(text: str) -> None:
    assert looks(text).isdisjoint(EVIDENCE)


def test_links_and_items() -> None:
    assert {"linked-item", "link"} <= looks("- [The harbor](/harbor)", "markdown")
    assert "links" in looks("[The harbor](/1) [The ferry](/2)", "markdown")
    assert "item" in looks("- a pier", "markdown")
    assert "heading" in looks("# A pier", "markdown")


def test_length_and_words() -> None:
    assert {"open-3", "capitalized"} <= looks("The Harbor Tram Stops")
    assert {"ended-5", "lower", "stops"} <= looks("It is late again, and nobody at the hall knows why.")
    assert "capitals" in looks("HARBOR")


def test_all_evidence_and_places_have_weights() -> None:
    assert {"head", "middle", "tail", "bias", "near-0", "around-3", "row-3"} <= weights().keys()
    assert {"date", "stamp", "count", "byline", "credit", "page", "link"} <= weights().keys() & EVIDENCE.keys()


@given(st.text(alphabet="aA 1:@#.»|/-()©", max_size=40))
def test_any_line_has_a_length(text: str) -> None:
    found = looks(text)
    assert not found or sum(shape.startswith(("open-", "ended-")) for shape in found) == 1
