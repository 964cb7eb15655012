"""Runs of labeled fields."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.pattern.label_run import LabelRun
from linter.source import Source

CHECK = LabelRun(fields=("Sentiment", "Source URL"), others=("Topics", "Title"), headings=("Metadata",))


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Late.\n\nTopics: trams\nSentiment: bad", ["Topics: trams\nSentiment: bad"], id="lines"),
        pytest.param("**Topics:** trams\n\n**sentiment:** bad", ["Topics:** trams\n\n**sentiment:** bad"], id="blocks"),
        pytest.param("- Title: Late\n- Source URL: x.org", ["Title: Late\n- Source URL: x.org"], id="items"),
        pytest.param("Mood: bad\nTitle: Late\nSource URL: x", ["Title: Late\nSource URL: x"], id="not what is above"),
        pytest.param("Title: A\nMood: B\nSentiment: C", ["Title: A\nMood: B\nSentiment: C"], id="others"),
        pytest.param("Sentiment: bad", [], id="a single one"),
        pytest.param("Title: Late\nTopics: trams", [], id="labels of people alone"),
        pytest.param("Sentiment: bad\nWeather: bad", [], id="one known label"),
        pytest.param("Title: Late\nSentiment: bad\nTitle: Dear", [], id="a label twice"),
        pytest.param("Title: Late\n\n# Trams\n\nSentiment: bad", [], id="a heading between"),
        pytest.param("Title: Late\n\nThe tram.\n\nSentiment: bad", [], id="a paragraph between"),
        pytest.param("Title:\nSentiment: bad", [], id="no value"),
        pytest.param(f"Title: {'tram ' * 100}\nSentiment: bad", [], id="a long value"),
        pytest.param("Source URL://x\nSentiment: bad", [], id="an address"),
        pytest.param("# Metadata\n\nTitle: A\nSentiment: B", ["Metadata\n\nTitle: A\nSentiment: B"], id="its heading"),
        pytest.param("# Trams\n\nTitle: A\nSentiment: B", ["Title: A\nSentiment: B"], id="another heading"),
        pytest.param("Title: A\nSentiment: B\n=====\n\nLate", ["Title: A\nSentiment: B"], id="lines of a heading"),
        pytest.param(
            "Title: A\n\n- sentiment: " + "B " * 300,
            ["Title: A\n\n- sentiment: " + "B " * 299 + "B"],
            id="a long value",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_runs(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_the_message_has_the_first_certain_label() -> None:
    (match,) = CHECK.find_in(readers.read(Source("Title: Late\nSENTIMENT: bad"), "text"))
    assert match.values == {"label": "Sentiment"}


def test_rows_of_dashes_are_a_part_of_a_run() -> None:
    text = "Title: Late\nSentiment: bad\n=====\n\nThe tram."
    (match,) = CHECK.find_in(readers.read(Source(text), "text"))
    assert text[match.start : match.end] == "Title: Late\nSentiment: bad\n====="
