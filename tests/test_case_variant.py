"""Names with two kinds of capitalization."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.names.case_variant import CaseVariant
from linter.source import Source

USUAL = "Ask OpenTram, or the OpenTram office, or the crew of OpenTram."


def found(text: str, table: str = "") -> list[str]:
    """Return what the check finds in a Markdown text."""
    document = readers.read(Source(text), "markdown")
    return [text[match.start : match.end] for match in CaseVariant(table=table).find_in(document)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{USUAL} The Opentram is late.", ["Opentram"]),
        (f"{USUAL} The OPenTram and the OpentraM are late.", ["OPenTram", "OpentraM"]),
        (f"{USUAL} The Opentram is late, says Opentram.", []),  # too frequent
        (f"{USUAL} {USUAL} The Opentram is late, says Opentram.", ["Opentram", "Opentram"]),
        (f"{USUAL} The Opentram is what opentram shows.", []),  # a command with the capital of a sentence
        (f"{USUAL} The OPENTRAM, the `Opentram` and Opentram.org are late.", []),
        ("Ask OpenTram, or the OpenTram office about Opentram.", []),  # too rare
        ("See VisIt, the VisIt crew, and the new VisIt. Visit us!", []),
        ("See VisIt, the VisIt crew, and the new VisIt. The old Visit is late.", ["Visit"]),
        ("Ask IoT, or the IoT office, or the IoT of Iot.", []),  # too short
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_brands_of_the_table_are_left_to_others() -> None:
    text = "Ask FireFox, or the FireFox office, or the crew of FireFox. The Firefox is late."
    assert found(text) == ["Firefox"]
    assert found(text, "brands.txt") == []


@given(st.text(st.sampled_from("OopenTtram .*`\n"), max_size=60))
def test_each_span_is_a_word(text: str) -> None:
    for word in found(f"{USUAL}\n\n{text}"):
        assert word.lower() == "opentram"
