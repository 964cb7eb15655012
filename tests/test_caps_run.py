"""Runs of words in capitals, as opposed to acronyms, labels and licenses."""

from __future__ import annotations

import pytest

from linter.checks.sentences.caps_run import CapsRun
from linter.document import Span, simple_block

TEXT = "The tram of this town will stop at the harbour again, {}, as the mayor said on Monday."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("THERE WILL BE ANOTHER ONE", "THERE WILL BE ANOTHER ONE", id="words of any text"),
        pytest.param("WE CAN'T\nWAIT THAT LONG", "WE CAN'T\nWAIT THAT LONG", id="over a line break"),
        pytest.param("THERE WILL BE", None, id="too few"),
        pytest.param("THE FBI CIA NSA DOJ", None, id="acronyms"),
        pytest.param("THERE WILL BE ANOTHER ONE: ferry", None, id="a label"),
        pytest.param("[THERE WILL BE ANOTHER ONE]", None, id="a slot"),
        pytest.param("@THERE WILL BE ANOTHER", None, id="what is glued to a sign"),
        pytest.param(" ".join(["THERE", "WILL"] * 13), None, id="as long as licences are"),
    ],
)
def test_caps_run(words: str, expected: str | None) -> None:
    text = TEXT.format(words)
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    found = [text[match.start : match.end] for match in CapsRun(words=4).find(block)]
    assert found == ([expected] if expected else [])


def test_a_text_in_capitals_shouts_as_a_whole() -> None:
    text = "THERE WILL BE ANOTHER TRAM, and a bell."
    assert not list(CapsRun(words=4).find(simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))))
