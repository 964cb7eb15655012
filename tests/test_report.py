"""Report sections in articles about how a chatbot produced them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.structure.report import Report
from linter.source import Source

CHECK = Report(r"SEO \s notes", r"(?:key \s )?changes", (r"\b shortened \b", r"\b headings? \b"))
PARTS = st.sampled_from(
    ["## SEO notes\n\n", "## Changes\n\n", "# Tram\n\n", "Shortened the heading.\n\n", "Late.\n\n", "**SEO notes:**\n"]
)


def found(text: str, kind: str = "markdown") -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(readers.read(Source(text), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Late.\n\n## SEO notes\n\nFine.\n", ["SEO notes\n\nFine."], id="a heading"),
        pytest.param("Late.\n\n**seo notes:**\n- Fine\n", ["seo notes:**\n- Fine"], id="a paragraph, in other case"),
        pytest.param("Late.\n\n## Changes\n\nShortened a heading.", ["Changes\n\nShortened a heading."], id="evidence"),
        pytest.param("Late.\n\n## Changes\n\nShortened a line.", [], id="not enough evidence"),
        pytest.param("A.\n\n## SEO notes\n\nB\n\n### C\n\nD", ["SEO notes\n\nB\n\n### C\n\nD"], id="a heading below"),
        pytest.param("A.\n\n## SEO notes\n\nB\n\n## Changes\n\nC", ["SEO notes\n\nB\n\n## Changes\n\nC"], id="two"),
        pytest.param("A.\n\n## SEO notes\n\nB\n\n## Trams\n\nC", [], id="the article goes on"),
        pytest.param("## SEO notes\n\nB", [], id="the first block"),
        pytest.param("A.\n\n## SEO notes", [], id="nothing below"),
        pytest.param("A.\n\n## The SEO notes\n\nB", [], id="more words"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_reports(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@given(st.lists(PARTS, max_size=12).map("".join))
def test_a_report_goes_to_the_end(text: str) -> None:
    assert all(text.rstrip(" *\n").endswith(report) for report in found(text))
